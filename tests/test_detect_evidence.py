"""Evidence comes to the same however the logins arrive: hour by hour, late, days out of order, or all at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evidence import Login, at, rows
from serjeant.detect.evidence import SCHEMAS, Evidence, Window, build
from serjeant.directory.directory import Directory
from serjeant.store.engine import Engine
from serjeant.store.lake import Lake

_DAYS = 3


@st.composite
def logins(draw: st.DrawFn) -> Login:
    outcome = draw(st.sampled_from(["success", "failure", "failure", "challenged", "refused"]))
    return Login(
        at(draw(st.integers(0, _DAYS - 1)), draw(st.sampled_from([0, 9, 23.99]))),
        draw(st.sampled_from(["ada", "bob"])),
        draw(st.sampled_from(["192.0.2.1", "2001:db8::/64"])),
        outcome,
        draw(st.sampled_from([None, "g1", "g2"])) if outcome == "failure" else None,
        known=draw(st.booleans()),
        reason=draw(st.sampled_from(["bad_password", "backend", None])),
        count=draw(st.integers(1, 3)),
    )


def _give(lake: Lake, told: Sequence[Login]) -> None:
    by_day: dict[date, list[Login]] = defaultdict(list)
    for each in told:
        by_day[each.time.date()].append(each)
    for day, some in by_day.items():
        lake.give(day, rows(some))


def _counted(lake: Lake) -> Evidence:
    engine = Engine(lake.path)
    try:
        return build(lake, engine, Directory.empty(), window=Window())
    finally:
        engine.close()


def _in_order(tables: Evidence) -> dict[str, list[tuple[object, ...]]]:
    told: dict[str, pl.DataFrame] = {name: getattr(tables, name) for name in SCHEMAS}
    return {name: table.sort(table.columns).rows() for name, table in told.items()}


@settings(max_examples=6)
@given(arriving=st.lists(st.lists(logins(), min_size=1, max_size=8), min_size=1, max_size=3), again=st.booleans())
@example(arriving=[[Login(at(), "ada", "192.0.2.1", "success")]] * 2, again=False)  # a file of the same size
def test_logins_may_arrive_in_any_order(arriving: list[list[Login]], again: bool) -> None:
    with TemporaryDirectory() as folder:
        bit_by_bit, at_once = Lake(Path(folder, "a")), Lake(Path(folder, "b"))
        so_far: list[Login] = []
        for some in arriving:
            so_far = [*some, *so_far]
            _give(bit_by_bit, so_far)
            tables = _counted(bit_by_bit)
            if again:
                assert _in_order(_counted(bit_by_bit)) == _in_order(tables)
        _give(at_once, sorted(so_far, key=lambda each: each.time))
        assert _in_order(tables) == _in_order(_counted(at_once))


def test_only_the_day_that_changed_is_counted_again(tmp_path: Path) -> None:
    """The past costs nothing when an hour comes."""
    lake = Lake(tmp_path)
    _give(lake, [Login(at(day), "ada", "192.0.2.1") for day in range(_DAYS)])
    _counted(lake)
    before = {place: place.stat().st_mtime_ns for place in (lake.path / "evidence" / "pairs").iterdir()}
    _give(lake, [Login(at(_DAYS - 1, hour), "ada", "192.0.2.1") for hour in (9, 10)])
    tables = _counted(lake)
    changed = {place.name for place, then in before.items() if place.stat().st_mtime_ns != then}
    assert changed == {f"day={at(_DAYS - 1).date()}.parquet"}
    assert tables.pairs["fail"].sum() == _DAYS + 1
