"""The Dovecot connector, against a Dovecot of its own with people signed in."""

import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from serjeant.contain.connector import RefusedError
from serjeant.contain.connectors.dovecot import CONNECTOR, DovecotSettings
from serjeant.model.measure import Change, Measure

NOW = datetime.now(UTC)
PASSWORD = "rook-Ladder-7"
NAMES = ("alice", "bob", "bob@example.org", "carol", "203.0.113.7", "-f", "12345")

CONFIGURATION = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
auth_username_format = %Lu
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/home/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


@dataclass
class Mail:
    port: int
    folder: Path
    settings: DovecotSettings
    sessions: list[imaplib.IMAP4] = field(default_factory=list)

    def sign_in(self, name: str) -> imaplib.IMAP4:
        it = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        self.sessions.append(it)
        it.login(name, PASSWORD)
        return it


def lives(session: imaplib.IMAP4) -> bool:
    try:
        return session.noop()[0] == "OK"
    except (imaplib.IMAP4.abort, OSError):
        return False


@pytest.fixture(scope="module")
def mail() -> Iterator[Mail]:
    if os.geteuid() != 0 or shutil.which("dovecot") is None:
        pytest.skip("needs root and Dovecot")
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name, socket.socket() as free:
        folder = Path(name)
        folder.chmod(0o755)
        for each in ("mail", "home"):
            (folder / each).mkdir()
            (folder / each).chmod(0o777)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        (folder / "users").write_text("".join(f"{each}:{{PLAIN}}{PASSWORD}\n" for each in NAMES))
        conf = folder / "dovecot.conf"
        conf.write_text(CONFIGURATION.format(folder=folder, port=port))
        with subprocess.Popen(["dovecot", "-F", "-c", conf]) as server:
            try:
                _until_it_answers(port)
                yield Mail(port, folder, DovecotSettings(("doveadm", "-c", str(conf))))
            finally:
                server.terminate()
                server.wait(20)


def _until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        with suppress(OSError):
            imaplib.IMAP4("127.0.0.1", port, timeout=5).logout()
            return
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def settings(mail: Mail) -> Iterator[DovecotSettings]:
    yield mail.settings
    for each in mail.sessions:
        each.shutdown()
    mail.sessions.clear()
    deadline = time.monotonic() + 10
    while "username" in subprocess.check_output([*mail.settings.command, "-f", "json", "who", "-1"], encoding="utf-8"):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def measure(*accounts: str) -> Measure:
    return Measure("P1.1", "end_sessions", "close", "mail", accounts, NOW + timedelta(hours=1), "a test", "carol")


def planned(settings: DovecotSettings, it: Measure) -> list[Change]:
    return CONNECTOR.changes(settings, it, CONNECTOR.read(settings, it))


def test_sessions_are_ended_and_those_of_others_go_on(mail: Mail, settings: DovecotSettings) -> None:
    theirs = [mail.sign_in("alice"), mail.sign_in("ALICE"), mail.sign_in("carol")]
    others = [mail.sign_in("bob"), mail.sign_in("bob@example.org")]
    it = measure("alice", "carol", "dave")
    (change,) = planned(settings, it)
    assert change.says == "ends the sessions of 2 accounts"
    assert (change.undo, change.quality, sorted(change.do.after)) == (None, "one-way", ["alice", "carol"])
    CONNECTOR.run(settings, change.do, it.ends, NOW)
    assert [lives(each) for each in theirs] == [False, False, False]
    assert [lives(each) for each in others] == [True, True]
    assert CONNECTOR.read(settings, it) == {"alice": None, "carol": None, "dave": None}
    assert planned(settings, it) == []
    CONNECTOR.run(settings, change.do, it.ends, NOW)
    assert [lives(each) for each in others] == [True, True]


def test_who_signs_in_again_is_seen(mail: Mail, settings: DovecotSettings) -> None:
    mail.sign_in("alice")
    (change,) = planned(settings, measure("alice"))
    CONNECTOR.run(settings, change.do, NOW, NOW)
    mail.sign_in("alice")
    assert planned(settings, measure("alice"))


def test_an_account_that_dovecot_writes_otherwise(mail: Mail, settings: DovecotSettings) -> None:
    full = replace(settings, user_names=("{account}@example.org",))
    other, his = mail.sign_in("bob"), mail.sign_in("bob@example.org")
    (change,) = planned(full, measure("bob"))
    CONNECTOR.run(full, change.do, NOW, NOW)
    assert (lives(other), lives(his)) == (True, False)


def test_a_name_that_stands_for_many_puts_nobody_out(mail: Mail, settings: DovecotSettings) -> None:
    others = [mail.sign_in("alice"), mail.sign_in("203.0.113.7")]
    assert planned(settings, measure("*", "al?ce", "127.0.0.1", "127.0.0.0/8", "0.0.0.0/0", "", "-a")) == []
    it = measure("203.0.113.7")
    (change,) = planned(settings, it)
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(settings, change.do, NOW, NOW)
    assert refused.value.each.keys() == {"203.0.113.7"}
    assert [lives(each) for each in others] == [True, True]


def test_a_name_is_never_an_option(mail: Mail, settings: DovecotSettings) -> None:
    odd, other = [mail.sign_in("-f"), mail.sign_in("12345")], mail.sign_in("alice")
    (change,) = planned(settings, measure("-f", "12345"))
    CONNECTOR.run(settings, change.do, NOW, NOW)
    assert [lives(each) for each in odd] == [False, False]
    assert lives(other)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("/nowhere/doveadm",), "No such file"),
        (("doveadm", "-c", "/nowhere/dovecot.conf"), "doveadm: "),
        (("true",), "words that we do not know"),
        (("echo", "[1]"), "words that we do not know"),
    ],
)
def test_where_dovecot_cannot_be_asked_that_is_said(command: tuple[str, ...], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        CONNECTOR.read(DovecotSettings(command), measure("alice"))
