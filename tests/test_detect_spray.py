"""T6: one password on many accounts, and what looks like it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from evidence import Login, at, evidence
from serjeant.detect.detectors import spray
from serjeant.detect.detectors.spray import Settings
from serjeant.detect.evidence import SCHEMAS, Evidence
from serjeant.detect.tables import WITHIN
from serjeant.directory.directory import Directory
from serjeant.model.codes import coded
from serjeant.model.finding import Finding


def found(logins: Sequence[Login]) -> list[Finding]:
    return spray.find(evidence(logins), Settings())


def slips(days: int, each_day: int = 6, seed: int = 1) -> Iterator[Login]:
    """People who fail at new addresses, each with a password of his own."""
    drawn = np.random.default_rng(seed)
    for day in range(days):
        for number in range(each_day):
            who = drawn.integers(0, 500)
            yield Login(at(day, 8, number), f"user{who:04}", f"100.64.{day}.{number}", guess=f"own{who}-{day}")


def one_shot(day: int, accounts: int, guess: str = "Autumn", per_day: int = 4) -> Iterator[Login]:
    """A password that goes through the directory from addresses that are used once."""
    for number in range(accounts):
        later, of_day = divmod(number, per_day)
        yield Login(
            at(day + later, 9 + 2 * of_day), f"user{number:04}", f"203.0.{number // 250}.{number % 250}", guess=guess
        )


def test_addresses_that_are_used_once_are_accused_each() -> None:
    crew = list(one_shot(20, 40))
    (only,) = found([*slips(30), *crew])
    assert set(only.sources) == {login.source for login in crew}
    assert only.evidence[0].figures["accounts"] == 40
    assert only.detected_at < crew[9].time


def test_people_who_slip_at_new_addresses_are_not_accused_with_them() -> None:
    logins = [*slips(30), *one_shot(20, 40)]
    (only,) = found(logins)
    assert not any(str(source).startswith("100.64.") for source in only.sources)


def test_who_had_the_sprayed_password_wrong_and_then_right_is_not_accused() -> None:
    hotel = [Login(at(22, 10), "user0400", "100.65.0.1", guess="Autumn")]
    hotel.append(Login(at(22, 11), "user0400", "100.65.0.1", "success"))
    (only,) = found([*slips(30), *one_shot(20, 40), *hotel])
    assert "100.65.0.1" not in only.sources


def test_an_address_that_others_sign_in_from_is_not_accused_for_one_account() -> None:
    home = [Login(at(day), "neighbour", "192.0.2.1", "success") for day in range(0, 30, 3)]
    slip = Login(at(22, 10), "user0400", "192.0.2.1", guess="Autumn")
    (only,) = found([*slips(30), *one_shot(20, 40), *home, slip])
    assert "192.0.2.1" not in only.sources


def test_what_the_help_desk_hands_out_is_learnt() -> None:
    """A few people a week fail with it, at new addresses; nobody sprays."""
    desk = [
        Login(at(day, 10), f"user{day:04}", f"100.66.{day}.1", guess="Welcome")
        for day in range(60)
        if day % 7 in (0, 2, 4, 6)
    ]
    assert found([*slips(60), *desk]) == []


def test_what_people_choose_alike_is_learnt() -> None:
    """A world in which there are forty wrong passwords, and everybody has one of them."""
    common = [replace(login, guess=f"{int(login.user[4:]) % 40}") for login in slips(60, 8)]
    assert found(common) == []


def test_a_slow_spray_does_not_become_usual() -> None:
    """Twenty days of the same password: it is seen in the first, and accused to the last."""
    crew = list(one_shot(20, 80))
    (only,) = found([*slips(45), *crew])
    assert set(only.sources) == {login.source for login in crew}


def test_one_person_who_tries_his_password_on_some_mailboxes_is_not_accused() -> None:
    own = [Login(at(20, 10, number), f"box{number:04}", "100.65.0.1", guess="mine") for number in range(12)]
    assert found([*slips(30), *own]) == []


def test_fingerprints_that_differ_by_account_are_not_counted_across_accounts() -> None:
    logins = [replace(login, guess=WITHIN + str(login.guess)) for login in [*slips(30), *one_shot(20, 40)]]
    assert found(logins) == []


def test_without_fingerprints_it_is_silent() -> None:
    assert found([replace(login, guess=None) for login in [*slips(30), *one_shot(20, 40)]]) == []


def chance_week(rng: np.random.Generator, tries: int) -> Evidence:
    """A week of tries on as many accounts, each with a password of its own: fingerprints of 16 bits by chance."""
    moments = pl.Series(np.sort(rng.integers(0, 7 * 86_400_000_000, tries))).cast(pl.Duration("us")) + pl.lit(at())
    times = pl.select(moments).to_series().cast(pl.Datetime("us", "UTC"))
    names = pl.Series([f"user{number}" for number in range(tries)])
    frame = pl.DataFrame({"user": names, "source": "s" + names, "first_t": times})
    pairs = frame.with_columns(known=True, last_t="first_t", first_fail="first_t", last_fail="first_t", ok=0, fail=1)
    empty = {name: pl.lit(None).cast(kind) for name, kind in SCHEMAS["pairs"].items() if name not in pairs.columns}
    guesses = frame.with_columns(guess=pl.Series(rng.integers(0, 65_536, tries)).cast(pl.String), fail=1)
    frames = {
        "pairs": pairs.with_columns(**empty).select(SCHEMAS["pairs"].names()),
        "cells": pl.DataFrame(schema=SCHEMAS["cells"]),
        "guesses": guesses.select(SCHEMAS["guesses"].names()),
        "bins": pl.DataFrame(schema=SCHEMAS["bins"]),
    }
    return Evidence(**coded({name: frame.lazy() for name, frame in frames.items()}), directory=Directory.empty())


@pytest.mark.parametrize("tries", [300, 3000])
def test_chance_gives_no_more_false_alarms_than_it_says(tries: int) -> None:
    """Where one week in five may hold one, no more than that do; what is asked of real logs is too rare to simulate."""
    lenient = Settings(chance=0.2, accounts=2, wide=2)
    rng = np.random.default_rng(11)
    weeks = 120
    alarms = sum(bool(spray.find(chance_week(rng, tries), lenient)) for _ in range(weeks))
    assert alarms <= weeks * 0.2 + 3 * (weeks * 0.2 * 0.8) ** 0.5
    assert timedelta(days=lenient.days) == timedelta(days=7)
