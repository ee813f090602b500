"""Crews: one that changes its tools stays one, two at once stay two."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from serjeant.detect.crews import Node, crews

BEGIN = datetime(2024, 6, 3, 9, tzinfo=UTC)
HOUR = int(BEGIN.timestamp()) // 3600


def node(number: int, tool: str, first: float, last: float, **other: object) -> Node:
    """A source at work from one hour to another, counted from the begin, on twenty of two hundred accounts."""
    hours = tuple((HOUR + hour, 5) for hour in range(int(first), int(last) + 1))
    known: dict[str, object] = {
        "users": frozenset(f"user{(number * 7 + n) % 200}" for n in range(20)),
        "known_share": 1.0,
        "per_user": 1.0,
        "networks": frozenset({f"10.{number}.0.0/24"}),
    }
    begin, end = (BEGIN + timedelta(hours=hour) for hour in (first, last))
    return Node((f"10.{number}.0.1",), begin, end, tools=frozenset({tool}), hours=hours, **known | other)  # type: ignore[arg-type]


def crew(first: int, size: int, tool: str, begin: float, end: float, **other: object) -> Iterator[Node]:
    for number in range(size):
        yield node(first + number, tool, begin + number / size, end, **other)


def ordered(*parts: Iterator[Node]) -> list[Node]:
    return sorted((each for part in parts for each in part), key=lambda each: each.first)


def test_one_crew_is_one() -> None:
    assert len(crews(ordered(crew(0, 40, "curl", 0, 100)))) == 1


def test_two_at_once_with_tools_of_their_own_are_two() -> None:
    found = crews(ordered(crew(0, 40, "curl", 0, 100), crew(50, 30, "Go-http-client", 30, 130)))
    assert sorted(len(each.sources) for each in found) == [30, 40]


def test_one_that_changes_tool_and_addresses_for_a_day_is_one() -> None:
    found = crews(
        ordered(crew(0, 30, "curl", 0, 47), crew(50, 30, "Go-http-client", 48, 71), crew(100, 30, "curl", 72, 120))
    )
    assert [len(each.sources) for each in found] == [90]


def test_one_that_changes_in_the_middle_of_an_hour_is_one() -> None:
    """For four hours: in the first and the last both are seen."""
    other = crew(50, 30, "BAV2ROPC", 20.3, 23.5)
    found = crews(ordered(crew(0, 30, "curl", 0, 20), other, crew(100, 30, "curl", 23, 60)))
    assert [len(each.sources) for each in found] == [90]


def test_one_with_several_tools_from_begin_to_end_is_one() -> None:
    found = crews(ordered(crew(0, 30, "Outlook", 0, 100), crew(50, 30, "Thunderbird", 0.5, 100)))
    assert [len(each.sources) for each in found] == [60]


def test_brute_force_at_one_account_is_not_the_sprayer_who_tries_it_too() -> None:
    """With the same tool, at the same time."""
    brute = crew(50, 20, "curl", 10, 90, users=frozenset({"user7"}), per_user=400.0)
    found = crews(ordered(crew(0, 40, "curl", 0, 100), brute))
    assert sorted(len(each.sources) for each in found) == [20, 40]


def test_a_handful_that_tries_while_a_crew_rests_takes_no_turns_with_it() -> None:
    """A passer-by comes at any hour; whoever goes on with a crew's work goes on at its tempo."""
    passers_by = [node(200 + n, "pop3", 104 + n, 104.1 + n) for n in range(3)]
    found = crews(ordered(crew(0, 40, "curl", 0, 100), iter(passers_by)))
    assert max(len(each.sources) for each in found) == 40


def test_a_few_with_a_tool_of_one_crew_are_not_the_other_that_rests() -> None:
    few = node(200, "curl", 110, 110.5)
    found = crews(ordered(crew(0, 60, "curl", 0, 200), crew(70, 40, "Go", 30, 100), iter([few])))
    assert sorted(len(each.sources) for each in found) == [40, 61]


@pytest.mark.parametrize("seed", range(3))
def test_every_source_is_in_one_crew(seed: int) -> None:
    nodes = ordered(crew(seed, 20, "curl", 0, 50), crew(60, 20, "python", 7 * seed, 90), crew(120, 5, "Go", 300, 310))
    told = [source for each in crews(nodes) for source in each.sources]
    assert sorted(told) == sorted(source for each in nodes for source in each.sources)
