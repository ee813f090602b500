"""The evidence is what a slow and plain counting of the logins comes to."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import Login, at, counted_by_engine, counted_plainly
from serjeant.detect.evidence import SCHEMAS
from serjeant.store.engine import Engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    fresh = Engine(tmp_path_factory.mktemp("engine"))
    yield fresh
    fresh.close()


_HOSTILE = ["ada", "bob", "';drop table logins;--", "\x1b[2k", "‮nimda"]


@st.composite
def days(draw: st.DrawFn) -> list[Login]:
    def login() -> Login:
        outcome = draw(st.sampled_from(["success", "failure", "failure", "challenged", "refused"]))
        return Login(
            at(0, draw(st.sampled_from([0, 9, 23])), draw(st.integers(0, 14)), draw(st.sampled_from([0, 0.5, 59]))),
            draw(st.sampled_from(_HOSTILE)),
            draw(st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8::/64", None])),
            outcome,
            draw(st.sampled_from([None, "g1", "g2"])) if outcome == "failure" else None,
            known=draw(st.booleans()),
            reason=draw(st.sampled_from(["bad_password", "backend", "unknown_account", None])),
            service=draw(st.sampled_from(["imap", None])),
            client=draw(st.sampled_from(["x", None])),
            count=draw(st.integers(1, 12)),
        )

    return [login() for _ in range(draw(st.integers(0, 25)))]


@settings(max_examples=40)
@given(day=days(), monitored=st.booleans())
def test_the_engine_counts_what_a_person_would(day: list[Login], monitored: bool, engine: Engine) -> None:
    monitors = [("ada", "192.0.2.1")] if monitored else []
    counted, plain = counted_by_engine(engine, day, monitors), counted_plainly(day, monitors)
    for name, schema in SCHEMAS.items():
        assert dict(counted[name].schema) == dict(schema), name
        expected = pl.DataFrame(plain[name], schema=schema)
        keys = [
            column
            for column in ("bin", "hour", "user", "source", "guess", "service", "client", "ok")
            if column in schema
        ]
        assert counted[name].select(expected.columns).sort(keys).rows() == expected.sort(keys).rows(), name


@pytest.mark.parametrize("name", ["pairs", "cells", "guesses"])
def test_parts_of_a_day_merge_into_the_day(name: str, engine: Engine) -> None:
    """Sums, firsts and lasts of two halves are those of the whole, so that late lines can be added."""
    day = [
        Login(at(0, 9, minute % 7), f"u{minute % 3}", "192.0.2.1", outcome, f"g{minute % 2}", count=1 + minute % 2)
        for minute in range(40)
        for outcome in ("failure", "success")
    ]
    whole = _merged([counted_by_engine(engine, day)[name]])
    halves = _merged([counted_by_engine(engine, half)[name] for half in (day[:37], day[37:])])
    assert len(whole) > 0
    assert whole.rows() == halves.rows()


def _merged(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """As the columns promise to merge; distinct guesses do not, and are left out."""
    table = pl.concat(parts)
    how = {
        column: pl.col(column).min() if column.startswith("first_") else pl.col(column).max()
        for column in table.columns
        if column.startswith(("first_", "last_"))
    }
    how |= {name: pl.col(name).sum() for name in ("ok", "fail", "excused", "challenged", "refused", "guessed")}
    keys = [name for name in ("hour", "user", "source", "guess", "service", "client") if name in table.columns]
    wanted = [how[name] for name in table.columns if name in how]
    return table.group_by(keys).agg(wanted).sort(keys)


def test_failures_in_an_outage_are_set_aside_and_successes_are_not(engine: Engine) -> None:
    people = [Login(at(0, 8, 5 * span, n), f"u{n}", "192.0.2.1", "success") for span in range(4) for n in range(30)]
    dark = [Login(at(0, 12, 0, n), f"u{n}", "192.0.2.1") for n in range(25)]
    light = [Login(at(0, 12, 1, n), f"u{n}", "192.0.2.1", "success") for n in range(3)]
    later = [Login(at(0, 15), "u1", "192.0.2.1")]
    pairs = counted_by_engine(engine, [*people, *dark, *light, *later])["pairs"]
    assert pairs["excused"].sum() == len(dark)
    assert pairs["fail"].sum() == len(later)
    assert pairs["ok"].sum() == len(people) + len(light)


def test_a_repeated_line_stands_for_its_attempts(engine: Engine) -> None:
    day = [Login(at(), "ada", "192.0.2.1", guess="g", count=5), Login(at() + timedelta(hours=2), "ada", "192.0.2.1")]
    counted = counted_by_engine(engine, day)
    assert counted["pairs"]["fail"].to_list() == [6]
    assert counted["pairs"]["same_guess"].to_list() == [5]
    assert counted["guesses"]["fail"].to_list() == [5]
    assert sorted(counted["cells"]["fail"].to_list()) == [1, 5]
