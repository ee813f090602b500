"""firsts: the first sign-in of each source that was new on that day, with its tool."""

from datetime import timedelta
from typing import Final

import polars as pl

TOOL: Final = ("service", "client")
"""What a tool is known by."""

_DAY: Final = timedelta(days=1)


def firsts(pairs: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The first sign-in of each source that was new on that day: ``user, source, first_ok``, once for each tool."""
    by_source = pairs.group_by("source").agg(first_t=pl.col("first_t").min(), first_ok=pl.col("first_ok").min())
    new = by_source.filter(pl.col("first_ok") - pl.col("first_t") < _DAY)
    first = pairs.join(new.select("source", "first_ok"), on=["source", "first_ok"]).unique(
        ["source"], keep="first", maintain_order=True
    )
    tools = (
        cells.filter(pl.col("ok") > 0)
        .join(first.select("source"), on="source", how="semi")
        .filter(pl.col("hour") == pl.col("hour").min().over("source"))
        .unique(["source", *TOOL])
        .sort("source", *TOOL)
    )
    return first.select("user", "source", "first_ok").join(tools.select("source", *TOOL), on="source")
