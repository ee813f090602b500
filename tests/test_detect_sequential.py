"""The windowed sums behind the sequential tests equal the plain ones."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import at
from serjeant.detect.sequential import windowed

EVENTS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 40), st.sampled_from([1.88, -3.75, 1.0])), min_size=1, max_size=60
)


@given(events=EVENTS, hours=st.sampled_from([1, 5, 48]))
def test_sums_begins_and_sources(events: list[tuple[str, int, float]], hours: int) -> None:
    events = sorted(events, key=lambda event: event[:2])
    sums, begins, of_source = windowed(
        pl.Series([source for source, _, _ in events]),
        pl.Series([at(0, hour) for _, hour, _ in events]),
        np.array([score for _, _, score in events]),
        timedelta(hours=hours),
    )
    for number, (source, hour, _) in enumerate(events):
        mine = [other for other in range(number + 1) if events[other][0] == source]
        inside = [other for other in mine if events[other][1] > hour - hours]
        assert sums[number] == pytest.approx(sum(events[other][2] for other in inside))
        assert begins[number] == inside[0]
        assert of_source[number] == mine[0]


def test_years_apart_and_many_sources_do_not_run_into_each_other() -> None:
    n = 50_000
    times = pl.Series([at(), at(10_000)]).gather(np.arange(2 * n) % 2)
    sources = pl.Series(np.repeat(np.arange(n), 2)).cast(pl.String).str.zfill(6)
    sums, _, _ = windowed(sources, times, np.ones(2 * n), timedelta(hours=48))
    assert (sums == 1.0).all()
