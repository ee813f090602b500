"""codes: users, sources and tools as numbers that still read as names.

A month may hold millions of rows that name a hundred thousand users. An ``Enum`` of the sorted names takes four bytes a
row where text takes sixteen and more; it compares and sorts as the text does, and joins and groups as numbers do.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

_KINDS: Final[Mapping[str, str]] = {
    "user": "user",
    "source": "source",
    "service": "tool",
    "auth_protocol": "tool",
    "client": "tool",
    "guess": "guess",
}
"""Columns of names, and which of them share their numbers."""

_NOBODY: Final = pl.Series(["", "?"], dtype=pl.String)
"""What stands for a tool that was not told."""
_KEY: Final = "the order"


def coded(tables: Mapping[str, pl.LazyFrame]) -> dict[str, pl.DataFrame]:
    """Tables whose names are numbers, equal ones in all of them.

    :param tables: each is read twice, one after the other: as text all of a month would take several times the room
    """
    columns = {title: [name for name in table.collect_schema() if name in _KINDS] for title, table in tables.items()}
    found: dict[str, list[pl.Series]] = {kind: [_NOBODY] for kind in _KINDS.values()}
    for title, table in tables.items():
        text = table.select(pl.col(columns[title]).cast(pl.String)).collect()
        for name in columns[title]:
            found[_KINDS[name]].append(text[name].unique())
        del text
    kinds = {kind: pl.Enum(pl.concat(names).unique().drop_nulls().sort()) for kind, names in found.items()}
    return {
        title: table.collect().cast({name: kinds[_KINDS[name]] for name in columns[title]})
        for title, table in tables.items()
    }


def named(names: Iterable[str], like: pl.DataFrame, column: str) -> pl.DataFrame:
    """Some names as a table of one column, to join with another; those that it does not know are left out."""
    text = pl.Series(column, list(names), dtype=pl.String)
    return text.cast(like.schema[column], strict=False).drop_nulls().to_frame()


def pair() -> pl.Expr:
    """One number for the user and the source of a row."""
    source, user = (pl.col(name).to_physical().cast(pl.UInt64) for name in ("source", "user"))
    return source * (1 << 32) + user


def in_order(table: pl.DataFrame, *names: str, time: str) -> pl.DataFrame:
    """Rows sorted by their names, then by time; ties stay as they are.

    One number for all of it sorts several times as fast as column after column. Where there is no room for
    microseconds seconds nearly always do.
    """
    if len(table):
        for unit in (1, 1_000_000):
            key = _key(table, names, table[time].dt.timestamp("us") // unit)
            if key is None:
                continue
            found = table.with_columns(key.alias(_KEY)).sort(_KEY, maintain_order=True).drop(_KEY)
            if unit == 1 or _ascends(found, names, time):
                return found
    return table.sort(*names, time, maintain_order=True)


def _key(table: pl.DataFrame, names: Sequence[str], moments: pl.Series) -> pl.Series | None:
    first, last = int(moments.min()), int(moments.max())  # type: ignore[arg-type]
    room, key = last - first + 1, (moments - first).cast(pl.UInt64)
    for name in reversed(names):
        key = key + table[name].to_physical().cast(pl.UInt64) * room
        room *= max(1, len(categories(table[name])))
        if room >= 1 << 63:
            return None
    return key


def _ascends(table: pl.DataFrame, names: Sequence[str], time: str) -> bool:
    alike = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in names)
    return not table.select((alike & (pl.col(time) < pl.col(time).shift(1))).any()).item()


def looked_up(names: pl.Series, table: pl.DataFrame) -> pl.Series:
    """What a table says of each of the names; null where it says nothing.

    :param table: two columns: names, each once, and what is said of them
    """
    keys, values = table.get_columns()
    blank = pl.Series(values.name, [None], dtype=values.dtype).new_from_index(0, len(categories(names)))
    return blank.scatter(keys.to_physical(), values).gather(names.to_physical())


def categories(names: pl.Series) -> pl.Series:
    """All names that there are numbers for, in their order."""
    if not isinstance(names.dtype, pl.Enum):
        raise TypeError(f"{names.name} is not coded")
    return names.dtype.categories
