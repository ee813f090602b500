"""T3: behind an address that many use, somebody guesses."""

from collections.abc import Iterator

import pytest

from evidence import Login, at, evidence
from serjeant.detect.detectors.egress import Settings, find
from test_assess import judged

OFFICE = "198.51.100.200"
DAYS = 10


def office(days: int = DAYS + 1, client: str = "Outlook") -> Iterator[Login]:
    """Forty people at work; each day two visitors mistype there and get in an hour later."""
    for day in range(days):
        for person in range(40):
            yield Login(at(day, 8, person), f"clerk{person:04}", OFFICE, "success", client=client)
        for visitor in range(2):
            user = f"visitor{2 * day + visitor:04}"
            yield Login(at(day, 9, visitor), user, OFFICE, client=client)
            yield Login(at(day, 10, visitor), user, OFFICE, "success", client=client)


def guesser(tries: int, client: str = "curl", right: int = 0) -> Iterator[Login]:
    """Through the house in three hours, right now and then."""
    for number in range(tries):
        outcome = "success" if right and number % (tries // right) == 7 else "failure"
        yield Login(at(DAYS, 12, number * 180 / tries), f"member{number:04}", OFFICE, outcome, client=client)


def test_visitors_who_slip_are_no_attack() -> None:
    assert find(evidence([*office()]), Settings()) == []


@pytest.mark.parametrize("tries", [30, 200])
def test_a_guesser_in_the_office_is_seen_and_the_office_is_shared(tries: int) -> None:
    (finding,) = find(evidence([*office(), *guesser(tries)]), Settings())
    assert finding.sources == (OFFICE,)
    assert len(finding.accounts) == tries
    assert finding.detected_at <= at(DAYS, 16)
    crews, _ = judged([*office(), *guesser(tries)])
    assert [crew.shared_sources for crew in crews] == [(OFFICE,)]
    assert not any(crew.sources for crew in crews)


def test_a_few_slips_more_than_usual_are_no_attack() -> None:
    assert find(evidence([*office(), *guesser(8)]), Settings()) == []


def test_who_fell_there_is_told_by_the_tool() -> None:
    _, found = judged([*office(), *guesser(200, right=4)])
    assert {name for name, each in found.items() if each.assessment == "compromised"} == {
        f"member{50 * number + 7:04}" for number in range(4)
    }
    assert all(each.certainty == "confirmed" for each in found.values())


def test_with_the_tool_of_the_house_who_never_had_it_is_named_and_no_visitor() -> None:
    logins = [*office(), *guesser(200, client="Outlook", right=4)]
    _, found = judged(logins)
    assert set(found) == {each.user for each in logins if each.ok and each.user.startswith("member")}
    assert {each.certainty for each in found.values()} == {"probable"}
