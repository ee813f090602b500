"""contacts: the first time that a source tries an account, and how that went.

A pair that was silent for 7 days makes a new first contact. People heal: they sign in within 10 minutes of a typo.
(TRW: Jung, Paxson, Berger, Balakrishnan 2004; detection notes 4.2.)
"""

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from serjeant.detect.repeats import without_repeats
from serjeant.model.codes import in_order, looked_up

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
_TIMES = ("first_t", "last_t", "first_ok", "last_ok", "first_fail", "last_fail")
_USED = ("user", "source", "known", *_TIMES, "ok", "fail", "guessed")
_PART = 500_000
"""Pairs that are looked at together."""


def contacts(pairs: pl.DataFrame, repeats: pl.DataFrame | None = None) -> pl.DataFrame:
    """First contacts, source by source in order of time.

    :param pairs: see ``Evidence``; its names are numbers
    :param repeats: of ``repeats.again``
    :return: ``user, source, known, time, failed, orphan, small, forgotten, fail``: ``failed``: not healed, and never a
        success of the pair in the 30 days before; ``orphan``: nobody had ever signed in from that source by then;
        ``small``: the source fails on too few accounts in all to be judged by itself; ``forgotten``: a device of the
        account's has been asking with a wrong password for days, and fails wherever it goes. What was neither a
        success nor an evident failure (refused, excused) is no contact
    """
    told = without_repeats(pairs.select(_USED), repeats)
    everywhere, spans = _everywhere(told), _forgotten(told)
    return pl.concat([_contacts(vouching(part, everywhere), spans) for part in _by_source(told)])


def _by_source(pairs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The pairs in parts, all of a source in one, in the order of the sources: what they become takes room."""
    code = pairs["source"].to_physical()
    parts = max(1, len(pairs) // _PART)
    bounds = [*code.sort().gather([len(pairs) * part // parts for part in range(1, parts)]).unique().sort(), None]
    low = 0
    for high in bounds:
        yield pairs.filter((code >= low) if high is None else (code >= low) & (code < high))
        low = high or low


def _contacts(pairs: pl.DataFrame, forgotten: pl.DataFrame) -> pl.DataFrame:
    """Those of some sources.

    :param forgotten: of ``_forgotten``
    """
    judged = pairs.filter((pl.col("ok") > 0) | (pl.col("fail") > 0))
    table = in_order(judged, "source", "user", time="first_t").with_row_index("row")
    # Windows over hundreds of thousands of small groups are slow; sorted, a group is a run of rows.
    starts = pl.col("source").ne_missing(pl.col("source").shift(1)) | pl.col("user").ne_missing(pl.col("user").shift(1))
    table = table.with_columns(starts=starts).with_columns(
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
    source_ok = table.group_by("source").agg(pl.col("first_ok").min())
    new = pl.col("before").is_null() | (pl.col("first_t") - pl.col("before") > _SILENT)
    table = table.filter(new)
    healed = pl.min_horizontal("first_ok", "next_ok") <= pl.col("first_fail") + HEALS
    familiar = pl.col("ok_before").is_not_null() & (pl.col("first_t") - pl.col("ok_before") <= _REMEMBERED)
    failed = pl.col("first_fail").is_not_null() & ~healed.fill_null(value=False)
    table = table.select(
        "user",
        "source",
        "known",
        "fail",
        time=pl.coalesce(pl.when(failed).then("first_fail"), "first_t"),
        failed=failed,
        familiar=familiar,
    ).filter(~(pl.col("failed") & pl.col("familiar")))
    own = looked_up(table["source"], source_ok)
    since, until = (looked_up(table["user"], forgotten.select("user", name)) for name in ("since", "until"))
    table = table.with_columns(
        orphan=own.is_null() | (own > table["time"] + HEALS),
        small=looked_up(table["source"], _failing(table)).fill_null(0) < ENOUGH,
        forgotten=((table["time"] >= since) & (table["time"] <= until)).fill_null(value=False),
    )
    columns = ("user", "source", "known", "time", "failed", "orphan", "small", "forgotten", "fail")
    return in_order(table.select(columns), "source", time="time")


def _failing(table: pl.DataFrame) -> pl.DataFrame:
    """On how many users each source failed.

    :param table: sorted by source and user
    """
    failed = table.filter("failed").select("source", "user")
    fresh = failed.filter(
        pl.col("source").ne_missing(pl.col("source").shift(1)) | pl.col("user").ne_missing(pl.col("user").shift(1))
    )
    return fresh.group_by("source").len()


def vouching(pairs: pl.DataFrame, everywhere: pl.DataFrame | None = None) -> pl.DataFrame:
    """Without the sign-ins of accounts that sign in from more new places in a day than a person can.

    Whoever owns one account could make every address look like somebody's with it.

    :param everywhere: those accounts, where ``pairs`` are not all
    """
    everywhere = _everywhere(pairs) if everywhere is None else everywhere
    if not len(everywhere):
        return pairs
    theirs = looked_up(pairs["user"], everywhere).fill_null(value=False)
    return pairs.with_columns(
        ok=pl.when(theirs).then(0).otherwise("ok"),
        first_ok=pl.when(~theirs).then("first_ok"),
        last_ok=pl.when(~theirs).then("last_ok"),
    )


def _everywhere(pairs: pl.DataFrame) -> pl.DataFrame:
    """Accounts that sign in from everywhere: ``user, everywhere``."""
    used = pairs.filter(pl.col("ok") > 0).select("user", "source", day=pl.col("first_t").dt.date())
    # Rows are counted first, which costs less than sources.
    many = used.group_by("user", "day").len().filter(pl.col("len") > _PLACES)
    places = used.join(many, on=["user", "day"], how="semi").group_by("user", "day").agg(pl.col("source").n_unique())
    return places.filter(pl.col("source") > _PLACES).select(pl.col("user").unique(), everywhere=True)


def _forgotten(pairs: pl.DataFrame) -> pl.DataFrame:
    """Accounts with a device that nobody told of the new password, and when: ``user, since, until``.

    It asks ten times a day or more, on two days or more, from a place that is no guesser's: one that fails on few
    accounts only, or at which many sign in.
    """
    pairs = pairs.select("user", "source", "first_t", "last_t", "ok", "fail")
    asks = pairs.filter(pl.col("fail") >= _ASKS)
    by_source = (
        pairs.join(asks.select("source").unique(), on="source", how="semi")
        .group_by("source")
        .agg(
            bad=pl.col("user").filter(pl.col("fail") > 0).n_unique(),
            good=pl.col("user").filter(pl.col("ok") > 0).n_unique(),
        )
    )
    places = by_source.filter((pl.col("bad") < ENOUGH) | (pl.col("good") >= _MANY)).select("source")
    days = (
        asks.join(places, on="source", how="semi")
        .group_by("user", "source")
        .agg(days=pl.col("first_t").dt.date().n_unique(), since=pl.col("first_t").min(), until=pl.col("last_t").max())
    )
    told = days.filter(pl.col("days") > 1).group_by("user").agg(pl.col("since").min(), pl.col("until").max())
    return told.with_columns(since=pl.col("since") + timedelta(days=1), until=pl.col("until") + _MOVES)
