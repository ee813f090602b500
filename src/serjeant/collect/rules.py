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
    matches: list[Match] = []
    for rule in rules:
        begun = np.zeros(len(messages), dtype=np.bool_)
        for head, mask in map(_head, rule.prefixes):
            begun |= (heads & mask) == head
        positions = np.flatnonzero(free & begun)
        if not len(positions):
            continue
        candidates = messages if len(positions) == len(messages) else messages.gather(positions)
        if len(rule.prefixes) == 1 and len(rule.prefixes[0]) > _HEAD:
            whole = candidates.str.starts_with(rule.prefixes[0])
            if not whole.all():
                candidates, positions = candidates.filter(whole), positions[whole.to_numpy()]
        match = _match(rule, candidates, positions)
        if len(match.positions):
            free[match.positions] = False
            matches.append(match)
    return matches, np.flatnonzero(free)


def _heads(messages: pl.Series) -> npt.NDArray[np.uint64]:
    """The first eight bytes of each message as a number: most rules are ruled out by one comparison of numbers."""
    padded = messages.str.pad_end(_HEAD, " ").cast(pl.Binary).bin.head(_HEAD)
    return padded.bin.reinterpret(dtype=pl.UInt64, endianness="little").to_numpy()


def _head(prefix: str) -> tuple[np.uint64, np.uint64]:
    """The same of a prefix, and which of the bytes it knows."""
    known = prefix.encode()[:_HEAD]
    mask = b"\xff" * len(known)
    return np.uint64(int.from_bytes(known, "little")), np.uint64(int.from_bytes(mask, "little"))


def _match(rule: Rule, candidates: pl.Series, positions: Positions) -> Match:
    if not rule.groups:
        hit = candidates.str.contains(rule.pattern).to_numpy()
        return Match(rule, positions[hit], pl.DataFrame())
    quick = _extract(rule, rule.quick_pattern, candidates, positions) if rule.quick_pattern else None
    if quick is None:
        return _extract(rule, rule.pattern, candidates, positions)
    if len(quick.positions) == len(positions):
        return quick
    slow = ~np.isin(positions, quick.positions, assume_unique=True)
    rest = _extract(rule, rule.pattern, candidates.filter(slow), positions[slow])
    if not len(rest.positions):
        return quick
    both = np.concatenate([quick.positions, rest.positions])
    order = np.argsort(both)
    return Match(rule, both[order], pl.concat([quick.columns, rest.columns])[order])


def _extract(rule: Rule, pattern: str, candidates: pl.Series, positions: Positions) -> Match:
    columns = candidates.str.extract_groups(pattern).struct.unnest()
    hit = columns.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_numpy()
    if hit.all():
        return Match(rule, positions, columns)
    return Match(rule, positions[hit], columns.filter(hit))
