"""Apply the rules of a line format to a batch of messages, vectorised."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect.beginnings import Beginning, beginnings, literals
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
_MANY: Final = 500
_FEW: Final = 32
"""Second words of one first word that are worth telling apart."""

Positions = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]
_Head = tuple[int, int | None]
"""The first and the second eight bytes; None: any."""


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
    def of(cls, texts: pl.Series) -> Self:
        """Of strings without nulls."""
        places = Places.of(texts)
        if not len(texts):
            return cls(places, [], np.arange(0), np.arange(0))
        heads: list[_Head] = []
        parts: list[Positions] = []
        for word, group in _groups(places.word() & first(np.minimum(places.lengths, _WORD))):
            second = _second(places, group) if len(group) >= _MANY and len(heads) < _SCATTERED else []
            heads += [(word, other) for other, _ in second] or [(word, None)]
            parts += [group[some] for _, some in second] or [group]
        return cls(places, heads, np.concatenate(parts), np.cumsum([len(part) for part in parts]))


def apply(rules: Sequence[Rule], messages: Messages, free: Flags | None = None) -> tuple[list[Match], Positions]:
    """First match wins.

    Each rule is tried only on the messages that begin as its matches do and that no earlier rule took, so that a line
    is searched about once however many rules there are.

    :param free: the messages to look at; all where not given
    :return: the matches, and the positions of those that no rule knows
    """
    free = np.ones(len(messages.order), dtype=np.bool_) if free is None else free.copy()
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


def _likely(rules: Sequence[Rule], messages: Messages) -> Iterator[tuple[Rule, Positions]]:
    """For each rule the messages whose first bytes fit it; there are few such beginnings among many messages."""
    if not len(messages.order):
        return
    order, ends = messages.order, messages.ends
    fits = _Beginnings.of(rules).fits(messages.heads)
    for at in np.flatnonzero(fits.any(axis=0)).tolist():
        mine = np.flatnonzero(fits[:, at])
        if len(mine) == len(ends):
            yield rules[at], np.arange(len(order))
        elif len(mine) > _SCATTERED:
            wanted = np.zeros(len(order), np.bool_)
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
    """Which rules the first bytes of a message can fit."""

    _known: ClassVar[dict[int, "_Beginnings"]] = {}

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.ways = [
            [(_Way(each[:_WORD]), _Way(each[_WORD:])) for each in beginnings(rule.pattern, _HEAD, _HEADS)]
            for rule in rules
        ]
        self.seen: dict[_Head, Flags] = {}

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> "_Beginnings":
        """Found once for the rules of a format."""
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
            found = self._fits(fresh)
            if len(fresh) > _REMEMBERED:
                return found
            self.seen = self.seen | dict(zip(fresh, found, strict=True))
        seen = self.seen
        return np.array([seen[head] for head in heads])

    def _fits(self, heads: Sequence[_Head]) -> Flags:
        fits = np.zeros((len(heads), len(self.rules)), np.bool_)
        first_words = np.array([word for word, _ in heads], np.uint64)
        known = np.array([other is not None for _, other in heads])
        second_words = np.array([other or 0 for _, other in heads], np.uint64)
        for at, ways in enumerate(self.ways):
            for one, two in ways:
                fits[:, at] |= one.fits(first_words) & (two.fits(second_words) | ~known)
        return fits


class _Way:
    """What eight bytes may be, to be held against many at once."""

    def __init__(self, beginning: Beginning) -> None:
        self.word, self.mask = np.uint64(0), np.uint64(0)
        self.tables: list[tuple[np.uint64, Flags]] = []
        for at, found in enumerate(beginning):
            shift = np.uint64(8 * at)
            if found.bit_count() == 1:
                self.word |= np.uint64(found.bit_length() - 1) << shift
                self.mask |= np.uint64(0xFF) << shift
            else:
                bits = np.frombuffer(found.to_bytes(32, "little"), np.uint8)
                self.tables.append((shift, np.unpackbits(bits, bitorder="little").astype(np.bool_)))

    def fits(self, heads: Words) -> Flags:
        """Which begin so."""
        fits: Flags = (heads & self.mask) == self.word
        for shift, table in self.tables:
            fits &= table[(heads >> shift) & np.uint64(0xFF)]
        return fits


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
