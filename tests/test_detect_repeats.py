"""The same wrong password again is no new guess, unless it is a crew's."""

from collections.abc import Iterator

import pytest

from evidence import Login, at, evidence
from serjeant.detect.tables import WITHIN

PHONE = "198.51.100.{}"
"""Addresses of one mobile network."""


def forgotten(guess: str = "old") -> Iterator[Login]:
    """A telephone with the password of last month, from a new address of its network every day."""
    for day in range(10):
        for turn in range(5):
            yield Login(at(day, 8, turn), "user0001", PHONE.format(day), guess=guess)


@pytest.mark.parametrize("guess", ["old", WITHIN + "old"])
def test_a_forgotten_telephone_is_one_first_contact_on_whatever_address(guess: str) -> None:
    contacts = evidence(forgotten(guess)).contacts
    assert contacts.select("user", "source", "failed").rows() == [("user0001", PHONE.format(0), True)]


def test_it_is_one_first_contact_after_weeks_of_silence_as_well() -> None:
    again = [Login(at(day), "user0001", PHONE.format(1), guess="old") for day in (0, 20, 40)]
    assert len(evidence(again).contacts) == 1


def test_another_wrong_password_counts() -> None:
    other = Login(at(5, 12), "user0001", PHONE.format(9), guess="new")
    assert evidence([*forgotten(), other]).contacts["source"].to_list() == [PHONE.format(0), PHONE.format(9)]


def test_what_cannot_be_told_apart_is_no_repetition() -> None:
    unknown = [Login(at(day), "user0001", PHONE.format(day)) for day in range(5)]
    assert len(evidence(unknown).contacts) == 5
    half = [
        Login(at(day), "user0001", PHONE.format(day), guess="old" if turn else None)
        for day in range(5)
        for turn in (0, 1)
    ]
    assert len(evidence(half).contacts) == 5


def test_another_network_is_another_contact() -> None:
    """What a traveller's telephone does a crew could do as well."""
    logins = [
        Login(at(0), "user0001", "198.51.100.1", guess="old"),
        Login(at(1), "user0001", "203.0.113.1", guess="old"),
    ]
    assert len(evidence(logins).contacts) == 2


def test_a_rented_network_that_goes_through_one_list_counts_each_time() -> None:
    crew = [
        Login(at(host, 9, number), f"user{number:04}", f"203.0.113.{host}", guess="Autumn")
        for host in range(3)
        for number in range(8)
    ]
    assert len(evidence(crew).contacts) == len(crew)


def test_who_signs_in_afterwards_is_still_seen() -> None:
    mended = Login(at(9, 20), "user0001", PHONE.format(9), "success")
    last = evidence([*forgotten(), mended]).contacts.sort("time").rows(named=True)[-1]
    assert (last["source"], last["failed"]) == (PHONE.format(9), False)


def test_the_tables_stay_as_they_are() -> None:
    tables = evidence(forgotten())
    before = tables.pairs.clone(), tables.guesses.clone()
    assert len(tables.contacts) == 1
    assert tables.pairs.equals(before[0])
    assert tables.guesses.equals(before[1])
    assert tables.pairs["fail"].sum() == 50
