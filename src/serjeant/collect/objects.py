"""objects: named texts out of JSON objects, a batch at a time.

A log's objects are alike: of all the places where products put a thing, a few stand in them. So only those are looked
up whose keys a sample shows; the others only in objects that hold the letters of their keys.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

Places = Mapping[str, Sequence[str]]
"""For each name the paths where it may stand; the first that is there counts."""

_KEYS: Final = re.compile(r'"[^"]*"|[^."]+')
_PLAIN_KEY: Final = re.compile(r"^[A-Za-z_@][A-Za-z0-9_@-]*(?:\[[0-9]+\])?$")
_LETTERS: Final = re.compile(r"^[A-Za-z0-9_.@# -]+$")
_SPELT_LETTER: Final = r"\\u00(?:2[03DEde]|3[0-9]|[46][0-9A-Fa-f]|5[0-9AFaf]|7[0-9Aa])"
"""How JSON may write a letter of a key otherwise."""
_LONE_SURROGATE: Final = r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
_MANY: Final = 500
_SAMPLE: Final = 64

_local = threading.local()

Positions = npt.NDArray[np.int64]


def extracted(texts: pl.Series, places: Places) -> pl.DataFrame:
    """What stands in the first of its places, for each name; null where nothing does, or a text is no object.

    :param texts: without nulls
    """
    paths = list(dict.fromkeys(path for each in places.values() for path in each))
    if len(texts) < _MANY:
        return first(_looked_up(texts, paths), places, len(texts))
    texts = texts.rechunk()
    # By chance: a log that repeats itself would show only some of its kinds at even steps.
    sample = "\n".join(texts.sample(_SAMPLE, seed=0))
    asked = [path for path in paths if all(mark in sample for mark in _marks(path))]
    found = _looked_up(texts, asked) if asked else pl.DataFrame()
    told = first(found, places, len(texts))
    odd = _odd(texts, found, places, sample)
    if not len(odd):
        return told
    rows = np.arange(len(texts))
    rows[odd] = len(texts) + np.arange(len(odd))
    return pl.concat([told, first(_looked_up(texts.gather(odd), paths), places, len(odd))])[rows]


def first(found: pl.DataFrame, places: Places, size: int) -> pl.DataFrame:
    """The first text of each name's places that is there and not empty.

    :param found: texts by path; one that is not among them is nowhere
    """
    # Products differ, so that most of the places where a thing may stand are empty.
    there = {column.name for column in found.iter_columns() if column.null_count() < size}
    nowhere = pl.repeat(None, size, dtype=pl.String)
    told = {name: [pl.col(path) for path in each if path in there] for name, each in places.items()}
    return found.select(
        (pl.coalesce(pl.when(each != "").then(each) for each in some) if some else nowhere).alias(name)
        for name, some in told.items()
    )


def keys(path: str) -> list[str]:
    """The keys of a path."""
    return [key.strip('"') for key in _KEYS.findall(path)]


def connection() -> duckdb.DuckDBPyConnection:
    """One for each thread: the threads are the collector's own."""
    if not hasattr(_local, "connection"):
        _local.connection = duckdb.connect(config={"threads": 1})
        _local.connection.execute("set TimeZone = 'UTC'")
    known: duckdb.DuckDBPyConnection = _local.connection
    return known


def _looked_up(texts: pl.Series, paths: Sequence[str]) -> pl.DataFrame:
    """One pass over each object, whatever stands in it; what is no object has nothing.

    Of a key that an object has twice the first counts.
    """
    asked = connection()
    asked.register("texts", pl.DataFrame({"text": texts}).to_arrow(compat_level=pl.CompatLevel.newest()))
    chosen = ", ".join("'" + _pointed(path).replace("'", "''") + "'" for path in paths)
    # A lone surrogate is no text, and what wrote the log let a user put it there.
    mended = f"regexp_replace(text, '{_LONE_SURROGATE}', '\\\\ufffd', 'g')"
    forgiving = f"case when json_valid(text) then text when json_valid({mended}) then {mended} else '{{}}' end"
    columns = ", ".join(f"found[{at}]" for at in range(1, len(paths) + 1))

    def read(text: str) -> pa.Table:
        told = f"select json_extract_string({text}, [{chosen}]) as found from texts"
        return asked.sql(f"select {columns} from ({told})").to_arrow_table()

    try:
        # One text that is no object is an error; then each is looked at twice.
        found = read("text")
    except (duckdb.InvalidInputException, UnicodeDecodeError):  # its message may cut the text within a character
        found = read(forgiving)
    return pl.DataFrame(found.rename_columns(list(paths)))


def _pointed(path: str) -> str:
    """DuckDB's way of writing a path."""
    found = _KEYS.findall(path)
    return "$" + "".join("." + (key if key.startswith('"') or _PLAIN_KEY.match(key) else f'"{key}"') for key in found)


def _marks(path: str) -> list[str]:
    """What every object holds that has something there, unless it spells the letters of its keys otherwise."""
    plain = [key.partition("[") for key in keys(path)]
    return [f'"{name}' if bracket else f'"{name}"' for name, bracket, _ in plain if _LETTERS.match(name)]


def _odd(texts: pl.Series, found: pl.DataFrame, places: Places, sample: str) -> Positions:
    """Which texts may hold something in a place where it was not looked for, and where it would count."""
    marks: set[str] = set()
    open_ = np.zeros(len(texts), np.bool_)
    asked = set(found.columns)
    for each in places.values():
        if asked.issuperset(each):
            continue
        missing = np.ones(len(texts), np.bool_)
        for path in each:
            if path in asked:
                missing &= ~(found[path] != "").fill_null(value=False).to_numpy()
            elif missing.any():
                marks.add(next(mark for mark in _marks(path) if mark not in sample))
                open_ |= missing
    odd = np.flatnonzero(open_)
    if not marks:
        return odd
    some = texts.gather(odd)
    # A search for nothing but what begins with a quote stops at each quote, which takes three times as long.
    letters = [r"\\u00", *(re.escape(mark) for mark in sorted(marks))]
    seen = np.flatnonzero(some.str.contains("|".join(letters)).to_numpy())
    odd, some = odd[seen], some.gather(seen)
    held = some.str.contains_any(sorted(marks)) | some.str.contains(_SPELT_LETTER)
    return odd[np.flatnonzero(held.to_numpy())]
