"""Stamps become times: with and without year, zone and fraction. The one place that guesses a year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect.texts import Places, Words, number

_HALF_A_YEAR = np.timedelta64(183, "D")
_LEAP_YEAR = 2000  # any day of the calendar can be read in it

_BSD = "%Y %b %e %H:%M:%S"
_BSD_LENGTH = 15  # without a fraction

# Eight bytes of a stamp as one number: ``Jun  5 0`` and ``09:12:33``.
_DATE: Final = number(b"\xff" * 6)
_ONES: Final = number(b"\0\0\0\0\0\xff")
_NO_ONES: Final = number(b"\0\0\0\0\0 ")
_BEHIND: Final = number(b"\0\0\0\0\0\0\xff")
_SPACE: Final = number(b"\0\0\0\0\0\0 ")
_COLONS: Final = number(b"00:00:00")
_HIGH: Final = number(b"\xf0\xf0\xff\xf0\xf0\xff\xf0\xf0")
_LOW: Final = number(b"\x0f\x0f\x00\x0f\x0f\x00\x0f\x0f")
_SIXES: Final = number(b"\x06" * 8)
_SIXTEENS: Final = number(b"\x10" * 8)

_ZONE_HOURS: Final = {
    "WET": 0,
    "WEST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
    "KST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "EDT": -4,
    "EST": -5,
    "CDT": -5,
    "MDT": -6,
    "MST": -7,
    "PDT": -7,
    "PST": -8,
}


@dataclass(slots=True)
class Clock:
    """Where in time one log is; goes on from block to block.

    :param zone: of stamps that name none
    :param year: of the next stamp that names none
    :param last: the last such stamp, in the year 2000; None before the first
    :param apart: the present, where stamps do not follow each other: each is of the last year
    """

    zone: ZoneInfo
    year: int
    last: datetime | None = None
    apart: datetime | None = None


def first_year(first: datetime, last: datetime, anchor: datetime) -> int:
    """The year of a log's first stamp, when stamps have none.

    The last line was written no later than the anchor (the file's own time, or the date in its name), a day's
    clock error allowed; a log that begins later in the calendar than it ends began the year before.

    :param first: the first stamp, in any leap year
    :param last: the last stamp, in the same year
    """
    year = anchor.year
    latest = anchor.replace(tzinfo=None) + timedelta(days=1)
    if _in_year(last, year) > latest:
        year -= 1
    return year - 1 if first > last + timedelta(days=1) else year


def _in_year(stamp: datetime, year: int) -> datetime:
    try:
        return stamp.replace(year=year, tzinfo=None)
    except ValueError:  # 29 February
        return stamp.replace(year=year, month=3, day=1, tzinfo=None)


def bsd(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``Jun  5 09:12:33``: RFC 3164 and ``journalctl -o short``; a fraction of a second may follow.

    A step back of more than half a year is a new year, a step forward of more than that a late line of the old one.
    """
    if not len(stamps):
        return pl.Series([], dtype=pl.Datetime("us", "UTC"))
    read = _plain(Places.of(stamps))
    if read is not None:
        return _with_years(stamps, read, clock)
    return _by_runs(stamps, lambda runs: _bsd(runs, clock))


def dated(stamps: pl.Series, form: str, clock: Clock) -> pl.Series:
    """Stamps with a year in any shape.

    :param form: as for strptime, ``%z`` included
    """
    if "%z" in form or "%#z" in form:
        aware = stamps.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC")
        return aware.rename("")
    return _to_utc(stamps.str.to_datetime(form, strict=False, time_unit="us"), clock.zone)


def missing(stamps: pl.Series, clock: Clock) -> pl.Series:
    """No time: what is around a message tells none."""
    return pl.Series([None] * len(stamps), dtype=pl.Datetime("us", "UTC"))


def month_first(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``Jun  5 2017 09:12:33``: Cisco and OpenWrt; a fraction of a second may follow."""
    return _dated_with_fraction(stamps, "%b %e %Y %H:%M:%S", clock)


def year_first(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2017 Jun  5 09:12:33``; a fraction of a second may follow."""
    return _dated_with_fraction(stamps, "%Y %b %e %H:%M:%S", clock)


def year_last(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``Jun  5 09:12:33 2017``: OpenWrt's logread."""
    return dated(stamps, "%b %e %H:%M:%S %Y", clock)


def php(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``05-Jun-2017 09:12:33 Europe/London``: PHP's error log; a zone that nobody knows is the log's own."""
    frame = pl.DataFrame({"stamp": stamps.str.head(20), "zone": stamps.str.slice(21)}).with_row_index("row")
    parts = [
        part.select("row", time=dated(part["stamp"], "%d-%b-%Y %H:%M:%S", Clock(zone, clock.year)))
        for part in frame.partition_by("zone")
        for zone in (_zone_called(part["zone"][0] or "", clock.zone),)
    ]
    if not parts:
        return pl.Series([], dtype=pl.Datetime("us", "UTC"))
    return pl.concat(parts).sort("row")["time"]


@lru_cache(maxsize=64)
def _zone_called(name: str, default: ZoneInfo) -> ZoneInfo:
    try:
        pl.Series([None], dtype=pl.Datetime("us")).dt.replace_time_zone(name)
        return ZoneInfo(name)
    except (pl.exceptions.ComputeError, KeyError, ValueError, OSError):
        return default


def _dated_with_fraction(stamps: pl.Series, form: str, clock: Clock) -> pl.Series:
    whole = stamps.str.extract(r"^([^.,]*)")
    return dated(whole, form, clock) + _fraction(stamps.str.extract(r"([.,].*)$").fill_null(""))


def _by_runs(stamps: pl.Series, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Reads each run of equal stamps once: a busy log has many lines a second."""
    starts = stamps.ne_missing(stamps.shift(1)).to_numpy().copy()
    starts[0] = True
    times = read(stamps.filter(starts))
    return times.gather(np.cumsum(starts) - 1)


def _bsd(stamps: pl.Series, clock: Clock) -> pl.Series:
    if (stamps.str.slice(5, 1) == " ").any():
        stamps = stamps.str.replace(r"^([A-Z][a-z]{2}) ([0-9] )", "$1  $2")
    texts = _spelt(stamps.str.head(_BSD_LENGTH))
    return _with_years(stamps, texts.str.to_datetime(_BSD, strict=False, cache=True, time_unit="us"), clock)


def _with_years(stamps: pl.Series, read: pl.Series, clock: Clock) -> pl.Series:
    """Times of a leap year in their own years; the clock goes on.

    :param read: null where a stamp is none
    """
    values = read.fill_null(strategy="forward").fill_null(strategy="backward")
    if values.null_count():
        return pl.Series([None] * len(stamps), dtype=pl.Datetime("us", "UTC"))
    moments = values.to_numpy().astype("M8[us]")
    years = _years(moments, clock) if clock.apart is None else _last_years(moments, clock.apart)
    times = pl.Series(moments + _shifts(moments.astype("M8[D]"), years)).cast(pl.Datetime("us"))
    if stamps.str.len_bytes().max() != _BSD_LENGTH:
        times = times + _fraction(stamps.str.slice(_BSD_LENGTH))
    return _to_utc(pl.select(pl.when(read.is_not_null()).then(times)).to_series(), clock.zone)


def _years(moments: npt.NDArray[np.datetime64], clock: Clock) -> npt.NDArray[np.int64]:
    """The year of each, in a log in which they follow each other; the clock goes on."""
    before = np.datetime64(clock.last.replace(tzinfo=None), "us") if clock.last else moments[0]
    steps = np.diff(moments, prepend=before)
    years = clock.year + np.cumsum((steps < -_HALF_A_YEAR).astype(np.int64) - (steps > _HALF_A_YEAR).astype(np.int64))
    clock.year, clock.last = int(years[-1]), moments[-1].item().replace(tzinfo=UTC)
    return years


def _last_years(moments: npt.NDArray[np.datetime64], present: datetime) -> npt.NDArray[np.int64]:
    """The last year in which each has been, a day's clock error allowed."""
    latest = present + timedelta(days=1)
    past = moments <= np.datetime64(_in_year(latest, _LEAP_YEAR), "us")
    return np.where(past, latest.year, latest.year - 1)


def _plain(stamps: Places) -> pl.Series | None:
    """BSD stamps as times of a leap year without a search: digits have their places, days come in runs.

    :return: null for days that are none; None where a stamp is odd in another way
    """
    if stamps.lengths.min() < _BSD_LENGTH:
        return None
    dates, clocks = stamps.word(0), stamps.word(7)
    low = clocks & _LOW
    fine = ((clocks & _HIGH) == _COLONS) & (((low + _SIXES) & _SIXTEENS) == 0)
    hours, minutes, seconds = (_two(low, shift) for shift in (0, 24, 48))
    fine &= (hours < 24) & (minutes < 60) & (seconds < 60)
    days = dates & _DATE
    if not fine.all() or ((dates & _BEHIND) != _SPACE).any() or ((dates & _ONES) == _NO_ONES).any():
        return None
    starts = _run_starts(days[1:] != days[:-1])
    texts = _spelt(stamps.at(starts).text().str.head(6) + " 00:00:00")
    of_day = texts.str.to_datetime(_BSD, strict=False, time_unit="us")
    runs = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(days)))
    micros = (((hours * 60 + minutes) * 60 + seconds) * 1_000_000).view("m8[us]")
    return of_day.gather(runs) + pl.Series(micros)


def _two(digits: Words, shift: int) -> npt.NDArray[np.int64]:
    """The number of the two digits that stand at a place of a word."""
    tens, ones = (digits >> np.uint64(shift)) & np.uint64(15), (digits >> np.uint64(shift + 8)) & np.uint64(15)
    number: npt.NDArray[np.int64] = (tens * np.uint64(10) + ones).view(np.int64)
    return number


def _shifts(days: npt.NDArray[np.datetime64], years: npt.NDArray[np.int64]) -> npt.NDArray[np.timedelta64]:
    """How far the days lie from the same days of other years; 29 February becomes 1 March where there is none."""
    runs = _run_starts((days[1:] != days[:-1]) | (years[1:] != years[:-1]))
    first = days[runs]
    months = first.astype("M8[M]")
    there = (years[runs] - 1970).astype("M8[Y]").astype("M8[M]") + (months - months.astype("M8[Y]"))
    shifts = there.astype("M8[D]") + (first - months) - first
    return np.repeat(shifts, np.diff(runs, append=len(days)))


def _run_starts(changes: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Where runs begin, given for each but the first whether it differs from the one before."""
    return np.flatnonzero(np.append(True, changes))


def _spelt(stamps: pl.Series) -> pl.Series:
    return pl.select(pl.lit(f"{_LEAP_YEAR} ") + stamps).to_series()


def iso(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2017-06-05T09:12:33.123456+01:00``: RFC 3339 and its relatives; fraction and zone may be missing."""
    if not len(stamps):
        return pl.Series([], dtype=pl.Datetime("us", "UTC"))
    return _by_runs(stamps, lambda runs: _iso(runs, clock))


def _iso(stamps: pl.Series, clock: Clock) -> pl.Series:
    base = stamps.str.head(19).str.replace("T", " ", literal=True)
    times = base.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, cache=True, time_unit="us")
    tail = stamps.str.slice(19)
    zones = tail.str.extract(r"^(?:[.,][0-9]*)?[ ]?(.*)$")
    times = times + _fraction(tail)
    if zones.n_unique() == 1:
        return _shift(times, zones[0] or "", clock.zone)
    frame = pl.DataFrame({"time": times, "zone": zones}).with_row_index("row")
    parts = [
        part.with_columns(time=_shift(part["time"], part["zone"][0] or "", clock.zone))
        for part in frame.partition_by("zone")
    ]
    return pl.concat(parts).sort("row")["time"]


def _fraction(tail: pl.Series) -> pl.Series:
    digits = tail.str.extract(r"^[.,]([0-9]{1,9})")
    micros = digits.str.head(6).str.pad_end(6, "0").cast(pl.Int64, strict=False).fill_null(0)
    return micros.cast(pl.Duration("us"))


def _shift(times: pl.Series, zone: str, default: ZoneInfo) -> pl.Series:
    """Local times of one zone, ``Z``, ``UTC``, ``+01:00`` or ``+0100``, in UTC; null for a zone that is none."""
    if not zone:
        return _to_utc(times, default)
    if zone in {"Z", "z", "UTC", "GMT"}:
        return times.dt.replace_time_zone("UTC")
    if zone.isalpha():
        return _named_zone(times, zone, default)
    digits = zone[1:].replace(":", "")
    if zone[0] not in "+-" or not digits.isascii() or not digits.isdigit() or len(digits) not in {2, 4}:
        return pl.Series([None] * len(times), dtype=pl.Datetime("us", "UTC"))
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return (times - (offset if zone[0] == "+" else -offset)).dt.replace_time_zone("UTC")


def _named_zone(times: pl.Series, name: str, default: ZoneInfo) -> pl.Series:
    """``CEST``: what the log's own zone calls itself, or else a name that means one offset only; null otherwise."""
    for month in (1, 7):
        there = datetime(_LEAP_YEAR, month, 1, tzinfo=default)
        if there.tzname() == name:
            return (times - (there.utcoffset() or timedelta())).dt.replace_time_zone("UTC")
    if name not in _ZONE_HOURS:
        return pl.Series([None] * len(times), dtype=pl.Datetime("us", "UTC"))
    return (times - timedelta(hours=_ZONE_HOURS[name])).dt.replace_time_zone("UTC")


def _to_utc(times: pl.Series, zone: ZoneInfo) -> pl.Series:
    if zone.key == "UTC":
        return times.dt.replace_time_zone("UTC")
    local = times.dt.replace_time_zone(zone.key, ambiguous="earliest", non_existent="null")
    # An hour that the spring change leaves out was written by a clock that had not changed yet.
    late = (times + timedelta(hours=1)).dt.replace_time_zone(zone.key, ambiguous="earliest", non_existent="null")
    filled = pl.select(pl.when(local.is_null() & times.is_not_null()).then(late).otherwise(local)).to_series()
    return filled.dt.convert_time_zone("UTC")


_NUMBER: Final = r"^[0-9]{1,20}(?:\.[0-9]+)?$"


def moment(stamps: pl.Series, clock: Clock) -> pl.Series:
    """ISO 8601, or seconds since 1970 (or their thousandths, millionths, billionths); null where a stamp is neither."""
    stamps = stamps.fill_null("")
    numbers = stamps.str.contains(_NUMBER)
    if not numbers.any():
        return iso(stamps, clock)
    epoch = _since_1970(stamps.set(~numbers, None).cast(pl.Float64, strict=False))
    return epoch if numbers.all() else epoch.fill_null(iso(stamps, clock))


def _since_1970(numbers: pl.Series) -> pl.Series:
    """Numbers so large that they cannot be seconds are thousandths, millionths or billionths of seconds."""
    number = pl.col("number")
    micros = (
        pl.when(number < 1e8)
        .then(None)
        .when(number < 1e11)
        .then(number * 1e6)
        .when(number < 1e14)
        .then(number * 1e3)
        .when(number < 1e17)
        .then(number)
        .when(number < 1e20)
        .then(number / 1e3)
    )
    return (
        pl.DataFrame({"number": numbers})
        .select(micros.round().cast(pl.Int64).cast(pl.Datetime("us", "UTC")))
        .to_series()
    )
