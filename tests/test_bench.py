"""The bench runs: every program reads the whole log it is given, and the table tells what each took."""

import json
import math
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from serjeant.store.lake import Lake

ROOT = Path(__file__).resolve().parent.parent
LINES = 20_000


def bench(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "bench", "--lines", str(LINES), "--runs", "1", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("bench") / "auth.log"
    command = [sys.executable, "-m", "bench.logs", str(place), str(LINES), "7"]
    subprocess.run(command, cwd=ROOT, check=True)
    return place


def test_the_figures_are_all_there_and_finite() -> None:
    told = json.loads(bench("--json"))
    names = {row["name"] for row in told["rows"]}
    assert {"serjeant, parse to Parquet", "serjeant investigate", "wc -l", "Python re, one process"} <= names
    assert ("fail2ban-regex" in names) == bool(shutil.which("fail2ban-regex")), told["skipped"]
    assert len(told["ratios"]) == 2 * (len(names) - 1) + 1 + 2
    assert all(math.isfinite(ratio) and ratio > 0 for ratio in told["ratios"].values())
    for row in told["rows"]:
        assert row["lines"] == LINES
        assert row["peak"] > 0


def test_the_log_is_as_long_as_asked_and_looks_like_one(log: Path) -> None:
    lines = log.read_text("ascii").splitlines()
    assert len(lines) == LINES
    assert 100 < sum(map(len, lines)) / LINES < 140
    assert {line[4:6] for line in lines} == {f"{day:2}" for day in range(1, 31)}
    kinds = Counter(line.split("]: ", 1)[1].split(" ")[0] for line in lines)
    assert {"Failed", "Accepted", "Invalid", "Connection", "pam_unix(sshd:auth):", "message"} <= set(kinds)


def test_what_is_timed_reads_every_line(log: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "bench.parse", str(log), str(tmp_path / "lake")], cwd=ROOT, check=True)
    [read] = Lake(tmp_path / "lake").logs()
    assert (read.tally.lines, read.tally.unparsed) == (LINES, 0)
    assert read.tally.parsed > LINES / 3
    said = subprocess.run(
        [sys.executable, "-m", "bench.loop", str(log)], cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    ).stdout
    told = {"Failed password", "Accepted ", "Invalid user"}
    direct = sum(line.split("]: ", 1)[1].startswith(tuple(told)) for line in log.read_text().splitlines())
    assert said.startswith(f"{LINES} lines, {direct} logins,")


def test_each_shape_of_a_format_is_measured_beside_sshd(tmp_path: Path) -> None:
    told = json.loads(
        subprocess.run(
            [sys.executable, "-m", "bench", "formats", "--megabytes", "1", "--json", "okta", "dovecot"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        ).stdout
    )
    assert (told[0]["name"], told[0]["shape"]) == ("sshd's auth.log", "text")
    # Each shape of JSON that okta has is a log of its own, told by a number.
    assert {(row["name"], row["shape"].split()[0]) for row in told[1:]} == {
        ("dovecot", "text"),
        ("okta", "json"),
        ("okta", "table"),
    }
    for row in told:
        assert row["size"] >= 900_000
        assert row["lines"] > 0
        assert row["seconds"] > 0
        assert (row["bare"] is not None) == (row["shape"].startswith("json"))
        # What is timed is read as the samples say: none of these has a line that nobody knows but the broken ones.
        assert row["unread"] < 0.2
