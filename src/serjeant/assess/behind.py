"""behind: who fell to a guesser behind an address that many of us use.

There the address says nothing, and neither does that somebody signed in. What is left is the tool: the service and
what the client calls itself, where nobody had come with it before, and nearly all whom it tried turned it away.
"""

from datetime import timedelta
from typing import Final

import polars as pl

from serjeant.assess.everybody import Everybody
from serjeant.assess.firsts import TOOL, with_own
from serjeant.assess.odd import beside, odd, total
from serjeant.model.campaign import Campaign, Undecided

_TRIED: Final = 12
"""Accounts that must have turned a tool away."""
_PROBABLE: Final = 3
_CONFIRMED: Final = 20
"""Accounts that turned it away, for each that it got into: guessers are right once in a hundred, people mostly."""
_BEYOND: Final = 3
"""Accounts that turned it away since, for each that would have in as many of the days before."""
_SURE: Final = 0.8
_PLACE: Final = ("source", *TOOL)
_DAY: Final = timedelta(days=1)
_LEARNS: Final = timedelta(days=3)


def behind(campaign: Campaign, used: pl.DataFrame, everybody: Everybody) -> tuple[pl.DataFrame, Undecided | None]:
    """Sign-ins with the campaign's own tool from its shared sources, and how many more there were that look like ours.

    :param used: ``detect.lines.tools`` of the shared sources
    :return: ``user, source, first_ok, certainty, rule``: ``confirmed``, ``probable`` or null; and the number, or None
    """
    shared = used.filter(pl.col("source").is_in(list(campaign.shared_sources)) & pl.col("user").is_not_null())
    bad = (pl.col("fail") > 0) & (pl.col("ok") == 0)
    since = pl.col("first_t") >= campaign.first_seen
    tools = shared.group_by(_PLACE).agg(
        before=(~since).any(), bad=bad.sum(), good=(pl.col("ok") > 0).sum(), late=(bad & since).sum()
    )
    theirs = tools.filter(
        ~pl.col("before") & (pl.col("bad") >= _TRIED) & (pl.col("bad") >= _PROBABLE * pl.col("good"))
    ).with_columns(
        certainty=pl.when(pl.col("bad") >= _CONFIRMED * pl.col("good"))
        .then(pl.lit("confirmed"))
        .otherwise(pl.lit("probable")),
        rule=pl.lit("behind a shared address"),
    )
    fell = shared.filter(pl.col("ok") > 0).join(theirs, on=_PLACE, nulls_equal=True)
    known = shared.join(tools.filter(pl.col("before") & (pl.col("late") >= _TRIED)), on=_PLACE, nulls_equal=True)
    more, open_ = _odd(campaign, shared, known, everybody) if len(known) else (fell, None)
    named = [each.select("user", "source", "first_ok", "certainty", "rule") for each in (fell, more)]
    return pl.concat(named).unique(maintain_order=True), open_


def _odd(
    campaign: Campaign, shared: pl.DataFrame, known: pl.DataFrame, everybody: Everybody
) -> tuple[pl.DataFrame, Undecided | None]:
    """Where the crew uses what others use there: whoever had never come with it before."""
    begin, learnt = campaign.first_seen, (everybody.begin or campaign.first_seen) + _LEARNS
    quiet = (begin - learnt) / _DAY
    none = known.clear().with_columns(pl.lit(None, pl.String).alias(name) for name in ("certainty", "rule"))
    if quiet <= 0:
        return none, None
    lasted = max((campaign.last_seen - begin) / _DAY, 1 / 24) / quiet
    since, bad = pl.col("first_t") >= begin, (pl.col("fail") > 0) & (pl.col("ok") == 0)
    usual = known.filter(~since & bad & (pl.col("first_t") >= learnt)).group_by(TOOL).agg(early=pl.len())
    tried = known.filter(since & bad).group_by(TOOL).agg(late=pl.len())
    theirs = tried.join(usual, on=TOOL, how="left", nulls_equal=True).filter(
        pl.col("late") >= _BEYOND * lasted * (pl.col("early").fill_null(0) + 0.5)
    )
    came = with_own(shared.filter(pl.col("ok") > 0), everybody.habits)
    before = came.filter(pl.col("first_ok").is_between(learnt, begin, closed="left"))
    then = came.filter(since & pl.col("first_ok").is_between(begin, campaign.last_seen))
    then = then.join(theirs, on=TOOL, how="semi", nulls_equal=True)
    if not len(then):
        return none, None
    kinds = odd(before, then, lasted)
    told = then.filter(~pl.col("own")).join(kinds, on=TOOL, nulls_equal=True)
    sure = told.filter(1 - pl.col("usual") / pl.col("seen") >= _SURE)
    open_ = then.join(sure.select("user", "source", *TOOL), on=["user", "source", *TOOL], how="anti", nulls_equal=True)
    numbers = []
    for tool, part in sure.group_by(TOOL, maintain_order=True):
        mine = then.filter("own").join(part.select(TOOL).unique(), on=TOOL, how="semi", nulls_equal=True)
        had, accounts = everybody.having(tool, begin), set(campaign.accounts)
        found = max(0.0, len(part) - float(part["usual"][0]))
        numbers.append(beside(found, len(had & accounts), len(accounts), len(mine)))
    parts = [
        each.select(
            "user", "source", "first_ok", certainty=pl.lit(certainty, pl.String), rule=pl.lit("a new tool there")
        )
        for each, certainty in ((sure, "probable"), (open_, None))
    ]
    return pl.concat(parts), total(numbers) if numbers else None
