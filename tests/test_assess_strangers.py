"""Right at the first try, from an address that is used once: what can be said of whom, and what of how many only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from evidence import Login, at
from serjeant.model.campaign import Undecided
from test_assess import judged, success

BEGIN = 16
FELL = 8


def people(days: int = BEGIN + 4) -> Iterator[Login]:
    """Two hundred at work; each day twelve of them sign in from somewhere new, and one slips there."""
    for day in range(days):
        for person in range(200):
            yield Login(
                at(day, 8, person / 4), f"user{person:04}", f"192.0.2.{person}", "success", client="Thunderbird"
            )
        for n in range(12):
            user = f"user{(day * 12 + n) % 200:04}"
            yield Login(at(day, 9 + n % 8, n), user, f"198.51.{day}.{n}", "success", client="Thunderbird")
        yield Login(at(day, 12), f"user{day % 200:04}", f"198.51.{day}.99", client="Thunderbird")


def crew(client: str) -> Iterator[Login]:
    """Four days, each try from an address of its own; eight are right."""
    for n in range(1200):
        yield Login(at(BEGIN, 6 + n * 0.07), f"user{n % 200:04}", f"10.{n // 250}.{n % 250}.7", client=client)
    for n in range(FELL):
        yield Login(at(BEGIN, 9 + n * 8), f"user{n * 20:04}", f"10.9.{n}.7", "success", client=client)


def test_with_a_tool_of_its_own_each_that_fell_is_named() -> None:
    crews, found = judged([*people(), *crew("curl/7.88")])
    assert {name for name, each in found.items() if each.assessment == "compromised"} == {
        f"user{n * 20:04}" for n in range(FELL)
    }
    assert {each.certainty for each in found.values()} <= {"probable", "confirmed"}
    assert "own tool" in found["user0000"].why[0].says
    assert crews[0].undecided is None


def test_with_everybodys_tool_only_the_number_is_told() -> None:
    crews, found = judged([*people(), *crew("Thunderbird")])
    assert found == {}
    told = crews[0].undecided
    assert isinstance(told, Undecided)
    assert told.low <= FELL <= told.high
    assert told.low <= told.expected <= told.high


def test_who_signs_in_with_another_tool_is_nobodys_victim() -> None:
    traveller = Login(at(BEGIN + 1, 10), "user0150", "203.0.113.77", "success", client="K-9 Mail")
    _, found = judged([*people(), *crew("curl/7.88"), traveller])
    assert "user0150" not in found


@pytest.mark.parametrize("users", [2, 10])
def test_whoever_uses_the_tool_every_day_is_left_alone(users: int) -> None:
    """A few have written scripts with the same client, and move: too many to be sure of anybody."""
    scripts = [
        Login(at(day, 11, n), f"user{190 + n:04}", f"100.64.{day}.{n}", "success", client="curl/7.88")
        for day in range(BEGIN + 4)
        for n in range(users)
    ]
    _, found = judged([*people(), *crew("curl/7.88"), *scripts])
    honest = {f"user{190 + n:04}" for n in range(users)}
    assert not honest & {name for name, each in found.items() if each.assessment == "compromised"}


def test_without_any_day_before_nothing_is_said() -> None:
    logins = [login for login in (*people(), *crew("curl/7.88")) if login.time >= at(BEGIN)]
    _, found = judged([*logins, success("user0001", "203.0.113.5", at(BEGIN + 1))])
    assert not any(each.certainty == "confirmed" for each in found.values())


def test_who_never_had_the_crews_common_tool_is_named_and_who_had_it_is_counted() -> None:
    """Half of the people have Thunderbird; the crew calls itself so, and is right at eight accounts, five of theirs."""
    half = [
        replace(login, client="Outlook") if login.user >= "user0100" and login.client else login for login in people()
    ]
    own = {f"user{n * 20:04}" for n in range(5)}
    crews, found = judged([*half, *crew("Thunderbird")])
    assert {name for name, each in found.items() if each.assessment == "compromised"} == {
        f"user{n * 20:04}" for n in range(5, FELL)
    }
    assert {each.certainty for each in found.values()} == {"probable"}
    assert "never" in found["user0100"].why[0].says
    told = crews[0].undecided
    assert isinstance(told, Undecided)
    assert told.low <= len(own) <= told.high
    assert told.expected > 1
    assert told.high < 2 * len(own)


def test_where_people_change_their_tools_all_the_time_nobody_is_named_for_it() -> None:
    """Each of those who sign in from somewhere new has another client each time."""
    names = ("Thunderbird", "Outlook", "K-9 Mail", "Apple Mail", "Evolution")
    restless = [
        replace(login, client=names[n % 5]) if login.source and login.source.startswith("198.51") else login
        for n, login in enumerate(people())
    ]
    _, found = judged([*restless, *crew("Thunderbird")])
    honest = {login.user for login in people() if login.outcome == "success"} - {
        f"user{n * 20:04}" for n in range(FELL)
    }
    assert not honest & {name for name, each in found.items() if each.assessment == "compromised"}


def test_an_account_of_the_crews_that_signs_in_first_everywhere_hides_nobody() -> None:
    owned = [
        replace(login, time=login.time - timedelta(minutes=2), user="user0199", outcome="success")
        for login in crew("curl/7.88")
    ]
    _, found = judged([*people(), *owned, *crew("curl/7.88")])
    fell = {f"user{n * 20:04}" for n in range(FELL)}
    assert fell <= {name for name, each in found.items() if each.assessment == "compromised"}


def test_who_has_the_crews_client_is_named_when_whoever_reads_the_mail_comes_to_him_and_to_others() -> None:
    """An address that came to the mailboxes of three people of whom two were named, and to nobody else's."""
    half = [
        replace(login, client="Outlook") if login.user >= "user0100" and login.client else login for login in people()
    ]
    reader = [
        Login(at(BEGIN + 3, 20 + n), user, "203.0.113.8", "success", client="Firefox")
        for n, user in enumerate(("user0080", "user0100", "user0120"))
    ]
    colleague = [
        Login(at(BEGIN + 3, 22), user, "203.0.113.9", "success", client="Firefox") for user in ("user0060", "user0001")
    ]
    crews, found = judged([*half, *crew("Thunderbird"), *reader, *colleague])
    fell = {name for name, each in found.items() if each.assessment == "compromised"}
    assert fell == {"user0080", "user0100", "user0120", "user0140"}
    assert found["user0080"].certainty == "probable"
    assert "203.0.113.8" not in crews[0].sources


def test_an_address_that_had_failed_on_others_days_before_is_new_all_the_same() -> None:
    late = Login(at(BEGIN + 2, 23), "user0007", "10.0.1.7", "success", client="curl/7.88")
    _, found = judged([*people(), *crew("curl/7.88"), late])
    assert found["user0007"].assessment == "compromised"


def test_that_an_account_which_fell_is_used_from_elsewhere_accuses_nobody_else() -> None:
    """Those who read a mailbox do it with a client that some of us have; as often as they do, it is their visit."""
    visits = [
        Login(at(BEGIN + 3, n), "user0007", f"203.0.113.{n}", "success", client="Firefox/Linux") for n in range(20)
    ]
    guesser = [Login(at(BEGIN, 8, n), f"user{n + 40:04}", "10.77.7.7", client="curl/7.88") for n in range(60)]
    own = Login(at(BEGIN, 12), "user0007", "10.77.7.7", "success", client="curl/7.88")
    read = Login(at(BEGIN, 13), "user0007", "10.77.7.7", "success", client="Firefox/Linux")
    ours = [Login(at(day, 10), "user0150", "192.0.2.150", "success", client="Firefox/Linux") for day in range(BEGIN)]
    travels = Login(at(BEGIN + 2, 10), "user0150", "203.0.113.150", "success", client="Firefox/Linux")
    _, found = judged([*people(), *crew("curl/7.88"), *guesser, own, read, *visits, *ours, travels])
    assert found["user0007"].assessment == "compromised"
    assert "user0150" not in found


def test_an_address_that_looks_shared_since_somebody_fell_there_first_hides_him_not() -> None:
    """Right at the first try; a day later the same address tries others, with guesses that are told apart."""
    tries = [
        replace(login, guess=f"{n // 300:04x}") if login.outcome == "failure" else login
        for n, login in enumerate(crew("curl/7.88"))
    ]
    first = Login(at(BEGIN, 7), "user0190", "10.88.8.8", "success", client="curl/7.88")
    later = [
        Login(at(BEGIN + 1, 9, n), f"user{n:04}", "10.88.8.8", guess=f"{n % 4:04x}", client="curl/7.88")
        for n in range(5)
    ]
    _, found = judged([*people(), *tries, first, *later])
    assert found["user0190"].assessment == "compromised"


def test_what_one_of_a_campaigns_many_sources_was_seen_with_is_no_tool_of_its() -> None:
    """A passer-by among twelve hundred came with POP3; so does somebody who has a new telephone."""
    stray = [
        Login(at(BEGIN + 1, 9, 4 * n), f"user{n:04}", "10.0.3.7", client="curl/7.88" if n else None, service=service)
        for n, service in enumerate(("pop3", *["imap"] * 11))
    ]
    new = Login(at(BEGIN + 2, 9), "user0150", "203.0.113.40", "success", service="pop3")
    _, found = judged([*people(), *crew("curl/7.88"), *stray, new])
    assert "user0150" not in found
