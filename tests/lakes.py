"""Read logs into a lake, and look at what it holds."""

import atexit
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect import hops
from serjeant.collect.collector import Reading, collect
from serjeant.collect.formats import generic
from serjeant.collect.known import envelopes, line_formats, wrappings
from serjeant.collect.settle import settle
from serjeant.collect.sources import files
from serjeant.config import Settings
from serjeant.directory.directory import Directory
from serjeant.model.incident import Unread
from serjeant.store.engine import Engine
from serjeant.store.lake import Lake
from serjeant.store.progress import Tally

NOW = datetime(2026, 7, 1, tzinfo=UTC)
KEY = "00112233445566778899aabbccddeeff"


@dataclass(frozen=True)
class Held:
    """A lake in a folder, read into as ``serjeant investigate`` does."""

    folder: Path

    def __post_init__(self) -> None:
        lake = Lake(self.folder)
        if not (self.folder / "key").exists():
            (self.folder / "key").write_text(KEY)
        lake.sweep()

    @property
    def lake(self) -> Lake:
        return Lake(self.folder)

    def read(
        self, *paths: Path | str, form: str = "", year: int | None = None, settings: Settings | None = None
    ) -> list[Unread]:
        """Collects; what could not be read."""
        settings = settings or Settings()
        inputs, unread = files.find([str(path) for path in paths])
        formats = (*generic.formats(settings.generic), *line_formats())
        formats = tuple(each for each in formats if form in {"", each.name})
        zone, proxies = ZoneInfo(settings.timezone), hops.networks(settings.trusted_proxies)
        reading = Reading(formats, envelopes(), wrappings(), zone, NOW, year, bool(form), proxies)
        self.lake.sweep()
        return unread + collect(self.lake, inputs, reading)

    def lines(self) -> list[dict[str, Any]]:
        """What each line said, in the order of the logs."""
        places = [place for day in self.lake.days() for place in self.lake.segments(day)]
        return _rows(places, ["log_uid", "log_offset"])

    def logins(self) -> list[dict[str, Any]]:
        """The logins, settled now, in order of time."""
        lake = self.lake
        for day in lake.days():
            settle(lake, Directory.empty(frozenset()), day)
        return _rows([lake.table("logins", day) for day in lake.days()], ["time", "log", "log_offset"])

    def tally(self) -> Tally:
        """What became of all lines."""
        tally = Tally()
        for log in self.lake.logs():
            tally.add(log.tally)
        assert tally.lines == tally.parsed + tally.ignored + tally.unparsed
        return tally


@cache
def _engine() -> Engine:
    """One for all: it translates an expression once."""
    made = Engine(Path(tempfile.gettempdir()))
    atexit.register(made.close)
    atexit.register(_engine.cache_clear)
    return made


def _rows(places: Sequence[Path], order: list[str]) -> list[dict[str, Any]]:
    return pl.concat([pl.read_parquet(place) for place in places]).sort(order).to_dicts() if places else []


def multiset(rows: Iterable[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
    """Rows, whatever their order and wherever their lines stand."""
    return Counter(tuple(v for k, v in row.items() if k not in {"log", "log_uid", "log_offset"}) for row in rows)


def failed(at: str, user: str = "alice", ip: str = "192.0.2.7", pid: int = 4711, host: str = "gate") -> str:
    """A line of sshd; ``at`` like ``Jun  5 09:12:33``."""
    return f"{at} {host} sshd[{pid}]: Failed password for {user} from {ip} port 50112 ssh2"


def accepted(at: str, user: str = "alice", ip: str = "192.0.2.7", pid: int = 4711, host: str = "gate") -> str:
    return f"{at} {host} sshd[{pid}]: Accepted password for {user} from {ip} port 50112 ssh2"


def stamps(first: str, step: timedelta, count: int) -> list[str]:
    """Stamps without a year; ``first`` like ``2026-06-05``."""
    moments = (datetime.fromisoformat(first) + number * step for number in range(count))
    return [f"{moment:%b} {moment.day:2} {moment:%H:%M:%S}" for moment in moments]


def text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
