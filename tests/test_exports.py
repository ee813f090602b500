"""What is written out for other tools is what was read, is read back as the same, and harms nobody who opens it."""

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import polars as pl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lakes import accepted, failed, text
from serjeant.cli import main
from serjeant.collect.batch import schema_of
from serjeant.collect.formats import ecs, ocsf, serjeant
from serjeant.collect.lines import blocks
from serjeant.collect.parse import parse_lines, parse_table
from serjeant.collect.stream import unpacked
from serjeant.collect.time import Clock
from serjeant.model import ecs as ecs_places
from serjeant.model import ocsf as ocsf_places
from serjeant.model.login import OUTCOMES, REASONS
from serjeant.report.text import plain
from serjeant.report.writers import logins

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1",
    "-2",
    "@SUM(A1)",
    "'quoted'",
    "＝1",
    "\t=1",
    "a\r\n=1",
    "x\x1b[31m",
    "\u202eecila",
    'x","y',
    "\x00",
    "\udcff".encode("utf-8", "replace").decode(),
    '{"user":{"name":"bob"}}',
    "EXAMPLE\\alice",
    "mfa",
    " ",
    "null",
    "Serjeant",
    "serjeant",
)
words = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=20))
START = datetime(2026, 6, 5, tzinfo=UTC)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    outcome = draw(st.sampled_from(OUTCOMES))
    source = draw(st.sampled_from([None, "192.0.2.7", "2001:db8::7"]))
    maybe = st.none() | words
    name = draw(maybe)
    return {
        "time": START + timedelta(microseconds=draw(st.integers(0, 10**12))),
        "account": draw(maybe) if name else None,
        "user_name": name,
        "source": source,
        "src_ip": source,
        "src_port": draw(st.none() | st.integers(1, 65535)) if source else None,
        "dst_host": draw(maybe),
        # That service is we ourselves, which no login of others is.
        "service": draw(maybe.filter(lambda name: name is None or name.casefold() != "serjeant")),
        "auth_protocol": draw(st.none() | st.sampled_from(["password", "kerberos", "ntlm", "oauth 2.0", "plain"])),
        "outcome": outcome,
        "reason": None if outcome == "success" else draw(st.sampled_from(REASONS)),
        "is_mfa": draw(st.none() | st.booleans()),
        "session_uid": draw(maybe),
        "client": draw(maybe),
        "count": draw(st.integers(1, 1_000_000)),
        "log": draw(words),
        "log_offset": draw(st.integers(1, 2**40)),
    }


def table(told: Iterable[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(list(told), schema_of(logins.COLUMNS))


def written(shape: str, *batches: pl.DataFrame) -> bytes:
    to = io.BytesIO()
    logins.write(shape, [table([]), *batches], to)
    return to.getvalue()


def read(shape: str, data: bytes) -> list[dict[str, Any]]:
    """As ``investigate`` reads it."""
    clock = Clock(ZoneInfo("Pacific/Auckland"), 2026)
    with unpacked(io.BytesIO(data)) as stream:
        head = stream.head.decode("utf-8", "replace")
        lines = pl.concat([block.lines for block in blocks(stream)])
    if shape == "csv":
        batch = parse_table(lines, serjeant.FORMAT, head, clock)
    else:
        form = {"ocsf": ocsf.FORMAT, "ecs": ecs.FORMAT}.get(shape, serjeant.FORMAT)
        batch = parse_lines(lines, [form], [], clock)
    return batch.rows.to_dicts()


CARRIED = set(logins.COLUMNS.names) - {"account", "source", "log", "log_offset"}
"""The rest the collector adds anew."""


@pytest.mark.parametrize("shape", logins.SHAPES)
@settings(max_examples=60, deadline=None)
@given(told=st.lists(rows(), min_size=1, max_size=5))
@example(told=[])
def test_what_is_written_is_read_back_equal(shape: str, told: list[dict[str, Any]]) -> None:
    told = told or [
        dict.fromkeys(logins.COLUMNS.names)
        | {"time": START, "outcome": "success", "log": "a", "user_name": name, "count": 1, "log_offset": 1}
        for name in HOSTILE
    ]
    back = read(shape, written(shape, table(told)))
    assert len(back) == len(told)
    for before, after in zip(told, back, strict=True):
        for name in CARRIED:
            expected = before[name]
            if shape == "csv" and isinstance(expected, str):
                expected = plain(expected, 10_000)
            assert after[name] == expected, name


@settings(max_examples=100)
@given(name=words)
@example(name="=1+1")
@example(name="\r=1")
def test_no_cell_is_a_formula_nor_drives_a_terminal(name: str) -> None:
    row = table([{"user_name": name, "time": START, "outcome": "success", "count": 1, "log": name, "log_offset": 1}])
    for shape in ("csv", "json", "ocsf", "ecs"):
        shown = written(shape, row).decode()
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]", shown), shape
        assert shown.count("\n") == (2 if shape == "csv" else 1)
    (cells,) = list(csv.reader(io.StringIO(written("csv", row).decode())))[1:]
    for cell in cells:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


ENDPOINT = {"type": "object", "anyOf": [{"required": ["ip"]}, {"required": ["hostname"]}, {"required": ["name"]}]}
OCSF = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        *("class_uid", "category_uid", "activity_id", "type_uid", "severity_id", "time", "metadata", "user"),
        "status_id",
    ],
    "anyOf": [{"required": ["service"]}, {"required": ["dst_endpoint"]}],
    "properties": {
        "class_uid": {"const": 3002},
        "class_name": {"const": "Authentication"},
        "category_uid": {"const": 3},
        "category_name": {"const": "Identity & Access Management"},
        "activity_id": {"const": 1},
        "activity_name": {"const": "Logon"},
        "type_uid": {"const": 300201},
        "type_name": {"const": "Authentication: Logon"},
        "severity_id": {"enum": [0, 1, 2, 3, 4, 5, 6, 99]},
        "severity": {"type": "string"},
        "time": {"type": "integer"},
        "time_dt": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"},
        "metadata": {
            "type": "object",
            "required": ["product", "version"],
            "properties": {
                "version": {"const": "1.3.0"},
                "product": {"type": "object", "required": ["name", "vendor_name"]},
                "profiles": {"const": ["datetime"]},
            },
        },
        "status_id": {"enum": [1, 2]},
        "status": {"enum": ["Success", "Failure"]},
        "status_detail": {"type": "string"},
        "user": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "account": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
            },
        },
        "src_endpoint": ENDPOINT,
        "dst_endpoint": ENDPOINT,
        "service": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        "auth_protocol_id": {"enum": [*range(11), 99]},
        "auth_protocol": {"type": "string"},
        "is_mfa": {"type": "boolean"},
        "session": {"type": "object", "required": ["uid"], "properties": {"uid": {"type": "string"}}},
        "http_request": {"type": "object", "properties": {"user_agent": {"type": "string"}}},
        "count": {"type": "integer", "minimum": 1},
        "unmapped": {"type": "object"},
    },
}
"""What the schema asks of class 3002 (1.1 to 1.6), for the attributes that we write; it knows no nulls."""


@settings(max_examples=60, deadline=None)
@given(told=st.lists(rows(), min_size=1, max_size=5))
def test_an_event_has_what_ocsf_asks_for(told: list[dict[str, Any]]) -> None:
    for line, row in zip(written("ocsf", table(told)).splitlines(), told, strict=True):
        event = json.loads(line)
        jsonschema.validate(event, OCSF)
        assert event["status_id"] == (1 if row["outcome"] == "success" else 2)
        assert event["unmapped"]["outcome"] == row["outcome"]
        assert abs(event["time"] - row["time"].timestamp() * 1000) < 1.001


@settings(max_examples=30, deadline=None)
@given(told=st.lists(rows(), min_size=1, max_size=5))
def test_an_event_has_what_ecs_asks_for(told: list[dict[str, Any]]) -> None:
    for line, row in zip(written("ecs", table(told)).splitlines(), told, strict=True):
        event = json.loads(line)["event"]
        assert (event["kind"], event["category"], event["type"]) == ("event", ["authentication"], ["start"])
        assert event["outcome"] == ("success" if row["outcome"] == "success" else "failure")


def test_the_page_says_where_each_column_goes() -> None:
    page = (Path(__file__).parent.parent / "docs" / "exports.md").read_text("utf-8")
    for shape in (ocsf_places, ecs_places):
        for place in (*(places[0] for places in shape.PLACES.values()), *shape.OURS.values()):
            assert f"`{place}`" in page
    for reason, detail in ocsf_places.DETAILS.items():
        assert f"| `{reason}` | `{detail}` |" in page
    for shape_name in logins.SHAPES:
        assert f"| `{shape_name}` |" in page


# ------------------------------------------------------------------ the command


@pytest.fixture
def investigated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an investigation of three days."""
    monkeypatch.chdir(tmp_path)
    days = [f"Jun {day:2}" for day in (5, 6, 7)]
    said = [failed(f"{day} 09:12:{second:02}", ip=f"192.0.2.{second}") for day in days for second in range(20)]
    said += [accepted(f"{day} 10:00:00", user="bob", ip="198.51.100.9", pid=81) for day in days]
    Path("auth.log").write_text(text(said))
    run("investigate", "auth.log", "--year", "2026")
    return tmp_path


def run(*told: str) -> Result:
    return CliRunner().invoke(main, [*told])


def test_all_logins_come_out_by_time(investigated: Path) -> None:
    result = run("logins")
    assert result.exit_code == 0
    assert "63 logins, 63 attempts, as csv" in result.stderr
    told = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(told) == 63
    assert [row["time"] for row in told] == sorted(row["time"] for row in told)
    assert "guess_site" not in told[0]
    assert told[0]["log"] == "auth.log"


def test_those_that_are_wanted(investigated: Path) -> None:
    def count(*wanted: str) -> int:
        return len(run("logins", "--as", "json", *wanted).stdout.splitlines())

    assert count("--account", "BOB") == 3
    assert count("--source", "192.0.2.7") == 3
    assert count("--source", "192.0.2.7", "--account", "alice", "--since", "2026-06-06") == 2
    assert count("--since", "2026-06-06T10:00:00") == 1 + 21
    assert count("--until", "2026-06-06T09:12:00") == 21
    assert count("--since", "2026-06-06T09:12:03", "--until", "2026-06-06T09:12:05") == 2
    assert count("--account", "nobody") == 0


def test_an_export_is_investigated_like_the_log(investigated: Path) -> None:
    whole = set(run("logins").stdout.splitlines())
    strip = re.compile(r",[^,]*,[^,]*$")
    for shape in logins.SHAPES:
        run("logins", "--as", shape, "--out", f"{shape}.out")
        result = run("investigate", f"{shape}.out", "--out", f"of-{shape}")
        assert result.exit_code in {0, 3, 4}, result.stderr
        again = run("logins", "--from", f"of-{shape}").stdout.splitlines()
        assert {strip.sub("", line) for line in again} == {strip.sub("", line) for line in whole}, shape


def test_parquet_is_whole_also_where_nothing_was_wanted(investigated: Path) -> None:
    run("logins", "--as", "parquet", "--out", "all.parquet")
    assert pq.read_table("all.parquet").num_rows == 63
    run("logins", "--as", "parquet", "--account", "nobody", "--out", "none.parquet")
    assert pq.read_table("none.parquet").schema.names == logins.COLUMNS.names


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (("--source", "here"), "no address"),
        (("--from", "nowhere"), "run: serjeant investigate"),
        (("--since", "2026-06-07", "--until", "2026-06-06"), "before --until"),
        (("--as", "xml"), "xml"),
        (("--out", "no/such/folder.csv"), "name another file"),
    ],
)
def test_what_cannot_be_done_is_one_line(investigated: Path, told: tuple[str, ...], says: str) -> None:
    result = run("logins", *told)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert not list(investigated.glob("**/*.new"))


def test_a_day_that_is_not_settled_is_told(investigated: Path) -> None:
    (investigated / "serjeant-report" / "lake" / "logins" / "day=2026-06-06.parquet").unlink()
    result = run("logins", "--out", "all.csv")
    assert result.exit_code == 2
    assert "2026-06-06" in result.stderr
    assert not Path("all.csv").exists()
