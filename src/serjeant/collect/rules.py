"""Apply the rules of a line format to a batch of messages, vectorised."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect.format import Rule

_HEAD = 8

Positions = npt.NDArray[np.int64]


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


def apply(rules: Sequence[Rule], messages: pl.Series) -> tuple[list[Match], Positions]:
    """First match wins.

    Each rule is tried only on the messages that begin with its literal prefix and that no earlier rule took, so
    that a line is searched about once however many rules there are.

    :param messages: strings without nulls
    :return: the matches, and the positions that no rule knows
    """
    free = np.ones(len(messages), dtype=np.bool_)
    heads = _heads(messages)
    kinds = pl.Series(heads).unique().sort().to_numpy()
    kind = np.searchsorted(kinds, heads)
    matches: list[Match] = []
    for rule in rules:
        begun = np.zeros(len(kinds), dtype=np.bool_)
        for head, mask in map(_head, rule.prefixes):
            begun |= (kinds & mask) == head
        if not begun.any():
            continue
        positions = np.flatnonzero(free & begun[kind])
        if not len(positions):
            continue
        candidates = messages if len(positions) == len(messages) else messages[positions]
        if len(rule.prefix.encode()) > _HEAD:
            whole = candidates.str.starts_with(rule.prefix)
            if not whole.all():
                candidates, positions = candidates.filter(whole), positions[whole.to_numpy()]
        match = _match(rule, candidates, positions)
        if len(match.positions):
            free[match.positions] = False
            matches.append(match)
    return matches, np.flatnonzero(free)


def _heads(messages: pl.Series) -> npt.NDArray[np.uint64]:
    """The first eight bytes of each message as a number: there are few, and most rules fit none of them."""
    heads = messages.cast(pl.Binary).bin.head(_HEAD)
    if len(messages) and (messages.str.len_bytes() < _HEAD).any():
        heads = messages.str.pad_end(_HEAD, " ").cast(pl.Binary).bin.head(_HEAD)
    return heads.bin.reinterpret(dtype=pl.UInt64, endianness="little").to_numpy()


def _head(prefix: str) -> tuple[np.uint64, np.uint64]:
    """The same of a prefix, and which of the bytes it knows."""
    known = prefix.encode()[:_HEAD]
    mask = b"\xff" * len(known)
    return np.uint64(int.from_bytes(known, "little")), np.uint64(int.from_bytes(mask, "little"))


def _match(rule: Rule, candidates: pl.Series, positions: Positions) -> Match:
    if rule.prefix:
        # As bytes: cutting text counts its characters.
        candidates = candidates.cast(pl.Binary).bin.slice(len(rule.prefix.encode())).cast(pl.String)
    *quickly, full = rule.rests
    if full == "^.*$":
        return Match(rule, positions, pl.DataFrame())
    if not rule.groups:
        hit = candidates.str.contains(full).to_numpy()
        return Match(rule, positions[hit], pl.DataFrame())
    if not quickly:
        return _extract(rule, full, candidates, positions)
    quick = _extract(rule, quickly[0], candidates, positions)
    if len(quick.positions) == len(positions):
        return quick
    slow = ~np.isin(positions, quick.positions, assume_unique=True)
    rest = _extract(rule, full, candidates.filter(slow), positions[slow])
    if not len(rest.positions):
        return quick
    both = np.concatenate([quick.positions, rest.positions])
    order = np.argsort(both)
    return Match(rule, both[order], pl.concat([quick.columns, rest.columns])[order])


def _extract(rule: Rule, pattern: str, candidates: pl.Series, positions: Positions) -> Match:
    columns = candidates.str.extract_groups(pattern).struct.unnest()
    if any(not column.null_count() for column in columns):
        return Match(rule, positions, columns)
    hit = columns.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_numpy()
    return Match(rule, positions[hit], columns.filter(hit))
