"""The worlds of the frontier hold the guesses that their names say."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serjeant.errors import UsageError
from serjeant.proving import frontier
from serjeant.proving.drawn import draw
from serjeant.proving.facts import Facts


@settings(max_examples=6, deadline=None)
@given(every=st.sampled_from(frontier.EVERY), uses=st.sampled_from(frontier.USES))
def test_each_account_is_tried_so_often_and_each_address_used_so_many_times(every: int, uses: int) -> None:
    world = frontier.name(every, uses)
    facts = Facts.of(draw(world, 3, accounts=300, days=28, shape=frontier.shape(world)))
    (crew,) = facts.crews
    days = (crew.last - crew.first).total_seconds() / 86400
    lasts = max(days, 1)
    assert crew.attempts == pytest.approx(300 * lasts / every, rel=0.2, abs=uses + 2)
    by_source = facts.guesses.group_by("source").agg(pl.len())["len"]
    assert int(by_source.max() or 0) <= uses  # type: ignore[arg-type]
    assert by_source.sum() >= (by_source.len() - 1) * (uses - 2)
    per_account = facts.guesses.filter(pl.col("account").is_not_null()).group_by("account").agg(pl.len())["len"]
    assert int(per_account.max() or 0) <= lasts / every + 2  # type: ignore[arg-type]


def test_other_worlds_are_no_part_of_it() -> None:
    assert frontier.shape("A7") is None
    assert frontier.shape("frontier") is None
    with pytest.raises(UsageError):
        frontier.shape("frontier 0d x1")
