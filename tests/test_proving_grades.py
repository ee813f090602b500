"""Grades of worlds made by hand, where the right marks are known."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import Login, at, rows
from serjeant.model.assessment import Assessment
from serjeant.model.campaign import Campaign, Coverage
from serjeant.model.campaign import Undecided as Expected
from serjeant.model.finding import Finding
from serjeant.model.incident import Incident, Read
from serjeant.proving.drawn import LABELLED, Drawn
from serjeant.proving.facts import Facts
from serjeant.proving.grade_alarms import grade_alarms
from serjeant.proving.grade_incident import grade_incident
from serjeant.proving.marks import Marks, SourceMarks, Tier, Undecided

# A world of two crews: A tries ten accounts from each of two addresses and falls in twice, and is behind the office's
# address as well; B tries one account from each address, slowly.
HOME, OFFICE, SCANNER = "192.0.2.1", "192.0.2.254", "198.51.100.99"
A = ["203.0.113.1", "203.0.113.2"]
B = [f"198.51.100.{n}" for n in range(1, 9)]
OPERATOR = "203.0.113.200"


def labelled(*parts: tuple[Sequence[Login], str, str, str]) -> pl.DataFrame:
    """Logins with who did them: (logins, actor, crew, phase)."""
    made = [
        rows(logins).with_columns(actor=pl.lit(actor), crew=pl.lit(crew), phase=pl.lit(phase))
        for logins, actor, crew, phase in parts
    ]
    return pl.concat(made).cast(dict(LABELLED)).sort("time")  # type: ignore[arg-type]


def drawn(*parts: tuple[Sequence[Login], str, str, str]) -> Drawn:
    accounts = pl.DataFrame({"account": [f"user{n}" for n in range(40)]})
    return Drawn("by hand", 7, accounts, labelled(*parts))


def honest() -> list[Login]:
    return [
        Login(at(day, 8 + n % 9), f"user{n}", OFFICE if n % 2 else f"192.0.2.{n + 1}", "success")
        for day in range(10)
        for n in range(20)
    ]


def crew_a() -> list[Login]:
    """Twenty-two guesses in an hour; two of them are right."""
    guesses = [
        Login(at(5, 9, 3 * n), f"user{n}", A[n % 2], "success" if n in {12, 19} else "failure") for n in range(20)
    ]
    return [*guesses, Login(at(5, 9, 1), "user3", OFFICE), Login(at(5, 9, 58), "user4", A[0], "challenged")]


def crew_b() -> list[Login]:
    return [Login(at(2 + n, 14), f"user{20 + n}", B[n], "success" if n == 7 else "failure") for n in range(8)]


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts.of(
        drawn(
            (honest(), "honest", "", ""),
            ([Login(at(1, 3), "root", SCANNER, known=False)], "background", "", ""),
            (crew_a(), "attack", "A", "spray"),
            ([Login(at(6, 2), "user12", OPERATOR, "success")], "attack", "A", "access"),
            (crew_b(), "attack", "B", ""),
        )
    )


def campaign(sources: Iterable[str], detected: datetime, shared: Iterable[str] = ()) -> Campaign:
    return Campaign(
        uid="C",
        techniques=("T1110.003",),
        classes=(),
        first_seen=detected,
        last_seen=detected,
        detected_at=detected,
        attempts=1,
        failures=1,
        sources=tuple(sources),
        shared_sources=tuple(shared),
        accounts=(),
        unknown_tried=0,
        coverage=Coverage(0, 0, all_accounts=False),
        evidence=(),
    )


def fell(account: str, certainty: str = "confirmed", level: str = "compromised") -> Assessment:
    return Assessment(account, level, certainty, "C", None, (), (), ())


def incident(campaigns: Sequence[Campaign] = (), accounts: Sequence[Assessment] = (), guards: int = 0) -> Incident:
    return Incident(
        generated_at=at(),
        first=at(),
        last=at(10),
        read=Read(),
        status="attack" if campaigns else "quiet",
        campaigns=tuple(campaigns),
        accounts=tuple(accounts),
        guards=tuple(Finding("outage", "", at(), at(), at()) for _ in range(guards)),
    )


def perfect() -> Incident:
    return incident(
        [campaign([*A, OPERATOR], at(5, 9, 21), [OFFICE]), campaign(B, at(4, 14))],
        [fell("user12"), fell("user19"), fell("user27", "probable"), fell("user4", "confirmed", "suspected")],
    )


# The truth


def test_the_truth_is_what_the_labels_say(facts: Facts) -> None:
    assert [(crew.name, crew.attempts, crew.slow) for crew in facts.crews] == [("A", 22, False), ("B", 8, True)]
    assert [(user, crew) for user, crew, _ in facts.fallen.sort("user").iter_rows()] == [
        ("user12", "A"),
        ("user19", "A"),
        ("user27", "B"),
    ]
    assert facts.known - set(facts.fallen["user"]) == {"user4"}
    own = facts.sources.filter("own")
    assert set(own["source"]) == {*A, *B, OPERATOR}
    assert own.filter(source=OPERATOR)["tried"].item() == 0
    assert OFFICE in facts.honest
    assert SCANNER not in facts.honest
    assert facts.noise == 0


def test_noise_is_what_looks_like_a_lone_guess_and_is_none() -> None:
    lone = [Login(at(1, 3), "user1", SCANNER), Login(at(2, 3), "user1", SCANNER), Login(at(2, 3), "user2", SCANNER)]
    stranger = Login(at(1, 3), "nobody", SCANNER, known=False)
    at_home = Login(at(1, 7), "user2", "192.0.2.3")
    world = drawn(
        (honest(), "honest", "", ""), ([*lone, stranger, at_home], "background", "", ""), (crew_b(), "attack", "B", "")
    )
    assert Facts.of(world).noise == pytest.approx(2 / Facts.of(world).days)


# Answers


def test_the_perfect_answer_has_the_perfect_marks(facts: Facts) -> None:
    marks = grade_incident(facts, perfect())
    assert (marks.alarms, marks.false_alarms) == (2, 0)
    first, second = marks.crews
    assert first.hours == pytest.approx(21 / 60)
    assert (first.attempts, first.lost, first.fallen) == (9, 0, 2)
    assert (second.hours, second.attempts, second.lost, second.fallen) == (48, 3, 0, 1)
    assert first.whole
    assert second.whole
    assert marks.sources == SourceMarks(
        named=11, right=11, many=2, many_named=2, few=8, few_named=8, offered=11, honest=0
    )
    assert marks.tiers == {"confirmed": Tier(2, 2), "probable": Tier(1, 1), "held": Tier(1, 1)}
    assert (marks.found, marks.fallen) == (3, 3)


def test_silence_finds_nothing_and_accuses_nobody(facts: Facts) -> None:
    marks = grade_incident(facts, incident())
    assert (marks.alarms, marks.false_alarms, marks.found) == (0, 0, 0)
    assert [(crew.hours, crew.lost, crew.pieces) for crew in marks.crews] == [(None, 2, 0), (None, 1, 0)]
    assert not any(crew.whole for crew in marks.crews)
    assert marks.sources == SourceMarks(many=2, few=8)
    assert marks.tiers == {}


def test_to_blame_everybody_is_dear(facts: Facts) -> None:
    everybody = sorted({*facts.logins["source"]})
    users = sorted({*facts.logins["user"]})
    marks = grade_incident(facts, incident([campaign(everybody, at(5, 10))], [fell(user) for user in users]))
    assert marks.sources.many_named == 2
    assert marks.sources.right == 12
    assert marks.sources.named == len(everybody)
    assert marks.sources.honest == 11
    assert marks.tiers["confirmed"] == Tier(len(users), 3)
    assert all(crew.merged for crew in marks.crews)


def test_an_alarm_before_the_attack_is_false_and_no_merit(facts: Facts) -> None:
    marks = grade_incident(facts, incident([campaign(A, at(5, 8))]))
    assert marks.false_alarms == 1
    assert marks.crews[0].hours is None
    assert marks.crews[0].lost == 2


def test_honest_people_in_a_campaign_of_their_own_are_a_false_alarm(facts: Facts) -> None:
    marks = grade_incident(facts, incident([campaign([OFFICE, HOME, SCANNER], at(5, 12))]))
    assert (marks.false_alarms, marks.of_strangers) == (1, 0)
    assert (marks.sources.named_honest, marks.sources.honest) == (2, 2)
    assert marks.crews[0].hours is None


def test_passers_by_are_told_apart(facts: Facts) -> None:
    ours = grade_incident(facts, incident([campaign([SCANNER], at(5, 12)), campaign([], at(1))]))
    assert (ours.false_alarms, ours.of_strangers) == (2, 1)
    told = alarms((at(1), SCANNER, None), (at(1), HOME, None))
    theirs = grade_alarms(facts, "rival", told, blocks=True)
    assert (theirs.false_alarms, theirs.of_strangers, theirs.sources.honest) == (2, 1, 1)


def test_a_crew_in_two_campaigns_is_split_and_two_in_one_are_merged(facts: Facts) -> None:
    split = grade_incident(facts, incident([campaign(A[:1], at(5, 10)), campaign(A[1:], at(5, 10))]))
    assert [(crew.pieces, crew.merged) for crew in split.crews] == [(2, False), (0, False)]
    merged = grade_incident(facts, incident([campaign([*A, *B], at(5, 10))]))
    assert [(crew.pieces, crew.merged) for crew in merged.crews] == [(1, True), (1, True)]


def test_a_stray_address_merges_no_crews(facts: Facts) -> None:
    told = grade_incident(facts, incident([campaign([*A, OPERATOR], at(5, 10)), campaign([*B[1:], HOME], at(5, 10))]))
    assert all(crew.whole for crew in told.crews)
    assert told.sources.honest == 1


def test_an_alarm_of_the_whole_site_finds_whoever_is_at_work(facts: Facts) -> None:
    site = grade_incident(facts, incident([campaign([], at(3, 14))]))
    assert [crew.hours for crew in site.crews] == [None, 24]
    assert site.false_alarms == 0
    early = grade_incident(facts, incident([campaign([], at(1))]))
    assert early.false_alarms == 1


def test_what_is_only_attributed_is_not_offered_for_blocking(facts: Facts) -> None:
    sure = replace(campaign([*A, HOME], at(5, 10)), attributed_sources=(HOME,))
    marks = grade_incident(facts, incident([sure]))
    assert (marks.sources.named, marks.sources.offered, marks.sources.honest) == (3, 2, 0)


def test_what_cannot_be_told_is_held_against_what_fell_unnamed(facts: Facts) -> None:
    sure = replace(campaign(A, at(5, 10)), undecided=Expected(1.2, 0.1, 3.0))
    also = replace(campaign(B, at(5, 10)), undecided=Expected(0.5, 0.0, 1.0))
    marks = grade_incident(facts, incident([sure, also], [fell("user12"), fell("user19", "possible", "suspected")]))
    assert marks.undecided == Undecided(0.1, 1.7, 4.0, 2)
    assert marks.undecided.right
    assert grade_incident(facts, perfect()).undecided is None


def test_lines_that_only_inform_are_counted(facts: Facts) -> None:
    assert grade_incident(facts, incident(guards=3)).information == 3


# Rivals


def alarms(*each: tuple[datetime, str | None, str | None]) -> pl.DataFrame:
    table = pl.DataFrame(
        {
            "time": [time for time, _, _ in each],
            "rule": ["rule"] * len(each),
            "source": pl.Series([source for _, source, _ in each], dtype=pl.String),
            "account": pl.Series([account for _, _, account in each], dtype=pl.String),
        },
        schema_overrides={"time": pl.Datetime("us", "UTC")},
    )
    return table.with_columns(until=pl.col("time") + timedelta(minutes=10))


def test_a_rival_that_names_the_crew_has_found_it(facts: Facts) -> None:
    marks = grade_alarms(facts, "rival", alarms((at(5, 9, 12), A[0], None)), blocks=True)
    assert (marks.alarms, marks.false_alarms) == (1, 0)
    assert [crew.hours for crew in marks.crews] == [pytest.approx(0.2), None]
    assert (marks.sources.many_named, marks.sources.many, marks.sources.honest) == (1, 2, 0)


def test_a_rival_that_blocks_the_office_blocks_honest_people(facts: Facts) -> None:
    told = alarms((at(1), OFFICE, None), (at(5, 9, 30), OFFICE, None))
    blocking = grade_alarms(facts, "rival", told, blocks=True)
    assert (blocking.false_alarms, blocking.sources.offered, blocking.sources.honest) == (1, 1, 1)
    assert blocking.crews[0].hours == pytest.approx(0.5)
    assert grade_alarms(facts, "rival", told, blocks=False).sources.honest == 0


def test_the_same_alarm_a_hundred_times_a_day_is_one(facts: Facts) -> None:
    many = alarms(*((at(1, 9, n / 10), HOME, None) for n in range(100)))
    marks = grade_alarms(facts, "rival", many, blocks=False)
    assert (marks.alarms, marks.false_alarms) == (1, 1)


def test_an_alarm_without_an_address_is_right_when_the_failures_were_the_attackers(facts: Facts) -> None:
    site = grade_alarms(facts, "rival", alarms((at(1, 12), None, None), (at(5, 9, 30), None, None)), blocks=False)
    assert (site.alarms, site.false_alarms) == (2, 1)
    assert site.crews[0].hours == pytest.approx(0.5)
    account = grade_alarms(
        facts, "rival", alarms((at(5, 9, 30), None, "user3"), (at(5, 9, 30), None, "user30")), blocks=False
    )
    assert account.false_alarms == 1
    assert [crew.hours for crew in account.crews] == [pytest.approx(0.5), None]


def test_a_silent_rival_has_no_marks(facts: Facts) -> None:
    marks = grade_alarms(facts, "rival", alarms(), blocks=True)
    assert (marks.alarms, marks.sources.named) == (0, 0)
    assert [(crew.hours, crew.lost) for crew in marks.crews] == [(None, 2), (None, 1)]


# Laws

ADDRESSES = [HOME, OFFICE, SCANNER, OPERATOR, *A, *B, "203.0.113.77"]
MOMENTS = st.builds(at, st.integers(0, 10), st.integers(0, 23))


@given(
    said=st.lists(st.tuples(st.sets(st.sampled_from(ADDRESSES)), MOMENTS), max_size=4),
    accounts=st.sets(st.sampled_from([f"user{n}" for n in range(40)])),
)
def test_counts_are_parts_of_their_wholes(
    facts: Facts, said: list[tuple[set[str], datetime]], accounts: set[str]
) -> None:
    answer = incident([campaign(sorted(each), moment) for each, moment in said], [fell(each) for each in accounts])
    marks = grade_incident(facts, answer)
    sources = marks.sources
    assert 0 <= sources.right <= sources.named
    assert 0 <= sources.honest <= sources.offered <= sources.named
    assert (sources.many_named, sources.few_named) <= (sources.many, sources.few)
    assert 0 <= marks.false_alarms <= marks.alarms == len(said)
    assert (
        sum(tier.true for tier in marks.tiers.values()) == marks.found == len(accounts & {"user12", "user19", "user27"})
    )
    for crew in marks.crews:
        assert 0 <= crew.lost <= crew.fallen
        assert crew.hours is None or crew.hours >= 0
        assert (crew.hours is None) <= (crew.lost == crew.fallen)
    turned = replace(answer, campaigns=answer.campaigns[::-1], accounts=answer.accounts[::-1])
    assert grade_incident(facts, turned) == marks


def test_marks_can_be_kept_as_json(facts: Facts) -> None:
    marks = replace(grade_incident(facts, perfect()), undecided=Undecided(0.5, 2.0, 5.0, 3), seconds=1.5)
    assert Marks.from_json(json.loads(json.dumps(marks.as_json()))) == marks
    silent = grade_incident(facts, incident())
    assert Marks.from_json(json.loads(json.dumps(silent.as_json()))) == silent
