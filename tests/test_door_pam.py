"""PAM at the door: a real stack with ``pam_unix``, in a mount namespace with accounts and service files of its own."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from conftest import Cli
from doors import Door, door, needs, outcome, pasted

HOME, AWAY = "198.51.100.9", "203.0.113.9"
PATH = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
IN, WRONG = "pamtester: successfully authenticated", "pamtester: Authentication failure"
PRIVATE = 'for each in pam.d passwd shadow; do mount --bind "$0/$each" "/etc/$each" || exit 99; done; exec "$@"'


class Host:
    """A host with two accounts whose logins ask a door, as docs/door.md says."""

    def __init__(self, folder: Path, door: Door, helper: str) -> None:
        self.folder = folder
        (folder / "pam.d").mkdir(parents=True)
        path = folder / "serjeant-pam"
        path.write_text(helper)
        path.chmod(0o755)
        stack = pasted("auth optional ").replace("/usr/local/lib/serjeant-pam", str(path))
        stack = stack.replace("/run/serjeant/door.sock", str(door.folder / "door.sock")).replace("2000000", "1000000")
        (folder / "pam.d" / "sshd").write_text(stack)
        (folder / "pam.d" / "closed").write_text(stack.replace("door.sock", "gone.sock closed"))
        (folder / "pam.d" / "open").write_text(stack.replace("door.sock", "gone.sock"))
        (folder / "pam.d" / "helpless").write_text(stack.replace(str(path), str(folder / "gone")))
        users = {"root": "", "ada": "Right1!", "bob": "Right2!"}
        rows = [f"{name}:x:{i}:{i}::/nonexistent:/bin/sh\n" for i, name in enumerate(users)]
        (folder / "passwd").write_text("".join(rows))
        script = "print crypt($ARGV[0], q($6$serjeant$))"
        hashes = {
            name: subprocess.run(
                ["perl", "-e", script, password], capture_output=True, encoding="ascii", check=True
            ).stdout
            for name, password in users.items()
        }
        (folder / "shadow").write_text(
            "".join(f"{name}:{found}:20000:0:99999:7:::\n" for name, found in hashes.items())
        )
        (folder / "shadow").chmod(0o600)

    def answer(self, login: str, password: str, remote: str, service: str = "sshd") -> tuple[str, float]:
        """What somebody is told, and after how many seconds."""
        command = ["unshare", "--mount", "sh", "-c", PRIVATE, str(self.folder)]
        command += ["pamtester", "-I", f"rhost={remote}", service, login, "authenticate"]
        began = time.monotonic()
        found = subprocess.run(
            command, input=f"{password}\n", capture_output=True, encoding="utf-8", env=PATH, check=False
        )
        if found.returncode == 99 or "unshare:" in found.stderr:
            pytest.skip("no mount namespaces here")
        told = (found.stdout + found.stderr).replace("Password: ", "").strip()
        return told, time.monotonic() - began


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    needs("pamtester", "unshare", "perl", root=True)
    with door(tmp_path_factory.mktemp("door"), unix=True) as it:
        yield it


@pytest.fixture
def host(opened: Door, tmp_path: Path, cli: Cli) -> Host:
    opened.clear()
    return Host(tmp_path / "etc", opened, cli("door", "--pam-helper").stdout)


def test_right_and_wrong_passwords_of_a_contained_account_are_told_the_same(host: Host, opened: Door) -> None:
    assert host.answer("bob", "Right2!", AWAY)[0] == IN
    opened.measure("contain_account", "bob")
    told = [host.answer(*each, AWAY) for each in (("bob", "Right2!"), ("bob", "Wrong1!"), ("ada", "Wrong1!"))]
    assert {answer for answer, _ in told} == {WRONG}
    assert min(waited for _, waited in told) > 0.4, "each waits as long as a wrong one"
    assert host.answer("ada", "Right1!", AWAY)[0] == IN
    assert [outcome(each) for each in opened.reports()] == [
        ("bob", "success"),
        ("bob", "right, refused"),
        ("bob", "wrong"),
        ("ada", "wrong"),
        ("ada", "success"),
    ]


def test_a_blocked_source_is_turned_away_and_nobody_else(host: Host, opened: Door) -> None:
    opened.measure("block_source", AWAY)
    assert host.answer("ada", "Right1!", AWAY)[0] == WRONG
    assert host.answer("ada", "Right1!", HOME)[0] == IN
    assert host.answer("ada", "Right1!", "")[0] == IN, "at the console"


def test_guesses_wait_and_who_signed_in_there_before_does_not(host: Host, opened: Door) -> None:
    assert host.answer("ada", "Right1!", HOME)[0] == IN
    opened.measure("slow_guesses")
    assert host.answer("ada", "Right1!", HOME)[1] < 2
    answer, waited = host.answer("ada", "Right1!", AWAY)
    assert (answer, waited > 2) == (IN, True)


def test_where_nobody_answers_in_half_a_second_everybody_comes_in_unless_that_is_not_wanted(
    host: Host, opened: Door
) -> None:
    for service, answer in (("open", IN), ("helpless", IN), ("closed", WRONG)):
        assert host.answer("ada", "Right1!", HOME, service)[0] == answer, service
        assert host.answer("ada", "Wrong1!", HOME, service)[0] == WRONG, service
    os.kill(opened.process.pid, signal.SIGSTOP)
    try:
        answer, waited = host.answer("ada", "Right1!", HOME)
    finally:
        os.kill(opened.process.pid, signal.SIGCONT)
    assert answer == IN
    assert waited < 3


@pytest.mark.parametrize(
    "spoken",
    [
        b"",
        b"deny\n",
        b"HTTP/1.1 200 OK\r\n\r\ndeny",
        b"HTTP/1.1 500 Oops\r\n\r\ndeny\n",
        b"HTTP/1.1 200 OK\r\nX: \r\n\r\nslow 100\n",
        b"\xff" * 100_000,
    ],
)
def test_the_helper_takes_nothing_but_a_clear_answer(tmp_path: Path, cli: Cli, spoken: bytes) -> None:
    needs("perl")
    helper = tmp_path / "serjeant-pam"
    helper.write_text(cli("door", "--pam-helper").stdout)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "sock"))
        listening.listen()
        hostile = {"PAM_USER": "x&stage=right\n\xff'\"$(id)", "PAM_RHOST": HOME, "PAM_SERVICE": "sshd"}
        asking = subprocess.Popen(["perl", helper, "before", tmp_path / "sock"], env=PATH | hostile)
        connection, _ = listening.accept()
        with connection:
            asked = connection.recv(65536)
            connection.sendall(spoken)
        assert asking.wait(10) == 1, "go on"
    form = parse_qsl(asked.partition(b"\r\n\r\n")[2].decode())
    assert form == [("stage", "before"), *zip(("login", "remote", "service"), hostile.values(), strict=True)]
