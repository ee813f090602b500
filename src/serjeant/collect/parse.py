"""parse: a run of lines becomes a batch: what is around a message is taken off, then the formats are asked.

Pure: the only state is the clock of stamps without a year.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect import records
from serjeant.collect.around import Around
from serjeant.collect.batch import IGNORED, PARSED, Batch, Build
from serjeant.collect.envelope import Envelope, Wrapping
from serjeant.collect.format import Format
from serjeant.collect.time import Clock
from serjeant.collect.told import keep

_REPEATED_BARE: Final = (
    r"^[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}(?: [^ ]+|: ---) last message repeated "
    r"(?P<count>[0-9]{1,9}) times?(?: ---)?$"
)

Positions = npt.NDArray[np.int64]


def parse_lines(
    lines: pl.Series,
    formats: Sequence[Format],
    envelopes: Sequence[Envelope],
    clock: Clock,
    *,
    wrappings: Sequence[Wrapping] = (),
    before: str = "",
    anybodys: bool = False,
) -> Batch:
    """Read lines that mean something by themselves: of text formats and objects.

    :param lines: strings without nulls and without line ends
    :param formats: a message goes to the one whose ``programs`` hold the program that wrote it
    :param envelopes: tried in this order; the first should be the usual one of this log
    :param before: the line before the first one, for ``last message repeated``
    :param anybodys: each line stands by itself: one without an envelope may be any format's message, and its row may
        have no ``time``
    """
    if before and len(lines) and "repeated" in lines[0]:
        both = pl.concat([pl.Series([before]), lines.rename("")])
        return _without_first(parse_lines(both, formats, envelopes, clock, wrappings=wrappings, anybodys=anybodys))
    build = Build(len(lines), timeless=anybodys)
    empty = (lines.str.len_bytes() == 0).to_numpy()
    build.note("empty line", np.flatnonzero(empty), IGNORED)
    reader = Around(formats, envelopes, wrappings, clock, build)
    at = np.arange(len(lines))
    if empty.any():
        at = at[~empty]
        reader.lines(lines.gather(at), at)
    else:
        reader.lines(lines, at)
    if not anybodys:
        _repeats(lines, reader.undecided(at), build)
    else:
        left = reader.undecided(at)
        reader.bare(lines.gather(left), left)
    return build.done()


def table_format(formats: Iterable[Format], name: str, first: pl.Series, *, forced: bool = False) -> Format | None:
    """The format that reads a log as a whole, if one does.

    :param name: of the file
    :param first: its first lines
    :param forced: the user says that it is one of these
    """
    for form in formats:
        by_itself = form.takes is not None and (forced or form.takes(name, first))
        if by_itself or (len(first) and records.takes(form.records, first) is not None):
            return form
    return None


def parse_table(lines: pl.Series, form: Format, head: str, clock: Clock) -> Batch:
    """Read lines of a whole-line format.

    :param head: the first lines of the log
    """
    build = Build(len(lines))
    if form.parse is not None:
        table = form.parse(lines, head)
        build.note(f"{form.name}:header", table.ignored.to_numpy().astype(np.int64), IGNORED)
        build.add(table.rows, form.name, [f"{form.name}:row"])
        return build.done()
    record = records.takes(form.records, pl.Series(head.splitlines() or [""]))
    if record is None:
        raise ValueError(f"{form.name} has no table with this header")
    decided, heading = records.table(record, lines, head, clock)
    build.note(f"{form.name}:header", heading, IGNORED)
    keep(form, decided, build)
    return build.done()


def stamps(lines: pl.Series, envelopes: Sequence[Envelope], clock: Clock) -> pl.Series:
    """The times of some lines, null where a line is in no envelope; the clock goes on."""
    for envelope in envelopes:
        found = lines.str.extract_groups(envelope.pattern).struct.field("stamp")
        if found.null_count() < len(lines):
            return envelope.time(found.fill_null(""), clock)
    return pl.Series([None] * len(lines), dtype=pl.Datetime("us", "UTC"))


def _without_first(both: Batch) -> Batch:
    rows = both.rows.filter(pl.col("line") > 0).with_columns(line=pl.col("line") - 1)
    return Batch(rows, both.verdicts[1:], both.explained[1:], both.rule_names)


def _repeats(lines: pl.Series, left: Positions, build: Build) -> None:
    """``last message repeated N times`` stands for N more of the line before it (BSD syslogd, sysklogd)."""
    if not len(left):
        return
    counts = lines.gather(left).str.extract(_REPEATED_BARE, 1).cast(pl.Int32, strict=False)
    hit = counts.is_not_null().to_numpy()
    if not hit.any():
        return
    where = left[hit]
    # Several in a row all speak of the line before the first of them.
    starts = np.diff(where, prepend=-2) != 1
    before = where[np.maximum.accumulate(np.where(starts, np.arange(len(where)), 0))] - 1
    after = before >= 0
    before = np.maximum(before, 0)
    build.note("syslog:repeated", where, IGNORED)
    known = build.verdicts[before] == PARSED
    repeated = pl.DataFrame(
        {"line": before[after & known].astype(np.uint32), "at": where[after & known].astype(np.uint32)}
    ).with_columns(times=counts.filter(hit).filter(after & known))
    if not len(repeated):
        return
    build.note("syslog:repeated", where[after & known], PARSED)
    rows = pl.concat(build.pieces)
    copies = rows.join(repeated, on="line", how="inner")
    build.pieces.append(
        copies.with_columns(line=pl.col("at"), count=pl.col("count") * pl.col("times")).select(rows.columns)
    )
