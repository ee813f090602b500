"""Other projects' labelled lines, read by our rules. Nothing of them is printed when all is well."""

import ipaddress
import json
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from serjeant.collect.bare import envelopes as bare
from serjeant.collect.batch import UNPARSED, Batch
from serjeant.collect.known import envelopes, line_formats
from serjeant.collect.parse import parse_lines
from serjeant.collect.time import Clock

PROGRAMS = {"sshd": "sshd", "ssh": "sshd", "dovecot": "dovecot", "system.auth": "sshd"}

LEFT_OUT = {
    "sshd:connection": "nobody was named, so nobody tried to sign in",
    "sshd:disconnected_other": "nobody was named, so nobody tried to sign in",
    "sshd:handshake": "no SSH was spoken, so nobody tried to sign in",
    "sshd:timeout": "nobody was named, so nobody tried to sign in",
    "other:auth": "PAM speaks of an attempt that Dovecot's login process counts, and nothing ties the two together",
}
"""Rules whose lines others call a failure and we do not, and why."""

ALLOWED = {("sshguard", "sshd"): 8, ("sshguard", "dovecot"): 1, ("crowdsec_hub_auth", "sshd"): 1}

STRENGTH = {"daemon": 3, "auth": 3, "pam": 2, "probe": 1}


def parse(lines: list[str], program: str = "") -> Batch:
    around = bare(program) if program else envelopes()
    return parse_lines(pl.Series(lines, dtype=pl.String), line_formats(), around, Clock(ZoneInfo("UTC"), 2017))


def told(rows: list[dict[str, Any]], program: str) -> list[tuple[str, dict[str, Any] | None]]:
    """For each row the rule that took it and the login it made.

    Rows are read together, so that lines of one session are seen as such. Where upstream gives a message without what
    a log writes around it, it is framed first.
    """
    lines = [row["raw"] for row in rows]
    seen = [one(parse(lines), i) for i in range(len(lines))] if lines else []
    for i, line in enumerate(lines):
        if seen[i][0]:
            continue
        writer = "auth" if line.startswith("pam_unix(dovecot:") else program
        framed = parse([f"Jan  1 00:00:00 row{i} {writer}[1]: {line}"])
        alone = parse([line], program)
        seen[i] = max(one(framed, 0), one(alone, 0), key=lambda each: bool(each[0]))
    return seen


def one(read: Batch, line: int) -> tuple[str, dict[str, Any] | None]:
    rule = read.rule_names[read.explained[line]] if read.explained[line] >= 0 else ""
    return rule, next(read.rows.filter(pl.col("line") == line).iter_rows(named=True), None)


def score(rows: list[dict[str, Any]], program: str) -> tuple[int, list[tuple[str, dict[str, Any]]]]:
    """How many rows were judged, and those that were judged wrongly with the rule that took them."""
    seen = told(rows, program)
    loudest: Counter[str] = Counter()
    for _, login in seen:
        if login and login["session_uid"]:
            loudest[login["session_uid"]] = max(loudest[login["session_uid"]], STRENGTH[login["witness"]])
    wrong = []
    for row, (rule, login) in zip(rows, seen, strict=True):
        ours = login if login and STRENGTH[login["witness"]] >= loudest[login["session_uid"]] else None
        if row["strict"] and not agrees(row, row["expected"], ours):
            wrong.append((rule, row))
    return sum(row["strict"] for row in rows), wrong


def agrees(row: dict[str, Any], expected: dict[str, Any], ours: dict[str, Any] | None) -> bool:
    outcome = ours["outcome"] if ours else None
    if expected["outcome"] is None:
        return outcome != "failure"
    if ours is None or outcome != expected["outcome"]:
        return False
    if expected["user"] and row.get("user_in_raw") and expected["user"].lower() != (ours["user_name"] or "").lower():
        return False
    if expected["source_ip"] and row.get("ip_in_raw"):
        return bool(ours["src_ip"]) and ipaddress.ip_address(ours["src_ip"]) == ipaddress.ip_address(
            expected["source_ip"]
        )
    return True


@pytest.mark.parametrize("name", ["sshguard", "crowdsec_hub_auth", "beats_filebeat_apache2"])
@pytest.mark.parametrize("program", ["sshd", "dovecot"])
def test_labelled_lines_of_others_are_read_as_they_are_labelled(shared_data: Path, name: str, program: str) -> None:
    rows = [json.loads(line) for line in (shared_data / "conformance" / f"{name}.jsonl").read_text().splitlines()]
    by_test: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        service = row["service"].split("-")[0]
        if PROGRAMS.get(service) == program:
            by_test.setdefault(row.get("test", ""), []).append(row)
    total, wrong = 0, []
    for group in by_test.values():
        judged, missed = score(group, program)
        total += judged
        wrong += missed
    assert [rule for rule, _ in wrong if rule not in LEFT_OUT] == []
    assert not [rule for rule, row in wrong if row["expected"]["outcome"] is None]
    assert len(wrong) == ALLOWED.get((name, program), 0), f"of {total}"


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
        failed = rows.filter((pl.col("outcome") == "failure") & (pl.col("witness") == "daemon"))
        for row in failed.iter_rows(named=True):
            when = row["time"]
            ours[when.strftime("%b"), when.day, when.hour, row["user_name"], row["src_ip"]] += row["count"]
    assert (ours - expected, expected - ours) == (Counter(), Counter())
