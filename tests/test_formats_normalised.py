"""What shippers and lakes made of sign-ins: read by the product's own format where it still can be, and once."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from lakes import Held
from serjeant.collect.known import envelopes, line_formats, wrappings
from serjeant.collect.parse import parse_lines
from serjeant.collect.time import Clock

AT = "2026-06-05T09:12:33.123Z"
LINE = "Failed password for alice from 192.0.2.7 port 50112 ssh2"
SYSLOG = f"Jun  5 09:12:33 gate sshd[4711]: {LINE}"


def read(*documents: Mapping[str, Any]) -> list[dict[str, Any]]:
    lines = pl.Series([json.dumps(document) for document in documents])
    batch = parse_lines(lines, line_formats(), envelopes(), Clock(ZoneInfo("UTC"), 2026), wrappings=wrappings())
    return batch.rows.to_dicts()


def ecs(module: str, /, *, outcome: str = "failure", **more: Any) -> dict[str, Any]:
    event = {"category": ["authentication"], "type": ["start"], "outcome": outcome, "module": module}
    return {
        "@timestamp": AT,
        "event": event | more.pop("event", {}),
        "user": {"name": "alice"},
        "source": {"ip": "192.0.2.7"},
        "host": {"name": "gate"},
    } | more


SSHD = {"name": "sshd", "pid": 4711}
WINDOWS = {
    "channel": "Security",
    "event_id": "4625",
    "provider_name": "Microsoft-Windows-Security-Auditing",
    "computer_name": "dc1",
    "event_data": {
        "TargetUserName": "alice",
        "SubStatus": "0xc000006a",
        "Status": "0xc000006d",
        "IpAddress": "192.0.2.7",
        "LogonType": "3",
    },
}
OKTA = {
    "actor": {"id": "00u1", "alternateId": "alice"},
    "client": {"ipAddress": "192.0.2.7"},
    "eventType": "user.session.start",
    "outcome": {"result": "FAILURE", "reason": "INVALID_CREDENTIALS"},
    "published": AT,
}

DOCUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "winlogbeat": (
        "windows",
        ecs("security", winlog=WINDOWS, message="An account failed to log on.", process={"name": "lsass.exe"}),
    ),
    "filebeat, the message": ("sshd", ecs("system", message=LINE, process=SSHD)),
    "filebeat, the line": ("sshd", ecs("system", event={"original": SYSLOG}, process=SSHD)),
    "elastic agent, the object": ("okta", ecs("okta", event={"original": json.dumps(OKTA)})),
    "a hit": ("sshd", {"_index": "logs", "_source": ecs("system", message=LINE, process=SSHD)}),
    "a hit of a product": ("okta", {"_index": "okta", "_id": "1", "_source": OKTA}),
    "no line left": (
        "ecs",
        ecs("system", process=SSHD, system={"auth": {"ssh": {"event": "Failed", "method": "password"}}}),
    ),
    "an unknown program's words": (
        "ecs",
        ecs("gate", event={"reason": "wrong password"}, message="not alice", process={"name": "gated"}),
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_one_login_of_the_format_that_knows_most(name: str) -> None:
    form, document = DOCUMENTS[name]
    (row,) = read(document)
    assert row["format"] == form
    assert (row["user_name"], row["src_ip"]) == ("alice", "192.0.2.7")
    assert (row["outcome"], row["reason"]) == ("failure", "bad_password")


def test_many_of_many_kinds_are_each_one_login() -> None:
    """A long run asks first the formats that a sample names."""
    rows = read(*(document for _ in range(300) for _, document in DOCUMENTS.values()))
    assert [row["line"] for row in rows] == list(range(300 * len(DOCUMENTS)))
    assert [row["format"] for row in rows] == [form for form, _ in DOCUMENTS.values()] * 300


def test_a_list_of_hits_is_read_hit_by_hit(tmp_path: Path) -> None:
    hits = [{"_index": "logs", "_source": document} for _, document in DOCUMENTS.values() if "_source" not in document]
    (tmp_path / "answer.json").write_text(json.dumps({"took": 3, "hits": {"total": 9, "hits": hits}}, indent=1))
    held = Held(tmp_path / "lake")
    assert held.read(tmp_path / "answer.json") == []
    assert [line["log_offset"] for line in held.lines()] == list(range(1, len(hits) + 1))


def test_what_sshd_says_in_two_documents_is_one_login(tmp_path: Path) -> None:
    said = [
        ecs("system", process=SSHD, system={"auth": {"ssh": {"event": "Invalid"}}}),
        ecs("system", process=SSHD, system={"auth": {"ssh": {"event": "Failed", "method": "password"}}}),
    ]
    (tmp_path / "auth.json").write_text("".join(json.dumps(each) + "\n" for each in said))
    held = Held(tmp_path / "lake")
    held.read(tmp_path / "auth.json")
    (login,) = held.logins()
    assert (login["outcome"], login["count"]) == ("failure", 1)


SAID = {
    "challenged_mfa": "MFA required/User did not pass the MFA challenge/Multi-factor authentication failed/invalid OTP"
    "/Invalid verification code/Second factor rejected/User denied the push/Strong authentication is required",
    "challenged_expired": "The specified account's password has expired./Your password must be changed"
    "/Password change required/PASSWORD_EXPIRED",
    "challenged_policy": "Access has been blocked by Conditional Access",
    "refused_locked": "Account locked out/ACCOUNT_LOCKED/account is temporarily locked/too many failed attempts",
    "refused_policy": "IP address not allowed/Sign-in blocked/risky sign-in/Rate limit exceeded",
    "refused_backend": "LDAP server unavailable/Connection timed out/Internal server error",
    "failure_disabled": "Account currently disabled./user deactivated/ACCOUNT_DISABLED",
    "failure_expired": "The specified user account has expired.",
    "failure_unknown_account": "User does not exist/USER_NOT_FOUND/no such user/unknown account/Invalid user",
    "failure_bad_password": "INVALID_CREDENTIALS/Invalid username or password/Unknown user name or bad password."
    "/Invalid login/Wrong password/The user name or password is incorrect/VERIFICATION_ERROR/Password mismatch",
    "failure_other": "AUTH_FAILED/Failed authentication/unlocked/asterisk says no/the code is 17",
}


@pytest.mark.parametrize("meaning", SAID)
def test_common_words_mean_what_people_mean_by_them(meaning: str) -> None:
    said = SAID[meaning].split("/")
    rows = read(*(ecs("gate", event={"reason": each}) for each in said))
    outcome, _, reason = meaning.partition("_")
    assert {each: (row["outcome"], row["reason"]) for each, row in zip(said, rows, strict=True)} == dict.fromkeys(
        said, (outcome, reason)
    )


@pytest.mark.parametrize("name", ["mfa", "otp", "second factor", "password expired"])
@pytest.mark.parametrize("schema", ["ocsf", "ecs"])
def test_a_name_cannot_say_that_the_password_was_right(schema: str, name: str) -> None:
    reason = f"no entry for user {name}, wrong password"
    documents = {
        "ecs": ecs("gate", user={"name": name}, event={"reason": reason}),
        "ocsf": {
            "class_uid": 3002,
            "activity_id": 1,
            "status_id": 2,
            "status_detail": reason,
            "time": 1780650753123,
            "user": {"name": name},
        },
    }
    (row,) = read(documents[schema])
    assert row["outcome"] == "failure"
