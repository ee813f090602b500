"""fields: named texts out of objects and tables, a batch at a time.

Nothing here believes a value: what stands inside a quoted value cannot become a field of its own.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from serjeant.collect import objects

_PAIR: Final = r'(?:[^ =",]+=(?:"(?:[^"\\]|\\.)*"|[^" ]*)[ ,]+)'
_VALUE: Final = r'(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^" ,]*))'
_BYTES: Final = r"^\[[0-9]{1,3}(?:,[0-9]{1,3})*\]$"
# As Arrow reads a row: a quote opens a field only where it begins, and inside two of them are one.
_FIELD: Final = r'(?:"(?:[^"]|"")*"(?:[^",][^,]*)?|[^",][^,]*)?'
_CLOSED: Final = f"^{_FIELD}(?:,{_FIELD})*$"
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&#39;": "'", "&amp;": "&"}
_IPV4: Final = r"^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$"
_ADDRESS: Final = (
    r"^\[?(?:::ffff:)?([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*)"
    r"(?:%[0-9A-Za-z_.-]+)?\]?(?::[0-9]{1,5})?$"
)

Positions = npt.NDArray[np.int64]
Paths = Mapping[str, str | tuple[str, ...]]


def extracted(kind: str, texts: pl.Series, paths: Paths) -> pl.DataFrame:
    """The fields of each object as text; null where one is missing or the text is no such object.

    :param kind: ``json``, ``logfmt`` or ``xml``
    :param texts: one object each, without nulls
    """
    places = {name: _several(told) for name, told in paths.items()}
    if kind == "json":
        return objects.extracted(texts, places)
    wanted = list(dict.fromkeys(path for told in places.values() for path in told))
    found = {"logfmt": _logfmt, "xml": _xml}[kind](texts, wanted)
    return objects.first(found, places, len(texts))


def addresses(texts: pl.Series) -> pl.Series:
    """Addresses without port, brackets, zone and IPv4 in IPv6; null where a text is none."""
    # Nearly all are plain; to see that takes a third of the time.
    odd = (~texts.str.contains(_IPV4)).arg_true()
    if not len(odd):
        return texts
    return texts.clone().scatter(odd, texts.gather(odd).str.strip_chars().str.extract(_ADDRESS))


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
