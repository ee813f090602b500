"""First contacts: who failed for good, who merely slipped, and whom a source belongs to."""

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import Login, at, evidence
from serjeant.detect.contacts import ENOUGH, contacts

HOME = "192.0.2.1"


def contact(*logins: Login) -> list[dict[str, object]]:
    return evidence(logins).contacts.to_dicts()


@pytest.mark.parametrize(("minutes", "heals"), [(1, True), (10, True), (10.1, False), (60, False)])
def test_whoever_gets_it_right_within_ten_minutes_has_not_failed(minutes: float, heals: bool) -> None:
    (only,) = contact(Login(at(), "ada", HOME), Login(at() + timedelta(minutes=minutes), "ada", HOME, "success"))
    assert only["failed"] is not heals


def test_a_slip_at_midnight_heals_on_the_next_day() -> None:
    (only,) = contact(Login(at(0, 23, 58), "ada", HOME), Login(at(1, 0, 3), "ada", HOME, "success"))
    assert not only["failed"]


def test_a_success_of_somebody_else_heals_nothing() -> None:
    found = contact(Login(at(0, 23, 58), "ada", HOME), Login(at(1, 0, 3), "bob", HOME, "success"))
    assert [each["failed"] for each in found if each["user"] == "ada"] == [True]


@pytest.mark.parametrize(("days", "again"), [(1, 1), (7, 1), (8, 2)])
def test_after_seven_silent_days_a_pair_counts_anew(days: int, again: int) -> None:
    assert len(contact(Login(at(0), "ada", HOME), Login(at(days), "ada", HOME))) == again


def test_trying_every_day_is_one_contact() -> None:
    assert len(contact(*(Login(at(day), "ada", HOME) for day in range(20)))) == 1


@pytest.mark.parametrize(("days", "failures"), [(8, 0), (30, 0), (31, 1)])
def test_failures_where_somebody_signed_in_within_thirty_days_are_no_evidence(days: int, failures: int) -> None:
    found = contact(Login(at(0), "ada", HOME, "success"), Login(at(days), "ada", HOME))
    assert sum(bool(each["failed"]) for each in found) == failures


def test_attempts_that_were_turned_away_do_not_hide_later_guesses() -> None:
    """A refused first attempt, then guesses day after day: the pair must not count as known for ever."""
    refused = Login(at(0), "ada", HOME, "refused")
    guesses = [Login(at(day), "ada", HOME) for day in range(1, 6)]
    (only,) = contact(refused, *guesses)
    assert only["failed"]
    assert only["time"] == at(1)


def test_a_source_is_orphan_until_somebody_signs_in_there() -> None:
    found = contact(Login(at(0), "ada", HOME), Login(at(1), "bob", HOME, "success"), Login(at(2), "eve", HOME))
    assert {each["user"]: each["orphan"] for each in found} == {"ada": True, "bob": False, "eve": False}


@pytest.mark.parametrize("accounts", [1, ENOUGH - 1, ENOUGH, ENOUGH + 1])
def test_a_source_is_small_while_it_fails_on_few_accounts(accounts: int) -> None:
    found = contact(*(Login(at(number), f"u{number}", HOME) for number in range(accounts)))
    assert {each["small"] for each in found} == {accounts < ENOUGH}


def test_no_logins_no_contacts() -> None:
    assert contact() == []


@settings(max_examples=60)
@given(
    logins=st.lists(
        st.builds(
            Login,
            time=st.builds(at, st.integers(0, 50), st.just(9), st.sampled_from([0, 5, 15])),
            user=st.sampled_from(["ada", "bob"]),
            source=st.sampled_from([HOME, "192.0.2.2"]),
            outcome=st.sampled_from(["success", "failure", "refused"]),
        ),
        max_size=30,
    ),
    seed=st.integers(0, 1000),
)
def test_contacts_are_what_a_plain_walk_finds(logins: list[Login], seed: int) -> None:
    pairs = evidence(logins).pairs
    found = contacts(pairs.sample(fraction=1.0, shuffle=True, seed=seed))
    got = sorted((each["user"], each["source"], each["time"], each["failed"]) for each in found.to_dicts())
    assert got == sorted(_walk(pairs))


def _walk(pairs: pl.DataFrame) -> list[tuple[object, ...]]:
    """Each pair by itself, day after day."""
    found: list[tuple[object, ...]] = []
    days = pairs.filter((pl.col("ok") > 0) | (pl.col("fail") > 0)).sort("first_t").to_dicts()
    for user, source in sorted({(day["user"], day["source"]) for day in days}):
        before = ok_before = None
        mine = [day for day in days if (day["user"], day["source"]) == (user, source)]
        for number, day in enumerate(mine):
            following = mine[number + 1]["first_ok"] if number + 1 < len(mine) else None
            right = [moment for moment in (day["first_ok"], following) if moment is not None]
            wrong = day["first_fail"]
            failed = wrong is not None and not (right and min(right) <= wrong + timedelta(minutes=10))
            familiar = ok_before is not None and day["first_t"] - ok_before <= timedelta(days=30)
            if (before is None or day["first_t"] - before > timedelta(days=7)) and not (failed and familiar):
                found.append((user, source, wrong if failed else day["first_t"], failed))
            before, ok_before = day["last_t"], day["last_ok"] or ok_before
    return found


def test_a_device_with_an_old_password_is_forgotten_wherever_it_goes() -> None:
    """It asks on three days at home, and on the fourth from the house's new proxy."""
    home = [Login(at(day, hour), "ada", "192.0.2.7") for day in range(3) for hour in range(0, 24, 2)]
    moved = [Login(at(3, 6), "ada", "192.0.2.80"), Login(at(3, 6, 1), "bob", "192.0.2.80")]
    found = contacts(evidence([*home, *moved]).pairs).filter(pl.col("source") == "192.0.2.80")
    assert dict(found.select("user", "forgotten").iter_rows()) == {"ada": True, "bob": False}


def test_a_guesser_makes_nobody_forgotten() -> None:
    """Ten tries a day at each of nine accounts: whoever tries them from elsewhere still counts."""
    tries = range(0, 24, 2)
    loud = [Login(at(d, h), f"user{n}", "203.0.113.9") for d in range(3) for h in tries for n in range(9)]
    found = contacts(evidence([*loud, Login(at(3, 6), "user3", "203.0.113.10")]).pairs)
    assert not found["forgotten"].any()


def test_an_account_that_signs_in_from_everywhere_vouches_for_nothing() -> None:
    owned = [Login(at(1, 8, n), "mallory", f"203.0.113.{n}", "success") for n in range(40)]
    tries = [Login(at(1, 9, n), f"user{n}", f"203.0.113.{n}") for n in range(40)]
    found = contacts(evidence([*owned, *tries]).pairs).filter("failed")
    assert found["orphan"].all()
    few = contacts(evidence([*owned[:5], *tries[:5]]).pairs).filter("failed")
    assert not few["orphan"].any()


def test_in_parts_or_at_once_contacts_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A month's pairs are looked at some sources at a time."""
    logins = [
        Login(at(day, 9, 3 * user), f"user{user}", f"192.0.2.{(user + day) % 7}", "success" if user % 3 else "failure")
        for day in range(9)
        for user in range(12)
    ]
    at_once = evidence(logins).contacts
    monkeypatch.setattr("serjeant.detect.contacts._PART", 5)
    assert evidence(logins).contacts.rows() == at_once.rows()
    assert len(at_once) > 40


@pytest.mark.parametrize(("guess", "forgotten"), [(None, True), ("old", False)])
def test_what_is_told_for_a_repetition_says_nothing_of_the_account_elsewhere(
    guess: str | None, forgotten: bool
) -> None:
    device = [Login(at(day, 8, turn), "ada", HOME, guess=guess) for day in range(4) for turn in range(12)]
    elsewhere = Login(at(2, 12), "ada", "203.0.113.9", guess="new" if guess else None)
    found = evidence([*device, elsewhere]).contacts.filter(pl.col("source") == "203.0.113.9")
    assert found["forgotten"].to_list() == [forgotten]
