"""Dovecot 2.3 at the door: a source that is blocked, and the trap in which right and wrong passwords look alike."""

import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from conftest import Cli
from doors import Door, door, free_port, needs, wait
from services import KEY, RIGHT, Dovecot, dovecot

HOME, AWAY = "198.51.100.9", "203.0.113.9"
WRONG = "b'[AUTHENTICATIONFAILED] Authentication failed.'"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    needs("dovecot", root=True)
    folder = tmp_path_factory.mktemp("door")
    (folder / "key").write_text(KEY)
    (folder / "key").chmod(0o600)
    with door(folder, "--key-file", folder / "key", headers={"X-API-Key": KEY}) as it:
        yield it


@pytest.fixture(scope="module")
def mail(opened: Door) -> Iterator[Dovecot]:
    with dovecot(opened.url) as it:
        yield it


@pytest.fixture(autouse=True)
def _nothing_measured(opened: Door) -> None:
    opened.clear()


def test_right_and_wrong_passwords_of_a_contained_account_are_told_the_same(
    mail: Dovecot, opened: Door, cli: Cli
) -> None:
    assert mail.answer("bob", RIGHT["bob"], AWAY)[0] == "in"
    opened.measure("contain_account", "bob")
    told = {}
    for login, password in (("bob", RIGHT["bob"]), ("bob", "Wrong1!"), ("ada", "Wrong1!"), ("nobody", "Wrong1!")):
        told[login, password], waited = mail.answer(login, password, AWAY)
        assert 0.4 < waited < 3, "a refusal at once would tell a right password from a wrong one"
    assert set(told.values()) == {WRONG}
    assert mail.answer("ada", RIGHT["ada"], AWAY)[0] == "in", "the others sign in"
    assert [(each["rule"], each["stage"]) for each in opened.log("deny")] == [("contain_account", "after")]
    read = cli("formats", "try", "--json", opened.folder / "reports.jsonl").stdout.splitlines()
    logins = [(each["user_name"], each["outcome"], each.get("reason")) for each in map(json.loads, read)]
    assert logins == [
        ("bob", "success", None),
        ("bob", "challenged", "policy"),  # somebody there has the right password
        ("bob", "failure", "bad_password"),
        ("ada", "failure", "bad_password"),
        ("nobody", "failure", "bad_password"),
        ("ada", "success", None),
    ]


def test_a_blocked_source_is_turned_away_and_nobody_else(mail: Dovecot, opened: Door) -> None:
    opened.measure("block_source", AWAY)
    assert mail.answer("ada", RIGHT["ada"], AWAY)[0] == WRONG
    assert mail.answer("ada", "Wrong1!", AWAY)[0] == WRONG
    assert mail.answer("ada", RIGHT["ada"], HOME)[0] == "in"


def test_closed_to_the_outside_but_for_whom_it_spares(mail: Dovecot, opened: Door) -> None:
    opened.measure("close_remote", spares=("198.51.100.0/24", "bob"))
    assert mail.answer("ada", RIGHT["ada"], AWAY)[0] == WRONG
    assert mail.answer("ada", RIGHT["ada"], HOME)[0] == "in"
    assert mail.answer("bob", RIGHT["bob"], AWAY)[0] == "in"


def test_guesses_wait_and_who_signed_in_there_before_does_not(mail: Dovecot, opened: Door) -> None:
    assert mail.answer("ada", RIGHT["ada"], HOME)[0] == "in"
    opened.measure("slow_guesses")
    answer, waited = mail.answer("ada", RIGHT["ada"], HOME)
    assert (answer, waited < 1.5) == ("in", True)
    answer, waited = mail.answer("ada", RIGHT["ada"], AWAY)
    assert (answer, waited > 1.5) == ("in", True)


def test_what_ends_ends_by_itself(mail: Dovecot, opened: Door) -> None:
    opened.measure("block_source", AWAY, ends=datetime.now(UTC) + timedelta(seconds=3))
    assert mail.answer("ada", RIGHT["ada"], AWAY)[0] == WRONG
    wait(lambda: mail.answer("ada", RIGHT["ada"], AWAY)[0] == "in", "the end", 10)


def test_a_door_that_hangs_or_is_gone_keeps_nobody_out_unless_that_is_wanted(mail: Dovecot, opened: Door) -> None:
    os.kill(opened.process.pid, signal.SIGSTOP)
    try:
        answer, waited = mail.answer("ada", RIGHT["ada"], HOME)
    finally:
        os.kill(opened.process.pid, signal.SIGCONT)
    assert answer == "in"
    assert waited < 3, "half a second before and half a second after the password is judged"
    gone = f"http://127.0.0.1:{free_port()}"
    with dovecot(gone) as open_:
        assert open_.answer("ada", RIGHT["ada"], HOME)[0] == "in"
    with dovecot(gone, "auth_policy_reject_on_fail = yes") as closed:
        assert closed.answer("ada", RIGHT["ada"], HOME)[0] != "in"
