"""What no measure may do, whoever wants it."""

import ipaddress
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acting import block, contain
from serjeant.contain.guardrails import Guarded, guarded, too_many
from serjeant.contain.networks import within

v4 = st.ip_addresses(v=4).map(str)
v6 = st.ip_addresses(v=6).map(lambda address: str(ipaddress.ip_network(f"{address}/64", strict=False)))
sources = st.one_of(v4, v6)


@st.composite
def networks(draw: st.DrawFn) -> str:
    address = draw(st.ip_addresses())
    length = draw(st.integers(0, 32 if address.version == 4 else 64))
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))


@given(st.lists(sources, min_size=1, unique=True), st.lists(networks(), max_size=4))
def test_never_block_always_wins(subjects: list[str], never: list[str]) -> None:
    """Whatever else forbids it or not: nothing in those networks is left, and all of it is told by that rule."""
    keep = Guarded(never_block=tuple(never), own=("198.51.100.0/24",), shared=frozenset(subjects[:1]))
    left, dropped = guarded(block("P1.1", *subjects), keep)
    safe = {
        subject
        for subject in subjects
        if any(
            ipaddress.ip_network(subject).overlaps(ipaddress.ip_network(network))
            for network in never
            if ipaddress.ip_network(subject).version == ipaddress.ip_network(network).version
        )
    }
    assert {each.subject for each in dropped if each.rule == "never_block"} == safe
    assert not safe & set(left.subjects if left else ())
    assert {each.subject for each in dropped} | set(left.subjects if left else ()) == set(subjects)


@pytest.mark.parametrize(
    ("subject", "keep", "rule"),
    [
        ("198.51.100.7", Guarded(own=("198.51.100.0/24",)), "own_networks"),
        ("198.51.100.7", Guarded(shared=frozenset({"198.51.100.7"})), "shared_source"),
        ("198.51.0.0/16", Guarded(), "too_wide"),
        ("2001:db8::/32", Guarded(), "too_wide"),
        ("0.0.0.0/0", Guarded(never_block=("192.0.2.7/32",)), "never_block"),
        ("2001:db8:1:2::/64", Guarded(own=("2001:db8:1::/48",)), "own_networks"),
    ],
)
def test_a_source_that_must_not_be_blocked(subject: str, keep: Guarded, rule: str) -> None:
    left, dropped = guarded(block("P1.1", subject), keep)
    assert left is None
    assert [each.rule for each in dropped] == [rule]


@pytest.mark.parametrize("action", ["contain_account", "end_sessions", "force_change", "revoke_tokens"])
@pytest.mark.parametrize(
    ("keep", "rule"),
    [
        (Guarded(administrators=frozenset({"ada"})), "administrators"),
        (Guarded(never_contain=frozenset({"ada"})), "never_contain"),
        (Guarded(fell=frozenset({"bob"})), "only_attacked"),
    ],
)
def test_an_account_that_must_not_be_touched(action: str, keep: Guarded, rule: str) -> None:
    left, dropped = guarded(replace(contain("P1.1", "ada", "bob"), action=action), keep)
    assert left is not None
    assert left.subjects == ("bob",)
    assert [(each.subject, each.rule) for each in dropped] == [("ada", rule)]


def test_a_closed_house_lets_in_those_who_can_open_it() -> None:
    closed = replace(block("P1.1"), action="close_remote", spares=("cleo",))
    keep = Guarded(own=("192.0.2.0/24",), never_block=("198.51.100.0/28",), administrators=frozenset({"ada"}))
    left, _ = guarded(closed, keep)
    assert left is not None
    assert set(left.spares) == {"192.0.2.0/24", "198.51.100.0/28", "ada", "cleo"}


def test_a_second_person_is_needed_beyond_the_hours_share() -> None:
    assert not too_many(50, 0, 50)
    assert too_many(51, 0, 50)
    assert too_many(1, 50, 50)
    assert not too_many(0, 500, 50)


@given(st.lists(st.one_of(sources, st.none(), st.text(max_size=20)), max_size=20), st.lists(networks(), max_size=4))
def test_sources_within_networks_are_those_that_python_says(given_sources: list[str | None], wide: list[str]) -> None:
    def inside(text: str | None) -> bool:
        try:
            own = ipaddress.ip_network(text or "", strict=False)
        except ValueError:
            return False
        if own.version == 4 and "/" in (text or ""):
            return False
        return any(
            own.subnet_of(each)  # type: ignore[arg-type]
            for each in map(ipaddress.ip_network, wide)
            if each.version == own.version
        )

    assert within(pl.Series(given_sources, dtype=pl.String), wide).to_list() == [inside(it) for it in given_sources]
