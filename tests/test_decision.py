"""What a service is told at the door: never-block wins, what has ended decides nothing, and in doubt all may enter."""

import ipaddress
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serjeant.contain.decision import ALLOW, Answer, Decisions, Kept, Request
from serjeant.directory.directory import Directory
from serjeant.directory.single import resolver
from serjeant.model.account import Account

NOW = datetime(2026, 6, 5, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=7)


def entry(until: datetime = LATER, **more: Any) -> dict[str, Any]:
    return {"services": [], "until": until.isoformat(timespec="seconds"), **more}


def file(rules: Mapping[str, Mapping[str, Any]]) -> str:
    return json.dumps({"schema": "serjeant.decisions/1", "rules": rules})


def told(text: str, request: Request, keep: Kept | None = None) -> Answer:
    return Decisions.load(text, keep).decide(request, NOW)


@pytest.mark.parametrize(
    ("written", "remote", "denied"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("192.0.2.0/24", "192.0.2.8", True),
        ("2001:db8:1:2::/64", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::/64", "[2001:db8:1:2::9]", True),
        ("2001:db8:1:2::/64", "2001:db8:1:3::9", False),
        ("0.0.0.0/0", "", False),
        ("0.0.0.0/0", "mail.example.org", False),
        ("0.0.0.0/0", "2001:db8::1", False),
    ],
)
def test_a_blocked_source_is_turned_away_by_its_address_or_its_network(written: str, remote: str, denied: bool) -> None:
    answer = told(file({"block_source": {written: entry()}}), Request("ada", remote))
    assert answer == (Answer("deny", rule="block_source", subject=written) if denied else ALLOW)


@pytest.mark.parametrize(
    ("stage", "trap", "verdict"),
    [
        ("before", False, "deny"),
        ("", False, "deny"),
        ("before", True, "allow"),
        ("after", True, "deny"),
        ("", True, "deny"),
    ],
)
def test_a_blocked_source_falls_into_the_trap_where_that_is_wanted(
    stage: Literal["before", "after", ""], trap: bool, verdict: str
) -> None:
    decisions = Decisions.load(file({"block_source": {"192.0.2.7": entry()}}), trap_sources=trap)
    assert decisions.decide(Request("ada", "192.0.2.7", stage=stage), NOW).verdict == verdict


@pytest.mark.parametrize(("stage", "verdict"), [("before", "allow"), ("after", "deny"), ("", "deny")])
def test_a_contained_account_is_turned_away_once_its_password_was_judged(
    stage: Literal["before", "after", ""], verdict: str
) -> None:
    text = file({"contain_account": {"ada": entry()}})
    assert told(text, Request("Ada", "192.0.2.7", stage=stage)).verdict == verdict
    assert told(text, Request("bob", "192.0.2.7", stage=stage)) == ALLOW


def test_a_contained_account_is_contained_under_every_name_it_has() -> None:
    house = Directory(
        (Account("ada", aliases=("countess",)), Account("bob")), given=True, domains=frozenset({"example.org"})
    )
    decisions = Decisions.load(file({"contain_account": {"ada": entry()}}), account_of=resolver(house))
    for name in ("ada", "ADA@example.org", "EXAMPLE\\ada", "ada+list@example.org", "Countess", "ａｄａ"):
        assert decisions.decide(Request(name, ""), NOW).verdict == "deny", name
    for name in ("bob", "ada@elsewhere.net", ""):
        assert decisions.decide(Request(name, ""), NOW) == ALLOW, name


def test_closed_to_the_outside_but_for_whom_it_spares() -> None:
    text = file({"close_remote": {"close_remote": entry(spares=["198.51.100.0/24", "2001:db8:1::/48", "ada"])}})
    assert told(text, Request("bob", "203.0.113.9")).rule == "close_remote"
    for login, remote in (("ada", "203.0.113.9"), ("bob", "198.51.100.9"), ("bob", "2001:db8:1:7::9"), ("bob", "")):
        assert told(text, Request(login, remote)) == ALLOW


def test_a_guess_waits_and_a_familiar_pair_does_not() -> None:
    decisions = Decisions.load(file({"slow_guesses": {"slow_guesses": entry(seconds=3)}}))
    first = Request("ada", "2001:db8::1", stage="before")
    assert decisions.decide(first, NOW) == Answer("slow", 3, "slow_guesses", "slow_guesses")
    pair = decisions.pair(first)
    assert pair is not None
    assert decisions.decide(Request("ADA", "2001:db8::2"), NOW, {pair}) == ALLOW
    assert decisions.decide(Request("ada", "2001:db8:0:1::2"), NOW, {pair}).verdict == "slow"
    assert decisions.decide(Request("bob", "2001:db8::1"), NOW, {pair}).verdict == "slow"
    assert decisions.decide(Request("bob", "2001:db8::1", stage="after"), NOW) == ALLOW, "it waited before"


def test_a_measure_concerns_the_services_that_it_names() -> None:
    text = file({"block_source": {"192.0.2.7": {**entry(), "services": ["imap", "smtp"]}}})
    assert told(text, Request("ada", "192.0.2.7", "imap")).verdict == "deny"
    assert told(text, Request("ada", "192.0.2.7", "ssh")) == ALLOW
    assert told(text, Request("ada", "192.0.2.7")) == ALLOW


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "null", '{"schema": "other/1", "rules": {}}', '{"schema": "serjeant.decisions/1"}', "[" * 100_000]
    + [file({"block_source": {"192.0.2.7": bad}}) for bad in ({}, entry(services="imap"), entry(spares=[1]), None)]
    + [file({"block_source": {"192.0.2.7": {**entry(), "until": "soon"}}}), file({"block_source": {"x": entry()}})]
    + ['{"schema": "serjeant.decisions/1", "rules": {"block_source": ["192.0.2.7"]}}', file({"shoot": {"a": entry()}})],
)
def test_what_cannot_be_read_lets_everybody_in_and_says_so(text: str) -> None:
    decisions = Decisions.load(text)
    assert decisions.decide(Request("ada", "192.0.2.7"), NOW) == ALLOW
    assert decisions.trouble


def test_one_bad_entry_takes_no_other_with_it() -> None:
    decisions = Decisions.load(file({"block_source": {"x": entry(), "192.0.2.7": entry()}, "shoot": {"a": entry()}}))
    assert decisions.decide(Request("ada", "192.0.2.7"), NOW).verdict == "deny"
    assert len(decisions.trouble) == 2


def test_no_file_is_no_trouble() -> None:
    assert Decisions.load("").trouble == ()


# Whatever stands in the file

LOGINS = ["ada", "bob", "eve", "ADA@example.org"]
ADDRESSES = ["192.0.2.7", "192.0.2.8", "198.51.100.1", "2001:db8::7", "2001:db8:0:1::7", "", "nowhere"]
NETWORKS = ["192.0.2.7", "192.0.2.0/24", "0.0.0.0/0", "2001:db8::/64", "2001:db8::/32", "::/0"]

ends = st.sampled_from([NOW - timedelta(seconds=1), NOW, NOW + timedelta(seconds=1), LATER])
kept = st.lists(st.sampled_from(NETWORKS + LOGINS[:3]), max_size=3)


def entries(ends: st.SearchStrategy[datetime]) -> st.SearchStrategy[dict[str, Any]]:
    services = st.lists(st.sampled_from(["imap", "ssh"]), max_size=1)
    return st.builds(
        lambda until, services, **more: entry(until, **more) | {"services": services},
        ends,
        services,
        spares=kept,
        seconds=st.integers(0, 60),
    )


def rules(ends: st.SearchStrategy[datetime]) -> st.SearchStrategy[dict[str, dict[str, Any]]]:
    each = entries(ends)
    networks = st.dictionaries(st.sampled_from(NETWORKS), each)
    return st.fixed_dictionaries(
        {},
        optional={
            "block_source": networks,
            "slow_guesses": st.one_of(networks, st.fixed_dictionaries({"slow_guesses": each})),
            "contain_account": st.dictionaries(st.sampled_from(LOGINS[:3]), each),
            "close_remote": st.fixed_dictionaries({"close_remote": each}),
        },
    )


requests = st.builds(
    Request, st.sampled_from(LOGINS), st.sampled_from(ADDRESSES), st.sampled_from(["", "imap"]),
    st.sampled_from(["before", "after", ""]),
)  # fmt: skip


def within(remote: str, networks: list[str]) -> bool:
    """Told by the standard library alone."""
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return False
    nets = [ipaddress.ip_network(each) for each in networks if each in NETWORKS]
    return any(address in net for net in nets)


@given(rules(ends), requests, kept, st.booleans())
def test_never_block_wins_over_every_rule(
    rules: dict[str, dict[str, Any]], request: Request, keep: list[str], trap: bool
) -> None:
    answer = Decisions.load(file(rules), Kept.of(keep), trap_sources=trap).decide(request, NOW)
    if within(request.remote, keep):
        assert answer.rule in ("", "contain_account")
    if request.login in keep:
        assert answer.rule in ("", "block_source")
    if answer.rule:
        spares = rules[answer.rule][answer.subject]["spares"]
        assert not within(request.remote, spares)
        assert request.login not in spares


@given(rules(ends), requests)
def test_only_what_has_not_ended_and_concerns_it_decides(rules: dict[str, dict[str, Any]], request: Request) -> None:
    answer = Decisions.load(file(rules)).decide(request, NOW)
    assert (answer.verdict == "allow") == (answer.rule == "")
    if answer.rule:
        decided = rules[answer.rule][answer.subject]
        assert datetime.fromisoformat(decided["until"]) > NOW
        assert not decided["services"] or request.service in decided["services"]


@given(rules(st.just(NOW - timedelta(seconds=1))), requests, st.booleans())
def test_what_has_ended_decides_nothing(rules: dict[str, dict[str, Any]], request: Request, trap: bool) -> None:
    assert Decisions.load(file(rules), trap_sources=trap).decide(request, NOW) == ALLOW


@given(rules(st.just(LATER)), st.sampled_from(LOGINS), st.sampled_from(["before", "after", ""]))
def test_who_comes_from_nowhere_is_turned_away_for_the_account_only(
    rules: dict[str, dict[str, Any]], login: str, stage: Literal["before", "after", ""]
) -> None:
    assert Decisions.load(file(rules)).decide(Request(login, "", stage=stage), NOW).rule in ("", "contain_account")


def test_a_decision_is_a_look_up_however_much_is_blocked() -> None:
    """50,000 sources and 10,000 accounts are asked as fast as one of each."""
    few = {"block_source": {"203.0.113.1": entry()}, "contain_account": {"eve": entry()}}
    many = {
        "block_source": {str(ipaddress.ip_address(0x0A000000 + i)): entry(spares=["ada"]) for i in range(50_000)},
        "contain_account": {f"user{i}": entry() for i in range(10_000)},
    }
    cost = {}
    for name, rules in (("few", few), ("many", many)):
        decisions = Decisions.load(file(rules))
        asked = [Request(f"user{i}", f"10.0.{i % 200}.{i % 250}", "imap", "before") for i in range(2_000)]
        rounds = []
        for _ in range(5):
            began = time.process_time()
            for request in asked:
                decisions.decide(request, NOW)
            rounds.append(time.process_time() - began)
        cost[name] = min(rounds)
    assert cost["many"] < 5 * cost["few"], cost
