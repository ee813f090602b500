"""The lake holds what the progress of its logs says, whenever it was killed; and says clearly what is wrong with it."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from lakes import Held, failed, stamps, text
from serjeant.collect.settle import settle
from serjeant.directory.directory import Directory
from serjeant.errors import UnreadableError
from serjeant.store.lake import Lake

LINES = [failed(at, pid=n) for n, at in enumerate(stamps("2026-06-05", timedelta(hours=5), 10))]


@pytest.fixture
def held(tmp_path: Path) -> Held:
    held = Held(tmp_path / "lake")
    (tmp_path / "auth.log").write_text(text(LINES[:9]) + LINES[9])
    held.read(tmp_path / "auth.log")
    return held


def files(lake: Lake) -> dict[str, bytes]:
    return {str(place.relative_to(lake.path)): place.read_bytes() for place in lake.path.rglob("*") if place.is_file()}


def test_what_was_not_committed_is_swept_away_and_nothing_else(held: Held) -> None:
    (held.lake.path / "lines" / "day=2026-06-05" / "notes.parquet").write_bytes(b"somebody's own file")
    before = files(held.lake)
    segment = held.lake.segments(date(2026, 6, 5))[0]
    uid = segment.name[:16]
    for name in (
        f"{uid}-000000000010.parquet",  # the open line, ended meanwhile, but killed before that was noted
        f"{uid}-000000000011.parquet",
        f"{uid}-000000000010-open99999.parquet",
        f"{uid}-000000000001-open90.parquet",
        "0123456789abcdef-000000000001.parquet",
        f".{uid}-000000000001.parquet.new",
    ):
        (segment.parent / name).write_bytes(segment.read_bytes())
    (held.lake.path / "scratch").mkdir()
    (held.lake.path / "scratch" / "spilt.tmp").write_bytes(b"x")
    held.lake.sweep()
    assert files(held.lake) == before


def test_a_log_can_be_read_no_further_than_before_and_keeps_its_open_line(held: Held, tmp_path: Path) -> None:
    before = held.lines()
    assert len(before) == 10
    (tmp_path / "auth.log").unlink()
    (tmp_path / "other.log").write_text(text(LINES[:1]))
    held.read(tmp_path / "other.log", tmp_path / "auth.log")
    assert [row for row in held.lines() if row["log_uid"] == before[0]["log_uid"]] == before


def test_a_table_is_known_again_so_that_it_is_not_made_twice(held: Held) -> None:
    day = date(2026, 6, 5)
    assert settle(held.lake, Directory.empty(frozenset()), day) != settle(held.lake, Directory.empty(frozenset()), day)
    assert held.lake.is_made("logins", day, held.lake.made_from(day, Directory.empty(frozenset()).fingerprint()))
    assert not held.lake.is_made("logins", day, "something else")


def test_a_table_is_written_whole_or_not_at_all(held: Held) -> None:
    day = date(2026, 6, 5)

    def half(place: Path) -> None:
        place.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    held.lake.make("logins", day, lambda place: place.write_bytes(b"whole"))
    with pytest.raises(UnreadableError, match="cannot write logins: No space left on device"):
        held.lake.make("logins", day, half)
    assert held.lake.table("logins", day).read_bytes() == b"whole"
    assert list(held.lake.path.glob("**/.*")) == []


def test_tables_are_made_anew_when_lines_come_or_the_directory_changes(held: Held, tmp_path: Path) -> None:
    day = date(2026, 6, 6)
    first = held.lake.made_from(day, "directory")
    assert held.lake.made_from(day, "directory") == first != held.lake.made_from(day, "another")
    with (tmp_path / "auth.log").open("a") as file:
        file.write(f" and more\n{failed('Jun  6 23:59:59')}\n")
    held.read(tmp_path / "auth.log")
    assert held.lake.made_from(day, "directory") != first
    assert held.lake.days() == [date(2026, 6, 5), day]


def test_tables_of_days_without_lines_are_forgotten(held: Held) -> None:
    for day in (date(2026, 6, 5), date(2020, 1, 1)):
        held.lake.make("logins", day, lambda place: place.write_bytes(b""))
    held.lake.forget("logins", held.lake.days())
    assert [place.name for place in (held.lake.path / "logins").iterdir()] == ["day=2026-06-05.parquet"]


def test_the_key_is_made_once_and_is_for_its_owner_only(tmp_path: Path) -> None:
    key = Lake(tmp_path / "a").key
    assert len(bytes.fromhex(key)) == 16
    assert Lake(tmp_path / "a").key == key != Lake(tmp_path / "b").key
    assert (tmp_path / "a" / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("broken", [b"", b"short", b"\xff" * 32])
def test_a_broken_key_is_one_clear_line(tmp_path: Path, broken: bytes) -> None:
    Lake(tmp_path)
    (tmp_path / "key").write_bytes(broken)
    with pytest.raises(UnreadableError, match="is no key; put the right one there"):
        _ = Lake(tmp_path).key


@pytest.mark.parametrize("broken", [b"", b"{}", b"[]", b'{"uid": 1}', b"\xff"])
def test_a_broken_progress_is_one_clear_line(held: Held, broken: bytes) -> None:
    place = next((held.lake.path / "progress").iterdir())
    place.write_bytes(broken)
    with pytest.raises(UnreadableError, match="does not say how far a log was read; delete it"):
        held.lake.logs()


def test_one_process_writes_at_a_time(held: Held) -> None:
    other = "import sys, pathlib; from serjeant.store.lake import Lake; Lake(pathlib.Path(sys.argv[1])).lock()"

    def again() -> str:
        run = subprocess.run([sys.executable, "-c", other, held.lake.path], capture_output=True, encoding="utf-8")
        return run.stderr.strip().rpartition("\n")[2]

    lake = held.lake
    lake.lock()
    assert "another serjeant is writing here" in again()
    lake.unlock()
    assert again() == ""
