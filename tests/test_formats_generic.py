"""Tables of any product by the user's own mapping: bad rows are counted, and nothing moves from row to row."""

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import FOLDER
from serjeant.collect.batch import IGNORED, PARSED, UNPARSED, Batch
from serjeant.collect.format import Format
from serjeant.collect.formats import generic
from serjeant.collect.parse import parse_table
from serjeant.collect.time import Clock


@dataclass(frozen=True)
class Given:
    kind: str
    columns: Mapping[str, str]
    files: str = ""
    time_format: str = ""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str | int | bool] = field(default_factory=dict)


CSV = Given(
    "csv",
    {"time": "When", "user_name": "login", "src_ip": "Address", "outcome": "Result", "reason": "Why"},
    outcomes={"OK": "success", "DENIED": "failure"},
    reasons={"WRONG_PW": "bad_password", "NO_SUCH": "unknown_account", "LOCKED_OUT": "locked"},
    constants={"service": "vpn"},
)
TSV = Given(
    "tsv",
    {"time": "epoch", "user_name": "user", "src_ip": "ip", "outcome": "ok", "count": "count"},
    outcomes={"true": "success", "false": "failure"},
)
JSONL = Given(
    "json",
    {
        "time": "time",
        "user_name": "user.name",
        "src_ip": "net.ip",
        "src_port": "net.port",
        "outcome": "result",
        "reason": "why",
        "is_mfa": "mfa",
    },
)


CLOCK = Clock(ZoneInfo("UTC"), 1970)


def made(given: Given, zone: ZoneInfo | None = None) -> Format:
    return generic.formats({"ours": given}, zone)[0]


def read(given: Given, lines: list[str], header: str | None = None) -> Batch:
    form = made(given)
    head = lines[0] if header is None else header
    return parse_table(pl.Series(lines, dtype=pl.String), form, head, CLOCK)


def rows(batch: Batch) -> list[dict[str, Any]]:
    return batch.rows.to_dicts()


def file(name: str) -> list[str]:
    return list((FOLDER / name).read_text().splitlines())


def test_a_csv_is_read_by_the_names_in_its_header() -> None:
    batch = read(CSV, file("generic.csv"))
    assert [(row["line"], row["user_name"], row["src_ip"], row["outcome"], row["reason"]) for row in rows(batch)] == [
        (1, "alice", "192.0.2.7", "failure", "bad_password"),
        (2, 'o"brien, anne', "2001:db8::7", "failure", "unknown_account"),
        (3, "bob", "198.51.100.4", "success", None),
        (8, "=cmd|' /C calc'!A0", None, "failure", "locked"),
        (9, None, "192.0.2.7", "failure", "other"),
    ]
    assert batch.rows["time"].to_list()[:3] == [
        datetime.fromisoformat("2026-06-05T09:12:33Z"),
        datetime.fromisoformat("2026-06-05T07:12:34Z"),
        datetime.fromisoformat("2026-06-05T09:12:35Z"),
    ]
    assert set(batch.rows["service"]) == {"vpn"}
    assert batch.verdicts.tolist() == [
        IGNORED,
        *[PARSED] * 3,
        *[UNPARSED] * 4,
        *[PARSED] * 2,
        UNPARSED,
        IGNORED,
    ]


def test_the_header_is_the_first_line_of_the_log_and_not_of_the_batch() -> None:
    header, *body = file("generic.csv")
    assert read(CSV, body[:3], header).rows["user_name"].to_list() == ["alice", 'o"brien, anne', "bob"]


def test_a_tsv_has_no_quotes() -> None:
    batch = read(TSV, file("generic.tsv"))
    assert [(row["user_name"], row["outcome"], row["count"]) for row in rows(batch)] == [
        ("alice", "success", 1),
        ('o"brien', "failure", 3),
    ]
    assert batch.rows["time"].to_list() == [
        datetime.fromisoformat("2026-06-05T09:12:33Z"),
        datetime.fromisoformat("2026-06-05T09:12:34.5Z"),
    ]
    assert batch.verdicts.tolist() == [IGNORED, PARSED, PARSED, UNPARSED]


def test_json_lines_are_read_by_paths() -> None:
    batch = read(JSONL, file("generic.jsonl"))
    assert [(row["line"], row["user_name"], row["src_ip"], row["outcome"]) for row in rows(batch)] == [
        (0, "alice", "192.0.2.7", "success"),
        (1, 'x", "net": {"ip": "203.0.113.9"}', "192.0.2.7", "failure"),
        (2, None, "192.0.2.7", "failure"),
    ]
    assert (batch.rows["src_port"][0], batch.rows["is_mfa"][0]) == (50112, True)
    assert batch.verdicts.tolist() == [PARSED] * 3 + [UNPARSED] * 5


@pytest.mark.parametrize(
    ("form", "stamp"),
    [
        ("", "1780650753"),
        ("", "1780650753000"),
        ("", "1780650753000000"),
        ("", "1780650753000000000"),
        ("", "2026-06-05T10:12:33"),
        ("%d.%m.%Y %H:%M:%S", "05.06.2026 10:12:33"),
    ],
)
def test_times_have_the_shape_that_the_settings_say(form: str, stamp: str) -> None:
    given = Given("csv", {"time": "t", "outcome": "o"}, time_format=form)
    table = made(given, ZoneInfo("Europe/London"))
    batch = parse_table(
        pl.Series(["t,o", f"{stamp},success", "nonsense,success", "1e300,success"]), table, "t,o", CLOCK
    )
    assert batch.rows["time"].to_list() == [datetime.fromisoformat("2026-06-05T09:12:33Z")]
    assert batch.verdicts.tolist() == [IGNORED, PARSED, UNPARSED, UNPARSED]


@pytest.mark.parametrize("header", ["", "something,else", "\x00", '"open', "When,When,Login"])
def test_a_table_without_the_columns_is_unparsed_and_no_crash(header: str) -> None:
    batch = read(CSV, ["a,b", "c,d", ""], header)
    assert len(batch.rows) == 0
    assert not (batch.verdicts == PARSED).any()


def test_a_path_with_dots_may_be_a_name_too() -> None:
    given = Given("json", {"time": "@timestamp", "outcome": "event.outcome"})
    line = json.dumps({"@timestamp": "2026-06-05T09:12:33Z", "event.outcome": "failure"})
    assert read(given, [line]).rows["outcome"].to_list() == ["failure"]


def test_a_log_is_taken_by_its_name() -> None:
    takes = made(replace(CSV, files="signins.csv")).takes
    assert takes is not None
    for name in ("signins.csv", "signins.csv.1.gz", "signins.csv-20260605", "/var/log/signins.csv"):
        assert takes(name, pl.Series(["x"]))
    assert not takes("auth.log", pl.Series(file("generic.csv")))


@pytest.mark.parametrize(("given", "name"), [(CSV, "generic.csv"), (TSV, "generic.tsv"), (JSONL, "generic.jsonl")])
def test_a_log_is_taken_by_its_columns(given: Given, name: str) -> None:
    takes = made(given).takes
    assert takes is not None
    assert takes("anything", pl.Series(file(name)))
    assert not takes("anything", pl.Series(["Jun  5 09:12:33 gate sshd[1]: Connection closed by 192.0.2.7"]))
    assert not takes("anything", pl.Series([], dtype=pl.String))


FIELDS = st.text(max_size=20).map(lambda text: re.sub(r"[\r\n]", "", text))


@given(st.lists(st.tuples(FIELDS, FIELDS), min_size=1, max_size=8))
def test_whatever_stands_in_a_field_stays_in_its_row(names: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["When", "Login", "Address", "Result", "Why", "Note"])
    for i, (name, note) in enumerate(names):
        writer.writerow([f"2026-06-05T09:12:{i:02d}Z", name, f"192.0.2.{i}", "OK", "", note])
    lines = out.getvalue().split("\n")[:-1]
    batch = read(CSV, lines)
    assert batch.rows["line"].to_list() == list(range(1, len(names) + 1))
    for row in rows(batch):
        assert row["src_ip"] == f"192.0.2.{row['line'] - 1}"
        name = names[row["line"] - 1][0]
        assert (row["user_name"] or "") in name
        assert row["user_name"] or not name.strip()


@given(st.lists(st.one_of(FIELDS, st.sampled_from(file("generic.csv") + file("generic.jsonl"))), max_size=10), FIELDS)
def test_any_text_is_read_without_a_crash_and_every_line_is_counted(lines: list[str], header: str) -> None:
    for table in (CSV, TSV, JSONL):
        batch = read(table, lines, header)
        assert len(batch.verdicts) == len(lines)
        told = np.isin(np.arange(len(lines)), batch.rows["line"].to_numpy())
        assert ((batch.verdicts == PARSED) == told).all()
        for row in rows(batch):
            assert row["src_ip"] is None or row["src_ip"] in lines[row["line"]]


def test_samples_are_there_for_each_kind() -> None:
    assert {Path(each).suffix[1:] for each in FOLDER.glob("generic.*")} == {"csv", "tsv", "jsonl"}
    assert set(generic.KINDS) == {"csv", "tsv", "json"}
