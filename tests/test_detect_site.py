"""T1: the cumulative sum over the site."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serjeant.detect.detectors.site import Settings, epochs

COUNTS = st.lists(st.sampled_from([0, 0, 1, 2, 3, 8, 30, 200]), max_size=160)


@settings(max_examples=60)
@given(counts=COUNTS)
def test_the_alarms_are_those_of_a_plain_loop(counts: list[int]) -> None:
    found = epochs(np.array(counts, dtype=np.float64), Settings())
    assert [(alarm, last) for _, alarm, last, _ in found] == _plain(counts)
    assert all(first <= alarm <= last for first, alarm, last, _ in found)
    assert all(before[2] < after[0] for before, after in pairwise(found))


def _plain(counts: list[int], k: float = 0.5, h: float = 8.0, learn: int = 72) -> list[tuple[int, int]]:
    """(alarm, last hour) of each epoch, in the days in which there are no weeks to look back on."""
    clean = [float(count) for count in counts]
    found: list[tuple[int, int]] = []
    total, on = 0.0, False
    for hour in range(learn, len(counts)):
        near = [
            clean[other]
            for ago in range(24, hour + 1, 24)
            for other in (hour - ago - 1, hour - ago, hour - ago + 1)
            if other >= 0
        ]
        mean = max(2.0, sorted(near)[len(near) // 2] if len(near) % 2 else _middle(near))
        z = (counts[hour] - mean) / (mean + 0.05 * mean**2) ** 0.5
        total = min(max(0.0, total + min(6.0, max(-3.0, z)) - k), 4 * h)
        if total > h / 2:
            clean[hour] = min(counts[hour], mean)
        if total > h and not on:
            on = True
            found.append((hour, hour))
        elif on and total > h / 2:
            found[-1] = (found[-1][0], hour)
        elif on:
            on = False
    return found


def _middle(values: list[float]) -> float:
    ordered = sorted(values)
    return (ordered[len(ordered) // 2 - 1] + ordered[len(ordered) // 2]) / 2


def _quiet(hours: int) -> npt.NDArray[np.float64]:
    return np.random.default_rng(3).poisson(1.0, hours).astype(np.float64)


def test_two_quiet_months_raise_no_alarm() -> None:
    assert epochs(_quiet(24 * 60), Settings()) == []


def test_a_few_more_an_hour_are_found_within_a_day() -> None:
    counts = _quiet(24 * 30)
    counts[24 * 20 :] += 6
    ((first, alarm, last, expected),) = epochs(counts, Settings())
    assert 24 * 20 - 2 <= first <= alarm < 24 * 21
    assert last == len(counts) - 1
    assert expected == pytest.approx(2.0)


def test_an_attack_does_not_teach_what_is_normal() -> None:
    """After five weeks of guessing the alarm still stands; a baseline that learned would call it quiet."""
    counts = _quiet(24 * 50)
    counts[24 * 15 :] += 20
    assert epochs(counts, Settings())[-1][2] == len(counts) - 1


def test_the_first_days_only_teach() -> None:
    counts = _quiet(72)
    counts[10:] += 50
    assert epochs(counts, Settings()) == []


def test_a_busy_hour_of_every_day_is_no_attack() -> None:
    counts = np.tile(np.where(np.arange(24) == 9, 12.0, 0.0), 30)
    assert epochs(counts, Settings()) == []


@pytest.mark.parametrize("counts", [[], [0.0], [0.0] * 200])
def test_nothing_from_nothing(counts: list[float]) -> None:
    assert epochs(np.array(counts, dtype=np.float64), Settings()) == []
