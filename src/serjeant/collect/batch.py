"""batch: a run of lines becomes rows of ``lines``, each line with its verdict.

Pure: the only state is the clock of stamps without a year.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from serjeant.collect import headers, rules
from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format
from serjeant.collect.time import Clock
from serjeant.model.login import parsed_schema

UNPARSED, IGNORED, PARSED = 0, 1, 2
LONGEST_NAME = 256
_REPEATED_BARE = (
    r"^[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} [^ ]+ last message repeated (?P<count>[0-9]{1,9}) times?$"
)
_REPEATED = r"^message repeated (?P<times>[0-9]{1,6}) times: \[ ?(?P<message>.*)\]$"


def schema_of(arrow: pa.Schema) -> pl.Schema:
    """The same columns as Polars has them."""
    return pl.Schema(pl.DataFrame(arrow.empty_table()).schema)


_PARSED = schema_of(parsed_schema())


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a run of lines.

    :param rows: ``parsed_schema()`` plus ``line`` (UInt32, position in the run, ascending) and ``format``
    :param verdicts: for each line, UNPARSED, IGNORED or PARSED
    :param explained: for each line, an index into ``rule_names``; -1 where no rule took it
    :param rule_names: ``format:rule``, or ``other:program`` for programs that sign nobody in
    """

    rows: pl.DataFrame
    verdicts: npt.NDArray[np.int8]
    explained: npt.NDArray[np.int32]
    rule_names: tuple[str, ...]


class _Build:
    """Collects the pieces of a batch."""

    def __init__(self, size: int) -> None:
        self.verdicts = np.zeros(size, dtype=np.int8)
        self.explained = np.full(size, -1, dtype=np.int32)
        self.names: list[str] = []
        self.pieces: list[pl.DataFrame] = []

    def note(self, name: str, positions: npt.NDArray[np.int64], verdict: int) -> None:
        if not len(positions):
            return
        if name not in self.names:
            self.names.append(name)
        self.explained[positions] = self.names.index(name)
        self.verdicts[positions] = verdict

    def done(self) -> Batch:
        rows = pl.concat(self.pieces) if self.pieces else _shape(pl.DataFrame({"line": []}, {"line": pl.UInt32}), "")
        rows = rows.sort("line")
        return Batch(rows, self.verdicts, self.explained, tuple(self.names))


def parse_lines(
    lines: pl.Series, formats: Sequence[Format], envelopes: Sequence[Envelope], clock: Clock, *, before: str = ""
) -> Batch:
    """Read lines of line formats.

    :param lines: strings without nulls and without line ends
    :param formats: line formats; a line goes to the one whose ``programs`` hold the program that wrote it
    :param envelopes: tried in this order; the first should be the usual one of this log
    :param before: the line before the first one, for ``last message repeated``
    """
    if before and len(lines) and "repeated" in lines[0]:
        return _without_first(
            parse_lines(pl.concat([pl.Series([before]), lines.rename("")]), formats, envelopes, clock)
        )
    build = _Build(len(lines))
    empty = np.flatnonzero((lines.str.len_bytes() == 0).to_numpy())
    build.note("empty line", empty, IGNORED)
    left = np.arange(len(lines))
    for envelope in envelopes:
        if not len(left):
            break
        inside = lines if len(left) == len(lines) else lines.gather(left)
        frame = headers.taken_off(inside, envelope)
        if not len(frame):
            continue
        at = frame["at"].to_numpy()
        times = envelope.time(frame["stamp"], clock)
        frame = frame.with_columns(time=times, position=pl.Series(left[at]))
        if envelope.program:
            frame = frame.with_columns(program=pl.lit(envelope.program))
        frame = _unrepeated(frame)
        valid = times.is_not_null()
        _messages(frame if valid.all() else frame.filter(valid), formats, build)
        left = np.delete(left, at)
    _repeats(lines, left, build)
    return build.done()


def stamps(lines: pl.Series, envelopes: Sequence[Envelope], clock: Clock) -> pl.Series:
    """The times of some lines, null where a line is in no envelope; the clock goes on."""
    for envelope in envelopes:
        found = lines.str.extract(envelope.pattern.replace("(?P<header>", "(?:"), 1)
        if found.null_count() < len(lines):
            return envelope.time(found.fill_null(""), clock)
    return pl.Series([None] * len(lines), dtype=pl.Datetime("us", "UTC"))


def _without_first(both: Batch) -> Batch:
    rows = both.rows.filter(pl.col("line") > 0).with_columns(line=pl.col("line") - 1)
    return Batch(rows, both.verdicts[1:], both.explained[1:], both.rule_names)


def parse_table(lines: pl.Series, form: Format, header: str) -> Batch:
    """Read lines of a whole-line format.

    :param header: the first line of the log
    """
    build = _Build(len(lines))
    if form.parse is None:
        raise ValueError(f"{form.name} is a line format")
    table = form.parse(lines, header)
    build.note(f"{form.name}:header", table.ignored.to_numpy().astype(np.int64), IGNORED)
    rows = _shape(table.rows, form.name).filter(pl.col("time").is_not_null() & pl.col("outcome").is_not_null())
    build.note(f"{form.name}:row", rows["line"].to_numpy().astype(np.int64), PARSED)
    build.pieces.append(rows)
    return build.done()


def _unrepeated(frame: pl.DataFrame) -> pl.DataFrame:
    """``message repeated 2 times: [ … ]`` (rsyslog) is its message, twice: the column ``times`` says how often."""
    told = frame["message"].str.starts_with("message repeated ")
    if not told.any():
        return frame
    said = frame.select(pl.when(told).then("message")).to_series()
    found = said.str.extract_groups(_REPEATED).struct.unnest()
    return frame.with_columns(
        message=found["message"].fill_null(frame["message"]), times=found["times"].cast(pl.Int32, strict=False)
    )


def _messages(frame: pl.DataFrame, formats: Sequence[Format], build: _Build) -> None:
    programs = frame["program"].cast(pl.Categorical)
    rest = np.ones(len(frame), dtype=np.bool_)
    for form in formats:
        mine = programs.is_in(list(form.programs)).to_numpy()
        if not mine.any():
            continue
        rest &= ~mine
        _apply(frame if mine.all() else frame.filter(mine), form, build)
    if rest.any():
        for (program,), part in frame.filter(rest).group_by("program"):
            build.note(f"other:{str(program)[:40]}", part["position"].to_numpy(), IGNORED)


def _apply(frame: pl.DataFrame, form: Format, build: _Build) -> None:
    positions = frame["position"].to_numpy()
    matches, _ = rules.apply(form.rules, frame["message"])
    told = []
    for match in matches:
        rule, where = match.rule, positions[match.positions]
        build.note(f"{form.name}:{rule.name}", where, PARSED if rule.outcome else IGNORED)
        if rule.outcome:
            told.append(match)
    if not told:
        return
    around = frame.select(pl.col("time", "^(host|pid|times)$"))
    rows = pl.concat([match.columns for match in told], how="diagonal")
    where = np.concatenate([match.positions for match in told])
    rows = rows.hstack([*around[where], pl.Series("line", positions[where], dtype=pl.UInt32)])
    rows = _ruled(rows, told)
    rows = rows.with_columns(
        pl.col(column).replace(dict(values)) for column, values in form.values.items() if column in rows.columns
    )
    if "times" in rows.columns:
        counts = pl.col("count").cast(pl.Int32, strict=False) if "count" in rows.columns else pl.lit(1)
        rows = rows.with_columns(count=counts.fill_null(1) * pl.col("times").fill_null(1))
    if "host" in rows.columns:
        rows = rows.rename({"host": "dst_host"})
        if "pid" in rows.columns:
            process = pl.col("dst_host") + ":" + pl.col("pid")
            own = pl.when("names_session").then("session_uid") if "session_uid" in rows.columns else None
            rows = rows.with_columns(session_uid=pl.when("names_session").then(own).otherwise(process))
    build.pieces.append(_shape(rows, form.name))


def _ruled(rows: pl.DataFrame, matches: Sequence[rules.Match]) -> pl.DataFrame:
    """What the rules themselves say of the rows that they took, and whether they name a session (``names_session``)."""
    said = pl.DataFrame(
        [
            {
                "outcome": match.rule.outcome,
                "reason": match.rule.reason,
                "witness": match.rule.witness,
                "names_session": "session_uid" in {*match.rule.groups, *match.rule.constants},
                **match.rule.constants,
            }
            for match in matches
        ],
        schema_overrides=dict.fromkeys(("outcome", "reason", "witness"), pl.String),
        infer_schema_length=None,
    )
    said = said[np.repeat(np.arange(len(matches)), [len(match.positions) for match in matches])]
    captured = {name: said[name].fill_null(rows[name]) for name in said.columns if name in rows.columns}
    return rows.with_columns(said.with_columns(**captured))


def _shape(rows: pl.DataFrame, form: str) -> pl.DataFrame:
    """The columns of ``parsed_schema()``, in order and type, with ``line`` and ``format``."""
    columns: list[pl.Expr] = []
    for name, kind in _PARSED.items():
        given = pl.col(name).cast(kind, strict=False) if name in rows.columns else pl.lit(None, dtype=kind).alias(name)
        columns.append(given)
    shaped = rows.select(pl.col("line").cast(pl.UInt32), pl.lit(form).alias("format"), *columns)
    return shaped.with_columns(
        pl.col("user_name").str.head(LONGEST_NAME).replace("", None),
        pl.col("client").str.head(LONGEST_NAME),
        pl.col("auth_protocol").str.to_lowercase(),
        pl.col("count").fill_null(1).clip(1, 1_000_000),
    )


def _repeats(lines: pl.Series, left: npt.NDArray[np.int64], build: _Build) -> None:
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
