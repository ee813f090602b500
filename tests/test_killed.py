"""Killed at any moment and started again, the lake and the answer are those of a run that nobody disturbed."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lakes import KEY, accepted, failed, text

# Small blocks, so that much can be half done.
_MAIN = """
from serjeant.cli import main
from serjeant.collect import collector
collector.BLOCK = 150_000
main(prog_name="serjeant")
"""


def started(folder: Path, out: str) -> subprocess.Popen[str]:
    """``serjeant investigate`` in a process group of its own."""
    command = ["investigate", "world/logs", "--accounts", "world/accounts.csv", "--json", "--out", out]
    return subprocess.Popen(
        [sys.executable, "-c", _MAIN, *command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def finished(folder: Path, out: str) -> dict[str, Any]:
    """The answer, but for when it was made."""
    process = started(folder, out)
    answer, said = process.communicate(timeout=120)
    assert process.returncode == 4, said
    assert said == ""
    incident: dict[str, Any] = json.loads(answer)
    assert json.loads((folder / out / "incident.json").read_text("utf-8")) == incident
    del incident["generated_at"]
    return incident


def logins(out: Path) -> Counter[tuple[Any, ...]]:
    """The table ``logins`` as a multiset, the hashes of the lines with it."""
    return Counter(pl.read_parquet(out / "lake" / "logins" / "*.parquet").iter_rows())


def lake_with_the_key(folder: Path, out: str) -> None:
    (folder / out / "lake").mkdir(parents=True)
    (folder / out / "lake" / "key").write_text(KEY)


def at_work(process: subprocess.Popen[str], folder: Path, out: str) -> bool:
    """Waits until the lake is locked, where the work begins; False if the process ended before."""
    lock = folder / out / "lake" / "lock"
    before = lock.stat().st_mtime_ns if lock.exists() else 0
    while process.poll() is None:
        if lock.exists() and lock.stat().st_mtime_ns != before:
            return True
        time.sleep(0.01)
    return False


@dataclass(frozen=True)
class Undisturbed:
    answer: dict[str, Any]
    logins: Counter[tuple[Any, ...]]
    seconds: float


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world, a bigger log of a gateway beside it, and a last line that is not ended."""
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-m", "serjeant", "simulate", "parliament", "--accounts", "200", "--days", "3"]
    subprocess.run([*command, "--out", folder / "world"], check=True, capture_output=True)
    lines = []
    for n in range(4_000):
        at = f"Jun {15 + n // 800:2} {n % 800 // 34:02}:{n // 2 % 60:02}:{n % 60:02}"
        tell = accepted if n % 3 else failed
        lines.append(tell(at, f"person{n * 7919 % 211}", f"198.51.100.{n * 31 % 211}", n, "gate-b"))
    log = folder / "world" / "logs" / "gate-b.log"
    log.write_text(text(lines) + failed("Jun 20 23:59:59", "last", pid=99_999))
    os.utime(log, (1_500_000_000, 1_500_000_000))
    return folder


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> Undisturbed:
    lake_with_the_key(folder, "undisturbed")
    process = started(folder, "undisturbed")
    assert at_work(process, folder, "undisturbed")
    start = time.monotonic()
    process.communicate(timeout=120)
    seconds = time.monotonic() - start
    return Undisturbed(finished(folder, "undisturbed"), logins(folder / "undisturbed"), seconds)


def check(folder: Path, out: str, undisturbed: Undisturbed) -> None:
    """Started again, it comes to its end, and leaves what it would have left."""
    assert finished(folder, out) == undisturbed.answer
    assert logins(folder / out) == undisturbed.logins
    assert [place for place in (folder / out).rglob("*") if place.name.endswith(".new")] == []


@pytest.mark.timeout(600)
def test_killed_at_ten_random_moments(folder: Path, undisturbed: Undisturbed) -> None:
    chance = random.Random(20170623)
    lake_with_the_key(folder, "killed")
    kills = 0
    while kills < 10:
        process = started(folder, "killed")
        assert at_work(process, folder, "killed")
        # A run that goes on has less to do than the first; so it is killed sooner, too.
        time.sleep(undisturbed.seconds * chance.uniform(0, 0.9) / (1 + kills % 5))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
        if kills == 5 or process.returncode != -signal.SIGKILL:  # it came to its end; the rest dies on a new lake
            check(folder, "killed", undisturbed)
            shutil.rmtree(folder / "killed")
            lake_with_the_key(folder, "killed")
    check(folder, "killed", undisturbed)


@pytest.mark.parametrize("share", [0.1, 0.6])
def test_interrupted_it_says_so_and_goes_on_next_time(folder: Path, undisturbed: Undisturbed, share: float) -> None:
    out = f"interrupted-{share}"
    lake_with_the_key(folder, out)
    process = started(folder, out)
    assert at_work(process, folder, out)
    time.sleep(undisturbed.seconds * share)
    process.send_signal(signal.SIGINT)
    answer, said = process.communicate(timeout=60)
    assert (answer, said) == ("", "serjeant: interrupted; nothing is lost, run it again and it goes on\n")
    assert process.returncode == 130
    check(folder, out, undisturbed)
