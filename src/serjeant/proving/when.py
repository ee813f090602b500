"""when: the calendar of a drawn world, and the moment at which its crew begins."""

from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from serjeant.proving.shape import Shape
from serjeant.proving.world import DAY, HOUR, MINUTE, Calendar, micros

_MONDAY: Final = datetime(2025, 1, 6, tzinfo=UTC)
_NO_DAY: Final = -1


def when(shape: Shape | None, other: str, days: int, rng: np.random.Generator) -> tuple[Calendar, int]:
    """The special days, and the onset of the attack in microseconds since 1970.

    The first half of a world is without attack (a third, where the attack is a slow one), and begins on a Monday.

    :param other: the confounder that falls on the day of the onset, or any other word
    """
    first = _MONDAY + timedelta(days=7 * int(rng.integers(0, 40)))
    slow = shape is not None and shape.slow
    week = days // (3 if slow or other == "ramp" else 2) // 7 * 7
    after = 0 if other in ("monday", "recess") else int(rng.integers(1, 4))
    day = min(max(week + after, 3), days - 2)
    midnight = micros(first) + day * DAY
    hour = 8 if other in ("monday", "recess", "expiry", "outage", "dark") else 0
    onset = midnight + int(rng.uniform(hour, hour + 3 if hour else 24) * HOUR)
    dates = [first + timedelta(days=each) for each in range(days)]
    slips = np.array([1.6 if date.weekday() == 0 else 1.0 for date in dates])
    busy = np.array([0.3 if date.weekday() >= 5 else 1.0 for date in dates])
    if other == "recess":
        busy[max(0, day - 10) : day] *= 0.4
        slips[day], busy[day] = 3.0, 1.3
    away = (0, 0)
    if other in ("outage", "dark"):
        start = onset if other == "dark" else onset + HOUR
        away = (start, start + 25 * MINUTE)
    expiry = day if other == "expiry" else _NO_DAY
    return Calendar(first, days, slips, busy, expiry, away), onset
