"""What every detector of the folder must keep to, whatever it looks for."""

import dataclasses
import typing
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import Login, at, evidence, shuffled
from serjeant.app import Serjeant
from serjeant.config import Settings
from serjeant.detect.detector import Detector
from serjeant.detect.evidence import Evidence, Window, build
from serjeant.detect.run import detectors, findings
from serjeant.directory import csv
from serjeant.errors import UsageError
from serjeant.model.finding import Finding
from serjeant.proving.simulate import simulate
from serjeant.store.engine import Engine
from serjeant.store.lake import Lake

ALL = detectors()
ACCUSING = [each for each in ALL if each.technique]


def by_name(each: Detector) -> str:
    return each.name


every = pytest.mark.parametrize("detector", ALL, ids=by_name)


# Attacks and nuisances by hand, one for each detector


def outage() -> Iterator[Login]:
    """A morning at work; at noon everybody is turned away for ten minutes."""
    for person in range(40):
        for span in range(6):
            yield Login(at(4, 8, 5 * span, person), f"user{person:04}", f"192.0.2.{person}", "success")
        for span in range(2):
            yield Login(at(4, 12, 5 * span, person), f"user{person:04}", f"192.0.2.{person}", guess=f"own{person}")


def stale() -> Iterator[Login]:
    """A telephone that nobody told of the new password."""
    for turn in range(40):
        yield Login(at(4, 0, 20 * turn), "user0001", "198.51.100.7", guess="old")


def source() -> Iterator[Login]:
    """One address, account after account."""
    for number in range(12):
        yield Login(at(4, 9, 3 * number), f"user{number:04}", "203.0.113.9", guess=f"g{number % 2}")


def enumeration() -> Iterator[Login]:
    """One address, names that are no accounts."""
    for number in range(15):
        yield Login(at(4, 9, number), f"name{number}x", "203.0.113.10", known=False, reason="unknown_account")


def excess() -> Iterator[Login]:
    """A rented network: five tries from each address, and nobody ever gets in."""
    for host in range(8):
        for number in range(5):
            yield Login(at(4, 9, host + 10 * number), f"user{5 * host + number:04}", f"203.0.113.{100 + host}")


def depth() -> Iterator[Login]:
    """One account, forty passwords, from addresses that have nothing in common."""
    for number in range(40):
        yield Login(at(4, 9, 10 * number), "chief", f"10.0.{number % 8}.1", guess=f"guess{number}")


def site() -> Iterator[Login]:
    """Every address is used once."""
    for number in range(90):
        yield Login(at(4, 9, 3 * number), f"user{number:04}", f"10.1.{number}.1")


def spray() -> Iterator[Login]:
    """One password, twelve accounts over two days, no address twice."""
    for number in range(12):
        yield Login(at(4, 9 + 3 * number), f"user{number:04}", f"10.3.{number}.1", guess="Autumn")


def egress() -> Iterator[Login]:
    """Thirty people behind one office address for five days; on the fifth somebody there goes through the house."""
    for day in range(5):
        for person in range(30):
            yield Login(at(day, 8, person), f"clerk{person:04}", "198.51.100.200", "success")
    for number in range(90):
        yield Login(at(4, 10, 2 * number), f"member{number:04}", "198.51.100.200")


KINDS: dict[str, Callable[[], Iterator[Login]]] = {
    each.__name__: each for each in (outage, stale, source, egress, enumeration, excess, depth, site, spray)
}


def ordinary() -> Iterator[Login]:
    """A week in which nothing happens but slips."""
    for day in range(7):
        for person in range(12):
            if (person + day) % 5 == 0:
                yield Login(at(day, 7, person), f"user{person:04}", f"192.0.2.{person}", guess=f"slip{day}")
            yield Login(at(day, 7, person + 1), f"user{person:04}", f"192.0.2.{person}", "success")


def town(*kinds: str) -> list[Login]:
    return [*ordinary(), *(login for kind in kinds for login in KINDS[kind]())]


@pytest.fixture(scope="module")
def everything() -> Evidence:
    return evidence(town(*KINDS))


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """A simulated house of 600 over ten days, with every honest nuisance, read as a user's logs are."""
    place = tmp_path_factory.mktemp("quiet")
    simulate("quiet", place / "world", seed=5, accounts=600, days=10)
    return _read(place)


def _read(place: Path) -> Evidence:
    accounts = place / "world" / "accounts.csv"
    Serjeant(place / "out", Settings()).investigate(
        [str(place / "world" / "logs")], now=datetime(2026, 1, 1, tzinfo=UTC), accounts=accounts
    )
    directory, _ = csv.read(accounts, frozenset())
    engine = Engine(place)
    try:
        return build(Lake(place / "out" / "lake"), engine, directory, window=Window())
    finally:
        engine.close()


def found(detector: Detector, tables: Evidence) -> list[Finding]:
    return detector.find(tables, detector.settings())


# Laws


def test_each_detector_has_an_example_here() -> None:
    assert {each.name for each in ALL} == set(KINDS)


def test_names_are_distinct_and_the_module_is_called_so() -> None:
    assert len({each.name for each in ALL}) == len(ALL)
    for each in ALL:
        assert each.find.__module__ == f"serjeant.detect.detectors.{each.name}"


@every
def test_settings_are_frozen_and_each_has_a_default_and_a_help(detector: Detector) -> None:
    kind = detector.settings
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    hints = typing.get_type_hints(kind)
    for each in dataclasses.fields(kind):
        assert each.default is not dataclasses.MISSING, each.name
        assert type(each.default) is hints[each.name]
        assert each.metadata.get("help"), each.name


@every
def test_it_says_what_it_is_blind_to(detector: Detector) -> None:
    assert detector.blind.endswith(".")


@every
def test_nothing_comes_of_nothing(detector: Detector) -> None:
    assert found(detector, evidence([])) == []


@every
def test_nothing_is_found_in_an_ordinary_week(detector: Detector) -> None:
    assert found(detector, evidence(town())) == []


@every
def test_it_finds_its_own_kind(detector: Detector) -> None:
    assert found(detector, evidence(town(detector.name)))


@pytest.mark.parametrize("detector", ACCUSING, ids=by_name)
@pytest.mark.parametrize("nuisance", ["outage", "stale"])
def test_it_does_not_accuse_people_of_an_outage_or_a_forgotten_telephone(detector: Detector, nuisance: str) -> None:
    assert found(detector, evidence(town(nuisance))) == []


@pytest.mark.parametrize("detector", ACCUSING, ids=by_name)
def test_it_is_silent_in_a_quiet_world(detector: Detector, quiet: Evidence) -> None:
    assert quiet.pairs["fail"].sum() > 100
    assert found(detector, quiet) == []


@every
def test_what_it_says_is_well_formed(detector: Detector, everything: Evidence) -> None:
    there = set(everything.pairs["source"])
    users = set(everything.pairs["user"])
    for each in found(detector, everything):
        assert each.detector == detector.name
        assert each.technique == detector.technique
        for moment in (each.first_seen, each.last_seen, each.detected_at):
            assert moment.utcoffset() == timedelta()
        assert each.first_seen <= each.last_seen
        assert each.first_seen <= each.detected_at
        assert set(each.sources) <= there
        assert set(each.accounts) <= users
        assert list(each.sources) == sorted(set(each.sources))
        assert each.evidence
        for told in each.evidence:
            assert told.test == detector.name
            assert told.says.isprintable()
            assert told.figures
            assert all(type(figure) in (int, float, str, bool) for figure in told.figures.values()), told.figures


@pytest.mark.parametrize("detector", ACCUSING, ids=by_name)
def test_nobody_who_signs_in_where_he_always_does_is_accused(detector: Detector, everything: Evidence) -> None:
    homes = {f"192.0.2.{person}" for person in range(40)}
    for each in found(detector, everything):
        assert not homes & set(each.sources)


@pytest.mark.parametrize("detector", ACCUSING, ids=by_name)
def test_it_is_known_as_soon_as_it_was_detected(detector: Detector, everything: Evidence) -> None:
    """``detected_at`` is no hindsight: what had been read by then is enough to find it."""
    logins = town(*KINDS)
    for each in found(detector, everything):
        early = found(detector, evidence([login for login in logins if login.time <= each.detected_at]))
        assert any(other.detected_at == each.detected_at for other in early)


ROWS = st.lists(
    st.builds(
        Login,
        time=st.builds(at, st.integers(0, 6), st.sampled_from([8, 9]), st.sampled_from([0, 5])),
        user=st.sampled_from([f"user{number:04}" for number in range(14)]),
        source=st.sampled_from(["203.0.113.9", "203.0.113.10", "192.0.2.1", "2001:db8::/64"]),
        outcome=st.sampled_from(["success", "failure", "failure", "refused", "challenged"]),
        guess=st.sampled_from([None, "a", "b"]),
        known=st.booleans(),
    ),
    max_size=60,
)


def ties() -> Iterator[Login]:
    """At the moment that decides, something else happens that speaks against it; the order must not matter."""
    for number in range(7):
        yield Login(at(2, 9, number), f"user{number:04}", "203.0.113.20")
    yield Login(at(2, 9, 6), "ada", "203.0.113.20", "success")
    for number in range(12):
        yield Login(at(2, 9, number), f"name{number}x", "203.0.113.30", known=False)
        yield Login(at(2, 9, number if number < 10 else 9), f"user{number:04}", "203.0.113.30")
    for number in range(42):
        yield Login(at(3, 9, number), f"user{number:04}", f"198.51.100.{number % 7}")
    yield Login(at(3, 9, 29), "bob", "198.51.100.99", "success")
    for number in range(4):
        yield Login(at(3, 12), f"chief{number}", f"10.2.{number}.1", count=500)


@every
@settings(max_examples=15)
@given(more=ROWS, seed=st.integers(0, 10_000))
def test_the_order_of_the_rows_changes_nothing(detector: Detector, more: list[Login], seed: int) -> None:
    """Times are whole minutes, so that many rows tie."""
    tables = evidence([*source(), *enumeration(), *depth(), *ties(), *more])
    once = found(detector, tables)
    assert found(detector, tables) == once
    assert found(detector, shuffled(tables, seed)) == once


def test_a_name_tried_day_after_day_is_one_name() -> None:
    """A scanner in the corridor with six wrong names in its memory is no enumeration, however often it tries."""
    logins = [
        Login(at(day, 9, number), f"scan{number}", "192.0.2.200", known=False, reason="unknown_account")
        for day in range(7)
        for number in range(6)
    ]
    assert findings(evidence(town() + logins), {"site": {}}) == []


def test_a_slip_weeks_before_is_not_part_of_the_guessing() -> None:
    """T4 accuses the sources of the days in question, not an hotel of last month."""
    hotel = Login(at(-20), "chief", "198.51.100.50", guess="slip")
    told = [each for each in findings(evidence([hotel, *town("depth")]), {}) if each.detector == "depth"]
    assert told
    assert all("198.51.100.50" not in each.sources for each in told)
    assert all(each.first_seen == at(4, 9) for each in told)


def test_one_account_gives_credit_once() -> None:
    """Whoever owns one account cannot make his address a shared one by signing in every week."""
    owned = [Login(at(day), "ada", "203.0.113.9", "success") for day in range(0, 400, 8)]
    guesses = [Login(at(405, 9, number), f"user{number:04}", "203.0.113.9") for number in range(12)]
    assert any(each.detector == "source" for each in findings(evidence([*owned, *guesses]), {}))


def test_an_account_that_failed_twice_is_told_of_once() -> None:
    again = [replace(login, time=login.time + timedelta(days=9)) for login in source()]
    (only,) = [each for each in findings(evidence([*source(), *again]), {}) if each.detector == "source"]
    assert only.evidence[0].figures["failing_accounts"] == 12
    assert "failed on 12 accounts" in only.evidence[0].says


def test_settings_reach_their_detector() -> None:
    tables = evidence(town("source"))
    assert any(each.detector == "source" for each in findings(tables, {}))
    assert not any(each.detector == "source" for each in findings(tables, {"source": {"threshold": 100.0}}))


@pytest.mark.parametrize("wrong", [{"sauce": {}}, {"source": {"treshold": 1.0}}, {"source": {"threshold": "high"}}])
def test_wrong_settings_are_refused_in_one_line(wrong: dict[str, dict[str, object]]) -> None:
    with pytest.raises(UsageError) as told:
        findings(evidence([]), wrong)
    assert "\n" not in str(told.value)
