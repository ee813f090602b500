"""records: what a product's objects and rows say, by its cases, vectorised."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect import cases, fields
from serjeant.collect.envelope import Wrapping
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock
from serjeant.model.login import HOPS, LINES

_COLUMNS = frozenset({*LINES.names, *HOPS})

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a record's cases decide.

    :param beside: the cases that are no sign-ins, and where such records stand in the batch
    :param cases: those that are
    :param which: of them, for each sign-in
    :param positions: where the sign-ins stand in the batch, ascending
    :param columns: their columns of ``model.login.LINES`` as text, ``time`` as a moment
    """

    beside: tuple[tuple[Case, Positions], ...]
    cases: tuple[Case, ...]
    which: Positions
    positions: Positions
    columns: pl.DataFrame


def apply(record: Record, texts: pl.Series, clock: Clock) -> Decided | None:
    """First case wins.

    :param texts: objects of the record's kind, or anything; without nulls
    """
    at = np.flatnonzero(marked(record, texts).to_numpy())
    if not len(at):
        return None
    objects = texts if len(at) == len(texts) else texts.gather(at)
    return judge(record, fields.extracted(record.kind, objects, record.fields), at, clock)


def marked(record: Record | Wrapping, texts: pl.Series) -> pl.Series:
    """Which texts hold all of its marks."""
    fits = pl.Series([True]).new_from_index(0, len(texts))
    for mark in record.marks:
        fits &= texts.str.contains(mark, literal=True)
        if not fits.any():
            break
    return fits


def hits(asked: Sequence[Record], sample: pl.Series) -> list[int]:
    """How many of a few texts hold all marks of each record; one search for all of them."""
    marks = list(dict.fromkeys(mark for record in asked for mark in record.marks))
    if not marks:
        return [len(sample)] * len(asked)
    found = [set(told) for told in sample.str.extract_many(marks, overlapping=True)]
    return [sum(there.issuperset(record.marks) for there in found) for record in asked]


def table(record: Record, lines: pl.Series, head: str, clock: Clock) -> tuple[Decided, Positions]:
    """The same for rows under a header; and where the header stands.

    :param head: the first lines of the log
    """
    if record.kind == "w3c":
        comment = lines.str.starts_with("#")
        told = [line for line in [*head.splitlines(), *lines.filter(comment)] if line.startswith("#Fields:")]
        named = told[-1].removeprefix("#Fields:").strip() if told else ""
        delimiter = "," if "," in named else " "
        heads, quoted = fields.titles(named, delimiter), delimiter == ","
    else:
        first = head.partition("\n")[0].removesuffix("\r")
        comment = lines == first
        delimiter, quoted = ("\t", False) if record.kind == "tsv" else (",", True)
        heads = fields.titles(first, delimiter)
    body = np.flatnonzero(~comment.to_numpy())
    found, rows = fields.delimited(lines.gather(body), heads, delimiter, quoted=quoted)
    named_fields = {
        name: [title for title in ((told,) if isinstance(told, str) else told) if title.lower() in found.columns]
        for name, told in record.fields.items()
    }
    empty, nothing = [""] if quoted else ["", "-"], pl.lit(None, pl.String)
    chosen = found.select(
        pl.coalesce([pl.col(title.lower()).replace(empty, None) for title in titles] or nothing).alias(name)
        for name, titles in named_fields.items()
    )
    if not any(named_fields.values()):
        chosen = chosen.clear(len(rows))
    return judge(record, chosen, body[rows], clock), np.flatnonzero(comment.to_numpy())


def judge(record: Record, found: pl.DataFrame, at: Positions, clock: Clock) -> Decided:
    """The cases, of fields that were found.

    :param at: where each row stands in the batch
    """
    if record.derive is not None:
        found = record.derive(found)
    which = cases.which(record.cases, found)
    rows = [np.flatnonzero(which == number) for number in range(len(record.cases))]
    told = [(case, here) for case, here in zip(record.cases, rows, strict=True) if len(here)]
    signs_in = [(case, here) for case, here in told if case.outcome]
    beside = tuple((case, at[here]) for case, here in told if not case.outcome)
    if not signs_in:
        return Decided(beside, (), at[:0], at[:0], pl.DataFrame())
    where = np.concatenate([here for _, here in signs_in])
    order = np.argsort(where)
    number = np.repeat(np.arange(len(signs_in)), [len(here) for _, here in signs_in])[order]
    columns = _columns(found, signs_in, where[order], record, clock)
    return Decided(beside, tuple(case for case, _ in signs_in), number, at[where[order]], columns)


def _columns(
    found: pl.DataFrame, told: Sequence[tuple[Case, Positions]], rows: Positions, record: Record, clock: Clock
) -> pl.DataFrame:
    """The columns of some rows.

    :param told: the cases, and the rows that each decides
    :param rows: all of these, ascending
    """
    columns = found.select(name for name in found.columns if name in _COLUMNS)
    for case, here in told:
        for name, pattern in case.where.items():
            if "(?P<" in pattern:
                groups = found[name].gather(here).fill_null("").str.extract_groups(pattern).struct.unnest()
                for captured in groups.iter_columns():
                    there = columns.get_column(captured.name, default=pl.Series([None] * len(found), dtype=pl.String))
                    columns = columns.with_columns(there.scatter(here, captured).replace("", None).alias(captured.name))
    if columns.width and len(rows) < len(found):
        columns = columns[rows]
    changed = [fields.addresses(columns["src_ip"]).alias("src_ip")] if "src_ip" in columns.columns else []
    if "time" in columns.columns:
        changed.append(record.time(columns["time"], clock).alias("time"))
    if "is_mfa" in columns.columns:
        changed.append(columns["is_mfa"].str.to_lowercase().is_in(["true", "yes", "1"]).alias("is_mfa"))
    return columns.with_columns(changed)


def takes(records: Sequence[Record], first: pl.Series) -> Record | None:
    """Which of a format's tables a log is, as its first lines tell."""
    for record in records:
        header = next((line for line in first if line.startswith("#Fields:")), "") if record.kind == "w3c" else first[0]
        if record.is_table and len(first) and _has_titles(header, record):
            return record
    return None


def _has_titles(header: str, record: Record) -> bool:
    named = header.removeprefix("#Fields:").strip()
    delimiter = {"tsv": "\t", "w3c": "," if "," in named else " "}.get(record.kind, ",")
    return bool(named) and {mark.lower() for mark in record.marks} <= set(fields.titles(named, delimiter))
