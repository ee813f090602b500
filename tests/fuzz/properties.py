"""What holds for every input."""

import io
import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect.batch import IGNORED, PARSED, UNPARSED
from serjeant.collect.envelope import Wrapping
from serjeant.collect.format import Format
from serjeant.collect.known import envelopes
from serjeant.collect.lines import blocks
from serjeant.collect.parse import parse_lines, parse_table
from serjeant.collect.source import Damaged
from serjeant.collect.stream import unpacked
from serjeant.collect.time import Clock
from serjeant.collect.unfold import fold


def holds_for_lines(
    lines: list[str], formats: Sequence[Format], header: str = "", wrappings: Sequence[Wrapping] = ()
) -> None:
    """Every line has a verdict, and no login a source that its line does not have."""
    given, clock = pl.Series(lines, dtype=pl.String), Clock(ZoneInfo("UTC"), 2026)
    if header:
        batch = parse_table(given, formats[0], header, clock)
    else:
        batch = parse_lines(given, formats, envelopes(formats), clock, wrappings=wrappings)
    told = set(batch.rows["line"].to_list())
    assert len(batch.verdicts) == len(lines)
    for at, line in enumerate(lines):
        assert batch.verdicts[at] in {PARSED, IGNORED, UNPARSED}, line
        assert (batch.verdicts[at] == PARSED) == (at in told), line
        assert (batch.explained[at] >= 0) == (batch.verdicts[at] != UNPARSED), line
    for at, source, count in batch.rows.select("line", "src_ip", "count").iter_rows():
        assert source is None or source in lines[at] or source in _unescaped(lines[at]), f"{source} of {lines[at]}"
        assert count >= 1, lines[at]


def _unescaped(line: str) -> str:
    """Without the escapes of JSON, in whatever depth; and the journal's lists of bytes as text."""
    plain = re.sub(r"\\+u00([0-7][0-9a-fA-F])", lambda found: chr(int(found[1], 16)), line)
    return re.sub(r"\[[0-9]{1,3}(?:, ?[0-9]{1,3})*\]", _said, plain)


def _said(found: re.Match[str]) -> str:
    return bytes(int(each) & 255 for each in found[0].strip("[]").split(",")).decode("utf-8", "replace")


def holds_for_file(data: bytes, size: int) -> None:
    """A file of records gives the same lines however its bytes come, and none that runs without end.

    :param size: of the pieces
    """
    try:
        way, again = fold(data[:8192]), fold(data[:8192])
        if way is not None and again is not None:
            pieces = b"".join(way.feed(data[at : at + size]) for at in range(0, len(data), size)) + way.end()
            assert pieces == again.feed(data) + again.end()
        with unpacked(io.BytesIO(data)) as stream:
            for block in blocks(stream):
                assert not block.lines.str.contains("\n", literal=True).any()
    except Damaged:
        pass
