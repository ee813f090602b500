"""behind: who fell to a guesser behind an address that many of us use.

There the address says nothing, and neither does that somebody signed in. What is left is the tool: the service and
what the client calls itself, where nobody had come with it before, and nearly all whom it tried turned it away.
"""

from typing import Final

import polars as pl

from serjeant.model.campaign import Campaign

_TOOL: Final = ("source", "service", "client")
_TRIED: Final = 12
"""Accounts that must have turned a tool away."""
_PROBABLE: Final = 3
_CONFIRMED: Final = 20
"""Accounts that turned it away, for each that it got into: guessers are right once in a hundred, people mostly."""


def behind(campaign: Campaign, used: pl.DataFrame) -> pl.DataFrame:
    """Sign-ins with the campaign's own tool from its shared sources.

    :param used: ``detect.lines.tools`` of the shared sources
    :return: ``user, source, first_ok, certainty``: ``confirmed`` or ``probable``
    """
    shared = used.filter(pl.col("source").is_in(list(campaign.shared_sources)) & pl.col("user").is_not_null())
    tools = shared.group_by(_TOOL).agg(
        before=(pl.col("first_t") < campaign.first_seen).any(),
        bad=((pl.col("fail") > 0) & (pl.col("ok") == 0)).sum(),
        good=(pl.col("ok") > 0).sum(),
    )
    theirs = tools.filter(
        ~pl.col("before") & (pl.col("bad") >= _TRIED) & (pl.col("bad") >= _PROBABLE * pl.col("good"))
    ).with_columns(
        certainty=pl.when(pl.col("bad") >= _CONFIRMED * pl.col("good"))
        .then(pl.lit("confirmed"))
        .otherwise(pl.lit("probable"))
    )
    fell = shared.filter(pl.col("ok") > 0).join(theirs, on=_TOOL, nulls_equal=True)
    return fell.select("user", "source", "first_ok", "certainty")
