"""Files of records become lines, one record a line, however they were written, cut off or damaged."""

import gzip
import io
import json
import re
import struct
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from serjeant.collect.folds import event_log, event_xml, journal, objects, rows
from serjeant.collect.lines import blocks
from serjeant.collect.packed import packing
from serjeant.collect.source import LONGEST, Damaged
from serjeant.collect.stream import unpacked
from serjeant.collect.unfold import Fold, fold


def read(data: bytes) -> list[str]:
    with unpacked(io.BytesIO(data)) as stream:
        return [line for block in blocks(stream) for line in block.lines.to_list()]


def fed(way: Fold | None, data: bytes, size: int = 1 << 30) -> bytes:
    """What a fold makes of bytes that come in pieces of one size."""
    assert way is not None
    return b"".join(way.feed(data[at : at + size]) for at in range(0, len(data), size)) + way.end()


def untouched(data: bytes) -> bool:
    return fold(data[:8192]) is None


class Sips(io.RawIOBase):
    """Bytes that come a few at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self._left, self._size = data, size

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        count = min(len(into), self._size, len(self._left))
        into[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


# ------------------------------------------------------------------ JSON

values: st.SearchStrategy[Any] = st.one_of(
    st.text(max_size=5),
    st.sampled_from(
        [
            None,
            True,
            -1.5,
            '"',
            "\\",
            '\\"',
            "{",
            "}]",
            "\n",
            "a\\",
            [],
            {},
            [{}],
            {"a": [1, {"b": "]"}]},
            [[{"Records": [{}]}]],
        ]
    ),
)
records = st.lists(st.dictionaries(st.sampled_from(["ka", 'k"', "k{"]), values, min_size=1), min_size=1, max_size=4)
indents = st.sampled_from([None, 0, 1, 4])

ANSWERS: dict[str, Callable[[list[Any]], Any]] = {
    "list": lambda each: each,
    "cloudtrail": lambda each: {"Records": each},
    "graph": lambda each: {"@odata.context": "https://graph/$metadata", "value": each, "@odata.nextLink": "https://x"},
    "event hub": lambda each: {"records": each},
    "elastic": lambda each: {
        "took": 3,
        "_shards": {"total": 1, "failures": [{"reason": {"type": "x"}}]},
        "hits": {"total": {"value": 2}, "hits": [{"_index": "a", "_source": one} for one in each]},
        "aggregations": {"x": {"buckets": [{"key": {"a": 1}}]}},
    },
    "duo": lambda each: {"stat": "OK", "response": {"authlogs": each, "metadata": {"next_offset": ["1", "x"]}}},
}


def dumped(thing: Any, indent: int | None, *, ascii_only: bool = True) -> bytes:
    text = json.dumps(thing, indent=indent, ensure_ascii=ascii_only)
    return text.encode("utf-8", "replace")


def as_objects(lines: bytes) -> list[Any]:
    return [json.loads(line) for line in lines.splitlines()]


@pytest.mark.parametrize("kind", ANSWERS)
@settings(max_examples=40)
@given(each=records, indent=indents, size=st.integers(1, 40), more=records)
def test_each_object_of_a_list_is_a_line(
    kind: str, each: list[Any], indent: int | None, size: int, more: list[Any]
) -> None:
    data = dumped(ANSWERS[kind](each), indent)
    way = fold(data[:8192])
    assert isinstance(way, objects.Objects)
    assert as_objects(fed(way, data, size)) == each
    # One document behind the other, as "cat" makes them.
    both = data + b"\n" + dumped(ANSWERS[kind](more), indent)
    assert as_objects(fed(fold(both[:8192]), both, size)) == each + more


@given(
    each=records,
    indent=st.sampled_from([0, 1, 4]),
    between=st.sampled_from([b"\n", b"", b",\n", b"\r\n\r\n"]),
    size=st.integers(1, 40),
)
def test_objects_over_several_lines_are_lines(each: list[Any], indent: int, between: bytes, size: int) -> None:
    data = between.join(dumped(one, indent) for one in each)
    assert as_objects(fed(fold(data[:8192]), data, size)) == each


@given(each=records, between=st.sampled_from([b"", b" ", b",\n", b",\r\n"]), size=st.integers(1, 40))
def test_objects_that_are_not_parted_by_line_ends_are_lines(each: list[Any], between: bytes, size: int) -> None:
    data = between.join(dumped(one, None) for one in each + each)
    assert as_objects(fed(fold(data[:8192]), data, size)) == each + each


@given(each=records, end=st.sampled_from([b"\n", b"\r\n", b"\n\n"]))
def test_lines_that_are_objects_pass_untouched(each: list[Any], end: bytes) -> None:
    data = end.join(dumped(one, None, ascii_only=False) for one in each) + end
    assert untouched(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b'{"data": [{"a": 1}], "user": "x"}\n{"data": [{"a": 1}]}\n',
        b'{"torn": "by a rotat\n{"a": 1}\n{"b": 2}\n',
        b'{"a": 1}',
        b'{"a": "' + b"x" * 9000 + b'"}\n{"b": 1}\n',
        b'[2026-06-05 09:12:33] local.ERROR: x\n[2026-06-05 09:12:34] {"a": 1}\n',
        b"[error] {\n",
        b"{not json}\n",
        b"<13>Jun  5 09:12:33 host sshd[1]: Failed password for root from 192.0.2.7 port 1 ssh2\n",
        b'192.0.2.7 - bob [05/Jun/2026:09:12:33 +0000] "GET /, HTTP/1.1" 401 1 "-" "Mozilla, like"\n' * 3,
        b'time=1 msg="a, b" user="x"\ntime=2 msg="a, b" user="x"\n',
        b"#Fields: date time\n2026-06-05 09:12:33\n",
        b'a,b,c\n1,2,3\n4,5,"6\n',
        b"__init__ = 3\n",
    ],
)
def test_what_is_lines_already_passes_untouched(data: bytes) -> None:
    assert untouched(data) or fed(fold(data), data) == data


@given(each=records, indent=indents, data=st.data())
def test_a_list_that_is_cut_off_keeps_what_is_whole(each: list[Any], indent: int | None, data: st.DataObject) -> None:
    whole = dumped({"Records": each}, indent)
    cut = data.draw(st.integers(20, len(whole)))
    lines = fed(fold(whole[:cut]), whole[:cut]).split(b"\n")
    full = [json.loads(line) for line in lines[:-1]]
    assert full == each[: len(full)]
    assert len(lines) <= len(each) + 1


@settings(max_examples=30)
@given(noise=st.binary(max_size=60), at=st.integers(0, 400), each=records, indent=indents, size=st.integers(1, 300))
@example(noise=b'"', at=30, each=[{"ka": "b"}] * 9, indent=4, size=300)
def test_any_bytes_become_lines(noise: bytes, at: int, each: list[Any], indent: int | None, size: int) -> None:
    for around in ANSWERS.values():
        data = dumped(around(each), indent)
        data = data[:at] + noise + data[at:]
        for path in ((), None, ("Records",), ("hits", "hits")):
            fed(objects.Objects(path, data[:8192]), data, size)
        with unpacked(io.BytesIO(data)) as stream:
            stream.read(1 << 20)


def test_what_is_no_json_passes_as_the_lines_that_it_is() -> None:
    data = b'{\n"a": 1\n}\nnot json at all\nnor this, either\n{\n"b": 2\n}\ntail'
    assert fed(fold(data), data).split(b"\n") == [
        b'{ "a": 1 }',
        b"not json at all",
        b"nor this, either",
        b'{ "b": 2 }',
        b"tail",
    ]
    data = b'{"Records": [{"a": 1}]}\nplain text\n{"Records": []}\n{"other": {"x": [1]}}\n{"Records": [{"b": 1}]}'
    assert fed(fold(data), data).split(b"\n") == [
        b'{"a": 1}',
        b"plain text",
        b'{"other": {"x": [1]}}',
        b'{"b": 1}',
        b"",
    ]


def test_a_quote_that_was_cut_off_costs_its_object_only() -> None:
    good = dumped([{"n": n, "text": "x" * 50} for n in range(3000)], 2)
    torn = b'[\n  {\n    "n": 1,\n    "text": "cut\n' + good
    lines = fed(fold(torn[:8192]), torn, 256 * 1024).splitlines()
    found = [json.loads(line)["n"] for line in lines if _is_json(line)]
    assert found[-1] == 2999
    assert len(found) > 500


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def test_an_object_without_end_takes_no_memory_to_speak_of() -> None:
    way = objects.Objects((), b"")
    way.feed(b'[{"a": "')
    for _ in range(200):
        way.feed(b"x" * 256 * 1024)
    assert len(way._open) <= 16 * LONGEST
    way = objects.Objects(("Records",), b"")
    for _ in range(50):
        way.feed(b'{"x": "' + b"y" * 100_000)
    assert len(way._around) <= 2 * LONGEST


def test_json_unfolds_fast() -> None:
    each = {
        "eventTime": "2026-06-05T09:12:33Z",
        "userIdentity": {"type": "IAMUser", "userName": "alice"},
        "list": [1, 2, {"a": '\\"'}],
        "text": "x" * 600,
    }
    data = dumped({"Records": [each] * 20_000}, None)
    begun = time.process_time()
    assert fed(fold(data[:8192]), data, 256 * 1024).count(b"\n") == 20_000
    assert len(data) / (time.process_time() - begun) > 20e6  # bytes a second; ten times as much on a machine at rest


# ------------------------------------------------------------------ the journal

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
entries = st.lists(
    st.dictionaries(st.sampled_from(["MESSAGE", "_PID", "SYSLOG_IDENTIFIER", "_HOSTNAME", "X1"]), texts, min_size=1),
    min_size=1,
    max_size=4,
)


def exported(each: list[dict[str, str]]) -> bytes:
    out = b""
    for number, entry in enumerate(each):
        out += b"__CURSOR=s=%d\n__REALTIME_TIMESTAMP=%d\n" % (number, 10**15 + number)
        for name, text in entry.items():
            value = text.encode()
            if b"\n" in value:
                out += name.encode() + b"\n" + struct.pack("<Q", len(value)) + value + b"\n"
            else:
                out += name.encode() + b"=" + value + b"\n"
        out += b"\n"
    return out


@given(entries, st.integers(1, 50))
@example([{"MESSAGE": "a\n\n__CURSOR=s=9\nMESSAGE=forged"}], 7)
def test_each_entry_of_a_journal_is_a_line(each: list[dict[str, str]], size: int) -> None:
    data = exported(each)
    found = as_objects(fed(fold(data[:8192]), data, size))
    assert [{k: v for k, v in one.items() if not k.startswith("__")} for one in found] == each
    assert [one["__REALTIME_TIMESTAMP"] for one in found] == [str(10**15 + n) for n in range(len(each))]
    assert as_objects(fed(fold(data[:8192]), data.removesuffix(b"\n"), size)) == found


@given(entries, st.binary(max_size=20), st.integers(0, 200), st.integers(1, 50))
def test_a_damaged_journal_goes_on(each: list[dict[str, str]], noise: bytes, at: int, size: int) -> None:
    data = exported(each)
    fed(journal.Journal(), data[:at] + noise + data[at:], size)
    fed(journal.Journal(), data[:at], size)


def test_a_damaged_entry_costs_itself_only() -> None:
    good = exported([{"MESSAGE": "one"}])
    data = good + b"__CURSOR=1\nMESSAGE\n" + b"\xff" * 8 + b"what\n\n" + good + b"no such name\n\n" + good
    found = fed(fold(data), data).splitlines()
    assert [b"damaged" in line for line in found] == [False, True, False, True, False]


def test_large_fields_of_a_journal_are_null_and_take_no_memory() -> None:
    way = journal.Journal()
    size = 50_000_000
    way.feed(b"__CURSOR=1\nMESSAGE=crashed\nCOREDUMP\n" + struct.pack("<Q", size))
    for _ in range(size // 1_000_000):
        way.feed(bytes(1_000_000))
    [line] = way.feed(b"\n_PID=1\n\n").splitlines()
    assert json.loads(line) == {"__CURSOR": "1", "MESSAGE": "crashed", "COREDUMP": None, "_PID": "1"}
    way.feed(b"x" * 10 * LONGEST)
    assert len(way._held) <= 2 * LONGEST


# ------------------------------------------------------------------ event XML

EVENT = (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>4625</EventID></System>"
    "<EventData><Data Name='TargetUserName'>{}</Data></EventData></Event>"
)
escaped = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
)
FRAMES = {
    "one line": ("<Events>", "", "</Events>"),
    "with a head": ('<?xml version="1.0" encoding="utf-8"?>\r\n<Events>\r\n', "\r\n", "\r\n</Events>\r\n"),
    "none": ("", "", ""),
    "evtx_dump": (
        'Record 1\n<?xml version="1.0" encoding="utf-8"?>\n',
        '\n\nRecord 2\n<?xml version="1.0" encoding="utf-8"?>\n',
        "\n\n",
    ),
}


@pytest.mark.parametrize("frame", FRAMES)
@given(names=st.lists(escaped, min_size=2, max_size=4), size=st.integers(1, 60), spread=st.booleans())
def test_each_event_of_xml_is_a_line(frame: str, names: list[str], size: int, spread: bool) -> None:
    first, between, last = FRAMES[frame]
    events = [EVENT.format(name) for name in names]
    shown = [event.replace("><", ">\r\n  <") for event in events] if spread else events
    data = (first + between.join(shown) + last).encode()
    found = fed(fold(data[:8192]), data, size).decode().removesuffix("\n").split("\n")
    assert [line.replace("> <", "><") for line in found] == [event.replace("> <", "><") for event in events]


def test_events_in_utf_16_are_read() -> None:
    text = FRAMES["with a head"][0] + EVENT.format("Käfer\r\n  zwei") + "</Events>"
    for encoding in ("utf-16", "utf-8-sig"):
        [line] = read(text.encode(encoding))
        assert line == EVENT.format("Käfer zwei")


def test_events_that_are_lines_pass_untouched() -> None:
    assert untouched((EVENT.format("bob") + "\n" + EVENT.format("eve") + "\r\n").encode())
    assert not untouched((EVENT.format("bob") + EVENT.format("eve") + "\n").encode())


def test_an_event_that_was_cut_off_costs_itself_only() -> None:
    good = EVENT.format("bob").encode()
    data = b"<Events>" + good + good[:60] + good + b"torn line\n" + good
    assert fed(fold(data), data).splitlines() == [good, good[:60], good, b"torn line", good]
    way = event_xml.EventXml()
    for _ in range(100):
        way.feed(b"<Event >" + b"x" * 256 * 1024)
    assert len(way._held) <= 17 * LONGEST


# ------------------------------------------------------------------ tables

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=10)
tables = st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6)


def table(each: list[list[str]]) -> bytes:
    lines = ["time,user,message", *(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in each)]
    return ("\r\n".join(lines) + "\r\n").encode()


@given(tables, st.integers(1, 60))
def test_a_row_over_several_lines_is_a_line(each: list[list[str]], size: int) -> None:
    data = table(each)
    flat = table([[cell.replace("\n", " ") for cell in row] for row in each])
    found = fed(rows.fold(data), data, size)
    assert found.replace(b"\r", b"") == flat.replace(b"\r", b"")
    open_ended = data.removesuffix(b"\r\n")
    assert fed(rows.fold(data), open_ended, size).replace(b"\r", b"") == flat.replace(b"\r", b"").removesuffix(b"\n")


@given(tables, st.binary(max_size=20), st.integers(0, 200), st.integers(1, 60))
def test_no_byte_of_a_table_is_lost(each: list[list[str]], noise: bytes, at: int, size: int) -> None:
    data = table(each)
    way = rows.fold(data)
    broken = data[:at] + noise + data[at:]
    found = fed(way, broken, size)
    assert re.sub(rb"[\r\n ]", b"", found) == re.sub(rb"[\r\n ]", b"", broken)
    again = rows.fold(data)
    assert fed(again, broken) == found


def test_a_quote_left_open_swallows_nothing() -> None:
    good = b'1,"bob","signed\nin"\n'
    begins = b"time,user,message\n" + good
    lines = b'2,"alice","wrong"\n'
    torn = begins + b'3,"torn\n' + lines * 500 + good + b'4,"torn\n' + good * 2
    flat = good.replace(b"\nin", b" in")
    expected = begins.replace(good, flat) + b'3,"torn\n' + lines * 500 + flat + b'4,"torn\n' + flat * 2
    for size in (7, 1000, 1 << 20):
        assert fed(rows.fold(begins), torn, size) == expected
    way = rows.fold(begins)
    assert way is not None
    for _ in range(100):
        way.feed(b'x,"' + b"y" * 100_000)
    assert len(way._held) <= 4 * LONGEST


# ------------------------------------------------------------------ event logs

SAMPLES = ("security.evtx", "kerbrute_user_enumeration.evtx", "security_bad_string_cache.evtx")


class Logs(dict[str, bytes]):
    def __repr__(self) -> str:
        return "Logs()"


@pytest.fixture(scope="module")
def evtx(shared_data: Path) -> Logs:
    pytest.importorskip("evtx")
    return Logs({name: (shared_data / "logs" / "evtx" / name).read_bytes() for name in SAMPLES})


def all_at_once(data: bytes) -> list[str]:
    from evtx import PyEvtxParser

    records: Iterable[Any] = PyEvtxParser(io.BytesIO(data)).records_json()
    return [each["data"] for each in records]


@pytest.mark.parametrize("name", SAMPLES)
def test_each_event_of_a_log_is_a_line(evtx: Logs, name: str) -> None:
    expected = all_at_once(evtx[name])
    assert read(evtx[name]) == expected
    assert read(gzip.compress(evtx[name], 1)) == expected
    for size in (4097, 70_000):
        with unpacked(Sips(evtx[name], size)) as stream:
            assert [line for block in blocks(stream) for line in block.lines.to_list()] == expected


@settings(max_examples=60)
@given(noise=st.binary(min_size=1, max_size=40), at=st.integers(4096, 4096 + 65536 - 50), bits=st.booleans())
@example(noise=bytes(8), at=4096, bits=False)
@example(noise=b"\xff" * 40, at=4096 + 8, bits=False)
@example(noise=b"\xff" * 4, at=4096 + 516, bits=False)
def test_damage_costs_the_events_that_it_hits(evtx: Logs, noise: bytes, at: int, bits: bool) -> None:
    data = bytearray(evtx["security.evtx"][: 4096 + 3 * 65536])
    data[42:44] = struct.pack("<H", 3)
    expected = all_at_once(bytes(data))
    data[at : at + len(noise)] = noise
    found = read(bytes(data))
    # What the other chunks hold is there, and of the damaged one each event is read or told to be lost.
    assert found[-(len(expected) - 91) :] == expected[91:]
    assert abs(len(found) - len(expected)) <= 2
    lost = sum("damaged" in line for line in found)
    assert lost or len(found) >= len(expected) - 2


@given(cut=st.integers(8, 70_000))
@settings(max_examples=40)
def test_an_event_log_that_is_cut_off_keeps_what_is_whole(evtx: Logs, cut: int) -> None:
    data = evtx["kerbrute_user_enumeration.evtx"]
    expected = all_at_once(data)
    found = read(data[:cut])
    whole = [line for line in found if "cannot be read" not in line]
    assert whole == expected[: len(whole)]
    assert len(found) - len(whole) == (cut < len(data))


def test_chunks_that_are_not_there_are_spoken_of(evtx: Logs) -> None:
    data = evtx["security.evtx"]
    expected = all_at_once(data)
    for chunks in (0, 1, 20):
        *whole, told = read(data[: 4096 + chunks * 65536])
        assert whole == expected[: len(whole)]
        assert (len(whole) > chunks) or not chunks
        assert told == "events that cannot be read: the log was cut off"


def test_without_the_library_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "evtx", None)
    with pytest.raises(Damaged) as trouble:
        unpacked(io.BytesIO(b"ElfFile\0" + bytes(5000)))
    assert "pip install serjeant[windows]" in trouble.value.says
    assert "\n" not in trouble.value.says


@given(st.binary(max_size=300))
def test_an_event_log_of_any_bytes_is_read(noise: bytes) -> None:
    pytest.importorskip("evtx")
    read(event_log._NEW + noise)
    read(b"ElfFile\0" + noise)
    read(event_log._NEW + noise.ljust(65536, b"\0") + noise)


# ------------------------------------------------------------------ all of them


@given(st.binary(max_size=400))
def test_whatever_a_file_begins_with_it_can_be_read(data: bytes) -> None:
    for begins in (b"", b"[{", b'{"Records":[', b"<Events><Event ", b"__CURSOR=1\n_A", b'a,b\n"x","', b'{\n"a"'):
        if packing(begins + data) is None:
            with unpacked(io.BytesIO(begins + data)) as stream:
                while stream.read(1 << 20):
                    pass


@pytest.mark.parametrize(
    "data",
    [
        dumped({"Records": [{"n": n, "text": "x" * n} for n in range(300)]}, 1),
        table([[str(n), "a\nb", "c" * n] for n in range(300)]),
        exported([{"MESSAGE": f"{n}\n" + "x" * n} for n in range(300)]),
        ("<Events>" + "".join(EVENT.format("x" * n) for n in range(300)) + "</Events>").encode(),
    ],
    ids=["json", "csv", "journal", "xml"],
)
def test_reading_goes_on_from_the_end_of_any_block(data: bytes) -> None:
    with unpacked(io.BytesIO(data)) as stream:
        whole = list(blocks(stream, size=5000))
    lines = [line for block in whole for line in block.lines.to_list()]
    for number, block in enumerate(whole):
        with unpacked(Sips(data, 777)) as stream:
            rest = list(blocks(stream, start=block.end, first=block.first + len(block.lines)))
        read_before = sum(len(each.lines) for each in whole[: number + 1])
        assert [line for each in rest for line in each.lines.to_list()] == lines[read_before:]
