"""Several lines of one attempt are one login; a line that several logs hold is one line; no guess leaves a trace."""

import re
import tempfile
from collections import Counter
from datetime import UTC, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakes import NOW, Held, accepted, failed, stamps, text
from serjeant.app import Serjeant
from serjeant.config import Settings


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return Held(tmp_path / "lake")


def told(held: Held, *lines: str) -> list[tuple[str, str | None, str | None, int]]:
    """The logins of a log: outcome, name, address, attempts."""
    log = held.folder.with_name("a.log")
    log.write_text(text(lines))
    held.read(log)
    assert held.tally().parsed == len(lines)
    return [(row["outcome"], row["user_name"], row["src_ip"], row["count"]) for row in held.logins()]


def pam(at: str, user: str = "alice", pid: int = 4711) -> str:
    return (
        f"{at} gate sshd[{pid}]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= "
        f"rhost=192.0.2.7  user={user}"
    )


def auth(at: str, user: str = "alice", session: str = "Abc+/0123", says: str = "Password mismatch") -> str:
    return f"{at} mail dovecot: auth: passwd-file({user},192.0.2.7,<{session}>): {says}"


def ended(at: str, attempts: int, user: str = "alice", session: str = "Abc+/0123") -> str:
    return (
        f"{at} mail dovecot: imap-login: Disconnected (auth failed, {attempts} attempts in 8 secs): user=<{user}>, "
        f"method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, TLS, session=<{session}>"
    )


def entered(at: str, user: str = "alice", session: str = "Abc+/0123") -> str:
    return (
        f"{at} mail dovecot: imap-login: Login: user=<{user}>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, mpid=1, "
        f"TLS, session=<{session}>"
    )


def test_what_pam_and_the_daemon_say_is_one_attempt(held: Held) -> None:
    lines = [pam("Jun  5 09:12:33"), failed("Jun  5 09:12:35"), failed("Jun  5 09:12:39"), accepted("Jun  5 09:12:45")]
    assert told(held, *lines) == [
        ("failure", "alice", "192.0.2.7", 1),
        ("failure", "alice", "192.0.2.7", 1),
        ("success", "alice", "192.0.2.7", 1),
    ]


def test_what_auth_and_the_login_process_say_is_counted_once(held: Held) -> None:
    lines = [auth("Jun  5 09:12:30"), auth("Jun  5 09:12:33", "bob"), ended("Jun  5 09:12:38", 2, "bob")]
    assert told(held, *lines) == [("failure", "alice", "192.0.2.7", 1), ("failure", "bob", "192.0.2.7", 1)]


def test_who_names_nobody_did_not_try_to_sign_in(held: Held) -> None:
    """Scans, monitors, and browsers that ask before they know that a name is wanted."""
    lines = [
        "Jun  5 09:12:33 gate sshd[4711]: Connection closed by 192.0.2.7 port 50112 [preauth]",
        'Jun  5 09:12:34 web nginx: 192.0.2.7 - - [05/Jun/2026:09:12:34 +0000] "GET / HTTP/1.1" 401 1 "-" "curl/8.5.0"',
        failed("Jun  5 09:12:35"),
    ]
    assert told(held, *lines) == [("failure", "alice", "192.0.2.7", 1)]


def test_whoever_tells_of_most_attempts_is_believed(held: Held) -> None:
    lines = [auth("Jun  5 09:12:30"), ended("Jun  5 09:12:38", 3), auth("Jun  5 09:20:30", session="Other")]
    assert told(held, *lines) == [("failure", "alice", "192.0.2.7", 3), ("failure", "alice", "192.0.2.7", 1)]


def test_a_process_number_that_comes_round_again_is_another_session(held: Held) -> None:
    lines = [
        pam("Jun  5 09:00:00"),
        failed("Jun  5 09:00:02"),
        pam("Jun  5 09:12:33", "bob"),
        failed("Jun  5 09:12:35", "bob"),
    ]
    assert [name for _, name, _, _ in told(held, *lines)] == ["alice", "bob"]


def test_the_same_process_number_on_two_hosts_is_two_sessions(held: Held) -> None:
    lines = [failed("Jun  5 09:00:02", host="gate-a"), pam("Jun  5 09:00:02").replace(" gate ", " gate-b ")]
    assert len(told(held, *lines)) == 2


LINES = [failed(at, f"user{n % 3}", pid=n) for n, at in enumerate(stamps("2026-06-05", timedelta(hours=9), 8))]


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=12), min_size=1, max_size=4))
def test_a_line_counts_as_often_as_the_log_that_has_it_most_often(logs: list[list[int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        held = Held(Path(folder) / "lake")
        for number, lines in enumerate(logs):
            (Path(folder) / f"{number}.log").write_text(text(LINES[line] for line in lines))
        paths = [Path(folder) / f"{number}.log" for number in range(len(logs))]
        held.read(*paths, year=2026)
        expected = Counter[int]()
        for lines in logs:
            expected |= Counter(lines)
        first = Counter(int(row["session_uid"].partition(":")[2]) for row in held.logins())
        assert first == expected
        held.read(*reversed(paths), year=2026)
        assert Counter(int(row["session_uid"].partition(":")[2]) for row in held.logins()) == expected


# guesses

SAID = "1a2b3c"
HASHED = f"Password mismatch (SHA1 of given password: {SAID})"


def test_a_guess_is_told_from_another_and_is_not_what_the_log_says(held: Held) -> None:
    other = HASHED.replace(SAID, "ffffff")
    told(
        held,
        auth("Jun  5 09:12:30", "alice", "A", HASHED),
        auth("Jun  5 09:12:31", "bob", "B", HASHED),
        auth("Jun  5 09:12:32", "bob", "C", other),
        ended("Jun  5 09:12:33", 1, "bob", "C"),
    )
    first, second, third = (row["guess_site"] for row in held.logins())
    assert first == second != third
    assert re.fullmatch("[0-9a-f]{4}", first)
    assert first not in SAID
    elsewhere = Held(held.folder.with_name("elsewhere"))
    (elsewhere.folder / "key").write_text("f" * 32)
    elsewhere.read(held.folder.with_name("a.log"))
    assert {row["guess_site"] for row in elsewhere.lines()} & {first, third} == set()


@pytest.mark.parametrize(
    "right",
    [
        entered("Jun  5 09:12:36"),
        auth("Jun  5 09:12:36", says=f"Password expired (SHA1 of given password: {SAID})"),
        auth("Jun  5 09:12:36", says=f"User is disabled (SHA1 of given password: {SAID})"),
    ],
)
def test_a_right_password_leaves_no_fingerprint(held: Held, right: str) -> None:
    told(held, auth("Jun  5 09:12:30", says=HASHED), ended("Jun  5 09:12:34", 1), right)
    rows = held.logins()
    assert {row["outcome"] for row in rows} > {"failure"}
    assert all((row["guess_site"] is None) == (row["outcome"] != "failure") for row in rows)
    assert all(row["guess_site"] is None for row in held.lines() if row["outcome"] != "failure")


def test_nothing_of_a_password_is_in_what_serjeant_leaves(tmp_path: Path) -> None:
    log = tmp_path / "mail.log"
    log.write_text(
        text(
            [
                auth("Jun  5 09:12:30", "alice", "A", "Password mismatch (SHA1 of given password: 1a2b3c4d5e6f)"),
                auth("Jun  5 09:12:31", "bob", "B", "Password mismatch (given password: hunter2)"),
                auth("Jun  5 09:12:31", "bob", "B", "unknown user (given password: x): hunter2)"),
                auth("Jun  5 09:12:31", "bob", "B", "something new (given password: hunter2)"),
                entered("Jun  5 09:12:32", "carol", "C"),
                auth("Jun  5 09:12:33", "bob", "D", "Password mismatch (given password: hunter2)"),
            ]
        )
    )
    serjeant = Serjeant(tmp_path / "out", Settings())
    for _ in range(2):
        serjeant.write(serjeant.investigate([str(log)], now=NOW.astimezone(UTC)))
    places = [place for place in (tmp_path / "out").rglob("*") if place.is_file()]
    assert {place.suffix for place in places} >= {".parquet", ".json", ".html"}
    for place in places:
        held = place.read_bytes()
        if place.suffix == ".parquet":  # it is compressed
            held += pl.read_parquet(place).write_json().encode()
        for secret in (b"hunter2", b"1a2b3c4d", b"given password"):
            assert secret not in held, place


@pytest.mark.parametrize("rotated_at", [0, 1, 2, 3])
def test_an_attempt_told_on_both_sides_of_midnight_counts_once(tmp_path: Path, rotated_at: int) -> None:
    lines = (
        "2026-06-05T23:59:59+00:00 gate sshd[7]: pam_unix(sshd:auth): authentication failure; "
        "logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=ada\n"
        "2026-06-06T00:00:01+00:00 gate sshd[7]: Failed password for ada from 192.0.2.7 port 50122 ssh2\n"
        "2026-06-06T00:00:05+00:00 gate sshd[9]: Failed password for bob from 192.0.2.8 port 50123 ssh2\n"
        "2026-06-06T23:59:58+00:00 gate sshd[7]: Failed password for ada from 192.0.2.7 port 50124 ssh2\n"
    ).splitlines(keepends=True)
    held = Held(tmp_path / "lake")
    for name, part in (("auth.log.1", lines[:rotated_at]), ("auth.log", lines[rotated_at:])):
        if part:
            (tmp_path / name).write_text("".join(part))
            held.read(tmp_path / name)
    assert [(row["user_name"], row["time"].day, row["time"].hour) for row in held.logins()] == [
        ("ada", 6, 0),
        ("bob", 6, 0),
        ("ada", 6, 23),
    ]
    assert [day.day for day in held.lake.days()] == [5, 6]


def test_a_look_alike_tries_at_the_account_and_never_gets_in_as_it(tmp_path: Path) -> None:
    """Whoever owns the look-alike is another person, and whoever guesses with it means the account."""
    (tmp_path / "accounts.csv").write_text("account\nalice\n")
    log = tmp_path / "mail.log"
    log.write_text(
        text(
            [
                auth("Jun  5 09:12:30", "аlice", "S1"),
                entered("Jun  5 09:13:30", "аlice", "S2"),
                entered("Jun  5 09:14:30", "alice", "S3"),
            ]
        )
    )
    serjeant = Serjeant(tmp_path / "out", Settings())
    serjeant.investigate([str(log)], now=NOW, accounts=tmp_path / "accounts.csv", year=2017)
    [day] = serjeant.lake.days()
    logins = pl.read_parquet(serjeant.lake.table("logins", day)).sort("time")
    assert logins.select("account", "user_name", "outcome", "reason").rows() == [
        ("alice", "аlice", "failure", "unknown_account"),
        (None, "аlice", "success", None),
        ("alice", "alice", "success", None),
    ]
