"""Whole sessions of sshd: each attempt is told once by the witness that counts."""

from collections import Counter
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from serjeant.collect.formats.sshd import FORMAT
from serjeant.collect.known import envelopes
from serjeant.collect.parse import parse_lines
from serjeant.collect.time import Clock

PAM = "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7"
FROM = "from 192.0.2.7 port 50112"

SESSIONS: dict[str, tuple[list[str], dict[tuple[str, str], int]]] = {
    "a typo, then in": (
        [
            PAM + "  user=alice",
            f"Failed password for alice {FROM} ssh2",
            f"Accepted password for alice {FROM} ssh2",
            "pam_unix(sshd:session): session opened for user alice(uid=1000) by (uid=0)",
        ],
        {("daemon", "failure"): 1, ("daemon", "success"): 1, ("pam", "failure"): 1},
    ),
    "three guesses at one name": (
        [
            PAM + "  user=alice",
            f"Failed password for alice {FROM} ssh2",
            f"message repeated 2 times: [ Failed password for alice {FROM} ssh2]",
            "Connection closed by authenticating user alice 192.0.2.7 port 50112 [preauth]",
            PAM.replace("authentication failure;", "x").replace(
                "pam_unix(sshd:auth): x", "PAM 2 more authentication failures;"
            )
            + "  user=alice",
        ],
        {("daemon", "failure"): 3, ("pam", "failure"): 1, ("probe", "failure"): 1},
    ),
    "a name that does not exist": (
        [
            f"Invalid user oracle {FROM}",
            "input_userauth_request: invalid user oracle [preauth]",
            "pam_unix(sshd:auth): check pass; user unknown",
            PAM,
            f"Failed password for invalid user oracle {FROM} ssh2",
            "Disconnected from invalid user oracle 192.0.2.7 port 50112 [preauth]",
        ],
        {("daemon", "failure"): 1, ("pam", "failure"): 1, ("probe", "failure"): 2},
    ),
    "keyboard-interactive, told at the usual level by PAM only": (
        [
            PAM + "  user=alice",
            "error: PAM: Authentication failure for alice from 192.0.2.7",
            "error: PAM: Authentication failure for alice from 192.0.2.7",
            f"Failed keyboard-interactive/pam for alice {FROM} ssh2",
            f"Postponed keyboard-interactive for alice {FROM} ssh2 [preauth]",
        ],
        {("auth", "failure"): 2, ("daemon", "failure"): 1, ("pam", "failure"): 1},
    ),
    "a key ring is tried before its owner is asked": (
        [
            f"Failed none for alice {FROM} ssh2",
            f"Failed publickey for alice {FROM} ssh2: RSA SHA256:QkFTRTY0",
            f"Failed publickey for alice {FROM} ssh2: ED25519 SHA256:QkFTRTY0",
            f"Accepted password for alice {FROM} ssh2",
            "Disconnected from user alice 192.0.2.7 port 50112",
        ],
        {("daemon", "success"): 1},
    ),
    "a second factor": (
        [f"Partial password for alice {FROM} ssh2", f"Failed keyboard-interactive/pam for alice {FROM} ssh2"],
        {("daemon", "challenged"): 1, ("daemon", "failure"): 1},
    ),
    "a monitor that only looks": (
        ["Connection closed by 192.0.2.7 port 50112 [preauth]", "Did not receive identification string from 192.0.2.7"],
        {("probe", "failure"): 1},  # which names nobody, so that settling leaves it out
    ),
}


@pytest.mark.parametrize("name", SESSIONS)
def test_each_witness_of_a_session_tells_its_own_count(name: str) -> None:
    messages, expected = SESSIONS[name]
    lines = [f"Jun  5 09:12:{i:02d} gate sshd[4711]: {message}" for i, message in enumerate(messages)]
    batch = parse_lines(pl.Series(lines), (FORMAT,), envelopes(), Clock(ZoneInfo("UTC"), 2026))
    told: Counter[tuple[str, str]] = Counter()
    for row in batch.rows.iter_rows(named=True):
        told[row["witness"], row["outcome"]] += row["count"]
    assert told == expected
    assert set(batch.rows["session_uid"]) <= {"gate:4711"}
    assert (batch.explained >= 0).all()


def test_a_user_name_of_a_megabyte_is_cut() -> None:
    line = f"Jun  5 09:12:33 gate sshd[1]: Failed password for {'a' * 1_000_000} {FROM} ssh2"
    batch = parse_lines(pl.Series([line]), (FORMAT,), envelopes(), Clock(ZoneInfo("UTC"), 2026))
    assert batch.rows["user_name"].to_list() == ["a" * 256]
    assert batch.rows["src_ip"].to_list() == ["192.0.2.7"]
