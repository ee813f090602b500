"""T1: that somebody guesses, and which addresses nearly all of it can be laid to."""

from collections.abc import Iterator

import pytest

from evidence import Login, at, evidence
from serjeant.detect.detectors.site import Settings, find

QUIET_DAYS = 14


def honest(days: int = QUIET_DAYS + 2) -> Iterator[Login]:
    """Forty people at work from the address they have; each day one of them slips somewhere new."""
    for day in range(days):
        for person in range(40):
            yield Login(at(day, 8, person), f"user{person:04}", f"192.0.2.{person}", "success", client="Thunderbird")
        yield Login(at(day, 12), f"user{day % 40:04}", f"198.51.100.{day}", client="Thunderbird")


def crowd(tries: int, client: str = "curl") -> Iterator[Login]:
    """Each try from an address of its own."""
    for number in range(tries):
        address = f"10.{number // 250}.{number % 250}.1"
        yield Login(at(QUIET_DAYS, 9, number * 480 / tries), f"user{number % 40:04}", address, client=client)


def test_nothing_is_said_of_people_who_slip() -> None:
    assert find(evidence([*honest()]), Settings()) == []


@pytest.mark.parametrize("tries", [150, 600])
def test_a_crowd_is_told_from_those_who_slip_in_the_same_hours(tries: int) -> None:
    whole, theirs = find(evidence([*honest(), *crowd(tries)]), Settings())
    assert whole.sources == ()
    assert len(theirs.sources) == tries
    assert all(source.startswith("10.") for source in theirs.sources)
    assert float(theirs.evidence[0].figures["others_expected"]) < tries / 100


def test_a_crowd_too_small_to_be_sure_of_is_nobodys() -> None:
    """That somebody guesses is plain; which of forty addresses are his is not, one in a hundred being allowed."""
    (whole,) = find(evidence([*honest(), *crowd(40)]), Settings())
    assert whole.sources == ()


def test_whoever_signs_in_from_an_address_is_not_laid_to_the_crowd() -> None:
    late = Login(at(QUIET_DAYS + 1, 7), "user0003", "10.0.3.1", "success")
    _, theirs = find(evidence([*honest(), *crowd(300), late]), Settings())
    assert "10.0.3.1" not in theirs.sources
    assert len(theirs.sources) == 299


def test_passers_by_with_their_lists_of_names_are_another_kind_than_who_knows_ours() -> None:
    """One of their names is ours by chance; the crew leaves out no more than one in a hundred who left."""
    scanners = [
        Login(at(day, 3 + n, m), f"{name}{day}" if m else "user0001", f"203.0.{day}.{n}", known=not m, client="curl")
        for day in range(QUIET_DAYS + 2)
        for n in range(3)
        for m, name in enumerate(("", "jenkins", "hadoop"))
    ]
    each = [
        Login(at(QUIET_DAYS, 9, n), f"user{(n * 3 + m) % 40:04}", f"10.0.{n}.1", client="curl")
        for n in range(200)
        for m in range(3)
    ]
    _, theirs = find(evidence([*honest(), *scanners, *each]), Settings())
    assert set(theirs.sources) == {f"10.0.{n}.1" for n in range(200)}


def test_no_crowd_is_told_where_nothing_quiet_went_before() -> None:
    """Without quiet hours nobody knows what is usual."""
    logins = [*honest(4)] + [
        Login(at(0, 0, 7 * n), f"user{n % 40:04}", f"10.0.{n % 250}.{n // 250}") for n in range(800)
    ]
    assert all(not each.sources for each in find(evidence(logins), Settings()))
