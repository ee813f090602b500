"""One crew is one campaign and two are two; shared addresses are never the attacker's own."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from evidence import Login, at, evidence
from serjeant.detect.campaigns import campaigns
from serjeant.detect.evidence import Evidence
from serjeant.detect.run import findings
from serjeant.model.campaign import Campaign


def judged(logins: Sequence[Login]) -> tuple[Campaign, ...]:
    tables = evidence(logins)
    return campaigns(findings(tables, {}), tables)


def spray(
    sources: Sequence[str],
    begin: datetime,
    *,
    each: int = 10,
    first: int = 0,
    of: int = 300,
    minutes: float = 1,
    service: str = "imap",
) -> Iterator[Login]:
    """Each source tries ``each`` accounts, going on in the directory where the one before ended."""
    for number, source in enumerate(sources):
        for turn in range(each):
            moment = begin + timedelta(minutes=minutes * (number + turn * len(sources)))
            yield Login(moment, f"user{(first + number * each + turn) % of:04}", source, service=service)


def scattered(count: int, begin: int = 0) -> list[str]:
    """Addresses that have no network in common."""
    return [f"10.{number // 200}.{number % 200}.7" for number in range(begin, begin + count)]


def residents(source: str, people: int, days: int = 6) -> Iterator[Login]:
    """People who sign in every morning."""
    for day in range(days):
        for person in range(people):
            yield Login(at(day, 7, person), f"home{person:04}", source, "success")


def dictionary(source: str, begin: datetime, names: int = 40) -> Iterator[Login]:
    """Names that are on every list, at the SSH gateway."""
    for number in range(names):
        moment = begin + timedelta(seconds=20 * number)
        yield Login(moment, f"admin{number}x", source, known=False, reason="unknown_account", service="ssh")


def test_one_crew_of_two_hundred_sources_is_one_campaign() -> None:
    sources = scattered(200)
    (only,) = judged([*residents("192.0.2.1", 5), *spray(sources, at(4))])
    assert set(only.sources) == set(sources)
    assert only.shared_sources == ()
    assert len(only.accounts) == 300
    assert only.uid == "C1"


def test_a_dictionary_scanner_and_a_sprayer_are_two() -> None:
    logins = [*spray(scattered(30), at(4)), *dictionary("203.0.113.9", at(4, 12))]
    found = judged(logins)
    assert sorted(len(each.sources) for each in found) == [1, 30]
    scanner = min(found, key=lambda each: len(each.sources))
    assert scanner.sources == ("203.0.113.9",)
    assert scanner.accounts == ()
    assert scanner.unknown_tried == 40
    assert "T1589.001" in scanner.techniques


def test_a_crew_that_pauses_three_days_and_changes_service_stays_one() -> None:
    before, after = scattered(20), [*scattered(10), *scattered(10, 20)]
    found = judged([*spray(before, at(4)), *spray(after, at(7), first=100, service="smtp")])
    assert len(found) == 1
    assert set(found[0].sources) == {*before, *after}
    assert {share.name for share in found[0].services} == {"imap", "smtp"}


def test_campaigns_are_numbered_as_they_began() -> None:
    found = judged([*dictionary("203.0.113.9", at(1)), *spray(scattered(30), at(4))])
    assert [each.uid for each in found] == ["C1", "C2"]
    assert found[0].first_seen < found[1].first_seen


def test_many_addresses_on_one_account_are_one_campaign_with_all_of_them() -> None:
    """Each fails once, so none is seen by itself; none of them must be lost on the way."""
    sources = scattered(40)
    (only,) = judged([Login(at(4, 9, 5 * n), "chief", source) for n, source in enumerate(sources)])
    assert set(only.sources) == set(sources)
    assert only.first_seen == at(4, 9)
    assert only.accounts == ("chief",)
    assert only.techniques == ("T1110.001",)


@pytest.mark.parametrize("slip", [False, True], ids=["nobody slipped", "one slipped on the first day"])
def test_an_office_with_an_infected_machine_is_shared_and_not_offered_for_blocking(slip: bool) -> None:
    office = "192.0.2.1"
    first_day = [Login(at(0, 6), "home0003", office)] if slip else []
    found = judged([*first_day, *residents(office, 10), *spray([office], at(5, 12), each=40)])
    assert [each.shared_sources for each in found] == [(office,)]
    assert not any(each.sources for each in found)


def test_of_a_shared_address_only_what_failed_since_counts() -> None:
    office = "192.0.2.1"
    (only,) = judged([*residents(office, 10), *spray([office], at(5, 12), each=40)])
    assert not [account for account in only.accounts if account.startswith("home")]
    assert only.first_seen >= at(3)


def test_a_guesser_who_got_in_somewhere_is_not_shared_for_it() -> None:
    source = "203.0.113.9"
    (only,) = judged([*spray([source], at(4), each=30), Login(at(4, 9, 15), "lucky", source, "success")])
    assert only.sources == (source,)
    assert only.shared_sources == ()


def test_campaigns_do_not_depend_on_the_order_of_the_rows() -> None:
    from evidence import shuffled

    tables = evidence([*residents("192.0.2.1", 5), *spray(scattered(30), at(4)), *dictionary("203.0.113.9", at(3))])
    expected = campaigns(findings(tables, {}), tables)
    assert len(expected) == 2
    for seed in range(5):
        other = shuffled(tables, seed)
        assert campaigns(findings(other, {}), other) == expected


def test_figures_add_up() -> None:
    (only,) = judged([*residents("192.0.2.1", 5), *spray(scattered(50), at(4))])
    assert only.attempts == only.failures == 500
    assert sum(count for _, count in only.tempo) == 500
    assert only.first_seen <= only.detected_at
    assert only.first_seen == at(4)
    assert only.last_seen == at(4) + timedelta(minutes=499)


def test_nothing_is_no_campaign() -> None:
    assert campaigns([], evidence([])) == ()
    assert judged(list(residents("192.0.2.1", 50))) == ()


def test_an_alarm_of_the_site_alone_is_a_campaign_without_sources() -> None:
    """Addresses that are used once: that somebody guesses is known, who is not."""
    quiet = list(residents("192.0.2.1", 5, days=8))
    shots = [Login(at(6, 9, 3 * n), f"user{n:04}", source) for n, source in enumerate(scattered(100))]
    (only,) = judged([*quiet, *shots])
    assert only.sources == ()
    assert len(only.accounts) >= 90
    assert {each.test for each in only.evidence} == {"site"}


def test_evidence_is_told_once_for_each_test() -> None:
    (only,) = judged(list(spray(scattered(30), at(4))))
    tests = [each.test for each in only.evidence]
    assert len(tests) == len(set(tests))
    assert {"source"} <= set(tests)


def test_tables_are_left_as_they_were() -> None:
    tables = evidence(list(spray(scattered(10), at(4))))
    before = [getattr(tables, name).rows() for name in ("pairs", "cells", "guesses", "bins")]
    campaigns(findings(tables, {}), tables)
    assert before == [getattr(tables, name).rows() for name in ("pairs", "cells", "guesses", "bins")]
    assert isinstance(tables, Evidence)


def test_a_crew_whose_first_sources_have_no_account_in_common_is_one_in_the_end() -> None:
    first, rest = scattered(1), scattered(30, 1)
    strangers = [Login(at(4, 14, n), f"gone{n}", first[0], known=False, reason="unknown_account") for n in range(3)]
    sweeps = [login for day in (5, 6) for login in spray(rest, at(day), each=10, first=15 * day)]
    (only,) = judged([*spray(first, at(4), each=12), *strangers, *sweeps])
    assert set(only.sources) == {*first, *rest}


def once_each(count: int, begin: int, day: int, client: str) -> Iterator[Login]:
    """A try from each address, six minutes after the one before."""
    for number, source in enumerate(scattered(count, begin)):
        yield Login(at(day, 8, 6 * number), f"user{(begin + number) % 300:04}", source, client=client)


def settled(days: int) -> Iterator[Login]:
    """People at work, one of whom slips somewhere new each day."""
    for day in range(days):
        for person in range(40):
            yield Login(at(day, 8, person), f"user{person:04}", f"192.0.2.{person}", "success", client="Thunderbird")
        yield Login(at(day, 12), f"user{day % 40:04}", f"198.51.100.{day}", client="Thunderbird")


def test_a_crew_is_not_found_before_it_began_because_another_was_at_work() -> None:
    """The alarm of the whole site is the first one's, and lasts while the second begins."""
    one, two = judged([*settled(18), *once_each(700, 0, 14, "curl"), *once_each(240, 1000, 15, "Go-http-client")])
    assert (len(one.sources), len(two.sources)) == (700, 240)
    assert one.first_seen == at(14, 8)
    assert at(14, 8) < one.detected_at < at(15, 8)
    assert two.first_seen == at(15, 8)
    assert at(15, 8) < two.detected_at < at(15, 12)


def test_what_is_like_no_crew_is_the_share_of_a_crowd_that_is_others() -> None:
    passer_by = [
        Login(at(17, 20, 6 * n), name, "203.0.113.77", service="pop3") for n, name in enumerate(("a", "user3"))
    ]
    (only,) = judged([*settled(18), *once_each(700, 0, 14, "curl"), *passer_by])
    assert len(only.sources) == 700


def test_who_tried_an_account_once_while_a_crew_worked_on_it_is_no_campaign() -> None:
    """Thirty addresses within a day; one of them is a passer-by with a list of names and another service."""
    crew = [
        Login(at(16, 8, 20 * n + turn), "user0007", source, client="curl")
        for n, source in enumerate(scattered(30))
        for turn in range(3)
    ]
    passer_by = [
        Login(at(16, 12, 4 * n), name, "203.0.113.77", known=name == "user0007", service="pop3")
        for n, name in enumerate(("office", "user0007", "scanner", "deploy"))
    ]
    (only,) = judged([*settled(18), *crew, *passer_by])
    assert set(only.sources) == set(scattered(30))


def test_who_slips_on_the_account_that_a_crew_works_on_is_not_accused_with_it() -> None:
    """Each of the crew tries forty passwords; its owner has his wrong twice, from a place that is new."""
    crew = [
        Login(at(16, 8, n + 10 * turn), "user0007", source, guess=f"{n * 40 + turn:05x}", client="curl")
        for n, source in enumerate(scattered(30))
        for turn in range(40)
    ]
    owner = [Login(at(16, 10, n), "user0007", "203.0.113.77", guess=f"fff{n}", client="curl") for n in range(2)]
    (only,) = judged([*settled(18), *crew, *owner])
    assert set(only.sources) == set(scattered(30))
