"""Other projects' labelled lines, read by our rules. Nothing of them is printed when all is well."""

import ipaddress
import json
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from serjeant.collect.batch import UNPARSED, Batch
from serjeant.collect.known import envelopes, line_formats
from serjeant.collect.parse import parse_lines
from serjeant.collect.time import Clock
from serjeant.collect.trial import alone
from serjeant.config import Settings

LEFT_OUT = {
    ("panther_identity_events", "Azure.Audit"): (3, "its resultType says Success, which upstream takes for an error"),
    ("panther_identity_events", "Snowflake.LoginHistory"): (1, "a sign-out"),
    ("beats_filebeat_apache2", "auditd.log"): (1, "a counter of failures is set back; nobody is let in"),
    ("sshguard", "postfix"): (2, "no SMTP was spoken, or nothing said: nobody tried to sign in"),
    ("sshguard", "120"): (1, "a name server that answers no question of strangers"),
    ("crowdsec_hub_auth", "adguardhome"): (1, "the address is what the client wrote as Host"),
    ("crowdsec_hub_auth", "exim"): (2, "mail for nobody, which needs no sign-in"),
    ("crowdsec_hub_auth", "fireflyiii"): (8, "an attempt before its outcome, which another line tells"),
    ("crowdsec_hub_auth", "ssh"): (2, "PAM speaks beside sshd, which tells of the attempt itself"),
    ("crowdsec_hub_auth", "prowlarr"): (6, "upstream takes the quotes for a part of the name"),
    ("crowdsec_hub_auth", "radarr"): (6, "upstream takes the quotes for a part of the name"),
    ("crowdsec_hub_auth", "sonarr"): (6, "upstream takes the quotes for a part of the name"),
}
"""Rows that we read otherwise than they are labelled, by set and service: how many, and why."""

SHARE = {
    "panther_identity_events": 0.96,
    "beats_filebeat_apache2": 0.99,
    "sshguard": 0.98,
    "crowdsec_hub_auth": 0.96,
}
"""What must be read as it is labelled, rows left out counted as misread."""


def agrees(row: dict[str, Any], ours: dict[str, Any]) -> bool:
    """Whether a login is what a row's label says; a right password without its second factor failed, too."""
    expected, outcome = row["expected"], ours.get("outcome")
    if expected["outcome"] is None:
        return outcome != "failure"
    if outcome not in ({"success"} if expected["outcome"] == "success" else {"failure", "challenged", "refused"}):
        return False
    if expected["user"] and row.get("user_in_raw") and folded(expected["user"]) != folded(ours.get("user_name") or ""):
        return False
    if expected["source_ip"] and row.get("ip_in_raw"):
        told = ours.get("src_ip")
        return told is not None and address(told) == address(expected["source_ip"])
    return True


def address(text: str) -> object:
    given = ipaddress.ip_address(text)
    return getattr(given, "ipv4_mapped", None) or given


def folded(name: str) -> str:
    return name.strip().lower().rpartition("\\")[2]


@pytest.mark.parametrize("name", SHARE)
def test_labelled_lines_of_others_are_read_as_they_are_labelled(name: str, shared_data: Path, tmp_path: Path) -> None:
    """By the command that judges each line by itself, whatever wrote it."""
    labelled = (shared_data / "conformance" / f"{name}.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in labelled]
    lines = tmp_path / "lines"
    lines.write_text("".join(row["raw"] + "\n" for row in rows))
    told = [login or {} for login in alone(lines, Settings(), None)]
    assert len(told) == len(rows)
    strict = [(row, ours) for row, ours in zip(rows, told, strict=True) if row["strict"]]
    wrong = [row for row, ours in strict if not agrees(row, ours)]
    left_out = {service: count for (where, service), (count, _) in LEFT_OUT.items() if where == name}
    assert Counter(row["service"] for row in wrong) == left_out
    assert not [row["service"] for row in wrong if row["expected"]["outcome"] is None]
    assert 1 - len(wrong) / len(strict) >= SHARE[name]


def parse(lines: list[str]) -> Batch:
    return parse_lines(pl.Series(lines, dtype=pl.String), line_formats(), envelopes(), Clock(ZoneInfo("UTC"), 2017))


def test_every_line_of_a_real_log_is_accounted_for(shared_data: Path) -> None:
    for path in sorted((shared_data / "logs" / "sshd" / "umm_2011").glob("*/secure*")):
        read = parse(path.read_text(errors="replace").splitlines())
        assert not (read.verdicts == UNPARSED).sum(), path.name


def test_the_failed_logins_of_a_real_host_are_the_published_ones(shared_data: Path) -> None:
    published = (shared_data / "conformance" / "umm_discovery_failed_logins.jsonl").read_text().splitlines()
    expected = Counter(
        (row["month"], int(row["day"]), int(row["hour"]), row["user"], row["source_ip"])
        for row in map(json.loads, published)
    )
    ours: Counter[tuple[str, int, int, str, str]] = Counter()
    for log in sorted((shared_data / "logs" / "sshd" / "umm_2011" / "discovery").glob("secure*")):
        rows = parse(log.read_text(errors="replace").splitlines()).rows
        failed = rows.filter(format="sshd", outcome="failure", witness="daemon")
        for row in failed.iter_rows(named=True):
            when = row["time"]
            ours[when.strftime("%b"), when.day, when.hour, row["user_name"], row["src_ip"]] += row["count"]
    assert (ours - expected, expected - ours) == (Counter(), Counter())
