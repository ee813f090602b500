"""cases: which case of a record fits each of its rows, vectorised."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect.record import Case

_WORDS: Final = re.compile(r"^\^(?:\(\?:((?:[A-Za-z0-9_ :|-]|\\\.)*)\)|((?:[A-Za-z0-9_ :-]|\\\.)+))\$$")
_OTHER: Final = "\0"
"""No word of any product."""
_FEW: Final = 256
_REMEMBERED: Final = 1_024
_SHORT: Final = 256

Positions = npt.NDArray[np.int64]


def which(cases: Sequence[Case], found: pl.DataFrame) -> Positions:
    """The number of the first case that fits each row; -1 where none does.

    Rows that say the same in all that the cases ask are judged once: there are few ways in which a product says it.
    """
    asked = list(dict.fromkeys(name for case in cases for name in case.where))
    if not asked:
        return np.zeros(len(found), dtype=np.int64)
    rows = found.select(_told_apart(name, cases) for name in asked).with_columns(row=pl.int_range(len(found)))
    kinds = rows.group_by(asked).agg("row")
    asked_once: dict[tuple[str, str], npt.NDArray[np.bool_]] = {}
    chosen = np.full(len(kinds), -1, dtype=np.int64)
    free = np.arange(len(kinds))
    for number, case in enumerate(cases):
        left = free
        for name, pattern in case.where.items():
            if not len(left):
                break
            if len(kinds) > _FEW:
                left = left[_fits(kinds[name].gather(left), pattern)]
                continue
            if (name, pattern) not in asked_once:
                asked_once[name, pattern] = _fits(kinds[name], pattern)
            left = left[asked_once[name, pattern][left]]
        if len(left):
            chosen[left] = number
            free = free[chosen[free] < 0]
            if not len(free):
                break
    spread = np.repeat(chosen, kinds["row"].list.len().to_numpy())
    decided = np.empty(len(found), dtype=np.int64)
    decided[kinds["row"].explode().to_numpy()] = spread
    return decided


def _told_apart(name: str, cases: Sequence[Case]) -> pl.Expr:
    """A field as the cases see it: what is none of the words that they know is one thing to them."""
    said = pl.col(name).fill_null("")
    known = [_words(case.where[name]) for case in cases if name in case.where]
    listed = [word for words in known if words is not None for word in words]
    return said if None in known else pl.when(said.is_in(listed)).then(said).otherwise(pl.lit(_OTHER)).alias(name)


def _fits(texts: pl.Series, pattern: str) -> npt.NDArray[np.bool_]:
    words = _words(pattern)
    if words is not None:
        return (texts == words[0] if len(words) == 1 else texts.is_in(words)).to_numpy()
    if len(texts) > _FEW:
        return texts.str.contains(pattern).to_numpy()
    # To make the search ready takes longer than it, and from block to block the same is said.
    known, said = _seen(pattern), texts.to_list()
    new = [text for text in said if text not in known]
    fits = dict(zip(new, pl.Series(new, dtype=pl.String).str.contains(pattern), strict=True)) if new else {}
    if len(known) < _REMEMBERED:
        known.update((text, fit) for text, fit in fits.items() if len(text) <= _SHORT)
    return np.array([fits[text] if text in fits else known[text] for text in said], np.bool_)


@cache
def _seen(_pattern: str) -> dict[str, bool]:
    """Texts of which it is known whether a pattern fits them."""
    return {}


@cache
def _words(pattern: str) -> tuple[str, ...] | None:
    """All texts that a pattern fits, where it lists them."""
    found = _WORDS.match(pattern)
    return tuple((found[1] or found[2] or "").replace("\\.", ".").split("|")) if found else None
