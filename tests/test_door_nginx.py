"""nginx at the door: ``auth_request`` before a page, and behind ``auth_basic`` the same trap as at Dovecot."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from doors import Door, door, free_port, needs
from services import KEY, get, nginx

HOME, AWAY = "198.51.100.9", "203.0.113.9"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    needs("nginx")
    folder = tmp_path_factory.mktemp("door")
    (folder / "key").write_text(KEY)
    (folder / "key").chmod(0o600)
    with door(folder, "--key-file", folder / "key", headers={"X-API-Key": KEY}) as it:
        yield it


@pytest.fixture(scope="module")
def web(opened: Door) -> Iterator[int]:
    with nginx(opened.url) as port:
        yield port


@pytest.fixture(autouse=True)
def _nothing_measured(opened: Door) -> None:
    opened.clear()


def test_a_blocked_source_sees_no_page_and_the_others_do(web: int, opened: Door) -> None:
    assert get(web, "/", AWAY)[:2] == (200, "mail")
    opened.measure("block_source", AWAY, "2001:db8::/64")
    assert get(web, "/", AWAY)[0] == 403
    assert get(web, "/", "2001:db8::9")[0] == 403
    assert get(web, "/", HOME)[:2] == (200, "mail")
    assert get(web, "/", AWAY, **{"X-Real-IP": HOME})[0] == 403, "a client cannot say where it comes from"
    assert "block_source" not in str(get(web, "/", AWAY))


def test_right_and_wrong_passwords_of_a_contained_account_are_told_the_same(web: int, opened: Door) -> None:
    """To the letter, the header's too."""
    assert get(web, "/mail/", AWAY, "bob", "Right2!")[0] == 200
    opened.measure("contain_account", "bob")
    right, wrong = get(web, "/mail/", AWAY, "bob", "Right2!"), get(web, "/mail/", AWAY, "bob", "Wrong1!")
    assert right == wrong == get(web, "/mail/", AWAY, "nobody", "Wrong1!")
    assert right[0] == 401
    assert get(web, "/mail/", AWAY, "ada", "Right1!")[0] == 200
    known = [(each["login"], each["policy_reject"], each["attrs"]["verified"]) for each in opened.reports()]
    assert known == [("bob", True, "1")], "the right one was told of, and the wrong one not"


def test_closed_to_the_outside_but_for_whom_it_spares(web: int, opened: Door) -> None:
    opened.measure("close_remote", spares=("198.51.100.0/24",))
    assert get(web, "/", AWAY)[0] == 403
    assert get(web, "/", HOME)[0] == 200


def test_a_door_that_hangs_or_is_gone_keeps_nobody_out(web: int, opened: Door) -> None:
    opened.measure("block_source", AWAY)
    os.kill(opened.process.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert get(web, "/", HOME)[0] == 200
        assert time.monotonic() - began < 3
    finally:
        os.kill(opened.process.pid, signal.SIGCONT)
    assert get(web, "/", AWAY)[0] == 403
    with nginx(f"http://127.0.0.1:{free_port()}") as alone:
        assert get(alone, "/", AWAY)[0] == 200
