"""Whatever is given, each trouble is one clear line, the rest is read, and every line is counted."""

import gzip
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import Cli
from lakes import NOW, accepted, failed, stamps, text
from serjeant.app import Serjeant
from serjeant.cli import main
from serjeant.config import Settings
from serjeant.errors import SerjeantError
from serjeant.model.incident import Incident

GOOD = [failed(at, pid=n) for n, at in enumerate(stamps("2026-06-05", timedelta(hours=1), 40))]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    log = tmp_path / "good.log"
    log.write_text(text(GOOD))
    return log


def investigate(folder: Path, *paths: Path, accounts: Path | None = None, year: int | None = None) -> Incident:
    """In this process, since a start costs more than a small log; twice, since what was read must not change."""
    serjeant = Serjeant(folder / "out", Settings())
    given = [str(path) for path in paths]
    incident = serjeant.investigate(given, now=NOW, accounts=accounts, year=year)
    assert serjeant.investigate(given, now=NOW, accounts=accounts, year=year) == incident
    serjeant.write(incident)
    read = incident.read
    assert read.lines == read.parsed + read.ignored + read.unparsed
    return incident


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command in this process: a start costs more than most of these."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments: str, **_: object) -> subprocess.CompletedProcess[str]:
        result = CliRunner().invoke(main, arguments, prog_name="serjeant")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return subprocess.CompletedProcess(arguments, result.exit_code, result.stdout, result.stderr)

    return run


def said(incident: Incident) -> list[tuple[str, str]]:
    return [(Path(each.log).name, each.says) for each in incident.read.unread]


def users(serjeant_folder: Path) -> list[str]:
    import polars as pl

    return sorted(pl.read_parquet(serjeant_folder / "out" / "lake" / "logins" / "*.parquet")["user_name"].to_list())


def clean(run: subprocess.CompletedProcess[str], status: int) -> None:
    """No traceback, the exit status, and where that is 2 one line that says why."""
    assert "Traceback" not in run.stderr + run.stdout
    assert run.returncode == status, run.stderr
    if status == 2:
        assert run.stdout == ""
        assert run.stderr.startswith("serjeant: ")
        assert run.stderr.count("\n") == 1


# files


@pytest.mark.parametrize(
    ("name", "content", "lines", "says"),
    [
        ("empty.log", b"", 0, ["is empty"]),
        ("empty.gz", gzip.compress(b""), 0, ["is empty"]),
        (
            "binary",
            b"\x7fELF\0\1\n\xff\xfe\n" + bytes(range(256)) * 5 + b"\n",
            8,
            [
                "is no text (it holds zero bytes)",
                "8 lines that no format knows",
                "6 lines hold bytes that are not UTF-8; they were read with those bytes replaced",
            ],
        ),
        ("tail.log", b"Jun  5 09", 1, ["1 lines that no format knows"]),
        ("words.log", b"so be it\n\n", 2, ["1 lines that no format knows"]),
    ],
)
def test_a_file_that_is_no_log(
    tmp_path: Path, good: Path, name: str, content: bytes, lines: int, says: list[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    incident = investigate(tmp_path, tmp_path / name, good)
    assert (incident.read.lines, incident.read.logins) == (lines + 40, 40)
    assert sorted(said(incident)) == sorted((name, each) for each in says)


def test_a_truncated_gz_is_read_as_far_as_it_goes_and_further_when_it_is_whole(tmp_path: Path, good: Path) -> None:
    at = stamps("2026-06-05", timedelta(minutes=3), 900)
    lines = [failed(each, f"u{pid * 7919 % 997}", pid=pid) for pid, each in enumerate(at)]
    packed = gzip.compress(text(lines).encode())
    log = tmp_path / "cut.log.gz"
    log.write_bytes(packed[: len(packed) * 2 // 3])
    incident = investigate(tmp_path, log, good)
    assert said(incident) == [("cut.log.gz", "the gzip data end in the middle; what came before was read")]
    assert 40 + 300 < incident.read.parsed == incident.read.lines < 40 + 800
    log.write_bytes(packed)
    incident = investigate(tmp_path, log, good)
    assert (incident.read.parsed, incident.read.logins, said(incident)) == (940, 940, [])


_PEAK = """
import re, sys
from pathlib import Path
from serjeant.cli import main
try:
    main()
finally:
    print(re.search("VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1], file=sys.stderr)
"""


@pytest.mark.parametrize("packed", [False, True])
def test_a_line_of_100_mb_is_counted_and_takes_no_memory(tmp_path: Path, packed: bool) -> None:
    peaks = []
    for size in (40, 100):
        log = tmp_path / f"{size}.log"
        with gzip.open(log, "wb", 1) if packed else log.open("wb") as file:
            file.write(f"{GOOD[0]}\nJun  5 09:12:33 gate sshd[1]: ".encode())
            for _ in range(size):
                file.write(b"A" * (1 << 20))
            file.write(f"\n{GOOD[1]}\n".encode())
        run = subprocess.run(
            [sys.executable, "-c", _PEAK, "investigate", log, "--out", tmp_path / f"out{size}", "--json"],
            capture_output=True,
            encoding="utf-8",
        )
        assert run.returncode == 0, run.stderr
        read = json.loads(run.stdout)["read"]
        assert (read["lines"], read["parsed"], read["unparsed"], read["logins"]) == (3, 2, 1, 2)
        assert read["unread"][0]["says"] == "1 lines that no format knows, 1 of them longer than 64 KiB"
        assert read["unread"][0]["example"].endswith(".log:2")
        peaks.append(int(run.stderr.split()[-1]))
    assert peaks[1] - peaks[0] < 30 * 1024


def test_invalid_utf_8_in_a_name_is_still_a_failed_login(tmp_path: Path) -> None:
    log = tmp_path / "auth.log"
    log.write_bytes(text(GOOD[:2]).encode().replace(b"alice", b"al\xffce", 1))
    incident = investigate(tmp_path, log)
    assert (incident.read.parsed, incident.read.logins) == (2, 2)
    assert said(incident) == [
        ("auth.log", "1 lines hold bytes that are not UTF-8; they were read with those bytes replaced")
    ]
    assert incident.read.unread[0].example.endswith("auth.log:1")
    assert users(tmp_path) == ["alice", "al\ufffdce"]


def test_mixed_line_ends(tmp_path: Path) -> None:
    log = tmp_path / "auth.log"
    log.write_bytes(f"{GOOD[0]}\n{GOOD[1]}\r\n\r\n\n{GOOD[2]}\r\n{GOOD[3]}".encode())
    incident = investigate(tmp_path, log)
    assert (incident.read.lines, incident.read.parsed, incident.read.ignored) == (6, 4, 2)


def test_a_clock_that_jumps_back_and_forth(tmp_path: Path) -> None:
    days = ["06-05", "06-01", "06-20", "01-01", "06-05"]
    iso, bsd = tmp_path / "iso.log", tmp_path / "bsd.log"
    iso.write_text(text(failed(f"2026-{day}T09:12:33+00:00", pid=n) for n, day in enumerate(days)))
    bsd.write_text(text(failed(stamps(f"2026-{day}", timedelta(), 1)[0], pid=n) for n, day in enumerate(days)))
    incident = investigate(tmp_path, iso, bsd, year=2026)
    assert (incident.read.parsed, incident.read.logins, said(incident)) == (10, 10, [])
    lake = tmp_path / "out" / "lake" / "logins"
    assert {place.stem for place in lake.iterdir()} == {f"day=2026-{day}" for day in days}


def test_logs_that_hold_the_same_lines_count_them_once(tmp_path: Path) -> None:
    for name, lines in {
        "auth.log": GOOD,
        "auth.log.copy": GOOD,
        "cut-at-the-end.log": GOOD[:25],
        "cut-at-the-beginning.log": GOOD[15:],
        "from-the-middle.log": GOOD[10:20],
    }.items():
        (tmp_path / name).write_text(text(lines))
    with gzip.open(tmp_path / "packed.gz", "wt") as packed:
        packed.write(text(GOOD))
    incident = investigate(tmp_path, *sorted(tmp_path.iterdir()))
    assert incident.read.logins == 40
    assert len(users(tmp_path)) == 40
    assert said(incident) == []


def test_what_cannot_be_opened_is_told_and_the_rest_is_read(tmp_path: Path, good: Path) -> None:
    (tmp_path / "loop.log").symlink_to("loop.log")
    (tmp_path / "gone.log").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    (tmp_path / "locked.log").write_text(text(GOOD))
    (tmp_path / "locked.log").chmod(0)
    names = ["loop.log", "gone.log", "folder", "locked.log", "no-such.log", "no-such-*.log"]
    command = [sys.executable, "-m", "serjeant", "investigate", "good.log", *names, "--json", "--out", "out"]
    if os.geteuid() == 0:  # to root no file is locked
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    clean(run, 0)
    assert run.stderr == ""
    read = json.loads(run.stdout)["read"]
    assert read["logins"] == 40
    assert {each["log"]: each["says"] for each in read["unread"]} == {
        "loop.log": "cannot be read: Too many levels of symbolic links",
        "gone.log": "does not exist",
        "folder": "holds no file to read",
        "locked.log": "may not be read: permission denied",
        "no-such.log": "does not exist",
        "no-such-*.log": "no file fits this pattern",
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["empty.log"], "empty.log: is empty; name logs that can be read"),
        (["nowhere"], "nowhere: does not exist; name logs that can be read"),
        (
            ["words.log"],
            "no sign-in among 1 lines of 1 logs; see which rule took which line: serjeant formats try FILE",
        ),
        (["good.log", "--out", "good.log/out"], "good.log/out/lake: cannot write the lake: Not a directory"),
        (["good.log", "--accounts", "words.log"], "words.log:1: has no column that names the account"),
        (["good.log", "--accounts", "nowhere"], "nowhere: cannot be read: No such file or directory"),
    ],
)
def test_where_there_is_nothing_to_judge_one_line_says_why(
    here: Cli, tmp_path: Path, good: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "empty.log").touch()
    (tmp_path / "words.log").write_text("so be it\n")
    run = here("investigate", *arguments)
    clean(run, 2)
    assert run.stderr.startswith(f"serjeant: {says}")


def test_standard_input_from_a_file_and_from_a_pipe(cli: Cli, tmp_path: Path, good: Path) -> None:
    lines = [failed(at, pid=n) for n, at in enumerate(stamps("2026-06-05", timedelta(minutes=9), 100))]
    good.write_text(text(lines))
    for _ in range(2):
        run = cli("investigate", "-", "--json", "--out", "out", input=text(lines[:90]))
        clean(run, 0)
        assert json.loads(run.stdout)["read"]["lines"] == 90
    with good.open("rb") as file:
        run = subprocess.run(
            [sys.executable, "-m", "serjeant", "investigate", "-", "--json", "--out", "out"],
            stdin=file,
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
        )
    clean(run, 0)
    assert json.loads(run.stdout)["read"]["lines"] == 100
    other = text(lines[:60] + [failed("Jun  9 09:12:33", "mallory")] * 60)
    run = cli("investigate", "-", "--json", "--out", "out", input=other)
    assert json.loads(run.stdout)["read"]["unread"][0]["says"].endswith("so save it as a file first")
    assert json.loads(run.stdout)["read"]["lines"] == 100


def test_a_directory_with_doubled_and_missing_columns(tmp_path: Path, good: Path) -> None:
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(
        "account,department,department\nalice,Works,Pensions\nbob\ncarol,Works,Pensions,more\n,Works,\n"
    )
    incident = investigate(tmp_path, good, accounts=accounts)
    assert [account.account for account in incident.directory] == ["alice", "bob", "carol"]
    assert said(incident) == [
        ("accounts.csv", "a second column 'department', left out"),
        ("accounts.csv", "another number of cells than the first line (3)"),
        ("accounts.csv", "no account in it, left out"),
    ]
    assert [each.example.rpartition(":")[2] for each in incident.read.unread] == ["1", "3", "5"]


# a full disk


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    command = [sys.executable, "-m", "serjeant", "simulate", "parliament", "--accounts", "200", "--days", "3"]
    subprocess.run([*command, "--out", folder / "world"], check=True, capture_output=True)
    return folder / "world" / "logs"


@pytest.fixture(scope="module")
def room(world: Path) -> int:
    """KiB that the answer takes on a disk with pages of 4 KiB."""
    out = world.with_name("out")
    command = [sys.executable, "-m", "serjeant", "investigate", str(world), "--out", str(out)]
    assert subprocess.run(command, capture_output=True).returncode == 4
    return sum(-(-place.lstat().st_size // 4096) * 4 for place in out.rglob("*"))


_FULL = """
mount -t tmpfs -o size=$1 serjeant-test "$2" || exit 99
shift 2
"$@" > first.out 2> first.err; echo $? > first.status
mount -o remount,size=64m serjeant-test 2>/dev/null || mount -o remount,size=64m "$MOUNT" || exit 98
"$@" > second.out 2> second.err; echo $? > second.status
"""


def limit_files(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("share", [0.05, 0.6, 0.9])
def test_a_full_disk_is_one_line_and_the_next_run_goes_on(tmp_path: Path, world: Path, room: int, share: float) -> None:
    size = int(room * share)
    disk = tmp_path / "disk"
    disk.mkdir()
    command = [sys.executable, "-m", "serjeant", "investigate", str(world), "--json", "--out", str(disk / "out")]
    runs = []
    if os.geteuid() == 0:
        script = ["unshare", "--mount", "sh", "-c", _FULL, "sh", f"{size}k", str(disk), *command]
        done = subprocess.run(script, cwd=tmp_path, env=os.environ | {"MOUNT": str(disk)}, capture_output=True)
        assert done.returncode == 0, done.stderr
        for which in ("first", "second"):
            parts = [(tmp_path / f"{which}.{part}").read_text() for part in ("status", "out", "err")]
            runs.append(subprocess.CompletedProcess(command, int(parts[0]), parts[1], parts[2]))
    else:  # a file that may not grow is told as a full disk is
        runs = [
            subprocess.run(command, capture_output=True, encoding="utf-8", preexec_fn=preexec)
            for preexec in (lambda: limit_files(int(100_000 * share)), None)
        ]
    clean(runs[0], 2)
    assert "No space left on device; make room" in runs[0].stderr or "File too large; make room" in runs[0].stderr
    clean(runs[1], 4)
    whole = json.loads(runs[1].stdout)["read"]
    assert whole["lines"] == sum(place.read_bytes().count(b"\n") for place in world.rglob("*") if place.is_file())


def test_an_answer_that_finds_no_room_is_a_line(tmp_path: Path, good: Path) -> None:
    command = [sys.executable, "-m", "serjeant", "investigate", str(good), "--json", "--out", str(tmp_path / "out")]
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, encoding="utf-8")
    assert (run.returncode, run.stderr) == (2, "serjeant: the answer: No space left on device\n")


# hostile names

HOSTILE = {
    "terminal": "\x1b[2J\x1b]0;owned\x07\x9b31m",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "sql": "x'); drop table logins; --",
    "formula": "=cmd|' /C calc'!A0",
    "bidi": "\u202egpj.exe\u2066",
    "carriage return": "root\rAccepted",
    "invisible": "ad\u200bmin\ufeff",
    "path": "../../../etc/passwd",
    "template": "{{ 7 * 7 }}${7*7}%s%n",
    "long": "L" * 60_000,
}
HONEST = [f"person{number:02}" for number in range(40)]


def attacked(names: Sequence[str]) -> str:
    """Ten quiet days, then one address tries everybody, twice, and gets into the accounts with hostile names."""
    lines, pid = [], 0
    everybody = [*HONEST, *names]
    for day in range(1, 11):
        for n, name in enumerate(everybody):
            pid += 1
            lines.append(accepted(f"Jun {day:2} {8 + n % 9:02}:{n:02}:{day:02}", name, f"198.51.100.{n + 1}", pid))
    for turn in range(2):
        for n, name in enumerate(everybody):
            pid += 1
            lines.append(failed(f"Jun 11 {3 + turn:02}:{n:02}:00", name, "203.0.113.9", pid))
    for n, name in enumerate(names):
        pid += 1
        lines.append(accepted(f"Jun 11 05:{n:02}:00", name, "203.0.113.9", pid))
    return text(lines)


def test_hostile_names_are_read_and_shown_and_do_no_harm(cli: Cli, here: Cli, tmp_path: Path) -> None:
    log = attacked(list(HOSTILE.values())).encode() + text(
        [failed("Jun 11 06:00:00", "M" * 1_000_000), failed("Jun 11 06:00:01", "plain")]
    ).encode().replace(b"plain", b"\xff\xfe\x1b[31m")
    (tmp_path / "auth.log").write_bytes(log)
    shown = cli("investigate", "auth.log", "--year", "2026")
    clean(shown, 4)
    told = cli("investigate", "auth.log", "--json")
    clean(told, 4)
    assert told.stderr == ""
    incident = json.loads(told.stdout)
    assert incident["read"]["lines"] == log.count(b"\n")
    assert incident["read"]["unparsed"] == 1  # the name of 1 MB
    fallen = {each["account"] for each in incident["accounts"] if each["assessment"] == "compromised"}
    assert len(fallen) == len(HOSTILE)
    for name in HOSTILE.values():
        assert any(name.strip()[:200].casefold() in account for account in fallen), name[:80]
    page = (tmp_path / "serjeant-report" / "report.html").read_text("utf-8")
    explained = [here("explain", HOSTILE[kind][:256]) for kind in ("terminal", "long")]
    for run in explained:
        clean(run, 0)
    for where in (shown.stdout, shown.stderr, told.stdout, page, *(run.stdout for run in explained)):
        for harm in ("\x1b", "\x07", "\x9b", "\r", "\u202e", "\u2066", "\u200b", "\ufeff"):
            assert harm not in where
        assert len(max(where.split("\n"), key=len)) < 1_000_000
    for harm in ("<script>alert", "<img src=x", "49$"):
        assert harm not in page
    assert max(len(line) for line in shown.stdout.split("\n")) <= 80


def test_hostile_names_of_files(here: Cli, tmp_path: Path) -> None:
    names = [b"\x1b[31mred.log", b"<b>.log", b"\xff.log", b"line\nbreak.log", "\u202egol".encode()]
    (tmp_path / "logs").mkdir()
    for number, name in enumerate(names):
        lines = [failed("Jun  5 09:12:33", pid=number), "nothing that is known"]
        (tmp_path / "logs" / os.fsdecode(name)).write_text(text(lines))
    run = here("investigate", "logs", "--json")
    clean(run, 0)
    read = json.loads(run.stdout)["read"]
    assert (read["files"], read["logins"], len(read["unread"])) == (5, 5, 5)
    page = (tmp_path / "serjeant-report" / "report.html").read_text("utf-8")
    for harm in ("\x1b", "<b>.log", "\u202e"):
        assert harm not in page + run.stdout.replace("<b>.log", "")
    run = here("investigate", "\x1b[31mno\nsuch")
    clean(run, 2)
    assert "\x1b" not in run.stderr


def test_an_unknown_format_is_a_line(tmp_path: Path, good: Path) -> None:
    with pytest.raises(SerjeantError, match="there is no format 'x'; see: serjeant formats"):
        Serjeant(tmp_path / "out", Settings()).investigate([str(good)], now=NOW, form="x")
