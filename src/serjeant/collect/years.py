"""years: in which year a log without years begins."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect import parse
from serjeant.collect.envelope import Envelope
from serjeant.collect.source import Input
from serjeant.collect.time import Clock, first_year

_DATED: Final = re.compile(r"^(.*?)[-.]?((?:19|20)[0-9]{2})-?([01][0-9])-?([0-3][0-9])(?=[.-]|$)")
_END: Final = 64 * 1024


def first_year_of(
    given: Input, lines: pl.Series, envelopes: Sequence[Envelope], inputs: Sequence[Input], now: datetime
) -> int:
    """The year of the first stamp, from what the log's file tells.

    Best is a date in its own name (``secure-20110814``); then one in the name of a log that was rotated away from it,
    which it goes on from; then the time at which the file was last written; last the present.

    :param lines: its first lines
    :param inputs: all logs, for the rotated ones
    """
    first = _stamps(lines, envelopes)
    if first is None:
        return now.year
    if given.path is None:
        return first_year(first, first, now)
    anchor = _date(given.path.name)
    if anchor is None:
        rotated = [_date(other.path.name, given.path.name) for other in inputs if _beside(given, other) and other.path]
        dates = [each for each in rotated if each is not None]
        if dates:
            newest = max(dates)
            follows = (first.month, first.day) >= (newest.month, newest.day - 1)
            return newest.year if follows else newest.year + 1
    last = _stamps(_last_lines(given.path), envelopes, at_end=True) or first
    return first_year(first, last, anchor or given.mtime or now)


def _beside(given: Input, other: Input) -> bool:
    return given.path is not None and other.path is not None and given.path.parent == other.path.parent


def _date(name: str, of: str = "") -> datetime | None:
    found = _DATED.match(name)
    if found is None or (of and found.group(1) != of):
        return None
    try:
        return datetime(int(found.group(2)), int(found.group(3)), int(found.group(4)), tzinfo=UTC)
    except ValueError:
        return None


def _stamps(lines: pl.Series, envelopes: Sequence[Envelope], *, at_end: bool = False) -> datetime | None:
    """The first (or last) stamp of some lines, in the year 2000."""
    stamps = parse.stamps(lines, envelopes, Clock(ZoneInfo("UTC"), 2000)).drop_nulls()
    if not len(stamps):
        return None
    stamp: datetime = stamps[-1] if at_end else stamps[0]
    return stamp.replace(year=2000, tzinfo=None)


def _last_lines(path: Path) -> pl.Series:
    """The end of a plain file. A packed one gives nothing that is a line, which is as good as not knowing."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _END))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        text = ""
    return pl.Series(text.split("\n")[-200:], dtype=pl.String)
