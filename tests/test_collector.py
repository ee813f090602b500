"""Each line goes into the lake once, however often, under whatever name and in whatever pieces it is read."""

import gzip
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lakes import NOW, Held, accepted, failed, multiset, stamps, text
from serjeant.collect import collector
from serjeant.config import GenericSettings, Settings

MINUTE = timedelta(minutes=1)
DAY = [failed(at, f"user{n % 7}", pid=n) for n, at in enumerate(stamps("2026-06-05", MINUTE, 300))]


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return Held(tmp_path / "lake")


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "BLOCK", 2000)


def state(held: Held) -> dict[str, object]:
    """Everything that the lake holds, caches and names of logs left out."""
    progress = [(log.uid, log.end, log.tally) for log in held.lake.logs()]
    return {"progress": progress, "lines": held.lines(), "logins": held.logins()}


def test_reading_again_adds_nothing(held: Held, tmp_path: Path, small_blocks: None) -> None:
    log = tmp_path / "auth.log"
    log.write_text(text(DAY))
    assert held.read(log) == []
    once = state(held)
    assert (held.tally().lines, len(held.logins())) == (300, 300)
    for _ in range(2):
        assert held.read(log) == []
        assert state(held) == once


@pytest.mark.parametrize("cut", [1, 89, 90, 5000, len(text(DAY)) - 1])
def test_a_log_that_grew_adds_its_new_lines(held: Held, tmp_path: Path, small_blocks: None, cut: int) -> None:
    log = tmp_path / "auth.log"
    whole = text(DAY)
    log.write_text(whole[:cut])
    held.read(log)
    assert held.tally().lines == whole[:cut].count("\n") + (whole[cut - 1] != "\n")
    log.write_text(whole)
    held.read(log)
    assert [row["log_offset"] for row in held.lines()] == list(range(1, 301))
    assert (held.tally().lines, held.tally().parsed, len(held.lake.logs())) == (300, 300, 1)
    assert len(held.logins()) == 300


def test_a_last_line_that_is_not_ended_counts_once_while_it_grows(held: Held, tmp_path: Path) -> None:
    log = tmp_path / "auth.log"
    first, last = failed("Jun  5 09:12:33", "alice"), failed("Jun  5 09:12:34", "bob")
    for written in (first, f"{first}\n{last[:-14]}", f"{first}\n{last}", f"{first}\n{last}\n", f"{first}\n{last}\n"):
        log.write_text(written)
        held.read(log)
        assert held.tally().lines == len(written.splitlines())
    assert [(row["user_name"], row["src_port"]) for row in held.logins()] == [("alice", 50112), ("bob", 50112)]


def test_what_an_open_line_said_is_replaced_even_when_it_takes_the_same_room(held: Held, tmp_path: Path) -> None:
    log = tmp_path / "auth.log"
    line = failed("Jun  5 09:12:33").removesuffix(" ssh2")
    for written, port in ((line[:-1], 5011), (line, 50112)):
        log.write_text(written)
        held.read(log)
        assert [row["src_port"] for row in held.logins()] == [port]


def test_a_rotated_set_that_was_renamed_and_packed_adds_nothing(held: Held, tmp_path: Path, small_blocks: None) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "auth.log.1").write_text(text(DAY[:120]))
    (logs / "auth.log").write_text(text(DAY[120:200]))
    held.read(logs)
    assert held.tally().lines == 200
    with gzip.open(logs / "auth.log.2.gz", "wb") as packed:
        packed.write((logs / "auth.log.1").read_bytes())
    (logs / "auth.log").rename(logs / "auth.log.1")
    (logs / "auth.log").write_text(text(DAY[200:]))
    assert held.read(logs) == []
    assert (held.tally().lines, len(held.lake.logs()), len(held.logins())) == (300, 3, 300)
    assert {log.name.rpartition("/")[2] for log in held.lake.logs()} == {"auth.log", "auth.log.1", "auth.log.2.gz"}
    before = state(held)
    (logs / "auth.log.2").write_bytes(gzip.decompress((logs / "auth.log.2.gz").read_bytes()))
    (logs / "auth.log.2.gz").unlink()
    held.read(logs)
    assert state(held) == before


@pytest.mark.parametrize("packed", [False, True])
def test_a_log_written_anew_with_the_same_beginning_is_another_log(held: Held, tmp_path: Path, packed: bool) -> None:
    log = tmp_path / ("auth.log.gz" if packed else "auth.log")

    def write(lines: list[str]) -> None:
        data = text(lines).encode()
        log.write_bytes(gzip.compress(data) if packed else data)

    write(DAY[:200])
    held.read(log)
    other = [failed(at, "mallory") for at in stamps("2026-06-09", MINUTE, 210)]
    write(DAY[:100] + other)  # DAY[:100] is more than the bytes by which a beginning is known
    assert held.read(log) == []
    assert sum(row["user_name"] == "mallory" for row in held.logins()) == 210
    assert (len(held.lake.logs()), len(held.logins())) == (2, 410)
    write(DAY[:100])  # shorter than what was read of it
    held.read(log)
    assert len(held.logins()) == 410


def test_several_hosts_and_formats_mixed(held: Held, tmp_path: Path) -> None:
    at = stamps("2026-06-05T09:00", MINUTE, 4)
    (tmp_path / "all.log").write_text(
        text(
            [
                failed(at[0], host="gate-a"),
                accepted(at[1], host="gate-b"),
                f"{at[2]} mail dovecot: imap-login: Login: user=<bob>, method=PLAIN, rip=192.0.2.8, lip=192.0.2.1, "
                "mpid=1, TLS, session=<Abc+/0123>",
                f"{at[3]} mail cron[1]: (root) CMD (true)",
                "2026-06-05T09:30:00.5+02:00 gate-c sshd[9]: Failed password for eve from 2001:db8::7 port 1 ssh2",
                "a line of nobody",
            ]
        )
    )
    (tmp_path / "vpn.csv").write_text("When,Login,Result\n2026-06-05T09:12:33Z,carol,DENIED\n")
    settings = Settings(
        generic={
            "vpn": GenericSettings(
                "csv",
                {"time": "When", "user_name": "Login", "outcome": "Result"},
                outcomes={"DENIED": "failure"},
                constants={"service": "vpn"},
            )
        }
    )
    held.read(tmp_path / "all.log", tmp_path / "vpn.csv", settings=settings)
    tally = held.tally()
    assert dict(tally.by_format) == {"sshd": 3, "dovecot": 1, "vpn": 1}
    assert (tally.lines, tally.parsed, tally.ignored, tally.unparsed) == (8, 5, 2, 1)
    assert tally.unparsed_at == 6
    assert [(row["dst_host"], row["service"], row["user_name"]) for row in held.logins()] == [
        ("gate-c", "ssh", "eve"),
        ("gate-a", "ssh", "alice"),
        ("gate-b", "ssh", "alice"),
        ("mail", "imap", "bob"),
        (None, "vpn", "carol"),
    ]


@pytest.mark.parametrize("two_runs", [False, True])
def test_a_repeated_message_across_the_edge_of_a_block(
    held: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, two_runs: bool
) -> None:
    first = failed("Jun  5 09:12:33")
    repeated = "Jun  5 09:12:39 gate last message repeated 3 times"
    monkeypatch.setattr(collector, "BLOCK", len(first) + 1)
    log = tmp_path / "auth.log"
    if two_runs:
        log.write_text(f"{first}\n")
        held.read(log)
    log.write_text(f"{first}\n{repeated}\n")
    held.read(log)
    assert [(row["count"], row["log_offset"]) for row in held.logins()] == [(1, 1), (3, 2)]
    assert held.tally().parsed == 2


def test_no_progress_repeats_a_line(held: Held, tmp_path: Path) -> None:
    (tmp_path / "auth.log").write_text(text(DAY[:3]))
    held.read(tmp_path / "auth.log")
    for place in (held.folder / "progress").iterdir():
        assert "Failed" not in place.read_text()


# years


def years(held: Held) -> list[int]:
    return [row["time"].year for row in held.lines()]


def write(path: Path, first: str, step: timedelta, count: int, *, mtime: datetime = NOW) -> Path:
    lines = [failed(at, pid=n) for n, at in enumerate(stamps(first, step, count))]
    path.write_text(text(lines))
    os.utime(path, (mtime.timestamp(), mtime.timestamp()))
    return path


def test_a_log_that_goes_from_december_to_january(held: Held, tmp_path: Path) -> None:
    log = write(tmp_path / "auth.log", "2000-12-30", timedelta(days=1), 4, mtime=datetime(2020, 1, 2, tzinfo=UTC))
    held.read(log)
    assert years(held) == [2019, 2019, 2020, 2020]


def test_the_date_in_a_name_says_the_year(held: Held, tmp_path: Path) -> None:
    held.read(write(tmp_path / "secure-20110814", "2000-08-08", timedelta(days=1), 3))
    assert years(held) == [2011, 2011, 2011]


def test_a_log_goes_on_from_the_one_that_was_rotated_away_from_it(held: Held, tmp_path: Path) -> None:
    write(tmp_path / "secure-20111225", "2000-12-20", timedelta(days=1), 3)
    write(tmp_path / "secure", "2000-12-26", timedelta(days=4), 3)
    held.read(tmp_path)
    assert sorted(years(held)) == [2011] * 5 + [2012]
    other = Held(tmp_path.with_name("other"))
    write(tmp_path / "secure", "2000-01-02", timedelta(days=1), 3)
    other.read(tmp_path)
    assert sorted(years(other)) == [2011] * 3 + [2012] * 3


def test_the_year_that_the_user_names(held: Held, tmp_path: Path) -> None:
    held.read(write(tmp_path / "auth.log", "2000-03-01", timedelta(days=1), 2), year=2009)
    assert years(held) == [2009, 2009]


def test_a_log_over_several_years_in_blocks_that_are_parsed_side_by_side(
    held: Held, tmp_path: Path, small_blocks: None
) -> None:
    # Within each block the log goes back and forth over a new year or two, so the guess at its end is wrong.
    log = write(tmp_path / "auth.log", "2001-01-15", timedelta(days=40), 150, mtime=datetime(2018, 12, 1, tzinfo=UTC))
    first = datetime(2001, 1, 15, tzinfo=UTC)
    held.read(log, year=2001)
    assert [row["time"] for row in held.lines()] == [first + number * timedelta(days=40) for number in range(150)]


def test_a_new_year_at_the_edge_of_a_block_that_ends_with_a_line_of_nobody(
    held: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = [failed("Apr  1 00:00:00"), failed("Sep  1 00:00:00"), failed("Dec 31 23:59:59"), "a line without a stamp"]
    monkeypatch.setattr(collector, "BLOCK", len(text(block)))
    (tmp_path / "auth.log").write_text(text([*block, failed("Jan  1 00:00:01")]))
    held.read(tmp_path / "auth.log", year=2018)
    assert years(held) == [2018, 2018, 2018, 2019]


def test_a_log_that_goes_on_next_year_in_another_run(held: Held, tmp_path: Path) -> None:
    log = write(tmp_path / "auth.log", "2000-12-29", timedelta(days=1), 3, mtime=datetime(2020, 1, 1, tzinfo=UTC))
    held.read(log)
    with log.open("a") as file:
        file.write(text([failed("Jan  1 08:00:00")]))
    held.read(log)
    assert years(held) == [2019, 2019, 2019, 2020]


def test_pieces_in_any_order_are_the_log(held: Held, tmp_path: Path, small_blocks: None) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    whole.mkdir()
    parts.mkdir()
    (whole / "auth.log").write_text(text(DAY))
    for number, start in enumerate(range(0, 300, 75)):
        (parts / f"{'cadb'[number]}.log").write_text(text(DAY[start : start + 75]))
    held.read(parts)
    other = Held(tmp_path / "other")
    shutil.copy(held.folder / "key", other.folder / "key")
    other.read(whole)
    assert multiset(held.logins()) == multiset(other.logins())


def test_repeated_messages_in_a_row_all_speak_of_the_line_before_them(tmp_path: Path) -> None:
    log = tmp_path / "auth.log"
    repeated = "".join(f"Jun  5 09:12:{39 + n} gate last message repeated {n} times\n" for n in (1, 3, 9))
    log.write_text(
        f"Jun  5 09:12:33 gate sshd[7]: Failed password for ada from 192.0.2.7 port 50122 ssh2\n{repeated}"
        "Jun  5 09:13:33 gate kernel: hello\nJun  5 09:13:34 gate last message repeated 2 times\n"
    )
    held = Held(tmp_path / "lake")
    held.read(log, year=2026)
    assert sum(row["count"] for row in held.logins()) == 14
