"""The drawn worlds of the proving ground: labels that are right by construction, counted here by other means."""

from functools import cache

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from serjeant.errors import UsageError
from serjeant.proving.drawn import LABELLED, Drawn, draw
from serjeant.proving.matrix import ATTACKS


@cache
def drawn(name: str, seed: int = 0, accounts: int = 600, days: int = 28) -> Drawn:
    return draw(name, seed, accounts, days, fingerprints=True)


def guessed(name: str) -> pl.DataFrame:
    return drawn(name).logins.filter(pl.col("actor") == "attack", pl.col("phase") != "access")


def test_equal_seeds_give_equal_worlds_and_other_seeds_others() -> None:
    first, second, other = (draw("A7", seed, 300, 9, fingerprints=True) for seed in (3, 3, 4))
    assert_frame_equal(first.logins, second.logins)
    assert_frame_equal(first.accounts, second.accounts)
    assert not first.logins.equals(other.logins)


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_a_world_is_logins_by_time_with_a_crew_of_its_own(name: str) -> None:
    logins = drawn(name).logins
    assert logins.schema == LABELLED
    assert logins["time"].is_sorted()
    assert set(logins.filter(actor="attack")["crew"]) == {"A"}
    assert set(logins.filter(pl.col("actor") != "attack")["crew"]) == {""}
    named = logins["account"].drop_nulls().unique()
    assert named.is_in(drawn(name).accounts["account"].to_list()).all()
    assert logins.filter(pl.col("outcome") == "success")["account"].null_count() == 0


def test_a_covert_network_tries_no_account_twice_a_day() -> None:
    table = guessed("A7").group_by("account", pl.col("time").dt.date()).len().drop_nulls("account")
    assert table["len"].max() == 1
    assert table.height > 3 * 600


def test_one_shot_addresses_are_used_for_one_guess() -> None:
    table = guessed("A8")
    assert table["source"].is_unique().all()
    assert table["account"].drop_nulls().is_unique().all()


def test_only_wrong_passwords_leave_fingerprints() -> None:
    logins = drawn("A5").logins
    told = logins.filter(pl.col("guess_site").is_not_null())
    assert set(told["outcome"]) == {"failure"}
    assert set(told["guess_site"].str.len_chars()) == {4}
    plain = draw("A7", 0, 300, 9).logins
    assert plain["guess_site"].null_count() == plain.height


@pytest.mark.parametrize(
    ("name", "seed", "accounts", "days"), [("A99", 0, 300, 9), ("A7", -1, 300, 9), ("A7", 0, 9, 9)]
)
def test_what_cannot_be_drawn_is_said(name: str, seed: int, accounts: int, days: int) -> None:
    with pytest.raises(UsageError):
        draw(name, seed, accounts, days)
