"""The curve of the report: no hour is missing, and what was to be expected is what other days show."""

from evidence import Login, at, evidence
from serjeant.detect.hours import hours
from serjeant.model.incident import Hour


def _hours(logins: list[Login]) -> tuple[Hour, ...]:
    tables = evidence(logins)
    return hours(tables.bins, tables.cells)


def test_every_hour_is_there_and_nothing_is_lost() -> None:
    logins = [
        Login(at(0, 9), "ada", "192.0.2.1", count=3),
        Login(at(0, 12), "ada", "192.0.2.1", reason="backend"),
        Login(at(1, 9), "ada", "192.0.2.1", "success"),
    ]
    found = _hours(logins)
    assert len(found) == 25
    assert found[0].hour == at(0, 9)
    assert (found[0].failures, found[3].failures, found[24].successes) == (3, 1, 1)
    assert sum(each.failures for each in found) == 4


def test_expected_is_the_median_of_days_alike() -> None:
    """Monday to Monday: working days know nothing of the weekend, and one loud day does not move them."""
    weekdays = [2, 4, 100, 4, 2, 50, 50, 3]
    logins = [Login(at(day, 9), "ada", "192.0.2.1", count=n) for day, n in enumerate(weekdays)]
    found = {each.hour: each for each in _hours(logins)}
    assert found[at(2)].expected_failures == 3.5
    assert found[at(5)].expected_failures is None


def test_nothing_is_expected_from_two_days() -> None:
    found = _hours([Login(at(day), "ada", "192.0.2.1") for day in range(2)])
    assert {each.expected_failures for each in found} == {None}


def test_no_logins_no_hours() -> None:
    assert _hours([]) == ()
