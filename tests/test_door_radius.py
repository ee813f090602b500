"""FreeRADIUS at the door, as a VPN or a wireless network asks it: before and after the password is judged."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from doors import Door, door, end, free_port, needs, outcome, pasted

HOME, AWAY = "198.51.100.9", "203.0.113.9"
ACCEPT, REJECT = "Received Access-Accept", "Received Access-Reject"
KEY = "correct-horse-battery"
PATH = {"PATH": "/usr/sbin:/usr/bin:/bin"}


@dataclass
class Radius:
    """A running one."""

    port: int

    def answer(self, login: str, password: str, remote: str) -> tuple[str, float]:
        """What a gateway is told, without what differs in every answer, and after how many seconds."""
        name = "".join(f"\\{byte:03o}" for byte in login.encode())
        asked = f'User-Name = "{name}", User-Password = "{password}", Calling-Station-Id = "{remote}"\n'
        began = time.monotonic()
        found = subprocess.run(
            ["radclient", "-x", "-r", "1", "-t", "10", f"127.0.0.1:{self.port}", "auth", "testing123"],
            input=asked, capture_output=True, encoding="utf-8", env=PATH, check=False,
        )  # fmt: skip
        lines = found.stdout.splitlines()
        at = next((i for i, line in enumerate(lines) if line.startswith("Received ")), len(lines))
        return "\n".join([line.split(" Id ")[0] for line in lines[at:]]), time.monotonic() - began


@contextmanager
def radius(url: str) -> Iterator[Radius]:
    """One that asks a door, as docs/door.md says."""
    folder, port = Path(tempfile.mkdtemp(prefix="serjeant-radius-")), free_port()
    (folder / "users").write_text('ada Cleartext-Password := "Right1!"\nbob Cleartext-Password := "Right2!"\n')
    module = pasted("rest door {").replace("http://127.0.0.1:14001", url).replace("THE-KEY", KEY)
    (folder / "radiusd.conf").write_text(f"""
libdir = /usr/lib/freeradius
logdir = {folder}
run_dir = {folder}
pidfile = {folder}/pid
log {{
  destination = files
  file = {folder}/log
}}
security {{
  reject_delay = 1
  status_server = no
  allow_vulnerable_openssl = yes
}}
client localhost {{
  ipaddr = 127.0.0.1
  secret = testing123
}}
thread pool {{
  start_servers = 2
  max_servers = 4
  min_spare_servers = 1
  max_spare_servers = 2
}}
modules {{
  always ok {{
    rcode = ok
  }}
  always reject {{
    rcode = reject
  }}
  expr {{
  }}
  files {{
    filename = {folder}/users
  }}
  pap {{
  }}
  {module}
}}
server default {{
  listen {{
    type = auth
    ipaddr = 127.0.0.1
    port = {port}
  }}
  {pasted("authorize {")}
}}
""")
    with (folder / "out").open("wb") as to:
        process = subprocess.Popen(
            ["freeradius", "-f", "-l", "stdout", "-d", folder, "-n", "radiusd"], stdout=to, stderr=to, env=PATH
        )
    try:
        ends = time.monotonic() + 20
        while "Ready to process requests" not in (folder / "out").read_text():
            assert process.poll() is None, (folder / "out").read_text()
            assert time.monotonic() < ends
            time.sleep(0.1)
        yield Radius(port)
    finally:
        end(process)
        shutil.rmtree(folder)


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
