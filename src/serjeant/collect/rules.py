"""Apply the rules of a line format to a batch of messages, vectorised."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import ClassVar, Final, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect.beginnings import beginnings, literals
from serjeant.collect.format import Rule
from serjeant.collect.texts import Places, first, words_at

_WORD: Final = 8
_HEAD: Final = 16
_HEADS: Final = 256
_DEPTH: Final = 32
_DEEP: Final = 8
_SCATTERED: Final = 64
"""Kinds of messages beyond which it is quicker to look through all."""
_REMEMBERED: Final = 4_096
_AT_ONCE: Final = 256
_ANY_BYTE: Final = (1 << 256) - 1
_MANY: Final = 500
_FEW: Final = 32
"""Second words of one first word that are worth telling apart."""

Positions = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]
_Head = tuple[int, int | None]
"""The first and the second eight bytes; None: any."""


class _Anchored(Protocol):
    """A rule, or an envelope."""

    @property
    def pattern(self) -> str:
        """Anchored with ``^``."""
        ...


_Any = TypeVar("_Any", bound=_Anchored)


@dataclass(frozen=True, slots=True)
class Match:
    """The messages that one rule decides.

    :param rule: which
    :param positions: where they stand in the batch, ascending
    :param columns: the groups of the pattern as text columns, one row for each position; no columns for a rule
        that ignores
    """

    rule: Rule
    positions: Positions
    columns: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages ordered by how they begin.

    The second eight bytes are looked at where they are few, too; often they hold a name already.

    :param heads: the ways in which they begin
    :param order: their positions, those of the first head first
    :param ends: where the positions of each head end
    """

    places: Places
    heads: Sequence[_Head]
    order: Positions
    ends: Positions

    @classmethod
    def of(cls, texts: pl.Series, among: Positions | None = None) -> Self:
        """Of strings without nulls.

        :param among: the positions of those that count, ascending; all where not given
        """
        places = Places.of(texts)
        among = np.arange(len(texts)) if among is None else among
        if not len(among):
            return cls(places, [], np.arange(0), np.arange(0))
        heads: list[_Head] = []
        parts: list[Positions] = []
        some = places if len(among) == len(texts) else places.at(among)
        for word, group in _groups(some.word() & first(np.minimum(some.lengths, _WORD))):
            second = _second(some, group) if len(group) >= _MANY and len(heads) < _SCATTERED else []
            heads += [(word, other) for other, _ in second] or [(word, None)]
            parts += [among[group[each]] for _, each in second] or [among[group]]
        return cls(places, heads, np.concatenate(parts), np.cumsum([len(part) for part in parts]))

    def all(self) -> Flags:
        """Which of the texts count."""
        flags = np.zeros(len(self.places.starts), np.bool_)
        flags[self.order] = True
        return flags


def apply(rules: Sequence[Rule], messages: Messages, free: Flags | None = None) -> tuple[list[Match], Positions]:
    """First match wins.

    Each rule is tried only on the messages that begin as its matches do and that no earlier rule took, so that a line
    is searched about once however many rules there are.

    :param free: the messages to look at; all where not given
    :return: the matches, and the positions of those that no rule knows
    """
    free = messages.all() if free is None else free.copy()
    matches: list[Match] = []
    for rule, likely in _likely(rules, messages):
        positions = likely[free[likely]]
        if not len(positions):
            continue
        places, positions = _begun(rule, messages.places.at(positions), positions)
        if not len(positions):
            continue
        match = _match(rule, places, positions)
        if len(match.positions):
            free[match.positions] = False
            matches.append(match)
    return matches, np.flatnonzero(free)


def beginning(rules: Sequence[_Anchored], messages: Messages) -> Flags:
    """Which messages begin as a match of one of the rules may."""
    flags = np.zeros(len(messages.places.starts), np.bool_)
    for _, positions in _likely(rules, messages):
        flags[positions] = True
    return flags


def _likely(rules: Sequence[_Any], messages: Messages) -> Iterator[tuple[_Any, Positions]]:
    """For each rule the messages whose first bytes fit it; there are few such beginnings among many messages."""
    if not len(messages.order):
        return
    order, ends = messages.order, messages.ends
    fits = _Beginnings.of(rules).fits(messages.heads)
    for at in np.flatnonzero(fits.any(axis=0)).tolist():
        mine = np.flatnonzero(fits[:, at])
        if len(mine) == len(ends):
            yield rules[at], np.flatnonzero(messages.all())
        elif len(mine) > _SCATTERED:
            wanted = np.zeros(len(messages.places.starts), np.bool_)
            wanted[order] = np.repeat(fits[:, at], np.diff(ends, prepend=0))
            yield rules[at], np.flatnonzero(wanted)
        else:
            likely = [order[ends[each - 1] if each else 0 : ends[each]] for each in mine.tolist()]
            yield rules[at], likely[0] if len(mine) == 1 else np.sort(np.concatenate(likely))


def _second(places: Places, group: Positions) -> list[tuple[int, Positions]]:
    """The group by its second eight bytes; empty where they are many."""
    lengths = places.lengths[group]
    words = words_at(places.data, places.starts[group] + _WORD) & first(np.clip(lengths - _WORD, 0, _WORD))
    if pl.Series(words[:: max(1, len(words) // _MANY)]).n_unique() > _FEW:
        return []
    split = list(_groups(words))
    return split if len(split) <= _FEW else []


def _groups(words: Words) -> Iterator[tuple[int, Positions]]:
    """The positions of each word, ascending."""
    kinds = pl.Series(words).unique().sort().to_numpy()
    if len(kinds) == 1:
        yield int(kinds[0]), np.arange(len(words))
        return
    kind = np.searchsorted(kinds, words).astype(np.uint16 if len(kinds) < 1 << 16 else np.uint32)
    order = np.argsort(kind, kind="stable")
    ends = np.cumsum(np.bincount(kind, minlength=len(kinds))).tolist()
    start = 0
    for word, end in zip(kinds.tolist(), ends, strict=True):
        yield word, order[start:end]
        start = end


class _Beginnings:
    """Which rules the first bytes of a message can fit.

    Each way to begin is a row of sixteen byte sets, of which there are few kinds.
    """

    _known: ClassVar[dict[int, "_Beginnings"]] = {}
    _making: ClassVar[Lock] = Lock()

    def __init__(self, rules: Sequence[_Anchored]) -> None:
        self.rules = rules
        ways = [beginnings(rule.pattern, _HEAD, _HEADS) for rule in rules]
        kinds = {_ANY_BYTE: 0}
        self.kinds = np.array(
            [
                [kinds.setdefault(found, len(kinds)) for found in (*each, *(_ANY_BYTE,) * (_HEAD - len(each)))]
                for way in ways
                for each in way
            ]
        )
        bits = np.frombuffer(b"".join(found.to_bytes(32, "little") for found in kinds), np.uint8)
        self.held = np.unpackbits(bits, bitorder="little").astype(np.bool_).reshape(len(kinds), 256)
        self.begins = np.cumsum([0, *(len(way) for way in ways)])[:-1]
        self.seen: dict[_Head, Flags] = {}

    @classmethod
    def of(cls, rules: Sequence[_Anchored]) -> "_Beginnings":
        """Found once for the rules of a format."""
        with cls._making:
            found = cls._known.get(id(rules))
            if found is None or found.rules is not rules:
                found = cls._known[id(rules)] = cls(rules)
            return found

    def fits(self, heads: Sequence[_Head]) -> Flags:
        """A row for each of the heads, a column for each rule."""
        fresh = [head for head in heads if head not in self.seen]
        if len(self.seen) + len(fresh) > _REMEMBERED:
            self.seen, fresh = {}, list(heads)
        if fresh:
            found = np.concatenate([self._fits(fresh[at : at + _AT_ONCE]) for at in range(0, len(fresh), _AT_ONCE)])
            if len(fresh) > _REMEMBERED:
                return found
            self.seen = self.seen | dict(zip(fresh, found, strict=True))
        seen = self.seen
        return np.array([seen[head] for head in heads])

    def _fits(self, heads: Sequence[_Head]) -> Flags:
        if not len(self.rules):
            return np.zeros((len(heads), 0), np.bool_)
        read = np.array([(one, other or 0) for one, other in heads], "<u8").view(np.uint8)
        unknown = np.array([other is None for _, other in heads])
        fits = np.ones((len(self.kinds), len(heads)), np.bool_)
        for at in range(_HEAD):
            held = self.held[:, read[:, at]]
            fits &= (held if at < _WORD else held | unknown)[self.kinds[:, at]]
        found: Flags = np.logical_or.reduceat(fits, self.begins).T
        return found


def _begun(rule: Rule, places: Places, positions: Positions) -> tuple[Places, Positions]:
    """The messages that go on as the rule's matches do; the first eight bytes are known to fit."""
    ways = [[(at, text) for at, text in literals(each)] for each in beginnings(rule.pattern, _DEPTH, _DEEP)]
    held = np.ones(len(positions), np.bool_)
    prefix = rule.prefix.encode()
    if len(ways) > 1 and all(at + len(text) > _WORD for way in ways for at, text in way[-1:]) and all(ways):
        held = np.zeros(len(positions), np.bool_)
        for way in ways:
            fits = np.ones(len(positions), np.bool_)
            for at, text in way:
                if at + len(text) > _WORD:
                    fits &= places.holds(text[max(_WORD - at, 0) :], max(at, _WORD))
            held |= fits
        known = min(len(way[0][1]) if way[0][0] == 0 else 0 for way in ways)
        prefix = b"" if known >= len(prefix) else prefix
    if len(prefix) > _WORD:
        held &= places.holds(prefix[_WORD:], _WORD)
    return (places, positions) if held.all() else (places.at(held), positions[held])


def _match(rule: Rule, places: Places, positions: Positions) -> Match:
    prefix = rule.prefix.encode()
    *quickly, full = rule.rests
    if full == "^.*$":
        return Match(rule, positions, pl.DataFrame())
    rests = places.behind(len(prefix))
    if not rule.groups:
        hit = rests.text().str.contains(full).to_numpy()
        return Match(rule, positions[hit], pl.DataFrame())
    left, found = positions, []
    for pattern in (*quickly, full):
        hit, columns = _extract(pattern, rests.text())
        found.append((left[hit], columns))
        if len(hit) == len(left):
            break
        slow = np.setdiff1d(np.arange(len(left)), hit, assume_unique=True)
        left, rests = left[slow], rests.at(slow)
    if len(found) == 1:
        return Match(rule, *found[0])
    both = np.concatenate([each for each, _ in found])
    order = np.argsort(both)
    return Match(rule, both[order], pl.concat([columns for _, columns in found])[order])


def _extract(pattern: str, candidates: pl.Series) -> tuple[Positions, pl.DataFrame]:
    columns = candidates.str.extract_groups(pattern).struct.unnest()
    if any(not column.null_count() for column in columns):
        return np.arange(len(candidates)), columns
    hit = columns.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_numpy()
    return np.flatnonzero(hit), columns.filter(hit)
