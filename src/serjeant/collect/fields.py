"""fields: named texts out of objects and tables, a batch at a time.

Nothing here believes a value: what stands inside a quoted value cannot become a field of its own.
"""

import csv
import re
import threading
from collections.abc import Mapping, Sequence
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

_PLAIN_KEY: Final = re.compile(r"^[A-Za-z_@][A-Za-z0-9_@-]*(?:\[[0-9]+\])?$")
_KEYS: Final = re.compile(r'"[^"]*"|[^."]+')
_LONE_SURROGATE: Final = r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
_PAIR: Final = r'(?:[^ =",]+=(?:"(?:[^"\\]|\\.)*"|[^" ]*)[ ,]+)'
_VALUE: Final = r'(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^" ,]*))'
_BYTES: Final = r"^\[[0-9]{1,3}(?:,[0-9]{1,3})*\]$"
# As Arrow reads a row: a quote opens a field only where it begins, and inside two of them are one.
_FIELD: Final = r'(?:"(?:[^"]|"")*"(?:[^",][^,]*)?|[^",][^,]*)?'
_CLOSED: Final = f"^{_FIELD}(?:,{_FIELD})*$"
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&#39;": "'", "&amp;": "&"}
_ADDRESS: Final = (
    r"^\[?(?:::ffff:)?([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*)"
    r"(?:%[0-9A-Za-z_.-]+)?\]?(?::[0-9]{1,5})?$"
)

_local = threading.local()

Positions = npt.NDArray[np.int64]
Paths = Mapping[str, str | tuple[str, ...]]


def extracted(kind: str, texts: pl.Series, paths: Paths) -> pl.DataFrame:
    """The fields of each object as text; null where one is missing or the text is no such object.

    :param kind: ``json``, ``logfmt`` or ``xml``
    :param texts: one object each, without nulls
    """
    wanted = list(dict.fromkeys(path for told in paths.values() for path in _several(told)))
    found = {"json": _json, "logfmt": _logfmt, "xml": _xml}[kind](texts, wanted)
    # Products differ, so that most of the places where a field may stand are empty.
    there = {path for path in wanted if found[path].null_count() < len(texts)}
    nowhere = pl.repeat(None, len(texts), dtype=pl.String)
    told = {name: [pl.col(path) for path in _several(told) if path in there] for name, told in paths.items()}
    return found.select(
        (pl.coalesce(pl.when(each != "").then(each) for each in places) if places else nowhere).alias(name)
        for name, places in told.items()
    )


def addresses(texts: pl.Series) -> pl.Series:
    """Addresses without port, brackets, zone and IPv4 in IPv6; null where a text is none."""
    return texts.str.strip_chars().str.extract(_ADDRESS)


def spelt(texts: pl.Series) -> pl.Series:
    """Texts that stand as a list of their bytes, as journald gives what is no UTF-8."""
    listed = texts.str.contains(_BYTES).fill_null(value=False)
    if not listed.any():
        return texts
    spoken = [
        bytes(int(each) & 255 for each in text[1:-1].split(",")).decode("utf-8", "replace")
        for text in texts.filter(listed)
    ]
    return texts.scatter(listed.arg_true(), spoken)


def _several(told: str | tuple[str, ...]) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else told


def _json(texts: pl.Series, paths: Sequence[str]) -> pl.DataFrame:
    """One pass over each object, whatever stands in it; what is no object has nothing.

    Of a key that an object has twice the first counts.
    """
    asked = connection()
    asked.register("texts", pl.DataFrame({"text": texts}).to_arrow())
    chosen = ", ".join("'" + _pointed(path).replace("'", "''") + "'" for path in paths)
    # A lone surrogate is no text, and what wrote the log let a user put it there.
    mended = f"regexp_replace(text, '{_LONE_SURROGATE}', '\\\\ufffd', 'g')"
    forgiving = f"case when json_valid(text) then text when json_valid({mended}) then {mended} else '{{}}' end"
    try:
        # One text that is no object is an error; then each is looked at twice.
        found = asked.sql(f"select json_extract_string(text, [{chosen}]) as found from texts").to_arrow_table()
    except (duckdb.InvalidInputException, UnicodeDecodeError):  # its message may cut the text within a character
        found = asked.sql(f"select json_extract_string({forgiving}, [{chosen}]) as found from texts").to_arrow_table()
    # All lists are of one length, so that each path is every so-manieth of the texts in them.
    flat = pl.Series("found", found.column("found")).explode()
    return pl.DataFrame({path: flat.gather_every(len(paths), at) for at, path in enumerate(paths)})


def keys(path: str) -> list[str]:
    """The keys of a path."""
    return [key.strip('"') for key in _KEYS.findall(path)]


def _pointed(path: str) -> str:
    """DuckDB's way of writing a path."""
    found = _KEYS.findall(path)
    return "$" + "".join("." + (key if key.startswith('"') or _PLAIN_KEY.match(key) else f'"{key}"') for key in found)


def connection() -> duckdb.DuckDBPyConnection:
    """One for each thread: the threads are the collector's own."""
    if not hasattr(_local, "connection"):
        _local.connection = duckdb.connect(config={"threads": 1})
        _local.connection.execute("set TimeZone = 'UTC'")
    known: duckdb.DuckDBPyConnection = _local.connection
    return known


def _logfmt(texts: pl.Series, keys: Sequence[str]) -> pl.DataFrame:
    columns = {}
    for key in keys:
        pattern = rf"^(?:<[0-9]{{1,3}}>)?{_PAIR}*?{re.escape(key)}={_VALUE}(?:[ ,]|$)"
        found = texts.str.extract_groups(pattern).struct.unnest()
        quoted = found["quoted"]
        if quoted.str.contains("\\", literal=True).any():
            quoted = quoted.str.replace_all(r'\\(["\\])', "$1")
        columns[key] = quoted.fill_null(found["plain"])
    return pl.DataFrame(columns)


def _xml(texts: pl.Series, paths: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame({path: _unescaped(texts.str.extract(_xml_pattern(path))) for path in paths})


def _xml_pattern(path: str) -> str:
    """``EventData.X``: the text of ``<Data Name="X">``; ``A.@B``: an attribute; anything else: an element's text."""
    around, _, name = path.rpartition(".")
    if name.startswith("@"):
        element = re.escape(around.rpartition(".")[2])
        return rf"<{element}(?: [^<>]*)? {re.escape(name[1:])}=(?:['\"])([^'\"<>]*)['\"]"
    if around.endswith("Data"):
        return rf"<Data Name=['\"]{re.escape(name)}['\"]>([^<]*)</Data>"
    return rf"<{re.escape(name)}(?: [^<>]*)?>([^<]*)</{re.escape(name)}>"


def _unescaped(values: pl.Series) -> pl.Series:
    if not values.str.contains("&", literal=True).any():
        return values
    for entity, character in _ENTITIES.items():
        values = values.str.replace_all(entity, character, literal=True)
    return values


def titles(header: str, delimiter: str) -> list[str]:
    """The titles of a table, in lower case."""
    try:
        return [title.strip().lower() for title in next(csv.reader([header], delimiter=delimiter), [])]
    except csv.Error:
        return []


def delimited(
    lines: pl.Series, heads: Sequence[str], delimiter: str, *, quoted: bool
) -> tuple[pl.DataFrame, Positions]:
    """The rows of a table, all of their fields as text by title; and where they stand.

    A line with a wrong number of fields or an open quote is no row. Fields of the same title: the first counts.

    :param heads: the titles, in lower case
    """
    at = np.arange(len(lines))
    # A quote left open would swallow the lines that follow.
    whole = lines.str.len_bytes() > 0
    if quoted:
        whole &= ~lines.str.contains('"', literal=True) | lines.str.contains(_CLOSED)
    at, body = at[whole.to_numpy()], lines.filter(whole)
    named = {title: place for place, title in reversed(list(enumerate(heads)))}
    if not len(body) or not named:
        return pl.DataFrame({title: [] for title in named}, dict.fromkeys(named, pl.String)), at[:0]
    wrong: list[int] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        wrong.append(row.number)
        return "skip"

    names = [f"f{i}" for i in range(len(heads))]
    if body.str.contains("\r", literal=True).any():
        body = body.str.replace_all("\r", " ", literal=True)  # which would end a row
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
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    good = np.ones(len(at), dtype=np.bool_)
    good[np.array(wrong, dtype=np.int64) - 1] = False
    return pl.DataFrame({title: pl.Series(table.column(names[place])) for title, place in named.items()}), at[good]
