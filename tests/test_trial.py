"""``formats try``: each line gets its answer, whatever it is, and nothing of it reaches the terminal unescaped."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from conftest import Cli
from serjeant.collect.trial import alone, tried
from serjeant.config import GenericSettings, Settings

FAILED = b"Jun  5 09:12:33 gate sshd[7]: Failed password for ada from 192.0.2.7 port 50122 ssh2"


def judged(text: bytes, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any] | None]:
    """As with ``--json -``."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    return list(alone(Path("-"), Settings(), None))


lines = st.one_of(
    st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")),
    st.sampled_from(
        [
            b"",
            b"\r",
            FAILED,
            FAILED + b"\r",
            FAILED.replace(b"ada", b"\xff\xfe\x1b[2J"),
            b"Jun  5 09:12:34 gate last message repeated 3 times",
            b'{"a": 1}',
            b'{"a":',
            b"[1, 2]",
            b"[",
            b'"when","who"',
            b'"open',
            b"<Event>",
            b"<Events>",
            b"__CURSOR=s=1",
            b"BZh91AY",
            b"\x1f\x8b\x08",
            b"ElfFile\x00",
            b"\xff\xfea",
            b"\xef\xbb\xbf",
            b"\0",
        ]
    ),
)


@settings(max_examples=4)
@given(given=st.lists(lines, max_size=6), ended=st.booleans())
@example(given=[FAILED + b"\r"], ended=False)
@example(given=[b"BZh91AY", FAILED], ended=True)
@example(given=[b"[", FAILED, b"]"], ended=False)
@example(given=[b'"when","who"', b'"open', FAILED, b'shut"'], ended=True)
@example(given=[b"ElfFile\x00", FAILED], ended=True)
def test_as_many_answers_as_lines_and_in_their_order(given: list[bytes], ended: bool) -> None:
    text = b"\n".join(given) + (b"\n" if ended and given else b"")
    expected = text.count(b"\n") + (not text.endswith(b"\n") and text != b"")
    with pytest.MonkeyPatch.context() as patch:
        told = judged(text, patch)
    assert len(told) == expected
    by_line = [
        row and row["user_name"] for row, line in zip(told, given, strict=False) if line in {FAILED, FAILED + b"\r"}
    ]
    assert by_line == ["ada"] * len(by_line)
    for row, line in zip(told, given, strict=False):
        assert row is None or line.startswith(FAILED[:40])


def test_a_line_of_a_megabyte_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    told = judged(b"\n".join([FAILED, b"a" * 1_000_000, FAILED, b"x" * 3_000_000]), monkeypatch)
    assert [row and row["user_name"] for row in told] == ["ada", None, "ada", None]


def test_a_stamp_without_a_year_is_of_the_last_year_whatever_stands_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [b"Dec 31", b"Jan  1", b"Dec 31", b"Jan  1", b"Feb 29"]
    told = judged(b"\n".join(FAILED.replace(b"Jun  5", day) for day in days), monkeypatch)
    times = [row["time"] if row else "" for row in told]
    assert times[0] == times[2]
    assert times[1] == times[3]
    assert not [row for row in told[:4] if row is None]


def test_a_line_whose_stamp_somebody_took_off_is_still_its_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "Failed password for alice from 192.0.2.7 port 50312 ssh2"
    lines = [f"gate sshd[7]: {said}", f"sshd[7]: {said}", f"gate logger[7]: {said}", f"gate sshd[7]: x {said}"]
    told = judged("\n".join(lines).encode(), monkeypatch)
    assert [row and (row["user_name"], "time" in row) for row in told] == [
        ("alice", False),
        ("alice", False),
        None,
        None,
    ]


def test_a_repeat_says_nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    told = judged(FAILED + b"\nJun  5 09:12:34 gate last message repeated 3 times\n", monkeypatch)
    assert [row and row["count"] for row in told] == [1, None]


def test_the_command_prints_one_json_value_a_line(cli: Cli) -> None:
    ran = cli("formats", "try", "--json", "-", input=f"{FAILED.decode()}\n\n" + '{"odd": "\u2028"}\n[]\n')
    assert ran.returncode == 0, ran.stderr
    first, *others = map(json.loads, ran.stdout.split("\n")[:-1])
    assert (first["user_name"], first["src_ip"], first["outcome"]) == ("ada", "192.0.2.7", "failure")
    assert others == [None] * 3


def test_rows_of_a_table_are_read_under_their_header(tmp_path: Path) -> None:
    table = tmp_path / "vpn.csv"
    table.write_text("when,who,ip,result\n2026-06-05T09:12:33Z,ada,192.0.2.7,ok\n,,,\n")
    columns = {"time": "when", "user_name": "who", "src_ip": "ip", "outcome": "result"}
    house = Settings(generic={"vpn": GenericSettings("csv", columns, outcomes={"ok": "success"})})
    told = list(alone(table, house, None))
    assert [row and row["user_name"] for row in told] == [None, "ada", None]
    assert tried(table, house, 10).rule(1) == "vpn:row"


def test_objects_that_the_settings_map_are_read_from_a_pipe_too(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {"time": "at", "user_name": "who", "outcome": "result"}
    house = Settings(
        generic={
            "door": GenericSettings("json", columns, outcomes={"ok": "success"}),
            "vpn": GenericSettings("csv", columns, outcomes={"ok": "success"}),
        }
    )
    said = b'{"at": "2026-06-05T09:12:33Z", "who": "ada", "result": "ok"}\n\nat,who,result\n' + FAILED
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(said)))
    told = list(alone(Path("-"), house, None))
    assert [row and (row["format"], row["user_name"]) for row in told] == [("door", "ada"), None, None, ("sshd", "ada")]


def test_a_record_of_an_array_is_a_line(tmp_path: Path) -> None:
    events = tmp_path / "events.json"
    row = {
        "published": "2026-06-05T09:12:33.000Z",
        "eventType": "user.session.start",
        "outcome": {"result": "SUCCESS"},
        "actor": {"alternateId": "ada@example.org"},
        "client": {"ipAddress": "192.0.2.7"},
    }
    events.write_text(json.dumps([row, {"odd": 1}, row], indent=2))
    assert [each and each["user_name"] for each in alone(events, Settings(), None)] == [
        "ada@example.org",
        None,
        "ada@example.org",
    ]
    trial = tried(events, Settings(), 10)
    assert [trial.was_read(at) for at in range(3)] == [True, False, True]


def test_what_stands_out_is_what_nobody_knew(tmp_path: Path) -> None:
    from serjeant.cli.trial import show

    log = tmp_path / "auth.log"
    log.write_bytes(FAILED + b"\nodd \x1b[31m \xe2\x80\xae line\n" + b"a" * 100_000 + b"\n")
    drawn = io.StringIO()
    show(
        tried(log, Settings(), 10),
        most=10,
        unknown=False,
        console=Console(file=drawn, force_terminal=True, color_system="standard", width=60, no_color=False),
    )
    coloured = [line for line in drawn.getvalue().splitlines() if "\x1b[1;33m" in line]
    assert [line for line in coloured if "no rule fits" in line]
    assert [line for line in coloured if "longer than 64 KiB" in line]
    assert not [line for line in coloured if "sshd:failed" in line]
    assert "\\x1b[31m \\u202e" in drawn.getvalue()
