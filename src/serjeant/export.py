"""export: the logins of an investigation in the words of other tools, day by day."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Final

import polars as pl

from serjeant.config import Settings
from serjeant.detect import lines
from serjeant.directory.names import normalise
from serjeant.directory.networks import source_of
from serjeant.errors import UnreadableError, UsageError
from serjeant.report.writers import logins
from serjeant.store.engine import Engine
from serjeant.store.lake import Lake

_ROWS: Final = 50_000
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which logins.

    :param since: from this time on; None: from the first
    :param until: before this time; None: to the last
    :param account: of this account; empty: of all
    :param source: from this address; empty: from all
    """

    since: datetime | None = None
    until: datetime | None = None
    account: str = ""
    source: str = ""


@dataclass(slots=True)
class Written:
    """What was written; a login can stand for several attempts."""

    logins: int = 0
    attempts: int = 0


def export(folder: Path, settings: Settings, shape: str, wanted: Wanted, out: Path | None) -> Written:
    """Writes them to a file, whole or not at all, or to standard output.

    :param folder: of the investigation
    :param shape: one of ``logins.SHAPES``
    :raises UnreadableError: there is no investigation, or the file cannot be written
    :raises UsageError: what is wanted is no address
    """
    if not (folder / "lake").is_dir():
        raise UnreadableError("there are no sign-ins here", where=str(folder), hint="run: serjeant investigate PATH…")
    lake = Lake(folder / "lake")
    days = [day for day in lake.days() if _within(day, wanted)]
    unsettled = [day for day in days if not lake.table("logins", day).exists()]
    if unsettled:
        raise UnreadableError(
            f"the logins of {unsettled[0]} are not made yet",
            where=str(folder),
            hint="the investigation was interrupted: run it again",
        )
    engine, written = Engine(lake.path), Written()
    try:
        _bind(engine, settings, wanted)
        with _place(out) as to:
            logins.write(shape, _counted(_batches(engine, lake, days, wanted), written), to)
    finally:
        engine.close()
    return written


def _counted(batches: Iterator[pl.DataFrame], written: Written) -> Iterator[pl.DataFrame]:
    for batch in batches:
        yield batch
        written.logins += len(batch)
        written.attempts += int(batch["count"].sum())


def _within(day: date, wanted: Wanted) -> bool:
    start = datetime.combine(day, time(), UTC)
    # A login stands under the day on which its session began, so that it may be a day later itself.
    early = wanted.since is not None and start + 2 * _DAY <= wanted.since
    return not early and (wanted.until is None or start < wanted.until)


def _bind(engine: Engine, settings: Settings, wanted: Wanted) -> None:
    """Tells the engine who is wanted."""
    if wanted.account:
        names = normalise(pl.Series([wanted.account]), frozenset(settings.domains))
        engine.bind_rows("users", pl.DataFrame({"user": names}, {"user": pl.String}))
    if wanted.source:
        source = source_of(pl.Series([wanted.source.partition("/")[0]]))["source"]
        if source.has_nulls():
            raise UsageError(f"{wanted.source!r} is no address", hint="write it like 192.0.2.7 or 2001:db8:1:2::/64")
        engine.bind_rows("sources", pl.DataFrame({"source": source}))


def _batches(engine: Engine, lake: Lake, days: list[date], wanted: Wanted) -> Iterator[pl.DataFrame]:
    yield pl.DataFrame(logins.COLUMNS.empty_table())
    for day in days:
        engine.bind("logins", [lake.table("logins", day)], wanted.since, wanted.until)
        yield from engine.batches(
            "logins",
            lambda: lines.logins(logins.COLUMNS.names, users=bool(wanted.account), sources=bool(wanted.source)),
            _ROWS,
        )


@contextmanager
def _place(out: Path | None) -> Iterator[IO[bytes]]:
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    fresh = out.with_name(f".{out.name}.new")
    try:
        with fresh.open("wb") as file:
            yield file
        fresh.replace(out)
    except OSError as error:
        raise UnreadableError(
            f"cannot be written: {error.strerror or error}", where=str(out), hint="name another file with --out"
        ) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
