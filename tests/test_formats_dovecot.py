"""Whole sessions of Dovecot: login process and auth tell of the same attempts, tied by the session."""

from zoneinfo import ZoneInfo

import polars as pl
import pytest

from serjeant.collect.formats.dovecot import FORMAT
from serjeant.collect.known import envelopes
from serjeant.collect.parse import parse_lines
from serjeant.collect.time import Clock

CLIENT = "user=<alice>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, TLS, session=<Abc>"

SESSIONS = {
    "2.3": [
        "auth: passwd-file(alice,192.0.2.7,<Abc>): Password mismatch (SHA1 of given password: 1a2b3c)",
        "auth: passwd-file(alice,192.0.2.7,<Abc>): Password mismatch (SHA1 of given password: 4d5e6f)",
        f"imap-login: Disconnected (auth failed, 2 attempts in 8 secs): {CLIENT}",
    ],
    "2.4": [
        "auth(alice,192.0.2.7,sasl:plain)<Abc>: passwd-file: Password mismatch (SHA1 of given password: 1a2b3c)",
        "auth(alice,192.0.2.7,sasl:plain)<Abc>: passwd-file: Password mismatch (SHA1 of given password: 4d5e6f)",
        f"imap-login: Login aborted: Connection closed (auth failed, 2 attempts in 8 secs) (auth_failed): {CLIENT}",
    ],
    "two databases": [
        "auth: passwd-file(alice,192.0.2.7,<Abc>): unknown user (SHA1 of given password: 1a2b3c)"
        " - trying the next passdb",
        "auth: pam(alice,192.0.2.7,<Abc>): unknown user (SHA1 of given password: 1a2b3c)",
        "auth: passwd-file(alice,192.0.2.7,<Abc>): unknown user (SHA1 of given password: 4d5e6f)"
        " - trying the next passdb",
        "auth: pam(alice,192.0.2.7,<Abc>): unknown user (SHA1 of given password: 4d5e6f)",
        f"imap-login: Disconnected (auth failed, 2 attempts in 8 secs): {CLIENT}",
    ],
}


def read(messages: list[str]) -> pl.DataFrame:
    lines = [f"Jun  5 09:12:{i:02d} mail dovecot: {message}" for i, message in enumerate(messages)]
    batch = parse_lines(pl.Series(lines), (FORMAT,), envelopes(), Clock(ZoneInfo("UTC"), 2026))
    assert (batch.explained >= 0).all()
    return batch.rows


@pytest.mark.parametrize("version", SESSIONS)
def test_both_witnesses_count_the_same_attempts_of_one_session(version: str) -> None:
    rows = read(SESSIONS[version])
    counts = rows.group_by("witness").agg(pl.col("count").sum()).sort("witness")
    assert counts.rows() == [("auth", 2), ("daemon", 2)]
    assert set(rows["session_uid"]) == {"Abc"}
    assert rows["guess_site"].to_list() == ["1a2b3c", "4d5e6f", None]
    assert set(rows["outcome"]) == {"failure"}


def test_a_right_password_is_no_failure_whatever_becomes_of_it() -> None:
    rows = read(
        [
            f"imap-login: Login: {CLIENT}",
            f"imap-login: Maximum number of connections from user+IP exceeded (x=10): {CLIENT}",
            f"imap-login: Disconnected (auth service reported temporary failure): {CLIENT}",
        ]
    )
    assert rows["outcome"].to_list() == ["success", "refused", "refused"]
    assert rows["reason"].to_list() == [None, "policy", "backend"]
