"""formats: how fast each format is read, on a log made of its own samples: ``python -m bench formats``.

All formats are known to the reader, as in real life. Time is that of the processor (all threads together), so that
what else the machine does hardly counts; ``wc -l``, DuckDB's bare reading of JSON (one thread) and sshd's own
``auth.log`` (``bench.logs``) are measured in the same run.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from bench import logs
from bench.measure import ROOT
from bench.rivals import YEAR
from bench.table import machine
from serjeant.collect import parse, records
from serjeant.collect.batch import UNPARSED, Batch
from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format
from serjeant.collect.known import envelopes, line_formats, wrappings
from serjeant.collect.lines import blocks
from serjeant.collect.objects import keys
from serjeant.collect.source import Input
from serjeant.collect.sources.files import open_input
from serjeant.collect.time import Clock

SAMPLES = ROOT / "tests" / "formats"
SSHD = "sshd's auth.log"
SLOWEST = 6.0
"""Times slower per byte than sshd that a format may be."""
BARE = 0.6
"""Of DuckDB's bare reading, per byte, that reading JSON must reach."""

_FROM, _TO = "<!-- formats: from here -->", "<!-- formats: to here -->"
_VARIANTS = 500
_CLOCK = re.compile(r"\b(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
_ADDRESS = re.compile(r"\b(192\.0\.2|198\.51\.100|203\.0\.113)\.[0-9]{1,3}\b")
_NAME = re.compile(r"\b(alice|bob|carol|eve)\b")
_PORT = re.compile(r"\b[345][0-9]{4}\b(?![-.])")


@dataclass(frozen=True)
class Made:
    """Lines of one shape out of the samples of one format, with the header above them if they are a table."""

    name: str
    shape: str
    lines: tuple[str, ...]
    header: str = ""


@dataclass(frozen=True)
class Speed:
    """How fast one shape of one format was read.

    :param seconds: of the processor
    :param wc: of the processor, for ``wc -l`` of the same file
    :param bare: the same for DuckDB's reading of the same JSON; None for all else
    :param unread: share of the lines that no rule knew
    """

    name: str
    shape: str
    lines: int
    size: int
    seconds: float
    wc: float
    bare: float | None
    unread: float

    @property
    def each(self) -> float:
        """Seconds for a megabyte."""
        return self.seconds / self.size * 1e6


def made(form: Format) -> list[Made]:
    """What the sample file of a format holds, by shape."""
    place = SAMPLES / f"{form.name}.log"
    marks = [record.marks for record in form.records if record.kind == "json"]
    shapes: dict[tuple[str, str], list[str]] = {}
    header = ""
    for line in place.read_text("utf-8").splitlines() if place.exists() else ():
        if line.startswith("#="):
            header = line[2:].strip()
        elif line and not line.startswith(("# ", "## ")):
            shapes.setdefault((_shape(line, header, marks), header), []).append(line)
    return [Made(form.name, shape, tuple(lines), header) for (shape, header), lines in shapes.items()]


def _shape(line: str, header: str, marks: Sequence[Sequence[str]]) -> str:
    if header or line.startswith("<Event"):
        return "table" if header else "xml"
    if not line.startswith("{"):
        return "text"
    mine = [number for number, each in enumerate(marks) if all(mark in line for mark in each)]
    # No log mixes the ways in which a product is kept: its own, Elastic's, Sentinel's.
    return f"json {mine[0] + 1}" if mine else "wrapped"


def write(what: Made, place: Path, size: int) -> int:
    """A log of so many bytes: the samples again and again, at other times, from other places, of other people."""
    written = lines = 0
    if what.header:
        head = what.header.encode() + b"\n"
    with place.open("wb") as file:
        if what.header:
            written += file.write(head)
            lines += 1
        for said in cycle(_variants(what.lines)):
            written += file.write(said)
            lines += len(what.lines)
            if written >= size:
                return lines
    return lines


def _variants(lines: Sequence[str]) -> Iterator[bytes]:
    for variant in range(_VARIANTS):
        yield "\n".join(_varied(line, variant) for line in lines).encode() + b"\n"


def _varied(line: str, variant: int) -> str:
    line = _CLOCK.sub(f"09:{variant // 60 % 60:02}:{variant % 60:02}", line)
    line = _ADDRESS.sub(rf"\g<1>.{variant % 250 + 1}", line)
    line = _NAME.sub(rf"\g<1>{variant}", line)
    return _PORT.sub(str(40_000 + variant), line)


def measured(what: Made, place: Path, formats: Sequence[Format]) -> Speed:
    """Reads a log."""
    batch, lines, seconds = read(place, formats)
    unread = float((batch.verdicts == UNPARSED).mean())
    bare = _bare(what, place, formats, lines) if what.shape.startswith("json") else None
    return Speed(what.name, what.shape, len(lines), place.stat().st_size, seconds, _wc(place), bare, unread)


def read(place: Path, formats: Sequence[Format]) -> tuple[Batch, pl.Series, float]:
    """Reads a log twice, as an investigation does; the quicker time counts. What is found out once for a log, from its
    first lines, is not counted."""
    table, known = _chosen(place, formats)
    taken = []
    for _ in range(2):
        begin = time.process_time()
        with open_input(_input(place)) as stream:
            head = stream.head.decode("utf-8", "replace")
            lines = pl.concat([block.lines for block in blocks(stream)])
        clock = Clock(ZoneInfo("UTC"), YEAR)
        if table is not None:
            batch = parse.parse_table(lines, table, head, clock)
        else:
            batch = parse.parse_lines(lines, formats, known, clock, wrappings=wrappings())
        taken.append(time.process_time() - begin)
    return batch, lines, min(taken)


def _chosen(place: Path, formats: Sequence[Format]) -> tuple[Format | None, list[Envelope]]:
    """The table that a log is, and the envelopes, the usual one first."""
    with open_input(_input(place)) as stream:
        first = next(iter(blocks(stream))).lines.head(400)
    hits = {each.name: int(first.str.contains(each.pattern).sum()) for each in envelopes(formats)}
    usual = max(hits, key=lambda name: hits[name])
    known = sorted(envelopes(formats), key=lambda each: each.name != usual)
    return parse.table_format(formats, place.name, first), known


def _input(place: Path) -> Input:
    return Input(str(place), place, None, place.stat().st_size)


def _wc(place: Path) -> float:
    def count() -> float:
        before = os.times()
        subprocess.run(["wc", "-l", str(place)], check=True, stdout=subprocess.DEVNULL)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    return max(min(count() for _ in range(3)), 0.001)


def _bare(what: Made, place: Path, formats: Sequence[Format], lines: pl.Series) -> float | None:
    """DuckDB's ``read_json`` of the fields that the record of most lines has, and nothing else done."""
    [form] = (each for each in formats if each.name == what.name)
    known = [record for record in form.records if record.kind == "json"]
    if not known:
        return None
    some = lines.head(2_000)
    record = max(known, key=lambda each: int(records.marked(each, some).sum()))
    shape: dict[str, Any] = {}
    for told in record.fields.values():
        for path in (told,) if isinstance(told, str) else told:
            _plant(shape, keys(path))
    columns = ", ".join(f"{_quoted(name)}: '{_type(below)}'" for name, below in shape.items())
    query = (
        f"select * from read_json('{place}', format='newline_delimited', ignore_errors=true, "
        f"maximum_object_size=67108864, columns={{{columns}}})"
    )
    with duckdb.connect(config={"threads": 1}) as connection:
        taken = []
        for _ in range(2):
            begin = time.process_time()
            connection.sql(query).to_arrow_table()
            taken.append(time.process_time() - begin)
    return min(taken)


def _plant(shape: dict[str, Any], path: Sequence[str]) -> None:
    name, below = path[0].partition("[")[0], path[1:]
    name = next((there for there in shape if there.lower() == name.lower()), name)  # DuckDB's are the same
    if "[" in path[0] or (below and shape.get(name, {}) is None):
        shape[name] = None  # a list, or an object that is wanted whole too
    elif below:
        _plant(shape.setdefault(name, {}), below)
    elif shape.setdefault(name, None) is not None:
        shape[name] = None


def _type(below: dict[str, Any] | None) -> str:
    if below is None:
        return "JSON"
    return "STRUCT(" + ", ".join(f'"{name}" {_type(each)}' for name, each in below.items()) + ")"


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def run(size: int, only: Sequence[str], tell: Callable[[str], None]) -> list[Speed]:
    """Measures all formats, sshd's own log first."""
    formats = line_formats()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "auth.log"
        logs.write(place, size // 120, 1)
        _, lines, seconds = read(place, formats)
        found = [Speed(SSHD, "text", len(lines), place.stat().st_size, seconds, _wc(place), None, 0.0)]
        for form in formats:
            for what in made(form) if not only or form.name in only else ():
                write(what, place, size)
                found.append(measured(what, place, formats))
                tell(f"{what.name}, {what.shape}: {found[-1].each / found[0].each:.2f} x sshd")
    return found


def table(found: Sequence[Speed]) -> Iterator[str]:
    """What was measured, the slowest first."""
    first = found[0]
    yield machine()
    yield f"{first.size / 1e6:.0f} MB of each"
    yield ""
    yield f"{'':20}{'':9}{'lines/s':>11}{'MB/s':>7}{'of wc -l':>10}{'sshd is':>9}{'of bare JSON':>14}"
    for each in (first, *sorted(found[1:], key=lambda each: -each.each)):
        slower = each.each / first.each
        bare = f"{each.bare / each.seconds:12.0%}" if each.bare is not None else ""
        marks = ("  slower than 6 x" if slower > SLOWEST else "") + (
            "  less than 60 %" if each.bare is not None and each.bare / each.seconds < BARE else ""
        )
        yield (
            f"{each.name:20}{each.shape:9}{each.lines / each.seconds:11,.0f}{1 / each.each:7.1f}"
            f"{each.wc / each.seconds:10.2%}{slower:7.2f} x{bare:>14}{marks}"
        ).rstrip()
    slow = sum(each.each / first.each > SLOWEST for each in found)
    told = [each for each in found if each.bare is not None]
    short = sum((each.bare or 0) / each.seconds < BARE for each in told)
    yield ""
    yield f"{len(found) - 1} shapes of {len({each.name for each in found}) - 1} formats; {slow} slower than 6 x sshd; "
    yield f"{len(told)} of JSON, {short} below 60 % of DuckDB's bare reading."


def main(size: int, only: Sequence[str], *, as_json: bool, into: Path | None = None) -> None:
    """Prints what was measured; and writes it ``into`` a page, between its marks."""
    found = run(size, only, lambda said: print(said, file=sys.stderr))
    said = json.dumps([asdict(each) for each in found], indent=1) if as_json else "\n".join(table(found))
    print(said)
    if into is not None:
        page = into.read_text("utf-8")
        before, mark, rest = page.partition(_FROM)
        _, end, after = rest.partition(_TO)
        if not mark or not end:
            raise SystemExit(f"{into} has no place for the table: {_FROM} … {_TO}")
        into.write_text(f"{before}{mark}\n```text\n{said}\n```\n{end}{after}", "utf-8")
