"""Tables of any product: CSV, TSV and JSON lines, by a mapping of columns that the settings give.

A line that is no row of the table (a wrong number of fields, a quote left open, no JSON object) is unparsed; so is a
row without a time or an outcome. A line is a row: a field that goes over several lines makes all of them unparsed.
"""

import csv
import fnmatch
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from serjeant.collect import time
from serjeant.collect.format import Format, Table
from serjeant.model.login import OUTCOMES, REASONS, parsed_schema

KINDS: Final = ("csv", "tsv", "json")
_DELIMITERS: Final = {"csv": ",", "tsv": "\t"}
_NEEDED: Final = ("time", "outcome", "user_name")
_NUMBER: Final = r"^[0-9]{1,20}(?:\.[0-9]+)?$"
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

    def parse(lines: pl.Series, header: str) -> Table:
        if given.kind == "json":
            fields, ignored = _json(lines, given.columns), pl.Series([], dtype=pl.UInt32)
        else:
            fields, ignored = _delimited(lines, header, given)
        return Table(_rows(fields, given, zone), ignored)

    return Format(
        name=name,
        title=f"{given.kind} table",
        gives=tuple(sorted({*given.columns, *given.constants})),
        lacks="It tells what its columns tell.",
        parse=parse,
        takes=takes,
    )


def _has_columns(first: pl.Series, given: Settings) -> bool:
    if not len(first):
        return False
    if given.kind == "json":
        needed = [path for ours, path in given.columns.items() if ours in _NEEDED]
        return not any(_value(first.head(1), path).has_nulls() for path in needed)
    titles = _titles(first[0], _DELIMITERS[given.kind])
    return all(theirs.lower() in titles for theirs in given.columns.values())


def _titles(header: str, delimiter: str) -> list[str]:
    try:
        return [title.strip().lower() for title in next(csv.reader([header], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _delimited(lines: pl.Series, header: str, given: Settings) -> tuple[pl.DataFrame, pl.Series]:
    """The fields of each row as text, by our names, with ``line``; and where the header stands."""
    delimiter = _DELIMITERS[given.kind]
    quoted = given.kind == "csv"
    at = pl.Series(np.arange(len(lines), dtype=np.uint32))
    heading = lines == header
    # A quote left open would swallow the lines that follow.
    whole = ~heading & (lines.str.len_bytes() > 0)
    if quoted:
        whole &= lines.str.count_matches('"', literal=True) % 2 == 0
    kept, body = at.filter(whole), lines.filter(whole)
    titles = _titles(header, delimiter)
    wanted = {ours: titles.index(theirs.lower()) for ours, theirs in given.columns.items() if theirs.lower() in titles}
    if not len(body) or not wanted:
        return pl.DataFrame({"line": []}, {"line": pl.UInt32}), at.filter(heading)

    wrong: list[int] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        wrong.append(row.number)
        return "skip"

    names = [f"f{i}" for i in range(len(titles))]
    text = ("\n".join(body.to_list()) + "\n").encode()
    table = arrow_csv.read_csv(
        pa.BufferReader(text),
        read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=max(len(text), 1)),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter,
            quote_char='"' if quoted else False,
            newlines_in_values=False,
            ignore_empty_lines=False,
            invalid_row_handler=skip,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), include_columns=[names[i] for i in wanted.values()]
        ),
    )
    good = np.ones(len(kept), dtype=np.bool_)
    good[np.array(wrong, dtype=np.int64) - 1] = False
    columns = {ours: pl.Series(table.column(names[i])) for ours, i in wanted.items()}
    return pl.DataFrame({"line": kept.filter(good), **columns}), at.filter(heading)


def _json(lines: pl.Series, columns: Mapping[str, str]) -> pl.DataFrame:
    """The same for JSON lines; values that are no text become text."""
    at = pl.Series(np.arange(len(lines), dtype=np.uint32))
    objects = lines.str.contains(r"^[ \t]*\{")
    kept, body = at.filter(objects), lines.filter(objects)
    return pl.DataFrame({"line": kept, **{ours: _value(body, path) for ours, path in columns.items()}})


def _value(body: pl.Series, path: str) -> pl.Series:
    """What stands at the path; where nothing does, a name that has dots itself."""
    found = _at(body, path.split("."))
    return found.fill_null(_at(body, [path])) if "." in path and found.has_nulls() else found


def _at(body: pl.Series, steps: list[str]) -> pl.Series:
    # Each line by itself: reading them all at once is faster, and stops at the first that is no JSON.
    return body.str.json_path_match("$" + "".join("['" + re.sub(r"['\\]", "", step) + "']" for step in steps))


def _rows(fields: pl.DataFrame, given: Settings, zone: ZoneInfo) -> pl.DataFrame:
    known = set(parsed_schema().names)
    columns = {"line": fields["line"]} | {name: fields[name] for name in fields.columns if name in known}
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
    stamps, clock = stamps.fill_null(""), time.Clock(zone, 1970)
    if form:
        return time.dated(stamps, form, clock)
    numbers = stamps.str.contains(_NUMBER)
    if not numbers.any():
        return time.iso(stamps, clock)
    epoch = _since_1970(stamps.set(~numbers, None).cast(pl.Float64, strict=False))
    return epoch if numbers.all() else epoch.fill_null(time.iso(stamps, clock))


def _since_1970(numbers: pl.Series) -> pl.Series:
    """Seconds, or so large that they must be thousandths, millionths or billionths of seconds."""
    number = pl.col("number")
    micros = (
        pl.when(number < 1e8)
        .then(None)
        .when(number < 1e11)
        .then(number * 1e6)
        .when(number < 1e14)
        .then(number * 1e3)
        .when(number < 1e17)
        .then(number)
        .when(number < 1e20)
        .then(number / 1e3)
    )
    return (
        pl.DataFrame({"number": numbers})
        .select(micros.round().cast(pl.Int64).cast(pl.Datetime("us", "UTC")))
        .to_series()
    )
