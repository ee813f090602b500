"""Real logs of others, read by us and by somebody else: the same records, and the same outcomes for each event."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

import second_reader
from conftest import Cli
from second_reader import SECOND, Told, events, ours, outcomes
from serjeant.collect.batch import UNPARSED
from serjeant.collect.known import envelopes, line_formats
from serjeant.collect.parse import parse_lines
from serjeant.collect.time import Clock

EVTX = {
    "Security_short_selected.evtx": {},
    "kerbrute_user_enumeration.evtx": {"4768", "4771"},
    "ntlm_local_bruteforce.evtx": {"4625"},
    "openssh_valid_users_4625.evtx": {"4625"},
    "openssh_valid_users_operational.evtx": {"4"},
    "security.evtx": {"4624"},
    "security_bad_string_cache.evtx": {"4624"},
}
"""The Windows logs that there are, and the events that each must have sign-ins of."""


def both(log: Path) -> tuple[Counter[Told], Counter[Told], int]:
    """Our counts, theirs, and how many lines we could not read."""
    [reader] = [reader for pattern, reader in SECOND.items() if log.match(pattern)]
    told = reader(log)
    lines, batch = ours(log)
    assert len(lines) == len(told)
    mine = zip((event for event, _ in told), outcomes(batch), strict=True)
    return Counter(mine), Counter(told), int((batch.verdicts == UNPARSED).sum())


def test_all_windows_logs_there_are_are_compared(shared_data: Path) -> None:
    assert {log.name for log in (shared_data / "logs" / "evtx").glob("*")} == set(EVTX)


@pytest.mark.parametrize("name", EVTX)
def test_every_event_is_counted_as_another_library_counts_it(shared_data: Path, name: str) -> None:
    log = shared_data / "logs" / "evtx" / name
    theirs = list(events(log))
    lines, batch = ours(log)
    system = [json.loads(line)["Event"]["System"] for line in lines]
    # The very same events, in the same order: none lost, none twice.
    assert [each["EventRecordID"] for each in system] == [event.number for event in theirs]
    times = [each["TimeCreated"]["#attributes"]["SystemTime"][:23] for each in system]
    assert times == [event.time[:23] for event in theirs]
    mine, told, unread = both(log)
    assert mine == told
    assert unread == 0
    assert {event for event, outcome in told if outcome} >= set(EVTX[name])
    for line, time, user in batch.rows.select("line", "time", "user_name").iter_rows():
        assert f"{time:%Y-%m-%dT%H:%M:%S.%f}"[:23] == theirs[line].time[:23]
        if theirs[line].id != 4:
            assert user == theirs[line].data["TargetUserName"] or None


@pytest.mark.parametrize("pattern", [pattern for pattern in SECOND if "evtx" not in pattern])
def test_cloud_logs_are_counted_as_plain_json_counts_them(shared_data: Path, pattern: str) -> None:
    [log] = (shared_data / "logs").glob(pattern)
    mine, told, unread = both(log)
    assert mine == told
    assert unread == 0
    assert sum(count for (_, outcome), count in told.items() if outcome) > 0


def test_who_and_where_from_stand_in_the_record(shared_data: Path) -> None:
    for name, user, source in (
        ("okta_system_log_sentinel.json", "actor_alternateId_s", "client_ipAddress_s"),
        ("pulse_connect_secure_sentinel.json", "User", "Source_IP"),
    ):
        log = shared_data / "logs" / "cloud" / name
        records = json.loads(log.read_text("utf-8"))
        rows = ours(log)[1].rows.select("line", "user_name", "src_ip")
        wrong = [
            line
            for line, who, ip in rows.iter_rows()
            if (who or "") != records[line][user] or (ip or "") != records[line][source]
        ]
        assert wrong == []


def test_a_windows_log_that_is_damaged_or_cut_off_is_read_as_far_as_it_is_whole(
    shared_data: Path, tmp_path: Path, cli: Cli
) -> None:
    whole = (shared_data / "logs" / "evtx" / "security.evtx").read_bytes()
    cut, torn = tmp_path / "cut.evtx", tmp_path / "torn.evtx"
    cut.write_bytes(whole[: 4096 + 20 * 65536 + 30_000])
    middle = 4096 + 5 * 65536 + 20_000
    torn.write_bytes(whole[:middle] + bytes(range(256)) * 4 + whole[middle + 1024 :])
    for log, least in ((cut, 1_350), (torn, 2_250)):
        done = cli("investigate", log, "--json", "--out", tmp_path / log.stem)
        assert done.returncode in {0, 3, 4}, done.stderr
        read = json.loads(done.stdout)["read"]
        assert least < read["parsed"] + read["ignored"] < 2261
        assert 1 <= read["unparsed"] <= 20
        [said] = read["unread"]
        assert (said["lines"], said["log"]) == (read["unparsed"], str(log))
        explained = cli("explain", said["example"], "--out", tmp_path / log.stem)
        assert "cannot be read: " in explained.stdout


# ------------------------------------------------------------------ syslog in every dialect

FAILED = "Failed password for alice from 192.0.2.7 port 50112 ssh2"
BSD = re.compile(r"^(?:<\d+>)?([A-Z][a-z]{2} [ \d]\d [\d:]{8})(\.\d{3})?")
ISO = re.compile(r"^(?:<\d+>(?:1 )?)?(\d{4}-\d\d-\d\dT[\d:]{8}(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))")
TAG = re.compile(r"^(?P<before>.{15,60}? )[^ \[:]+(?P<pid>\[\d+\])(?P<after>(?: <Info>)?: )")
OLD = re.compile(r"^(?P<before><\d+>1 [^ ]+ [^ ]+ )[^ ]+ (?P<pid>[^ ]+) (?P<after>[^ ]+ - +)")

# Datagrams as they came, one behind the other without line ends. They are not taken apart: anybody can write "<38>".
RAW = re.compile(r"^(?P<before><\d+>.{15,32} hostname )log_tag this")


def stamp(line: str) -> datetime | None:
    """The moment that a line begins with, read without our code."""
    if found := BSD.match(line):
        try:
            return datetime.strptime(f"2012 {found[1]}{found[2] or '.0'}", "%Y %b %d %H:%M:%S.%f").replace(tzinfo=UTC)
        except ValueError:
            return None
    found = ISO.match(line)
    return datetime.fromisoformat(found[1].replace("Z", "+00:00")).astimezone(UTC) if found else None


def test_every_line_of_every_dialect_of_syslog_is_accounted_for(shared_data: Path) -> None:
    logs = sorted((shared_data / "logs" / "syslog").iterdir())
    assert len(logs) == 11
    dialects = Counter[str]()
    for log in logs:
        lines, batch = ours(log)
        assert lines.to_list() == log.read_text("utf-8").removesuffix("\n").split("\n")
        assert len(batch.verdicts) == len(lines)
        for line in lines:
            # The line's own header, with a sign-in behind it whose time must be that of the header.
            if found := TAG.match(line):
                swapped = f"{found['before']}sshd[7]{found['after']}{FAILED}"
            elif found := OLD.match(line):
                swapped = f"{found['before']}sshd {found['pid']} {found['after']}{FAILED}"
            elif found := RAW.match(line):
                swapped = f"{found['before']}sshd[7]: {FAILED}"
            else:
                continue
            clock = Clock(ZoneInfo("UTC"), 2012)
            rows = parse_lines(pl.Series([swapped]), line_formats(), envelopes(), clock).rows
            expected = stamp(line)
            assert rows["time"].to_list() == ([] if expected is None else [expected]), log.name
            dialects[log.name] += len(rows)
    assert {log.name for log in logs if not dialects[log.name]} == set()


def test_sshd_of_a_syslog_that_leaves_a_blank_before_each_message(shared_data: Path) -> None:
    lines, batch = ours(shared_data / "logs" / "syslog" / "syslog_ssh.log")
    expected = {
        number: line.split()[6 + 2]
        for number, line in enumerate(lines)
        if re.search(r"\]:  (?:Accepted|Failed) (?:password|publickey) for \w+ from [\da-f.]+ port \d+ ssh2", line)
    }
    assert dict(batch.rows.select("line", "user_name").iter_rows()) == expected


def test_the_table_of_counts_is_printed(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second_reader.main(shared_data / "logs")
    said = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert {line[0] for line in said} >= set(EVTX)
    assert all(line[-1] == line[-2] for line in said[1:])
