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
from serjeant.assess.firsts import TOOL
from serjeant.model.campaign import Campaign, Undecided
from serjeant.model.codes import named

_DAY: Final = timedelta(days=1)
_LEARNS: Final = timedelta(days=3)
"""Days at the start of the logs in which every address is new."""
_SUREST: Final = {"confirmed": 0, "probable": 1}
_CONFIRMED: Final = 0.98
_PROBABLE: Final = 0.80


def strangers(campaign: Campaign, taken: set[str], everybody: Everybody) -> pl.DataFrame:
    """First sign-ins of the campaign's days from addresses new to everybody, with a tool that the campaign uses.

    :param taken: sources that are the campaign's for other reasons; theirs are counted, and not named again
    :return: ``user, source, first_ok, service, client, usual, seen, certainty``: of ``seen`` such sign-ins with the
        tool ``usual`` were to be expected; ``certainty``: ``confirmed``, ``probable`` or null
    """
    begin, learnt = campaign.first_seen, everybody.begin or campaign.first_seen
    quiet = (begin - learnt - _LEARNS) / _DAY
    if quiet <= 0:
        return _nobody(everybody)
    lasted = max((campaign.last_seen - begin) / _DAY, 1 / 24) / quiet
    theirs = _tools_of({*campaign.sources, *taken}, everybody.cells)
    new = everybody.firsts.join(theirs, on=TOOL, how="semi", nulls_equal=True)
    named = pl.col("source").is_in(list(taken | {*campaign.sources, *campaign.shared_sources}))
    then = pl.col("first_ok").is_between(begin, campaign.last_seen)
    before = (pl.col("first_ok") < begin) & (pl.col("first_ok") >= learnt + _LEARNS)
    seen = new.filter(then).group_by(TOOL).agg(seen=pl.len())
    if not len(seen):
        return _nobody(everybody)
    usual = new.filter(before).group_by(TOOL).agg(before=pl.len())
    honest = everybody.firsts.filter(before).height * lasted
    tools = seen.join(usual, on=TOOL, how="left", nulls_equal=True).with_columns(pl.col("before").fill_null(0))
    tools = tools.join(_users(everybody, begin), on=TOOL, how="left", nulls_equal=True)
    # Half of one more than was seen may be usual (Jeffreys' prior); of tools that nobody had, see ``_unseen``.
    fresh = pl.col("users").is_null()
    mean = (
        pl.when(fresh)
        .then(1 - _unseen(everybody, begin) * honest / pl.col("seen").filter(fresh).sum())
        .otherwise(1 - (pl.col("before") + 0.5) * lasted / pl.col("seen"))
    )
    tools = tools.with_columns(usual=pl.col("before") * lasted, mean=mean)
    sure = pl.col("mean") >= _CONFIRMED
    certainty = (
        pl.when(sure & fresh).then(pl.lit("confirmed")).when(pl.col("mean") >= _PROBABLE).then(pl.lit("probable"))
    )
    told = tools.select(*TOOL, "usual", "seen", certainty=certainty)
    surest = pl.col("certainty").replace_strict(_SUREST, default=len(_SUREST), return_dtype=pl.Int8)
    named_by = new.filter(then & ~named).join(told, on=TOOL, nulls_equal=True)
    return named_by.sort("source", surest, *TOOL).unique("source", keep="first", maintain_order=True)


def _users(everybody: Everybody, begin: datetime) -> pl.DataFrame:
    """How many sources had signed in with each tool before the campaign."""
    hours = int(begin.timestamp()) // 3600
    used = everybody.cells.filter((pl.col("ok") > 0) & (pl.col("hour") < hours))
    return used.group_by(TOOL).agg(users=pl.col("source").n_unique())


def _unseen(everybody: Everybody, begin: datetime) -> float:
    """The share of honest sign-ins with a tool that nobody had used before (Good 1953, after Turing).

    As many of the next as were the only ones of their tool so far.
    """
    users = _users(everybody, begin)["users"]
    return (int((users == 1).sum()) + 0.5) / max(1, int(users.sum()))


def undecided(new: pl.DataFrame) -> Undecided | None:
    """How many of those without a certainty fell all the same; None where there is none.

    :param new: of ``strangers``
    """
    open_ = new.filter(pl.col("certainty").is_null()).unique(TOOL)
    if not len(open_):
        return None
    seen, usual = float(open_["seen"].sum()), float(open_["usual"].sum())
    spread = 1.64 * (seen + usual) ** 0.5
    return Undecided(max(0.0, seen - usual), max(0.0, seen - usual - spread), max(0.0, seen - usual + spread))


def _nobody(everybody: Everybody) -> pl.DataFrame:
    columns = everybody.pairs.clear().select("user", "source", "first_ok")
    return columns.with_columns(
        *(pl.lit(None, pl.String).alias(name) for name in (*TOOL, "certainty")), usual=pl.lit(0.0), seen=pl.lit(0)
    )


def _tools_of(sources: set[str], cells: pl.DataFrame) -> pl.DataFrame:
    return cells.join(named(sources, cells, "source"), on="source", how="semi").select(TOOL).unique()
