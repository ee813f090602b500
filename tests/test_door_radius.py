"""FreeRADIUS at the door, as a VPN or a wireless network asks it: before and after the password is judged."""

import os
import signal
from collections.abc import Iterator

import pytest

from doors import Door, door, free_port, needs, outcome
from services import KEY, Radius, radius

HOME, AWAY = "198.51.100.9", "203.0.113.9"
ACCEPT, REJECT = "Received Access-Accept", "Received Access-Reject"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    needs("freeradius", "radclient")
    folder = tmp_path_factory.mktemp("door")
    (folder / "key").write_text(KEY)
    (folder / "key").chmod(0o600)
    with door(folder, "--key-file", folder / "key", headers={"X-API-Key": KEY}) as it:
        yield it


@pytest.fixture(scope="module")
def vpn(opened: Door) -> Iterator[Radius]:
    with radius(opened.url) as it:
        yield it


@pytest.fixture(autouse=True)
def _nothing_measured(opened: Door) -> None:
    opened.clear()


def test_right_and_wrong_passwords_of_a_contained_account_are_told_the_same(vpn: Radius, opened: Door) -> None:
    assert vpn.answer("bob", "Right2!", AWAY)[0] == ACCEPT
    opened.measure("contain_account", "bob")
    told = [vpn.answer(*each, AWAY) for each in (("bob", "Right2!"), ("bob", "Wrong1!"), ("nobody", "Wrong1!"))]
    assert {answer for answer, _ in told} == {REJECT}
    assert min(waited for _, waited in told) > 0.9, "each waits for reject_delay"
    assert vpn.answer("ada", "Right1!", AWAY)[0] == ACCEPT
    assert [outcome(each) for each in opened.reports()] == [
        ("bob", "success"),
        ("bob", "right, refused"),
        ("bob", "wrong"),
        ("nobody", "wrong"),
        ("ada", "success"),
    ]


def test_a_blocked_source_is_turned_away_and_nobody_else(vpn: Radius, opened: Door) -> None:
    opened.measure("block_source", AWAY)
    assert vpn.answer("ada", "Right1!", AWAY)[0] == REJECT
    assert vpn.answer("ada", "Right1!", HOME)[0] == ACCEPT
    assert vpn.answer("ada", "Right1!", "00-11-22-33-44-55")[0] == ACCEPT, "a wireless network names no address"
    assert [outcome(each) for each in opened.reports()] == [
        ("ada", "refused"),
        ("ada", "success"),
        ("ada", "success"),
    ]


def test_closed_to_the_outside_but_for_whom_it_spares(vpn: Radius, opened: Door) -> None:
    opened.measure("close_remote", spares=("198.51.100.0/24", "bob"))
    assert vpn.answer("ada", "Right1!", AWAY)[0] == REJECT
    assert vpn.answer("ada", "Right1!", HOME)[0] == ACCEPT
    assert vpn.answer("bob", "Right2!", AWAY)[0] == ACCEPT


def test_a_name_says_nothing_but_itself(vpn: Radius, opened: Door) -> None:
    """It goes to the door in a form, where others part names and values."""
    opened.measure("block_source", AWAY)
    hostile = f"x&remote={HOME}&stage=right&login=ada%00 ü"
    assert vpn.answer(hostile, "Right1!", AWAY)[0] == REJECT
    assert [(each["login"], each["remote"]) for each in opened.reports()] == [(hostile, AWAY)]


def test_a_door_that_hangs_or_is_gone_keeps_nobody_out(vpn: Radius, opened: Door) -> None:
    opened.measure("block_source", AWAY)
    os.kill(opened.process.pid, signal.SIGSTOP)
    try:
        answer, waited = vpn.answer("ada", "Right1!", HOME)
    finally:
        os.kill(opened.process.pid, signal.SIGCONT)
    assert answer == ACCEPT
    assert waited < 4
    with radius(f"http://127.0.0.1:{free_port()}") as alone:
        assert alone.answer("ada", "Right1!", AWAY)[0] == ACCEPT
        assert alone.answer("ada", "Wrong1!", AWAY)[0] == REJECT
