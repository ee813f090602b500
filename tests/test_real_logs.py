"""Real sign-in logs that others published; they lie beside the project and are never part of it."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from serjeant.app import Serjeant
from serjeant.config import Settings
from serjeant.model.incident import Incident

ZONE = "America/Chicago"


def investigated(folder: Path, out: Path) -> tuple[Incident, pl.DataFrame]:
    serjeant = Serjeant(out, Settings(timezone=ZONE))
    incident = serjeant.investigate([str(folder / "secure*")], now=datetime(2026, 1, 1, tzinfo=UTC), year=2011)
    return incident, pl.read_parquet(out / "lake" / "logins" / "*.parquet")


def test_every_line_of_two_hosts_in_2011_is_accounted_for(shared_data: Path, tmp_path: Path) -> None:
    for host in ("discovery", "mylar"):
        folder = shared_data / "logs" / "sshd" / "umm_2011" / host
        incident, _ = investigated(folder, tmp_path / host)
        lines = sum(len(file.read_bytes().splitlines()) for file in folder.glob("secure*"))
        read = incident.read
        assert read.lines == lines
        assert read.unparsed == 0
        assert read.parsed + read.ignored == lines


def test_the_failed_logins_of_discovery_are_the_published_ones(shared_data: Path, tmp_path: Path) -> None:
    _, logins = investigated(shared_data / "logs" / "sshd" / "umm_2011" / "discovery", tmp_path / "out")
    published = [
        json.loads(line)
        for line in (shared_data / "conformance" / "umm_discovery_failed_logins.jsonl").read_text().splitlines()
    ]
    failed = logins.filter(outcome="failure", service="ssh").with_columns(
        local=pl.col("time").dt.convert_time_zone(ZONE)
    )
    ours = Counter[tuple[str, ...]]()
    for local, user, ip, count in failed.select("local", "user_name", "src_ip", "count").iter_rows():
        ours[f"{local:%b}", f"{local:%d}", f"{local:%H}", user, ip] += count
    theirs = Counter[tuple[str, ...]]()
    for each in published:
        theirs[each["month"], each["day"].zfill(2), each["hour"], each["user"], each["source_ip"]] += 1
    assert theirs.total() == len(published) > 0
    assert sum((theirs - ours).values()) == 0, "published failures that were not read"
    assert sum((ours - theirs).values()) == 0, "failures that nobody published"
