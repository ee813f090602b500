"""Tables of any product: CSV, TSV and JSON lines, by a mapping of columns that the settings give.

A line that is no row of the table (a wrong number of fields, a quote left open, no JSON object) is unparsed; so is a
row without a time or an outcome. A line is a row: a field that goes over several lines makes all of them unparsed.
"""

import fnmatch
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from serjeant.collect import fields, time
from serjeant.collect.format import OWN, Format, Table
from serjeant.model.login import OUTCOMES, REASONS, parsed_schema

KINDS: Final = ("csv", "tsv", "json")
_DELIMITERS: Final = {"csv": ",", "tsv": "\t"}
_NEEDED: Final = ("time", "outcome", "user_name")
_ADDRESS: Final = r"^(?:::ffff:)?([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)(?:%[0-9A-Za-z_.-]+)?$"
_YES: Final = ("true", "yes", "1", "y")


class Settings(Protocol):
    """What the settings say of one kind of log; ``config.GenericSettings`` is such."""

    @property
    def kind(self) -> str:
        """One of ``KINDS``."""
        ...

    @property
    def columns(self) -> Mapping[str, str]:
        """Our column -> its name in the header; in JSON the path to it, with dots."""
        ...

    @property
    def files(self) -> str:
        """Pattern of the file's name, as in a shell; empty: known by its columns."""
        ...

    @property
    def time_format(self) -> str:
        """As for strptime; empty: ISO 8601, or seconds (or their thousandths) since 1970."""
        ...

    @property
    def outcomes(self) -> Mapping[str, str]:
        """What the log says -> one of ``OUTCOMES``, which also stand for themselves."""
        ...

    @property
    def reasons(self) -> Mapping[str, str]:
        """What the log says -> one of ``REASONS``, which also stand for themselves; all else is ``other``."""
        ...

    @property
    def constants(self) -> Mapping[str, str | int | bool]:
        """Our column -> what it always is."""
        ...


def formats(settings: Mapping[str, Settings], zone: ZoneInfo | None = None) -> tuple[Format, ...]:
    """A whole-line format for each kind of file.

    :param settings: by a name that the user chose
    :param zone: of times that name none; UTC where not given
    """
    return tuple(_format(name, given, zone or ZoneInfo("UTC")) for name, given in settings.items())


def _format(name: str, given: Settings, zone: ZoneInfo) -> Format:
    def takes(file: str, first: pl.Series) -> bool:
        if given.files:
            # A rotated log keeps its name in front: "signins.csv.1.gz".
            name = PurePath(file).name
            return any(fnmatch.fnmatchcase(name, given.files + tail) for tail in ("", ".*", "-*", ".gz"))
        return _has_columns(first, given)

    def parse(lines: pl.Series, first: str) -> Table:
        header = first.partition("\n")[0].removesuffix("\r")
        if given.kind == "json":
            found, ignored = _json(lines, given.columns), pl.Series([], dtype=pl.UInt32)
        else:
            found, ignored = _delimited(lines, header, given)
        return Table(_rows(found, given, zone), ignored)

    return Format(
        name=name,
        title=f"{given.kind} table",
        group=OWN,
        gives=tuple(sorted({*given.columns, *given.constants})),
        lacks="It tells what its columns tell.",
        parse=parse,
        takes=takes,
    )


def _has_columns(first: pl.Series, given: Settings) -> bool:
    if not len(first):
        return False
    if given.kind == "json":
        needed = {ours: path for ours, path in given.columns.items() if ours in _NEEDED}
        found = _json(first.head(1), needed)
        return len(found) > 0 and not any(column.has_nulls() for column in found.iter_columns())
    titles = fields.titles(first[0], _DELIMITERS[given.kind])
    return all(theirs.lower() in titles for theirs in given.columns.values())


def _delimited(lines: pl.Series, header: str, given: Settings) -> tuple[pl.DataFrame, pl.Series]:
    """The fields of each row as text, by our names, with ``line``; and where the header stands."""
    delimiter = _DELIMITERS[given.kind]
    at = pl.Series(np.arange(len(lines), dtype=np.uint32))
    heading = lines == header
    body = ~heading
    heads = fields.titles(header, delimiter)
    wanted = {ours: theirs.lower() for ours, theirs in given.columns.items() if theirs.lower() in heads}
    if not wanted:
        return pl.DataFrame({"line": []}, {"line": pl.UInt32}), at.filter(heading)
    found, rows = fields.delimited(lines.filter(body), heads, delimiter, quoted=given.kind == "csv")
    columns = {ours: found[theirs] for ours, theirs in wanted.items()}
    return pl.DataFrame({"line": at.filter(body)[rows], **columns}), at.filter(heading)


def _json(lines: pl.Series, columns: Mapping[str, str]) -> pl.DataFrame:
    """The same for JSON lines; values that are no text become text."""
    at = pl.Series(np.arange(len(lines), dtype=np.uint32))
    objects = lines.str.contains(r"^[ \t]*\{")
    kept, body = at.filter(objects), lines.filter(objects)
    # A path, or else a name that has dots itself.
    paths = {ours: (path, f'"{path}"') for ours, path in columns.items()}
    return pl.DataFrame({"line": kept, **fields.extracted("json", body, paths).to_dict()})


def _rows(found: pl.DataFrame, given: Settings, zone: ZoneInfo) -> pl.DataFrame:
    known = set(parsed_schema().names)
    columns = {"line": found["line"]} | {name: found[name] for name in found.columns if name in known}
    rows = pl.DataFrame(columns).with_columns(
        pl.lit(str(value)).alias(name) for name, value in given.constants.items() if name in known
    )
    blank = [name for name in rows.columns if name != "line"]
    rows = rows.with_columns(pl.col(blank).str.strip_chars().replace("", None))
    if "time" in rows.columns:
        rows = rows.with_columns(time=_times(rows["time"], given.time_format, zone))
    rows = rows.with_columns(_translations(rows, given))
    if "src_ip" in rows.columns:
        rows = rows.with_columns(pl.col("src_ip").str.extract(_ADDRESS))
    for name in ("src_port", "count"):
        if name in rows.columns:
            rows = rows.with_columns(pl.col(name).cast(pl.Int32, strict=False))
    if "is_mfa" in rows.columns:
        rows = rows.with_columns(pl.col("is_mfa").str.to_lowercase().is_in(list(_YES)))
    return rows


def _translations(rows: pl.DataFrame, given: Settings) -> Iterator[pl.Expr]:
    if "outcome" in rows.columns:
        said = _lower({**{each: each for each in OUTCOMES}, **given.outcomes})
        yield pl.col("outcome").str.to_lowercase().replace_strict(said, default=None, return_dtype=pl.String)
    if "reason" in rows.columns:
        said = _lower({**{each: each for each in REASONS}, **given.reasons})
        other = pl.when(pl.col("reason").is_not_null()).then(pl.lit("other"))
        yield pl.col("reason").str.to_lowercase().replace_strict(said, default=other, return_dtype=pl.String)


def _lower(words: Mapping[str, str]) -> dict[str, str]:
    return {word.lower(): meaning for word, meaning in words.items()}


def _times(stamps: pl.Series, form: str, zone: ZoneInfo) -> pl.Series:
    """``Datetime("us", "UTC")``; null where a stamp is none."""
    clock = time.Clock(zone, 1970)
    if form:
        return time.dated(stamps.fill_null(""), form, clock)
    return time.moment(stamps, clock)
