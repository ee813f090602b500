"""table: logins in our own columns: CSV for people and their spreadsheets, JSON lines for programs.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, and whoever signs in chooses his
name. So such a cell begins with ``'`` in CSV, which spreadsheets and ``collect.formats.serjeant`` take away again, and
so does one that begins with ``'`` itself. What drives a terminal, hides or ends a line is shown as ``\\x1b``.
"""

from typing import Final

import polars as pl

from serjeant.report.text import plain
from serjeant.report.writers.objects import lines, number, stamp, text

_FORMULA: Final = r"^['=+\-@\t\r\n＝＋－＠]"
_ODD: Final = r"[^ -~]"
_ANY_LENGTH: Final = 1 << 30


def write_csv(logins: pl.DataFrame) -> str:
    """The rows, with the header above them."""
    texts = [name for name, kind in logins.schema.items() if kind == pl.String]
    shown = logins.with_columns(_shown(logins[name]) for name in texts)
    shown = shown.with_columns(time=pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"))
    told: str = shown.write_csv()
    return told


def write_json(logins: pl.DataFrame) -> str:
    """The rows as JSON objects."""
    return lines(logins, {name: _json(name, kind) for name, kind in logins.schema.items()})


def _json(name: str, kind: pl.DataType) -> pl.Expr:
    if name == "time":
        return stamp(pl.col(name))
    return text(pl.col(name)) if kind == pl.String else number(pl.col(name))


def _shown(values: pl.Series) -> pl.Series:
    odd = values.filter(values.str.contains(_ODD)).unique().to_list()
    if odd:
        values = values.replace(odd, [plain(each, _ANY_LENGTH) for each in odd])
    marked = values.to_frame("x").select(
        x=pl.when(pl.col("x").str.contains(_FORMULA)).then(pl.lit("'") + pl.col("x")).otherwise("x")
    )
    return marked["x"].alias(values.name)
