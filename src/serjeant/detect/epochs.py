"""epochs: spans in which a count by the hour stays above what is usual.

A cumulative sum of likelihood ratios (Page 1954; Javed & Paxson 2013 for logins): how much likelier is this hour's
count if the usual rate had risen ``ratio``-fold? Honest failures come in clumps (an office that moves, a day of expired
passwords), so counts are negative binomial with ``clump`` times the variance of a Poisson count, at any size of house.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log
from typing import Final

import numpy as np
import numpy.typing as npt

_DAY: Final = 24
_WEEK: Final = 7 * _DAY
_ANCHOR: Final = 14 * _DAY
"""What two weeks taught is the measure of how far the usual may grow."""
_PRIOR: Final = 21.0
"""Hours that the day's own course must outweigh: until there are many, every hour is taken for an average one."""

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Settings:
    """The operating point; at the defaults one false alarm in more than fifty years (see docs/detectors.md)."""

    ratio: float = field(default=4.0, metadata={"help": "the rise that is looked for, as a multiple of what is usual"})
    threshold: float = field(default=12.0, metadata={"help": "alarm at this log-likelihood ratio"})
    clump: float = field(default=2.0, metadata={"help": "variance of an hour's count, compared with its mean"})
    floor: float = field(default=0.1, metadata={"help": "least count that is expected in an hour"})
    learn_hours: int = field(default=72, metadata={"help": "hours at the start of the logs that only teach"})
    weeks: int = field(default=6, metadata={"help": "weeks of memory of what is usual"})
    growth: float = field(default=0.1, metadata={"help": "most that the usual may grow in a week"})


@dataclass(frozen=True, slots=True)
class Epoch:
    """One such span, as places in the counts.

    :param first: the hour in which the sum began to rise
    :param alarm: the hour that reached the threshold
    :param last: the last hour in which the sum stood above half of it
    :param expected: what was to be expected from ``first`` to ``alarm``
    """

    first: int
    alarm: int
    last: int
    expected: float


def epochs(counts: Counts, settings: Settings) -> list[Epoch]:
    """The spans, in order.

    :param counts: by the hour, from the first hour of the logs
    """
    found: list[Epoch] = []
    total, rising, alarmed, expected = 0.0, 0, False, 0.0
    for hour, count, usual in _usual(counts, settings):
        if total <= 0.0:
            total, rising, expected = 0.0, hour, 0.0
        expected += usual
        total = min(max(0.0, total + _step(float(count), usual, settings)), 4 * settings.threshold)
        if alarmed and total <= settings.threshold / 2:
            alarmed, total = False, 0.0
        elif alarmed:
            last = found[-1]
            found[-1] = Epoch(last.first, last.alarm, hour, last.expected)
        elif total > settings.threshold:
            alarmed = True
            found.append(Epoch(rising, hour, hour, expected))
    return found


def usual(counts: Counts, settings: Settings) -> Counts:
    """What was to be expected in each hour; in the hours that only teach, what they taught."""
    expected = np.full(len(counts), np.nan)
    for hour, _, mean in _usual(counts, settings):
        expected[hour] = mean
    if np.isnan(expected).all():
        return np.full(len(counts), max(settings.floor, float(counts.mean()) if len(counts) else 0.0))
    expected[np.isnan(expected)] = expected[~np.isnan(expected)][0]
    return expected


def _usual(counts: Counts, settings: Settings) -> Iterator[tuple[int, float, float]]:
    """Each hour behind the first that only teach, its count, and what was to be expected.

    What stands far above the usual does not teach, so that an attack never becomes normal; and what is usual may grow
    by little each week, so that a slow one does not either.
    """
    days = -(-len(counts) // _DAY)
    clean = np.zeros(days * _DAY)
    clean[: len(counts)] = counts
    by_day = clean.reshape(days, _DAY)
    total, level, anchor = 0.0, settings.floor, 0.0
    for hour in range(settings.learn_hours, len(counts)):
        day, of_day = divmod(hour, _DAY)
        first = max(0, day - 7 * settings.weeks)
        if of_day == 0 or hour == settings.learn_hours:
            level = float(np.median(by_day[first : max(day, 1)].sum(axis=1))) / _DAY
            if anchor:
                level = min(level, anchor * (1 + settings.growth) ** ((hour - _ANCHOR) / _WEEK))
            level = max(settings.floor, level)
            if hour >= _ANCHOR and not anchor:
                anchor = level
        near = by_day[first:day, [of_day - 1, of_day, (of_day + 1) % _DAY]]
        mean = max(settings.floor, (float(near.sum()) + _PRIOR * level) / (near.size + _PRIOR))
        mean = min(mean, 3 * level)
        total = min(max(0.0, total + _step(float(counts[hour]), mean, settings)), 4 * settings.threshold)
        if total > settings.threshold / 2:
            by_day[day, of_day] = min(float(counts[hour]), mean)
        yield hour, float(counts[hour]), mean


def _step(count: float, mean: float, settings: Settings) -> float:
    """The log-likelihood ratio of one hour: negative binomial of mean ``ratio · mean`` against mean ``mean``."""
    size = mean / (settings.clump - 1)
    more = settings.ratio * mean
    return count * log(more * (size + mean) / (mean * (size + more))) + size * log((size + mean) / (size + more))
