"""repeats: the same wrong password again on one account, from the same source or its neighbours, is no new guess.

A forgotten device repeats one password for weeks, and on a mobile network from address after address. A guesser has
nothing to gain by it; but a crew whose addresses all go through one list repeats as well. What tells them apart is
whose password it is: a device's belongs to one account, a crew's is tried on many. (StopGuessing counts a repetition
as nothing, too; detection notes 4.2, T0.)
"""

from typing import Final

import polars as pl

from serjeant.detect.tables import WITHIN
from serjeant.directory.networks import network_of

_OWN: Final = 2
"""Accounts of a network that may share a wrong password before it is nobody's own: one person may have two."""


def without_repeats(pairs: pl.DataFrame, again: pl.DataFrame | None) -> pl.DataFrame:
    """The pairs, without the failures of days on which nothing was tried but what had been tried before.

    :param pairs: see ``Evidence``
    :param again: what ``again`` found; where there is nothing, nothing is known to be a repetition
    """
    if again is None or not len(again):
        return pairs
    held = pairs.with_row_index("row").filter((pl.col("guessed") == pl.col("fail")) & (pl.col("fail") > 0))
    told = held.select("row", "user", "source", "fail", "first_fail", "last_fail").join(again, on=["user", "source"])
    inside = pl.col("first_t").is_between("first_fail", "last_fail")
    only = (
        told.filter(inside)
        .group_by("row")
        .agg(pl.col("fail").first(), repeated=pl.col("again").sum())
        .filter(pl.col("fail") == pl.col("repeated"))
    )
    repeats = pl.Series([False]).new_from_index(0, len(pairs)).scatter(only["row"], True)
    return pairs.with_columns(
        fail=pl.when(repeats).then(0).otherwise("fail"),
        **{name: pl.when(~repeats).then(name) for name in ("first_fail", "last_fail")},
    )


def again(guesses: pl.DataFrame) -> pl.DataFrame:
    """The failures that repeat: ``user, source, first_t, again``.

    :param guesses: see ``Evidence``
    """
    sources = guesses["source"].unique()
    networks = pl.DataFrame({"source": sources, "network": network_of(sources).fill_null(sources.cast(pl.String))})
    # Numbers compare faster than names.
    placed = guesses.join(networks.with_columns(pl.col("network").rank("dense")), on="source", how="left")
    own = placed.group_by("network", "guess").agg(users=pl.col("user").n_unique())
    known_before = ~pl.struct("user", "network", "guess").is_first_distinct()
    repeated = placed.sort("first_t", "user", "source", "guess").filter(known_before)
    repeated = repeated.join(own, on=["network", "guess"])
    mine = pl.col("guess").cast(pl.String).str.starts_with(WITHIN) | (pl.col("users") <= _OWN)
    return repeated.filter(mine).select("user", "source", "first_t", again="fail")
