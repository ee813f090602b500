"""The rows of Parquet are lines: each counted once, whatever is cut off, packed, damaged or killed."""

import gzip
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakes import Held, failed, multiset
from serjeant.collect import collector, parquet
from serjeant.collect.lines import blocks
from serjeant.collect.stream import unpacked
from serjeant.config import GenericSettings, Settings
from serjeant.store.lake import Lake

START = datetime(2026, 6, 5, 9, tzinfo=UTC)


def event(at: int, name: str = "", failed: bool = True) -> dict[str, Any]:
    """As Amazon Security Lake keeps what CloudTrail told: OCSF 1.1, most of it empty."""
    moment = START + timedelta(seconds=at, milliseconds=123)
    return {
        "metadata": {"product": {"name": "CloudTrail", "vendor_name": "AWS", "version": "1.08"}, "version": "1.1.0"},
        "time": int(moment.timestamp() * 1000),
        "time_dt": moment.replace(tzinfo=None),
        "cloud": {"region": "eu-west-2", "provider": "AWS"},
        "user": {"type": "IAMUser", "name": name or f"user{at}", "uid": None},
        "src_endpoint": {"ip": "192.0.2.7", "uid": None, "port": None},
        "http_request": {"user_agent": "Mozilla/5.0"},
        "dst_endpoint": {"svc_name": "signin.amazonaws.com"},
        "class_uid": 3002,
        "activity_id": 1,
        "status_id": 2 if failed else 1,
        "status_detail": "INVALID_CREDENTIALS" if failed else None,
        "is_mfa": False,
        "unmapped": [("eventType", "AwsConsoleSignIn")],
        "accountid": None,
    }


def schema() -> pa.Schema:
    """That of the events, with what Security Lake could not place as a map."""
    told = pa.Table.from_pylist([event(0)]).schema
    at = told.get_field_index("unmapped")
    return told.set(at, pa.field("unmapped", pa.map_(pa.string(), pa.string())))


def written(path: Path, events: list[dict[str, Any]], **how: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(events, schema()), path, **({"compression": "zstd"} | how))
    return path


def read(data: bytes) -> list[dict[str, Any]]:
    with unpacked(io.BytesIO(data)) as stream:
        return [json.loads(line) for block in blocks(stream) for line in block.lines]


def test_a_security_lake_is_read_where_it_lies(tmp_path: Path) -> None:
    folder = tmp_path / "ext" / "CLOUD_TRAIL_MGMT" / "2.0" / "region=eu-west-2" / "accountId=111122223333"
    for day in (5, 6):
        events = [event(at + (day - 5) * 86400) for at in range(40)] + [event(99 + (day - 5) * 86400, "alice", False)]
        how = {"compression": "gzip" if day == 5 else "zstd", "row_group_size": 7}
        written(folder / f"eventDay=202606{day:02}" / "part-0.gz.parquet", events, **how)
    held = Held(tmp_path / "lake")
    assert held.read(tmp_path / "ext") == []
    lines = held.lines()
    assert len(lines) == 82
    assert {line["format"] for line in lines} == {"ocsf"}
    assert {line["service"] for line in lines} == {"signin.amazonaws.com"}
    assert sorted(line["log_offset"] for line in lines) == sorted([*range(1, 42)] * 2)
    first = next(line for line in lines if line["user_name"] == "user0")
    assert first["time"] == START + timedelta(milliseconds=123)
    assert (first["outcome"], first["reason"], first["src_ip"]) == ("failure", "bad_password", "192.0.2.7")
    (alice, _) = [line for line in lines if line["user_name"] == "alice"]
    assert alice["outcome"] == "success"
    # Read again it is nothing new, and each line was counted once.
    assert held.read(tmp_path / "ext") == []
    assert len(held.lines()) == 82
    tally = held.tally()
    assert (tally.lines, tally.parsed, tally.ignored, tally.unparsed) == (82, 82, 0, 0)


def test_the_rows_are_numbered_across_row_groups_and_pieces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = written(tmp_path / "a.parquet", [event(at) for at in range(100)], row_group_size=33).read_bytes()
    at_once = read(data)
    monkeypatch.setattr(parquet, "_ROWS", 10)
    assert read(data) == at_once
    assert [row["user"]["name"] for row in at_once] == [f"user{at}" for at in range(100)]


def test_what_cannot_be_read_at_any_place_is_read_too(tmp_path: Path) -> None:
    """A pipe, and what is packed once more."""
    data = written(tmp_path / "a.parquet", [event(at) for at in range(50)]).read_bytes()

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    with unpacked(Pipe(data)) as stream:
        piped = [json.loads(line) for block in blocks(stream) for line in block.lines]
    assert piped == read(data) == read(gzip.compress(data))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda data: data[: len(data) // 2], "cut off or damaged"),
        (lambda data: data[:100], "cut off or damaged"),
        (lambda data: data[:-4] + b"PAR2", "cut off or damaged"),
        (lambda data: b"PARE" + data[4:-4] + b"PARE", "encrypted"),
    ],
)
def test_parquet_that_cannot_be_read_is_one_line(tmp_path: Path, spoil: Any, says: str) -> None:
    whole = written(tmp_path / "a.parquet", [event(at) for at in range(50)])
    (tmp_path / "b.parquet").write_bytes(spoil(whole.read_bytes()))
    held = Held(tmp_path / "lake")
    (trouble,) = held.read(whole, tmp_path / "b.parquet")
    assert trouble.log == str(tmp_path / "b.parquet")
    assert says in trouble.says
    assert len(held.lines()) == 50


def test_what_stands_before_the_damage_is_read(tmp_path: Path) -> None:
    how = {"row_group_size": 5000, "compression": "none", "use_dictionary": False, "write_page_checksum": True}
    data = bytearray(written(tmp_path / "a.parquet", [event(at) for at in range(15000)], **how).read_bytes())
    start = pq.ParquetFile(io.BytesIO(bytes(data))).metadata.row_group(2).column(0).data_page_offset
    data[start : start + 60] = b"\xff" * 60
    held = Held(tmp_path / "lake")
    (tmp_path / "b.parquet").write_bytes(data)
    (trouble,) = held.read(tmp_path / "b.parquet")
    assert "what came before was read" in trouble.says
    assert 5000 <= len(held.lines()) <= 10000


def test_stopped_half_way_it_goes_on_at_the_row_where_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", [event(at) for at in range(300)], row_group_size=70)
    whole = Held(tmp_path / "whole")
    whole.read(path)
    monkeypatch.setattr(collector, "BLOCK", 20_000)
    commit, left = Lake.commit, [3]

    def some(*told: Any, **more: Any) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        commit(*told, **more)

    held = Held(tmp_path / "lake")
    with monkeypatch.context() as patched:
        patched.setattr(Lake, "commit", some)
        with pytest.raises(KeyboardInterrupt):
            held.read(path)
    assert 0 < held.tally().lines < 300
    assert held.read(path) == []
    assert held.tally() == whole.tally()
    assert multiset(held.lines()) == multiset(whole.lines())


@pytest.mark.parametrize("begins", ["PAR1", "PARE"])
def test_text_that_begins_like_parquet_is_text(begins: str, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(f"{begins}NT is a word\n{failed('Jun  5 09:12:33')}\n")
    held = Held(tmp_path / "lake")
    assert held.read(tmp_path / "a.log") == []
    assert (held.tally().lines, held.tally().parsed) == (2, 1)


def test_parquet_of_anything_else_is_counted_and_told(tmp_path: Path) -> None:
    pq.write_table(pa.table({"city": ["Oslo", "Bern"], "height": [1.5, float("nan")]}), tmp_path / "a.parquet")
    held = Held(tmp_path / "lake")
    assert held.read(tmp_path / "a.parquet") == []
    tally = held.tally()
    assert (tally.lines, tally.unparsed) == (2, 2)
    assert read((tmp_path / "a.parquet").read_bytes()) == [
        {"city": "Oslo", "height": 1.5},
        {"city": "Bern", "height": None},
    ]


def test_any_table_is_read_by_the_columns_that_the_settings_name(tmp_path: Path) -> None:
    table = pa.table(
        {
            "when": pa.array([START], pa.timestamp("ms", "UTC")),
            "who": pa.array([{"login": "alice"}]),
            "from": ["192.0.2.7"],
            "ok": ["no"],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    columns = {"time": "when", "user_name": "who.login", "src_ip": "from", "outcome": "ok"}
    mine = Settings(generic={"mine": GenericSettings("json", columns, outcomes={"no": "failure"})})
    held = Held(tmp_path / "lake")
    assert held.read(tmp_path / "a.parquet", settings=mine) == []
    (line,) = held.lines()
    assert (line["time"], line["user_name"], line["src_ip"]) == (START, "alice", "192.0.2.7")
    assert (line["format"], line["outcome"]) == ("mine", "failure")


def test_columns_of_every_kind_become_json(tmp_path: Path) -> None:
    moment = datetime(2026, 6, 5, 9, 12, 33, 123456, UTC)
    table = pa.table(
        {
            "name": ['x"\n\x1b\u202e\\'],
            "bytes": [b"\x00\xff"],
            "at": pa.array([moment], pa.timestamp("us", "Europe/London")),
            "days": pa.array([moment.date()]),
            "big": pa.array([2**64 - 1], pa.uint64()),
            "word": pa.array(["a"]).dictionary_encode(),
            "nothing": pa.array([None], pa.null()),
            "list": [[{"a": 1}]],
            "map": pa.array([[("k", "v")]], pa.map_(pa.string(), pa.string())),
            "price": pa.array([1]).cast(pa.decimal128(30, 2)),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    (row,) = read((tmp_path / "a.parquet").read_bytes())
    assert row["name"] == 'x"\n\x1b\u202e\\'
    assert row["at"] == "2026-06-05 09:12:33.123456+00"
    assert row["big"] == 2**64 - 1
    assert (row["word"], row["nothing"], row["list"], row["map"]) == ("a", None, [{"a": 1}], {"k": "v"})


def test_a_lake_of_our_own_is_read(tmp_path: Path) -> None:
    rows = pl.DataFrame(
        {
            "time": [START],
            "user_name": ["alice"],
            "src_ip": ["192.0.2.7"],
            "src_port": [50112],
            "outcome": ["challenged"],
            "reason": ["mfa"],
            "log": ["mail.log"],
            "log_offset": [7],
        }
    )
    rows.write_parquet(tmp_path / "logins.parquet")
    held = Held(tmp_path / "lake")
    assert held.read(tmp_path / "logins.parquet") == []
    (line,) = held.lines()
    assert (line["time"], line["user_name"], line["outcome"], line["reason"]) == (START, "alice", "challenged", "mfa")
    assert line["log"] == str(tmp_path / "logins.parquet")
