"""The connector for accounts of the machine, with chage on files of its own, and with processes that run."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from serjeant.contain.connector import RefusedError
from serjeant.contain.connectors.unix import CONNECTOR, UnixSettings
from serjeant.model.measure import Change, Measure, agrees

NOW = datetime.now(UTC)
ALICE, BOB = 61_001, 61_002

PASSWD = f"""root:x:0:0:root:/root:/bin/sh
daemon:x:1:1::/:/usr/sbin/nologin
alice:x:{ALICE}:{ALICE}:Alice A,,,:/home/alice:/bin/bash
bob:x:{BOB}:{BOB}::/home/bob:/bin/bash
carol:x:61003:61003::/home/carol:/bin/bash
dave:x:61004:61004::/home/dave:/bin/bash
frank:x:61005:61005::/home/frank:/bin/bash
nobody:x:65534:65534::/:/usr/sbin/nologin
"""
SHADOW = """root:*:19000:0:99999:7:::
daemon:*:19000:0:99999:7:::
alice:$y$j9T$not.a.real.salt$nor-a-hash:19100:0:99999:7:::
bob:!$y$j9T$not.a.real.salt$nor-a-hash:19200:1:90:14:30:20900:
carol:*::0:99999:7::1:
frank:*:19100:0:99999:7:::
nobody:*:19000:0:99999:7:::
"""


@pytest.fixture
def settings(tmp_path: Path) -> UnixSettings:
    if os.geteuid() != 0 or shutil.which("chage") is None:
        pytest.skip("needs root and chage")
    etc = tmp_path / "etc"
    etc.mkdir()
    (etc / "passwd").write_text(PASSWD)
    (etc / "shadow").write_text(SHADOW)
    (etc / "shadow").chmod(0o640)
    (etc / "group").write_text("root:x:0:\n")
    return UnixSettings(root=str(tmp_path))


def shadow(settings: UnixSettings) -> str:
    return Path(settings.root, "etc/shadow").read_text()


def measure(action: str, *accounts: str) -> Measure:
    return Measure("P1.1", action, "close", "host", accounts, NOW + timedelta(hours=1), "a test", "erin")


def planned(settings: UnixSettings, it: Measure) -> list[Change]:
    return CONNECTOR.changes(settings, it, CONNECTOR.read(settings, it))


def carry_out(settings: UnixSettings, it: Measure) -> list[Change]:
    """As the executor does it: read, change, read back; and asked again, there is nothing to do."""
    done = planned(settings, it)
    for each in done:
        CONNECTOR.run(settings, each.do, it.ends, NOW)
    state = CONNECTOR.read(settings, it)
    for each in done:
        assert all(agrees(state[name], shape) for name, shape in each.do.after.items())
        CONNECTOR.run(settings, each.do, it.ends, NOW)
    assert planned(settings, it) == []
    return done


@pytest.mark.parametrize(
    ("action", "field", "value"), [("contain_account", 7, "1"), ("force_change", 2, "0")], ids=["contain", "change"]
)
def test_it_is_done_and_taken_back_byte_for_byte(settings: UnixSettings, action: str, field: int, value: str) -> None:
    (done,) = carry_out(settings, measure(action, "alice", "bob", "carol", "mallory"))
    assert "mallory" not in done.do.after, "who is not on this machine has no door here"
    rows = {line.split(":")[0]: line.split(":") for line in shadow(settings).splitlines()}
    was = {line.split(":")[0]: line.split(":") for line in SHADOW.splitlines()}
    for name in ("alice", "bob", "carol"):
        assert rows[name][field] == value
        assert rows[name][:field] + rows[name][field + 1 :] == was[name][:field] + was[name][field + 1 :]
    assert rows["root"] == was["root"]
    assert done.reveals
    assert done.undo is not None
    CONNECTOR.run(settings, done.undo, NOW, NOW)
    assert shadow(settings) == SHADOW
    assert Path(settings.root, "etc/passwd").read_text() == PASSWD


def sign_in(settings: UnixSettings, name: str) -> str:
    """What PAM says to it, with those files in the place of the machine's."""
    files = " && ".join(f"mount --bind {settings.root}/etc/{each} /etc/{each}" for each in ("passwd", "shadow"))
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", f"{files} && exec su --shell /bin/sh --command 'echo in' {name}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
        check=False,
        timeout=30,
    )
    return done.stdout


def test_the_machine_turns_away_whom_it_should_and_nobody_else(settings: UnixSettings) -> None:
    assert sign_in(settings, "alice") == "in\n"
    contained = carry_out(settings, measure("contain_account", "alice"))
    assert "has expired" in sign_in(settings, "alice")
    assert sign_in(settings, "frank") == "in\n"
    undo = contained[0].undo
    assert undo is not None
    CONNECTOR.run(settings, undo, NOW, NOW)
    assert sign_in(settings, "alice") == "in\n"
    carry_out(settings, measure("force_change", "alice"))
    assert "required to change your password" in sign_in(settings, "alice")
    assert sign_in(settings, "frank") == "in\n"


def test_accounts_of_the_system_are_named_and_never_touched(settings: UnixSettings) -> None:
    system = ("root", "daemon", "nobody")
    for action in ("contain_account", "force_change"):
        (change,) = planned(settings, measure(action, "alice", *system))
        with pytest.raises(RefusedError) as refused:
            CONNECTOR.run(settings, change.do, NOW, NOW)
        assert set(refused.value.each) == set(system)
        assert [line for line in shadow(settings).splitlines() if not line.startswith("alice")] == [
            line for line in SHADOW.splitlines() if not line.startswith("alice")
        ]
    with pytest.raises(ValueError, match="1000 at least"):
        UnixSettings(first_uid=0)


def test_who_changed_his_password_meanwhile_is_not_set_back(settings: UnixSettings) -> None:
    (done,) = carry_out(settings, measure("force_change", "alice", "bob"))
    subprocess.run(["chage", "--root", settings.root, "-d", "20400", "alice"], check=True)
    assert done.undo is not None
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(settings, done.undo, NOW, NOW)
    assert refused.value.each == {"alice": "somebody changed it meanwhile"}
    assert shadow(settings) == SHADOW.replace("hash:19100:", "hash:20400:")


def test_an_account_without_an_entry_in_shadow_fails_alone(settings: UnixSettings) -> None:
    (change,) = planned(settings, measure("contain_account", "alice", "dave"))
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(settings, change.do, NOW, NOW)
    assert refused.value.each == {"dave": "has no entry in shadow"}
    assert CONNECTOR.read(settings, measure("contain_account", "alice")) == {"alice": {"expires": 1}}


def test_names_that_attackers_type_are_nobody(settings: UnixSettings) -> None:
    hostile = ("--root=/", "-R", "alice bob", "alice:x", "", "a\nroot", "$(id)", "x" * 1_000_000, "Alice")
    for action in CONNECTOR.actions:
        assert planned(settings, measure(action, *hostile)) == []


@pytest.fixture
def running(settings: UnixSettings) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """What runs as somebody, and says no to being asked to end."""
    code = (
        "import os, signal, sys, time; signal.signal(15, signal.SIG_IGN); os.fork(); print(flush=True); time.sleep(600)"
    )
    started = {}
    for name, uid in (("alice", ALICE), ("bob", BOB)):
        started[name] = subprocess.Popen(
            ["/usr/bin/python3", "-c", code],
            user=uid,
            group=uid,
            extra_groups=(),
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
        )
        stdout = started[name].stdout
        assert stdout is not None
        stdout.readline(), stdout.readline()
    yield started
    subprocess.run(["pkill", "-KILL", "-U", f"{ALICE},{BOB}"], check=False)
    for each in started.values():
        assert each.stdout is not None
        each.stdout.close()
        each.wait()


def alive(uid: int) -> int:
    """How much of it runs; what is dead and not yet buried does not."""
    return len(
        subprocess.run(["pgrep", "-r", "D,I,R,S,T", "-U", str(uid)], check=False, capture_output=True).stdout.split()
    )


def test_whoever_is_signed_in_is_put_out(settings: UnixSettings, running: dict[str, subprocess.Popen[str]]) -> None:
    it = measure("end_sessions", "alice", "carol", "mallory")
    (change,) = planned(settings, it)
    assert (list(change.do.after), change.undo, change.quality) == (["alice"], None, "one-way")
    assert (alive(ALICE), alive(BOB)) == (2, 2)
    CONNECTOR.run(settings, change.do, NOW, NOW)
    assert CONNECTOR.read(settings, it) == {"alice": None, "carol": None, "mallory": None}
    assert running["alice"].wait(5) == -9
    assert (alive(ALICE), alive(BOB)) == (0, 2)
    CONNECTOR.run(settings, change.do, NOW, NOW)
    assert planned(settings, it) == []


def test_nothing_of_the_system_is_ended(settings: UnixSettings, running: dict[str, subprocess.Popen[str]]) -> None:
    (change,) = planned(settings, measure("end_sessions", "root", "alice"))
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(settings, change.do, NOW, NOW)
    assert set(refused.value.each) == {"root"}
    assert Path("/proc", str(os.getpid())).exists()
    assert alive(ALICE) == 0


def test_where_the_files_are_not_there_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="No such file"):
        CONNECTOR.read(UnixSettings(root=str(tmp_path)), measure("contain_account", "alice"))
