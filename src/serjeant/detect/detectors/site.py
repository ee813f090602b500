"""T1, site: a cumulative sum over the whole site finds that somebody guesses at all, however many addresses he uses.

Counted are *I4*: first-contact failures on real accounts from orphan sources, hour by hour. Method: Javed & Paxson
2013 (site-wide statistic first), detection notes 4.2: z = (x - m) / sqrt(m + phi m²), clipped to [-3, 6];
S = max(0, S + z - k); alarm at S > h. The baseline m is the median of the same hour on earlier days, and at least 2.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.detect.contacts import HEALS
from serjeant.detect.detector import Detector
from serjeant.detect.evidence import Evidence as Tables
from serjeant.model.finding import Evidence, Finding

_HOUR = 3600
_DAY_HOURS = 24
_WEEK_HOURS = 168
_MOST_HOURS = 400 * 24  # one line with a stamp of 1970 must not make half a million hours


@dataclass(frozen=True, slots=True)
class Settings:
    """The operating point; in-control run length about 8 months at the defaults."""

    k: float = field(default=0.5, metadata={"help": "drift, in standard deviations"})
    h: float = field(default=8.0, metadata={"help": "alarm threshold"})
    floor: float = field(default=2.0, metadata={"help": "least expected count an hour"})
    dispersion: float = field(default=0.05, metadata={"help": "overdispersion of the count (negative binomial)"})
    learn_hours: int = field(default=72, metadata={"help": "hours at the start of the logs that only teach"})
    weeks: int = field(default=6, metadata={"help": "weeks of memory of the baseline"})


def find(tables: Tables, settings: Settings) -> list[Finding]:
    """One finding for each epoch in which the sum stays above the threshold."""
    events = tables.contacts.filter(pl.col("failed") & pl.col("orphan") & pl.col("known"))
    if not len(events) or tables.first is None or tables.last is None:
        return []
    end = int(tables.last.timestamp()) // _HOUR
    start = max(int(tables.first.timestamp()) // _HOUR, end - _MOST_HOURS)
    size = end - start + 1
    at = (events["time"].dt.epoch("s") // _HOUR - start).to_numpy()
    counts = np.bincount(at[(at >= 0) & (at < size)], minlength=size).astype(np.float64)
    return [_finding(events, counts, start, *epoch) for epoch in epochs(counts, settings)]


def epochs(counts: npt.NDArray[np.float64], settings: Settings) -> list[tuple[int, int, int, float]]:
    """Runs the sum over hourly counts.

    :return: (first hour that moved the sum, hour of the alarm, last hour above, expected in the first), as indexes
    """
    found: list[tuple[int, int, int, float]] = []
    clean = counts.copy()
    total, rising, alarm = 0.0, 0, -1
    for hour, count in enumerate(counts):
        if hour < settings.learn_hours:
            continue
        mean = _expected(clean, hour, settings)
        spread = float(np.sqrt(mean + settings.dispersion * mean * mean))
        if total == 0.0:
            rising = hour
        step = float(np.clip((count - mean) / spread, -3.0, 6.0)) - settings.k
        total = min(max(0.0, total + step), 4 * settings.h)
        if total > settings.h / 2:
            clean[hour] = min(count, mean)  # an attack must not teach what is normal
        if total > settings.h and alarm < 0:
            alarm = hour
            found.append((rising, hour, hour, mean))
        elif alarm >= 0:
            if total > settings.h / 2:
                first, at, _, mean_then = found[-1]
                found[-1] = (first, at, hour, mean_then)
            else:
                rising, alarm = hour, -1
    return found


def _expected(counts: npt.NDArray[np.float64], hour: int, settings: Settings) -> float:
    """The median of the same hour of the week, ±1 h, in the weeks before; of earlier days while there are no weeks."""
    step = _WEEK_HOURS if hour >= 3 * _WEEK_HOURS else _DAY_HOURS
    centres = np.arange(hour - step, max(-1, hour - settings.weeks * _WEEK_HOURS), -step)
    near = (centres[:, None] + np.array([-1, 0, 1])).ravel()
    near = near[(near >= 0) & (near < hour)]
    return max(settings.floor, float(np.median(counts[near])) if len(near) else settings.floor)


def _finding(
    events: pl.DataFrame,
    counts: npt.NDArray[np.float64],
    start: int,
    first: int,
    alarm: int,
    last: int,
    mean: float,
) -> Finding:
    opens, closes = _time(start + first), _time(start + last + 1)
    inside = events.filter((pl.col("time") >= opens) & (pl.col("time") < closes))
    seen = int(counts[first : alarm + 1].sum())
    hours = alarm - first + 1
    says = f"{seen:,} first tries failed in {hours} h from addresses new to us; {mean * hours:.0f} expected"
    return Finding(
        "site",
        "T1110.003",
        inside["time"].min(),  # type: ignore[arg-type]
        inside["time"].max(),  # type: ignore[arg-type]
        _time(start + alarm + 1) + HEALS,
        evidence=(Evidence("site", says, {"seen": seen, "expected_per_hour": round(mean, 2), "hours": hours}),),
    )


def _time(hour: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(hours=hour)


DETECTOR = Detector(
    "site",
    "T1",
    "T1110.003",
    Settings,
    find,
    "Says that somebody guesses, not who; blind in the first three days of logs, and to addresses that others of us "
    "use.",
)
