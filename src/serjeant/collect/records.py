"""records: what a product's objects and rows say, by its cases, vectorised."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect import fields
from serjeant.collect.envelope import Wrapping
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock
from serjeant.model.login import HOPS, LINES

_COLUMNS = frozenset({*LINES.names, *HOPS})

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Decided:
    """The records that one case decides.

    :param case: which
    :param positions: where they stand in the batch, ascending
    :param columns: columns of ``model.login.LINES`` as text, ``time`` as a moment; one row for each position
    """

    case: Case
    positions: Positions
    columns: pl.DataFrame


def apply(record: Record, texts: pl.Series, clock: Clock) -> list[Decided]:
    """First case wins.

    :param texts: objects of the record's kind, or anything; without nulls
    """
    at = np.flatnonzero(marked(record, texts).to_numpy())
    if not len(at):
        return []
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


def table(record: Record, lines: pl.Series, head: str, clock: Clock) -> tuple[list[Decided], Positions]:
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


def judge(record: Record, found: pl.DataFrame, at: Positions, clock: Clock) -> list[Decided]:
    """The cases, of fields that were found.

    :param at: where each row stands in the batch
    """
    if record.derive is not None:
        found = record.derive(found)
    free = np.ones(len(found), dtype=np.bool_)
    decided = []
    for case in record.cases:
        hit, captured = _fits(case, found, free)
        rows = np.flatnonzero(hit)
        if len(rows):
            free[rows] = False
            columns = _columns(found, captured, rows, record, clock) if case.outcome else pl.DataFrame()
            decided.append(Decided(case, at[rows], columns))
    return decided


def _fits(case: Case, found: pl.DataFrame, free: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.bool_], pl.DataFrame]:
    hit = free.copy()
    captured: list[pl.Series] = []
    for name, pattern in case.where.items():
        if not hit.any():
            break
        texts = found[name].fill_null("")
        hit &= texts.str.contains(pattern).to_numpy()
        if "(?P<" in pattern:
            captured.extend(texts.str.extract_groups(pattern).struct.unnest().iter_columns())
    return hit, pl.DataFrame(captured)


def _columns(
    found: pl.DataFrame, captured: pl.DataFrame, rows: Positions, record: Record, clock: Clock
) -> pl.DataFrame:
    given = {name: found[name] for name in found.columns if name in _COLUMNS}
    given |= {name: captured[name].replace("", None) for name in captured.columns}
    columns = pl.DataFrame(given)[rows] if given else pl.DataFrame()
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
