"""lake: what happened, as Parquet by day that anything can read.

::

    lake/
      progress/UID.json                       how far each log was read
      lines/day=2017-06-05/UID-000000000001.parquet   what each line says (``model.login.LINES``)
      lines/day=2017-06-05/UID-000000000009-open812.parquet   the same of a last line, which ends at byte 812 for now
      logins/day=2017-06-05.parquet          the logins of the day (``model.login.LOGINS``), made from its lines
      evidence/TABLE/day=2017-06-05.parquet  a cache
      key                                    the secret of this lake's fingerprints

Safe against kill -9: what the progress of a log says is what the lake holds of it, and the progress is replaced in one
move. Segments are named by log and first line, so that a block read again replaces itself, and a segment that the
progress does not cover is no part of the lake; ``sweep`` removes it.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import IO, Final

import polars as pl
import pyarrow.parquet as pq

from serjeant.errors import UnreadableError
from serjeant.store import disk, segment
from serjeant.store.progress import Progress

_SEGMENT = re.compile(r"^([0-9a-f]{16})-([0-9]{12})(?:-open([0-9]+))?\.parquet$")
_DAY = timedelta(days=1)
SESSION_GAP: Final = timedelta(minutes=10)
"""Silence that ends a session, and so how far a day's lines concern its neighbours."""
_SCRATCH = "scratch"
_GIVEN = "given.parquet"
_KEY = re.compile(r"^[0-9a-f]{32}$")


class Lake:
    """A folder with the logins of an organisation. One process writes to it at a time.

    :param path: made if it is missing
    :raises UnreadableError: the folder cannot be made or written to, or another process is writing
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[str] | None = None
        with self.writing("the lake"):
            for room in ("progress", "lines", "logins", "evidence"):
                (path / room).mkdir(parents=True, exist_ok=True)

    def lock(self) -> None:
        """Makes sure that nobody else writes until this process ends."""
        with self.writing("the lake"):
            handle = (self.path / "lock").open("w", encoding="ascii")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            handle.close()
            raise UnreadableError(
                "another serjeant is writing here", where=str(self.path), hint="wait for it, or use another --out"
            ) from error
        self._lock = handle

    def unlock(self) -> None:
        """Lets others write."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @cached_property
    def key(self) -> str:
        """The secret of this lake's hashes and fingerprints, in hexadecimal; made when it is first wanted.

        :raises UnreadableError: it is there and is no key
        """
        place = self.path / "key"
        with self.writing("the lake"):
            if not place.exists():
                self._replace(place, _write_key)
            key = place.read_bytes().decode("ascii", "replace").strip()
        if not _KEY.match(key):
            raise UnreadableError("is no key", where=str(place), hint="put the right one there, or use another --out")
        return key

    @contextmanager
    def writing(self, what: str) -> Iterator[None]:
        """Turns a full disk and its kin into one line."""
        try:
            yield
        except (OSError, pl.exceptions.ComputeError) as error:
            raise UnreadableError(
                f"cannot write {what}: {disk.reason(error, self.path)}",
                where=str(self.path),
                hint="make room or name another place with --out, then run it again: it goes on where it was",
            ) from error

    def _replace(self, place: Path, write: Callable[[Path], object]) -> None:
        """Writes a file whole or not at all, and so that it outlives a power cut."""
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_name(f".{place.name}.new")
        try:
            write(fresh)
            with fresh.open("rb+") as file:
                os.fsync(file.fileno())
            fresh.replace(place)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise

    # logs

    def logs(self) -> list[Progress]:
        """All logs that were read, by uid."""
        return [_progress(place) for place in sorted((self.path / "progress").glob("*.json"))]

    def put(self, log: str, block: str, segments: Mapping[date, pl.DataFrame]) -> None:
        """Writes the rows of a block by day. They are no part of the lake before ``commit``; any thread may do it.

        :param log: its uid
        :param block: as ``block_name`` gives it
        """
        with self.writing("logins"):
            for day, rows in segments.items():
                place = self.path / "lines" / f"day={day.isoformat()}" / f"{log}-{block}.parquet"
                self._replace(place, partial(segment.write, rows))

    def commit(self, log: Progress, *, closed: bool = True) -> None:
        """Makes what was ``put`` part of the lake: what was read of the log, with the block counted.

        :param closed: the log had no open line before
        """
        with self.writing("logins"):
            self._keep(log)
            if closed and log.open is None:
                return
            for place in (self.path / "lines").glob(f"day=*/{log.uid}-*-open*.parquet"):
                if not _covers(log, place):
                    place.unlink()

    def rename(self, log: Progress) -> None:
        """Keeps the name under which a log was found last."""
        if (self.path / "progress" / f"{log.uid}.json").exists():
            with self.writing("logins"):
                self._keep(log)

    def _keep(self, log: Progress) -> None:
        place = self.path / "progress" / f"{log.uid}.json"
        self._replace(place, lambda fresh: fresh.write_text(log.dumps(), "utf-8"))

    def sweep(self) -> None:
        """Removes what a killed run left: half-written files, and segments of blocks that were never committed."""
        known = {log.uid: log for log in self.logs()}
        shutil.rmtree(self.path / _SCRATCH, ignore_errors=True)
        with self.writing("the lake"):
            for fresh in self.path.glob("**/.*.new"):
                fresh.unlink()
            for place in (self.path / "lines").glob("day=*/*.parquet"):
                if not _covers(known.get(place.name[:16]), place):
                    place.unlink()

    # days

    def give(self, day: date, logins: pl.DataFrame) -> None:
        """Puts a day that comes as logins: nothing need be settled, and what it was made from is itself."""
        place = self.make(
            "logins", day, lambda fresh: logins.write_parquet(fresh, compression="zstd", compression_level=1)
        )
        with self.writing("logins"):
            room = self.path / "lines" / f"day={day.isoformat()}"
            room.mkdir(exist_ok=True)
            (room / _GIVEN).unlink(missing_ok=True)
            (room / _GIVEN).hardlink_to(place)

    def days(self) -> list[date]:
        """The days that have lines, in order."""
        return sorted(
            date.fromisoformat(folder.name.removeprefix("day="))
            for folder in (self.path / "lines").glob("day=*")
            if any(folder.glob("*.parquet"))
        )

    def segments(self, day: date) -> list[Path]:
        """The files that hold the lines of a day."""
        return sorted((self.path / "lines" / f"day={day.isoformat()}").glob("*.parquet"))

    def made_from(self, day: date, *also: str) -> str:
        """Names the state of a day's lines, and whatever else a table was made from.

        The neighbours' lines around midnight count too: sessions go on past it.
        """
        morning = datetime(day.year, day.month, day.day, tzinfo=UTC)
        spans = {
            day - _DAY: (morning - SESSION_GAP, morning),
            day: None,
            day + _DAY: (morning + _DAY, morning + _DAY + SESSION_GAP),
        }
        parts = [
            [
                _state(place)
                for place in self.segments(night)
                if span is None or (place.name != _GIVEN and _reaches(place, *span))
            ]
            for night, span in spans.items()
        ]
        return hashlib.sha256(json.dumps([parts, also]).encode()).hexdigest()[:32]

    def table(self, name: str, day: date) -> Path:
        """Where a day's table lies: ``logins``, or ``evidence/NAME``."""
        return self.path / name / f"day={day.isoformat()}.parquet"

    def is_made(self, name: str, day: date, made_from: str) -> bool:
        """Whether the day's table is there, made from just that."""
        try:
            metadata = pq.read_metadata(self.table(name, day)).metadata or {}
        except (OSError, ValueError):
            return False
        return bool(metadata.get(b"serjeant.made_from", b"") == made_from.encode())

    def make(self, name: str, day: date, write: Callable[[Path], object]) -> Path:
        """Writes a day's table, whole or not at all."""
        place = self.table(name, day)
        with self.writing(name):
            self._replace(place, write)
        return place

    def forget(self, name: str, days: Iterable[date]) -> None:
        """Removes the tables of days that no longer have lines."""
        kept = {self.table(name, day) for day in days}
        for place in (self.path / name).glob("day=*.parquet"):
            if place not in kept:
                place.unlink()


def _state(place: Path) -> str:
    """Names what a segment holds: its name and size do, but for a day that was given, which keeps its name."""
    state = place.stat()
    return f"{place.name}:{state.st_size}" + (f":{state.st_mtime_ns}" if place.name == _GIVEN else "")


def _reaches(place: Path, since: datetime, until: datetime) -> bool:
    """Whether a segment may hold lines of a span."""
    try:
        told = pq.read_metadata(place)
        at = told.schema.to_arrow_schema().get_field_index("time")
        spans = [told.row_group(number).column(at).statistics for number in range(told.num_row_groups)]
        return any(span is None or not span.has_min_max or (span.min < until and span.max >= since) for span in spans)
    except (OSError, ValueError):
        return True


def nights(day: date) -> tuple[date, date, date]:
    """A day between its neighbours."""
    return day - _DAY, day, day + _DAY


def block_name(first: int, open_end: int = 0) -> str:
    """Names a block in its segments.

    :param first: the number of its first line
    :param open_end: where its one line ends for now; 0 for lines that are over
    """
    return f"{first:012d}-open{open_end}" if open_end else f"{first:012d}"


def _covers(log: Progress | None, place: Path) -> bool:
    """Whether a segment is of lines that the progress of its log counts. Files that are not ours are left alone."""
    found = _SEGMENT.match(place.name)
    if found is None:
        return True
    if log is None:
        return False
    first, open_end = int(found.group(2)), found.group(3)
    if open_end is None:
        return first <= log.done.lines
    return log.open is not None and (first, int(open_end)) == (log.done.lines + 1, log.open_end)


def _progress(place: Path) -> Progress:
    try:
        return Progress.loads(place.read_text("utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UnreadableError(
            "does not say how far a log was read", where=str(place), hint="delete it, and the log is read anew"
        ) from error


def _write_key(place: Path) -> None:
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(16))
