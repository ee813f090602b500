"""Outages: whose failures are set aside, and whose are not."""

import polars as pl
import pytest

from serjeant.detect.outages import outages


def day(*spans: tuple[int, int, int]) -> list[bool]:
    """Marks spans of (familiar failures, familiar successes, backend failures), after an ordinary morning."""
    morning = [(1, 40, 0)] * 30
    table = pl.DataFrame(
        [(number, *span) for number, span in enumerate([*morning, *spans])],
        {"bin": pl.Int64, "familiar_fail": pl.Int64, "familiar_ok": pl.Int64, "backend": pl.Int64},
        orient="row",
    )
    marked = outages(table.sample(fraction=1.0, shuffle=True, seed=1)).sort("bin")["outage"].to_list()
    assert not any(marked[: len(morning)])
    return marked[len(morning) :]


@pytest.mark.parametrize(
    ("span", "out"),
    [
        ((30, 10, 0), True),
        ((13, 27, 0), True),  # a third
        ((10, 30, 0), False),  # a quarter
        ((19, 0, 0), False),  # too few to tell
        ((0, 0, 0), False),
        ((0, 0, 10), True),  # the server says itself that it broke
        ((0, 0, 9), False),
        ((40, 400, 15), False),  # one backend of many
    ],
)
def test_a_span_is_out_when_people_fail_who_never_do(span: tuple[int, int, int], out: bool) -> None:
    assert day(span) == [out]


def test_where_a_third_fails_on_every_day_that_is_no_outage() -> None:
    """What is ordinary on a bad day stays ordinary: 6 sigma above the day's own share."""
    table = pl.DataFrame({"bin": range(20), "familiar_fail": [35] * 20, "familiar_ok": [65] * 20, "backend": [0] * 20})
    assert not outages(table)["outage"].any()


def test_no_bins_no_outage() -> None:
    assert day() == []
