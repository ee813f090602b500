"""Spans in which an hourly count stays above the usual."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serjeant.detect.epochs import Settings, epochs, usual

COUNTS = st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 8, 30, 200]), max_size=400)
DAY = 24


def house(days: int, a_day: float, seed: int, clump: float = 2.0) -> npt.NDArray[np.float64]:
    """Failures of honest people: in working hours mostly, on workdays mostly, in clumps."""
    rng = np.random.default_rng(seed)
    course = np.array([0.35] * 7 + [2.0] * 11 + [0.6] * 6)
    week = np.repeat(np.where(np.arange(days) % 7 >= 5, 0.4, 1.24), DAY)
    rates = np.tile(course / course.mean(), days) * week * a_day / DAY
    share = 2 / (clump + 1)
    clumps = rng.poisson(rates * share)
    more = rng.negative_binomial(np.maximum(clumps, 1), share)
    return np.where(clumps > 0, clumps + more, 0).astype(np.float64)


@settings(max_examples=60)
@given(counts=COUNTS)
def test_epochs_lie_apart_and_in_order(counts: list[int]) -> None:
    found = epochs(np.array(counts, dtype=np.float64), Settings())
    assert all(72 <= each.first <= each.alarm <= each.last < len(counts) for each in found)
    assert all(before.last < after.first for before, after in pairwise(found))
    assert all(each.expected > 0 for each in found)


@settings(max_examples=30)
@given(counts=COUNTS)
def test_what_comes_later_changes_nothing_that_was_said(counts: list[int]) -> None:
    """Read live, every alarm is the same: nothing looks ahead."""
    whole = epochs(np.array(counts, dtype=np.float64), Settings())
    half = epochs(np.array(counts[: len(counts) // 2], dtype=np.float64), Settings())
    assert [each.alarm for each in half] == [each.alarm for each in whole if each.alarm < len(counts) // 2]


@pytest.mark.parametrize("a_day", [1, 6, 50])
def test_twenty_quiet_years_raise_an_alarm_or_two(a_day: int) -> None:
    """The rate that docs/detectors.md gives, with room for chance."""
    found = [each for seed in range(20) for each in epochs(house(365, a_day, seed), Settings())]
    assert len(found) <= 4


@pytest.mark.parametrize(("a_day", "more", "hours"), [(3, 67, 14), (8, 300, 4), (8, 9000, 1)])
def test_guessing_is_found_within_hours(a_day: int, more: int, hours: int) -> None:
    """One guess a month at each of 2,000 and of 9,000 accounts, and one a day; the median of ten houses."""
    took = []
    for seed in range(10):
        counts = house(28, a_day, seed)
        begin = 21 * DAY + 8  # a Monday
        counts[begin:] += house(28, more, 100 + seed, 1.01)[begin:]
        took += [next(each.alarm for each in epochs(counts, Settings()) if each.alarm >= begin) - begin]
    assert np.median(took) <= hours


def test_an_attack_does_not_teach_what_is_normal() -> None:
    """After five weeks of guessing the alarm still stands; a baseline that learned would call it quiet."""
    counts = house(50, 6, 1)
    counts[15 * DAY :] += 20
    assert epochs(counts, Settings())[-1].last == len(counts) - 1


def test_guessing_that_grows_by_little_each_day_is_found() -> None:
    """A baseline that follows it would never tell: five in a hundred more each day, from one a day on."""
    counts = house(100, 6, 2)
    rng = np.random.default_rng(5)
    counts[20 * DAY :] += rng.poisson(1.05 ** (np.arange(80 * DAY) / DAY) / DAY)
    found = epochs(counts, Settings())
    assert found
    assert found[0].alarm < 85 * DAY


def test_the_usual_follows_the_course_of_a_day() -> None:
    counts = house(60, 200, 3)
    expected = usual(counts, Settings())[50 * DAY : 51 * DAY]
    assert expected[12] > 3 * expected[3]
    assert usual(np.zeros(200), Settings()) == pytest.approx(np.full(200, 0.1))
