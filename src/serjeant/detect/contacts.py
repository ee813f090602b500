"""contacts: the first time that a source tries an account, and how that went.

A pair that was silent for 7 days makes a new first contact. People heal: they sign in within 10 minutes of a typo.
(TRW: Jung, Paxson, Berger, Balakrishnan 2004; detection notes 4.2.)
"""

from datetime import timedelta

import polars as pl

HEALS = timedelta(minutes=10)
"""How long a person takes to get a mistyped password right; a failure is evidence only after that."""

ENOUGH = 7
"""Failing accounts by which a source can be judged by itself; tests of accounts and networks look at smaller ones."""

_PLACES = 30
"""Sources in a day; a telephone that draws a new address for each sign-in has ten or so."""
_ASKS = 10
_MANY = 20
_MOVES = timedelta(days=3)
"""How long after its last try a device that moved may ask from somewhere else."""
_SILENT = timedelta(days=7)
_REMEMBERED = timedelta(days=30)
_USED = ("user", "source", "known", "first_t", "last_t", "first_ok", "last_ok", "first_fail", "ok", "fail")


def contacts(pairs: pl.DataFrame) -> pl.DataFrame:
    """First contacts, in order of time.

    :param pairs: see ``Evidence``
    :return: ``user, source, known, time, failed, orphan, small, forgotten, fail``: ``failed``: not healed, and never a
        success of the pair in the 30 days before; ``orphan``: nobody had ever signed in from that source by then;
        ``small``: the source fails on too few accounts in all to be judged by itself; ``forgotten``: a device of the
        account's has been asking with a wrong password for days, and fails wherever it goes. What was neither a
        success nor an evident failure (refused, excused) is no contact
    """
    # Only what is needed is carried along: of a month there may be a million pairs.
    judged = vouching(pairs.select(_USED)).filter((pl.col("ok") > 0) | (pl.col("fail") > 0))
    # Any order will do that puts a pair's days side by side, and numbers sort several times as fast as names.
    pair = pl.col("user").hash(1) ^ pl.col("source").hash(2)
    table = judged.with_columns(pair=pair).sort("pair", "first_t").drop("pair").with_row_index("row")
    # Windows over hundreds of thousands of small groups are slow; sorted, a group is a run of rows.
    starts = (pl.col("user").ne_missing(pl.col("user").shift(1))) | (pl.col("source").ne(pl.col("source").shift(1)))
    table = table.with_columns(starts=starts.fill_null(value=True)).with_columns(
        begin=pl.when("starts").then("row").forward_fill(),
        ok_row=pl.when(pl.col("ok") > 0).then("row").forward_fill().shift(1),
        last_ok=pl.col("last_ok").forward_fill(),
    )
    table = table.with_columns(
        before=pl.when(~pl.col("starts")).then(pl.col("last_t").shift(1)),
        # Whoever slips at midnight signs in on the next day.
        next_ok=pl.when(~pl.col("starts").shift(-1)).then(pl.col("first_ok").shift(-1)),
        ok_before=pl.when(pl.col("ok_row") >= pl.col("begin")).then(pl.col("last_ok").shift(1)),
    )
    source_ok = judged.group_by("source").agg(source_ok=pl.col("first_ok").min())
    new = pl.col("before").is_null() | (pl.col("first_t") - pl.col("before") > _SILENT)
    table = table.filter(new).drop("row", "starts", "begin", "ok_row", "last_t", "last_ok", "before")
    table = table.join(source_ok, on="source", how="left")
    healed = pl.min_horizontal("first_ok", "next_ok") <= pl.col("first_fail") + HEALS
    familiar = pl.col("ok_before").is_not_null() & (pl.col("first_t") - pl.col("ok_before") <= _REMEMBERED)
    failed = pl.col("first_fail").is_not_null() & ~healed.fill_null(value=False)
    table = table.with_columns(time=pl.coalesce(pl.when(failed).then("first_fail"), "first_t"), failed=failed)
    orphan = pl.col("source_ok").is_null() | (pl.col("source_ok") > pl.col("time") + HEALS)
    return (
        table.with_columns(orphan=orphan, familiar=familiar)
        .filter(~(pl.col("failed") & pl.col("familiar")))
        .with_columns(small=pl.col("user").filter(pl.col("failed")).n_unique().over("source") < ENOUGH)
        .join(_forgotten(pairs), on="user", how="left")
        .with_columns(forgotten=pl.col("time").is_between("since", "until").fill_null(value=False))
        .select("user", "source", "known", "time", "failed", "orphan", "small", "forgotten", "fail")
        .sort("time", "source", "user")
    )


def vouching(pairs: pl.DataFrame) -> pl.DataFrame:
    """Without the sign-ins of accounts that sign in from more new places in a day than a person can.

    Whoever owns one account could make every address look like somebody's with it.
    """
    used = pairs.filter(pl.col("ok") > 0)
    places = used.group_by("user", pl.col("first_t").dt.date().alias("day")).agg(n=pl.col("source").n_unique())
    everywhere = places.filter(pl.col("n") > _PLACES)["user"].unique()
    if not len(everywhere):
        return pairs
    theirs = pl.col("user").is_in(everywhere.implode())
    return pairs.with_columns(
        ok=pl.when(theirs).then(0).otherwise("ok"),
        first_ok=pl.when(~theirs).then("first_ok"),
        last_ok=pl.when(~theirs).then("last_ok"),
    )


def _forgotten(pairs: pl.DataFrame) -> pl.DataFrame:
    """Accounts with a device that nobody told of the new password, and when: ``user, since, until``.

    It asks ten times a day or more, on two days or more, from a place that is no guesser's: one that fails on few
    accounts only, or at which many sign in.
    """
    by_source = pairs.group_by("source").agg(
        bad=pl.col("user").filter(pl.col("fail") > 0).n_unique(),
        good=pl.col("user").filter(pl.col("ok") > 0).n_unique(),
    )
    places = by_source.filter((pl.col("bad") < ENOUGH) | (pl.col("good") >= _MANY)).select("source")
    asks = pairs.filter(pl.col("fail") >= _ASKS).join(places, on="source", how="semi")
    days = asks.group_by("user", "source").agg(
        days=pl.col("first_t").dt.date().n_unique(), since=pl.col("first_t").min(), until=pl.col("last_t").max()
    )
    told = days.filter(pl.col("days") > 1).group_by("user").agg(pl.col("since").min(), pl.col("until").max())
    return told.with_columns(since=pl.col("since") + timedelta(days=1), until=pl.col("until") + _MOVES)
