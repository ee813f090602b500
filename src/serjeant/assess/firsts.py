"""firsts: the first sign-in of each source that was new on that day, with its tool."""

from datetime import timedelta
from typing import Final

import polars as pl

TOOL: Final = ("service", "client")
"""What a tool is known by."""

_DAY: Final = timedelta(days=1)
_PLACES: Final = 30
"""New addresses from which one person may sign in on one day; what does from more is nobody's first."""


def firsts(pairs: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The first sign-in of each source, where whoever it was had come on that day, once for each tool.

    :return: ``user, source, first_ok, service, client``
    """
    pairs = _persons(pairs.select("user", "source", "ok", "first_t", "first_ok"))
    opened = pairs.group_by("source").agg(pl.col("first_ok").min()).drop_nulls()
    first = pairs.join(opened, on=["source", "first_ok"]).unique(["source"], keep="first", maintain_order=True)
    # A device with an old password is no news at its own place; what failed there on others makes it no less new.
    came = pairs.join(first.select("user", "source"), on=["user", "source"], how="semi")
    came = came.group_by("user", "source").agg(came=pl.col("first_t").min())
    first = first.join(came, on=["user", "source"]).filter(pl.col("first_ok") - pl.col("came") < _DAY)
    tools = (
        cells.filter(pl.col("ok") > 0)
        .join(first.select("source"), on="source", how="semi")
        .filter(pl.col("hour") == pl.col("hour").min().over("source"))
        .unique(["source", *TOOL])
        .sort("source", *TOOL)
    )
    told = first.select("user", "source", "first_ok").join(tools.select("source", *TOOL), on="source")
    return told.with_columns(pl.col("user", "source", *TOOL).cast(pl.String))


def with_own(told: pl.DataFrame, habits: pl.DataFrame) -> pl.DataFrame:
    """With ``own``: whether the ``user`` had signed in with the ``TOOL`` before ``first_ok``, wherever it was.

    :param habits: ``detect.lines.habits``
    """
    return (
        told.join(habits, on=["user", *TOOL], how="left", nulls_equal=True, maintain_order="left")
        .with_columns(own=(pl.col("since") < pl.col("first_ok")).fill_null(value=False))
        .drop("since")
    )


def _persons(pairs: pl.DataFrame) -> pl.DataFrame:
    """Without what an account does that signs in from everywhere: a crew's own, or a service's."""
    used = pairs.filter(pl.col("ok") > 0).select("user", "source", day=pl.col("first_t").dt.date())
    # Rows are counted first, which costs less than sources.
    many = used.group_by("user", "day").len().filter(pl.col("len") > _PLACES)
    if not len(many):
        return pairs
    places = used.join(many, on=["user", "day"], how="semi").group_by("user", "day").agg(pl.col("source").n_unique())
    return pairs.join(places.filter(pl.col("source") > _PLACES), on="user", how="anti")
