"""objects: rows as JSON lines, vectorised; what is missing is left out, and so is an object of which all is missing."""

import json
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from serjeant.report.text import unseen_escaped

_STAMP: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"


def lines(rows: pl.DataFrame, places: Mapping[str, pl.Expr]) -> str:
    """A line for each row, safe on a terminal.

    :param places: dotted path -> JSON text, null where it is missing
    """
    if not len(rows):
        return ""
    tree: dict[str, Any] = {}
    for place, value in places.items():
        *around, key = place.split(".")
        inside = tree
        for each in around:
            inside = inside.setdefault(each, {})
        inside[key] = value
    text: str = rows.select(_object(tree).str.join("\n")).item()
    return unseen_escaped(text) + "\n"


def constant(value: object) -> pl.Expr:
    """The same in each row."""
    return pl.lit(json.dumps(value, separators=(",", ":")))


def text(value: pl.Expr) -> pl.Expr:
    """A string."""
    quoted = pl.struct(value.alias("x")).struct.json_encode()
    return pl.when(value.is_not_null()).then(quoted.str.strip_prefix('{"x":').str.strip_suffix("}"))


def number(value: pl.Expr) -> pl.Expr:
    """A whole number, or true and false."""
    return value.cast(pl.String)


def stamp(value: pl.Expr) -> pl.Expr:
    """A moment, to the microsecond."""
    return pl.lit('"') + value.dt.strftime(_STAMP) + pl.lit('"')


def _object(tree: Mapping[str, Any]) -> pl.Expr:
    parts = [
        pl.lit(json.dumps(key) + ":") + (_object(value) if isinstance(value, dict) else value)
        for key, value in tree.items()
    ]
    inside = pl.concat_str(parts, separator=",", ignore_nulls=True)
    return pl.when(inside != "").then(pl.lit("{") + inside + pl.lit("}"))
