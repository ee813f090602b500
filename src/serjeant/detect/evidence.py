"""evidence: what all detectors look at, built day by day and kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

import ibis.expr.types as ir
import polars as pl

from serjeant.detect import tables
from serjeant.detect.contacts import contacts
from serjeant.detect.outages import outages
from serjeant.detect.repeats import again
from serjeant.directory.directory import Directory
from serjeant.model.codes import coded, pair
from serjeant.store.engine import Engine
from serjeant.store.lake import Lake

_VERSION = "6"
"""Changes when the tables do, so that older ones are made anew."""


@dataclass(frozen=True)
class Evidence:
    """The tables of a span of days, small enough to hold. Their names are numbers (see ``model.codes``).

    :param pairs: (user, source) by day: ``user, source, known, first_t, last_t, first_ok, last_ok, first_fail,
        last_fail, first_challenged, ok, fail, excused, challenged, refused, guesses, guessed, same_guess``
    :param cells: ``hour`` (since 1970), ``source, service, auth_protocol, client, ok, fail, excused``; successes stand
        in the hour of the day's first with that tool
    :param guesses: ``user, source, guess, first_t, fail``; empty where no log tells guesses apart. A guess that can be
        compared within its account only begins with ``tables.WITHIN``
    :param bins: five minutes each: ``bin, familiar_fail, familiar_ok, backend, outage``
    :param directory: who the accounts are
    """

    pairs: pl.DataFrame
    cells: pl.DataFrame
    guesses: pl.DataFrame
    bins: pl.DataFrame
    directory: Directory = field(default_factory=Directory.empty)

    @cached_property
    def contacts(self) -> pl.DataFrame:
        """See ``detect.contacts``."""
        return contacts(self.pairs, again(self.guesses))

    @cached_property
    def used(self) -> pl.DataFrame:
        """Who signed in from where, and when first: ``user, source, first_ok``."""
        good = self.pairs.filter(pl.col("ok") > 0).with_columns(pair=pair())
        return good.group_by("pair").agg(pl.col("user", "source").first(), pl.col("first_ok").min()).drop("pair")

    @cached_property
    def residents(self) -> pl.DataFrame:
        """How many signed in at each source: ``source, n``."""
        return self.used.group_by("source").agg(n=pl.len())

    @property
    def first(self) -> datetime | None:
        """The first login."""
        moment = self.pairs["first_t"].min()
        return moment if isinstance(moment, datetime) else None

    @property
    def last(self) -> datetime | None:
        """The last login."""
        moment = self.pairs["last_t"].max()
        return moment if isinstance(moment, datetime) else None


@dataclass(frozen=True, slots=True)
class Window:
    """The span that is judged; None: open."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, day: date) -> bool:
        """Whether any of the day lies in it."""
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return (self.since is None or start + timedelta(days=1) > self.since) and (
            self.until is None or start < self.until
        )

    def cuts(self, day: date) -> tuple[datetime | None, datetime | None]:
        """Where it begins or ends within the day."""
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        end = start + timedelta(days=1)
        since = self.since if self.since is not None and self.since > start else None
        return since, self.until if self.until is not None and self.until < end else None


def build(
    lake: Lake,
    engine: Engine,
    directory: Directory,
    *,
    window: Window,
    monitors: Sequence[tuple[str, str]] = (),
    tick: Callable[[date], None] | None = None,
) -> Evidence:
    """The evidence of all days in the window; days that have not changed since are taken from the lake.

    :param tick: told after each day
    """
    engine.bind_rows("monitors", pl.DataFrame(list(monitors), {"user": pl.String, "source": pl.String}, orient="row"))
    parts: dict[str, list[Path]] = {name: [] for name in tables.TABLES}
    for day in lake.days():
        if not window.holds(day):
            continue
        for name, place in _day(lake, engine, directory, day, window, monitors).items():
            parts[name].append(place)
        if tick is not None:
            tick(day)
    frames = {name: pl.scan_parquet(places) if places else _empty(name) for name, places in parts.items()}
    return Evidence(**coded(frames), directory=directory)


def _day(
    lake: Lake,
    engine: Engine,
    directory: Directory,
    day: date,
    window: Window,
    monitors: Sequence[tuple[str, str]],
) -> Mapping[str, Path]:
    since, until = window.cuts(day)
    made_from = lake.made_from(day, directory.fingerprint(), _VERSION, str((since, until)), str(monitors))
    made = {name: lake.table(f"evidence/{name}", day) for name in tables.TABLES}
    if all(lake.is_made(f"evidence/{name}", day, made_from) for name in tables.TABLES):
        return made
    engine.bind("logins", [lake.table("logins", day)], since, until)
    marked = prepare(engine, monitored=bool(monitors))
    lake.make(
        "evidence/bins", day, lambda place: marked.write_parquet(place, metadata={"serjeant.made_from": made_from})
    )
    for name, expression in _COUNTS.items():
        lake.make(
            f"evidence/{name}",
            day,
            lambda place, n=name, e=expression: engine.write(n, e, place, made_from),  # type: ignore[misc]
        )
    return made


def prepare(engine: Engine, *, monitored: bool) -> pl.DataFrame:
    """Lets the names stand for what the tables are counted from, given ``logins`` and ``monitors``.

    :return: the table ``bins``
    """
    engine.keep("counted", "counted", tables.counted)
    signed_in = tables.signed_in_but_monitors if monitored else tables.signed_in
    engine.keep("signed_in", signed_in.__name__, signed_in)
    marked = outages(engine.rows("bins", tables.bins))
    engine.bind_rows("outages", marked.filter("outage").select("bin"))
    return marked


_COUNTS: Mapping[str, Callable[[], ir.Table]] = {
    "pairs": tables.pairs,
    "cells": tables.cells,
    "guesses": tables.guesses,
}


def _empty(name: str) -> pl.LazyFrame:
    return pl.LazyFrame(schema=SCHEMAS[name])


def _columns(kind: pl.DataType, *names: str) -> dict[str, pl.DataType]:
    return dict.fromkeys(names, kind)


_TIME = pl.Datetime("us", "UTC")
SCHEMAS: Mapping[str, pl.Schema] = {
    "pairs": pl.Schema(
        _columns(pl.String(), "user", "source")
        | _columns(pl.Boolean(), "known")
        | _columns(_TIME, "first_t", "last_t", "first_ok", "last_ok", "first_fail", "last_fail", "first_challenged")
        | _columns(pl.Int64(), "ok", "fail", "excused", "challenged", "refused", "guesses", "guessed", "same_guess")
    ),
    "cells": pl.Schema(
        _columns(pl.Int64(), "hour")
        | _columns(pl.String(), "source", "service", "auth_protocol", "client")
        | _columns(pl.Int64(), "ok", "fail", "excused")
    ),
    "guesses": pl.Schema(
        _columns(pl.String(), "user", "source", "guess") | _columns(_TIME, "first_t") | _columns(pl.Int64(), "fail")
    ),
    "bins": pl.Schema(
        _columns(pl.Int64(), "bin", "familiar_fail", "familiar_ok", "backend") | _columns(pl.Boolean(), "outage")
    ),
}
"""The columns of the tables of ``Evidence``."""
