"""strangers: who signs in, while a campaign lasts, from an address that is new to everybody, with the campaign's tools.

A guess that is right at once, from an address used once, leaves no failure beside it. What is left to hold against it
is the tool: before the campaign began, so many people signed in with it from addresses new to us; while it lasts, so
many do. What is beyond the usual is the crew's (Herley & Schechter 2019, applied to successes). Where the usual is
nearly nothing that says of each who fell; where it is not, only of how many.
"""

from datetime import datetime, timedelta
from typing import Final

import polars as pl
from scipy import stats

from serjeant.model.campaign import Campaign, Undecided

_DAY: Final = timedelta(days=1)
_LEARNS: Final = timedelta(days=3)
"""Days at the start of the logs in which every address is new."""
_CONFIRMED: Final = 0.98
_PROBABLE: Final = 0.80
_SURE: Final = 0.9
_TOOL: Final = ("service", "client")


def strangers(campaign: Campaign, taken: set[str], pairs: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """First sign-ins of the campaign's days from addresses new to everybody, with a tool that the campaign uses.

    :param taken: sources that are the campaign's for other reasons; theirs are counted, and not named again
    :param pairs: ``detect.evidence.Evidence.pairs``
    :param cells: ``detect.evidence.Evidence.cells``
    :return: ``user, source, first_ok, service, client, usual, seen, certainty``: of ``seen`` such sign-ins with the
        tool ``usual`` were to be expected; ``certainty``: ``confirmed``, ``probable`` or null
    """
    begin, learnt = campaign.first_seen, _begin(pairs) or campaign.first_seen
    quiet = (begin - learnt - _LEARNS) / _DAY
    lasted = max((campaign.last_seen - begin) / _DAY, 1 / 24)
    theirs = cells.join(_frame({*campaign.sources, *taken}), on="source", how="semi").select(_TOOL).unique()
    new = _firsts(pairs, cells).join(theirs, on=_TOOL, how="semi", nulls_equal=True)
    named = pl.col("source").is_in(list(taken | {*campaign.sources, *campaign.shared_sources}))
    then = pl.col("first_ok").is_between(begin, campaign.last_seen)
    before = (pl.col("first_ok") < begin) & (pl.col("first_ok") >= learnt + _LEARNS)
    usual = new.filter(before).group_by(_TOOL).agg(before=pl.len())
    seen = new.filter(then).group_by(_TOOL).agg(seen=pl.len())
    if quiet <= 0 or not len(seen):
        return new.head(0).with_columns(usual=pl.lit(0.0), seen=pl.lit(0), certainty=pl.lit(None, pl.String))
    tools = seen.join(usual, on=_TOOL, how="left", nulls_equal=True).with_columns(
        usual=pl.col("before").fill_null(0) * lasted / quiet
    )
    share = lasted / quiet
    mean = 1 - (tools["usual"] + 0.5 * share) / tools["seen"]
    most = stats.gamma.ppf(_SURE, 0.5 + tools["usual"].to_numpy())
    least = pl.Series(1 - most / tools["seen"].to_numpy())
    # Of a tool that nobody used before, one in fifty at most may be somebody's who has just taken to it.
    confirmed = (mean >= _CONFIRMED) & (tools["before"].fill_null(0) == 0)
    probable = (least >= _PROBABLE) | confirmed
    tools = tools.with_columns(
        certainty=pl.when(confirmed).then(pl.lit("confirmed")).when(probable).then(pl.lit("probable")).otherwise(None)
    )
    return new.filter(then & ~named).join(tools.drop("before"), on=_TOOL, nulls_equal=True)


def undecided(new: pl.DataFrame) -> Undecided | None:
    """How many of those without a certainty fell all the same; None where there is none.

    :param new: of ``strangers``
    """
    open_ = new.filter(pl.col("certainty").is_null()).unique(_TOOL)
    if not len(open_):
        return None
    seen, usual = float(open_["seen"].sum()), float(open_["usual"].sum())
    spread = 1.64 * (seen + usual) ** 0.5
    return Undecided(max(0.0, seen - usual), max(0.0, seen - usual - spread), max(0.0, seen - usual + spread))


def _begin(pairs: pl.DataFrame) -> datetime | None:
    first = pairs["first_t"].min()
    return first if isinstance(first, datetime) else None


def _firsts(pairs: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The first sign-in of each source that was new on that day: ``user, source, first_ok`` and its tool."""
    by_source = pairs.group_by("source").agg(first_t=pl.col("first_t").min(), first_ok=pl.col("first_ok").min())
    new = by_source.filter(pl.col("first_ok") - pl.col("first_t") < _DAY)
    first = pairs.join(new.select("source", "first_ok"), on=["source", "first_ok"]).unique(
        ["source"], keep="first", maintain_order=True
    )
    tools = (
        cells.filter(pl.col("ok") > 0)
        .join(first.select("source"), on="source", how="semi")
        .sort("hour", *_TOOL)
        .unique("source", keep="first", maintain_order=True)
    )
    return first.select("user", "source", "first_ok").join(tools.select("source", *_TOOL), on="source")


def _frame(sources: set[str]) -> pl.DataFrame:
    return pl.DataFrame({"source": sorted(sources)}, {"source": pl.String})
