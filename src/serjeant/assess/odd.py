"""odd: sign-ins with a tool that is new to the account, and how many of them honest people make.

A right guess is made with the crew's tool; whoever has another one, or none of that name, has not come with it before.
People change theirs as well, at a rate that the days before the campaign tell: among so many sign-ins of one kind with
tools of their own, so many were with a new one (a log ratio would not see zero; half of one is added to each count).
"""

from collections.abc import Iterable
from typing import Final

import polars as pl
from scipy import special, stats

from serjeant.assess.firsts import TOOL
from serjeant.model.campaign import Undecided

_INTERVAL: Final = (0.05, 0.95)
_HALF: Final = 0.5


def odd(before: pl.DataFrame, then: pl.DataFrame, lasted: float) -> pl.DataFrame:
    """How many sign-ins with a new tool were to be expected.

    What the tool itself showed before is held together with what all tools of its service did (a gamma prior of weight
    one half, whose mean is theirs).

    :param before: one row each: ``service, client, own``, of the days before
    :param then: the same, of the campaign's days and with its tools
    :param lasted: the campaign's days, as a multiple of those before
    :return: ``service, client, seen, usual``: of ``seen`` with a tool that was new to the account
    """
    new = (~pl.col("own")).sum()
    rate = before.group_by("service").agg(odds=(new + _HALF) / (pl.col("own").sum() + _HALF))
    past = before.group_by(TOOL).agg(past=new)
    told = then.group_by(TOOL).agg(seen=new, own=pl.col("own").sum())
    told = told.join(rate, on="service", how="left", nulls_equal=True)
    told = told.join(past, on=TOOL, how="left", nulls_equal=True).with_columns(pl.col("past").fill_null(0))
    pooled = pl.col("odds").fill_null(1.0) * (pl.col("own") + _HALF)
    usual = (pl.col("past") + _HALF) / (_HALF / pooled + 1 / lasted)
    return told.select(*TOOL, pl.col("seen").cast(pl.Int64), usual=usual)


def beside(named: float, had: int, tried: int, most: int) -> Undecided:
    """How many fell whose own tool is the crew's, beside ``named`` that fell and had another.

    Who falls does not depend on the tool: for each of the others, as many as have it for each that has not.

    :param had: accounts that had the tool, of ``tried``
    :param most: how many signed in so
    """
    odds = (had + _HALF) / (tried - had + _HALF)
    low, high = (stats.nbinom.ppf(at, named + _HALF, 1 / (1 + odds)) for at in _INTERVAL)
    return Undecided(min(float(named * odds), most), min(float(low), most), min(float(high), most))


def total(parts: Iterable[Undecided]) -> Undecided:
    """Several numbers that cannot be told, together."""
    each = list(parts)
    return Undecided(sum(it.expected for it in each), sum(it.low for it in each), sum(it.high for it in each))


def less(it: Undecided, named: int) -> Undecided:
    """What is left of a number when some of them were named after all."""
    return Undecided(*(max(0.0, each - named) for each in (it.expected, it.low, it.high)))


def poisson(seen: pl.Series, usual: pl.Series) -> pl.Series:
    """The chance of so many or more, where so many are usual."""
    return pl.Series(special.gammainc(seen.to_numpy(), usual.to_numpy()))
