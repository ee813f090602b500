"""when: the calendar of a drawn world, and the moment at which its crew begins."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from serjeant.proving.shape import Shape
from serjeant.proving.world import DAY, HOUR, MINUTE, Calendar, Floats, micros

_MONDAY: Final = datetime(2025, 1, 6, tzinfo=UTC)
_NO_DAY: Final = -1
_OUTAGE: Final = 25 * MINUTE
_AT_WORK: Final = frozenset({"monday", "recess", "expiry", "outage", "dark"})
_EXPIRES: Final = (0.2, 0.55, 0.75)
_AWAY: Final = (0.15, 0.45, 0.7)
_RETURNS: Final = 0.4
_RECESS: Final = 10


@dataclass(frozen=True)
class Season:
    """When what is special happens.

    :param onset: when the attack begins, microseconds since 1970
    :param expiries: the days on which many passwords run out
    :param outages: when the password database is away, begin and end
    """

    calendar: Calendar
    onset: int
    expiries: tuple[int, ...]
    outages: tuple[tuple[int, int], ...]


def attacked(shape: Shape, other: str, days: int, rng: np.random.Generator) -> Season:
    """A world with an attack: its first half is without (a third, where the attack is a slow one).

    It begins on a Monday if it is long enough.

    :param other: the confounder that falls on the day of the onset, or any other word
    """
    first = _first(rng)
    week = days // (3 if shape.slow or other == "ramp" else 2) // 7 * 7
    weekday = 0 if other in ("monday", "recess") else int(rng.integers(1, 4))
    day = min(max(week + weekday, 3), days - 2)
    first += timedelta(days=(weekday - day) % 7)
    morning = shape.by_day or other in _AT_WORK
    onset = micros(first) + day * DAY + int((rng.uniform(8, 11) if morning else rng.uniform(0, 24)) * HOUR)
    slips, busy = _ordinary(first, days)
    if other == "recess":
        _recess(slips, busy, day)
    start = onset + (20 * MINUTE if other == "outage" else 0)
    outages = ((start, start + _OUTAGE),) if other in ("outage", "dark") else ()
    expiries = (day,) if other == "expiry" else ()
    return Season(_calendar(first, days, slips, busy, expiries, outages), onset, expiries, outages)


def clean(days: int, rng: np.random.Generator) -> Season:
    """A world without an attack, in which all that is special happens: three expiries, three outages, a recess."""
    first = _first(rng)
    slips, busy = _ordinary(first, days)
    _recess(slips, busy, round(days * _RETURNS) // 7 * 7)
    workdays = np.flatnonzero(busy >= 0.4)
    expiries = tuple(int(workdays[round(share * (len(workdays) - 1))]) for share in _EXPIRES)
    away = [int(workdays[round(share * (len(workdays) - 1))]) for share in _AWAY]
    starts = [micros(first) + day * DAY + int(rng.uniform(9, 16) * HOUR) for day in away]
    outages = tuple((start, start + _OUTAGE) for start in starts)
    return Season(_calendar(first, days, slips, busy, expiries, outages), 0, expiries, outages)


def _first(rng: np.random.Generator) -> datetime:
    return _MONDAY + timedelta(days=7 * int(rng.integers(0, 40)))


def _ordinary(first: datetime, days: int) -> tuple[Floats, Floats]:
    dates = [first + timedelta(days=each) for each in range(days)]
    slips = np.array([1.6 if date.weekday() == 0 else 1.0 for date in dates])
    return slips, np.array([0.3 if date.weekday() >= 5 else 1.0 for date in dates])


def _recess(slips: Floats, busy: Floats, back: int) -> None:
    """Few are there, until all come back on one day and have forgotten how their passwords go."""
    busy[max(0, back - _RECESS) : back] *= 0.4
    slips[back], busy[back] = 3.0, 1.3


def _calendar(
    first: datetime,
    days: int,
    slips: Floats,
    busy: Floats,
    expiries: tuple[int, ...],
    outages: tuple[tuple[int, int], ...],
) -> Calendar:
    return Calendar(first, days, slips, busy, expiries[0] if expiries else _NO_DAY, outages[0] if outages else (0, 0))
