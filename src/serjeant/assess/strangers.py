"""strangers: who signs in, while a campaign lasts, from an address that is new to everybody, with the campaign's tools.

A guess that is right at once, from an address used once, leaves no failure beside it. What is left to hold against it
is the tool: before the campaign began, so many people signed in with it from addresses new to us; while it lasts, so
many do. What is beyond the usual is the crew's (Herley & Schechter 2019, applied to successes). Where the usual is
nearly nothing that says of each who fell; where it is not, only of how many.
"""

from datetime import datetime, timedelta
from typing import Final

import polars as pl

from serjeant.assess.everybody import Everybody
from serjeant.assess.firsts import TOOL, with_own
from serjeant.assess.odd import beside, odd, poisson, total
from serjeant.model.campaign import Campaign, Undecided
from serjeant.model.codes import named

_DAY: Final = timedelta(days=1)
_LEARNS: Final = timedelta(days=3)
"""Days at the start of the logs in which every address is new."""
_SUREST: Final = {"confirmed": 0, "probable": 1}
_CONFIRMED: Final = 0.98
_PROBABLE: Final = 0.80
_USED, _SHARE = 3, 0.02
"""Sources that use a tool where it is the campaign's; or the share of them, where that is fewer."""
_CHANCE: Final = 0.05
"""Chance of so many where nobody guesses; one or two beside a half that is usual are no news."""


def strangers(campaign: Campaign, taken: set[str], fallen: pl.DataFrame, everybody: Everybody) -> pl.DataFrame:
    """First sign-ins of the campaign's days from addresses new to everybody, with a tool that the campaign uses.

    :param taken: sources that are the campaign's for other reasons; theirs are not named again
    :param fallen: ``user, fell``: who is known to have fallen; that others use the account then says nothing
    :return: ``user, source, first_ok, service, client, own, usual, seen, certainty, rule``: of ``seen`` such sign-ins
        with the tool, by people who had it before (``own``) or not, ``usual`` were to be expected; ``certainty``:
        ``confirmed``, ``probable`` or null
    """
    begin, learnt = campaign.first_seen, everybody.begin or campaign.first_seen
    quiet = (begin - learnt - _LEARNS) / _DAY
    if quiet <= 0:
        return _nobody(everybody)
    lasted = max((campaign.last_seen - begin) / _DAY, 1 / 24) / quiet
    theirs = _tools_of({*campaign.sources, *taken} - {*campaign.shared_sources}, everybody.cells)
    then = pl.col("first_ok").is_between(begin, campaign.last_seen)
    before = (pl.col("first_ok") < begin) & (pl.col("first_ok") >= learnt + _LEARNS)
    new = everybody.firsts.filter(then).join(theirs, on=TOOL, how="semi", nulls_equal=True)
    if not len(new):
        return _nobody(everybody)
    users = _users(everybody, begin)
    # Where somebody fell first and others were tried days later, the address looks like his, and is no less new.
    told_of = pl.col("source").is_in(list(taken | {*campaign.sources}))
    fresh = _fresh(
        new.join(users, on=TOOL, how="anti", nulls_equal=True), users, everybody.firsts.filter(before), lasted
    )
    old = new.join(users, on=TOOL, how="semi", nulls_equal=True).filter(~told_of)
    fell = fallen.with_columns(pl.col("user").cast(pl.String))
    after = pl.col("fell").is_null() | (pl.col("first_ok") < pl.col("fell"))
    old = old.join(fell, on="user", how="left", maintain_order="left").filter(after).drop("fell")
    told = [fresh.filter(~told_of)]
    if len(old):
        told.append(_old(everybody.with_own.filter(before), old, everybody, lasted))
    surest = pl.col("certainty").replace_strict(_SUREST, default=len(_SUREST), return_dtype=pl.Int8)
    return pl.concat(told).sort("source", surest, *TOOL).unique("source", keep="first", maintain_order=True)


def _fresh(new: pl.DataFrame, users: pl.DataFrame, before: pl.DataFrame, lasted: float) -> pl.DataFrame:
    """With tools that nobody had before the campaign."""
    usual = _unseen(users["users"]) * before.height * lasted
    share = 1 - usual / max(1, len(new))
    certainty = "confirmed" if share >= _CONFIRMED else "probable" if share >= _PROBABLE else None
    return new.with_columns(
        own=pl.lit(value=False),
        usual=pl.lit(usual),
        seen=pl.lit(len(new), pl.Int64),
        certainty=pl.lit(certainty, pl.String),
        rule=pl.lit("their tool"),
    )


def _old(before: pl.DataFrame, then: pl.DataFrame, everybody: Everybody, lasted: float) -> pl.DataFrame:
    """With tools that some people had: those whom it is new to, and those who had it."""
    then = with_own(then, everybody.habits)
    odds = odd(before, then, lasted).with_columns(own=pl.lit(value=False))
    mine = then.filter("own").group_by(TOOL).agg(seen=pl.len().cast(pl.Int64))
    # What people own grows as the logs do, so that all who came with it before are held against them.
    past = before.group_by(TOOL).agg(past=pl.len())
    mine = mine.join(past, on=TOOL, how="left", nulls_equal=True).select(
        *TOOL, "seen", usual=(pl.col("past").fill_null(0) + 0.5) * lasted, own=pl.lit(value=True)
    )
    kinds = pl.concat([odds.select(mine.columns), mine])
    share = 1 - pl.col("usual") / pl.col("seen") >= _PROBABLE
    sure = share & (poisson(kinds["seen"], kinds["usual"]) <= _CHANCE)
    kinds = kinds.with_columns(certainty=pl.when(sure).then(pl.lit("probable")))
    rule = pl.when("own").then(pl.lit("their tool")).otherwise(pl.lit("a new tool"))
    told = then.join(kinds, on=[*TOOL, "own"], nulls_equal=True).with_columns(rule=rule)
    return told.select("user", "source", "first_ok", *TOOL, "own", "usual", "seen", "certainty", "rule")


def _users(everybody: Everybody, begin: datetime) -> pl.DataFrame:
    """How many sources had signed in with each tool before the campaign."""
    hours = int(begin.timestamp()) // 3600
    used = everybody.cells.filter((pl.col("ok") > 0) & (pl.col("hour") < hours))
    return used.group_by(TOOL).agg(users=pl.col("source").n_unique()).with_columns(pl.col(TOOL).cast(pl.String))


def _unseen(users: pl.Series) -> float:
    """The share of honest sign-ins with a tool that nobody had used before (Good 1953, after Turing).

    As many of the next as were the only ones of their tool so far.
    """
    return (int((users == 1).sum()) + 0.5) / max(1, int(users.sum()))


def undecided(campaign: Campaign, new: pl.DataFrame, everybody: Everybody) -> Undecided | None:
    """How many of those without a certainty fell all the same; None where there is none.

    :param new: of ``strangers``
    """
    open_ = new.filter(pl.col("certainty").is_null())
    if not len(open_):
        return None
    return total(_beside(tool, part, campaign, everybody) for tool, part in new.group_by(TOOL, maintain_order=True))


def _beside(tool: tuple[object, ...], new: pl.DataFrame, campaign: Campaign, everybody: Everybody) -> Undecided:
    """Of those who came with one tool."""
    mine, others = (new.filter(pl.col("own") == own) for own in (True, False))
    found = max(0.0, len(others) - others["usual"].to_list()[0]) if len(others) else 0.0
    numbers = [_excess(others)] if others["certainty"].is_null().any() else []
    if len(mine) and mine["certainty"].is_null().any():
        had, tried = everybody.having(tool, campaign.first_seen), set(campaign.accounts)
        numbers.append(beside(found, len(had & tried), len(tried), len(mine)) if found >= 1 else _excess(mine))
    return total(numbers)


def _excess(kind: pl.DataFrame) -> Undecided:
    """What is beyond the usual; both are counts that may have come otherwise."""
    seen, usual = float(kind["seen"].to_list()[0]), kind["usual"].to_list()[0]
    spread = 1.64 * (seen + usual) ** 0.5
    low, high = max(0.0, seen - usual - spread), max(1.0, seen - usual + spread)
    return Undecided(max(0.0, seen - usual), low, min(seen, high))


def _nobody(everybody: Everybody) -> pl.DataFrame:
    columns = everybody.firsts.clear().select("user", "source", "first_ok")
    return columns.with_columns(
        *(pl.lit(None, pl.String).alias(name) for name in TOOL),
        own=pl.lit(value=False),
        usual=pl.lit(0.0),
        seen=pl.lit(0, pl.Int64),
        certainty=pl.lit(None, pl.String),
        rule=pl.lit(None, pl.String),
    )


def _tools_of(sources: set[str], cells: pl.DataFrame) -> pl.DataFrame:
    """What a campaign uses; not what one or two of its many sources were seen with, which may be others'."""
    used = cells.join(named(sources, cells, "source"), on="source", how="semi").select("source", *TOOL).unique()
    least = min(_USED, _SHARE * used["source"].n_unique())
    return used.group_by(TOOL).len().filter(pl.col("len") >= least).select(TOOL).cast(pl.String)
