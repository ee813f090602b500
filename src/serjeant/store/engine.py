"""engine: the one door to a query engine. Embedded it is DuckDB; expressions are Ibis, so that others can follow.

An expression is written over named tables (``table``), translated once, and run for day after day over whatever the
names are bound to; translating costs more than counting a day.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa

from serjeant.errors import UnreadableError
from serjeant.store import disk

MEMORY: Final = "600MB"
"""What the embedded engine keeps in memory before it goes to disk."""


def table(name: str, schema: pa.Schema) -> ir.Table:
    """A table of that name, for expressions; what it holds is bound later."""
    named: ir.Table = ibis.table(ibis.Schema.from_pyarrow(schema), name=name)
    return named


@ibis.udf.scalar.builtin(  # type: ignore[untyped-decorator]
    name="epoch_us", signature=((ibis.expr.datatypes.Timestamp(timezone="UTC"),), "int64")
)
def micros(moment: ir.TimestampColumn) -> ir.IntegerColumn:
    """Microseconds since 1970, by DuckDB's own name: Ibis' ``epoch_seconds`` costs three times as much."""


class Engine:
    """Runs Ibis expressions.

    :param scratch: a folder for what does not fit into memory
    """

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        backend: Any = ibis.duckdb.connect(temp_directory=str(scratch / "scratch"), memory_limit=MEMORY)
        self._backend = backend
        self._connection = backend.con
        self._connection.execute("set enable_progress_bar = false; set preserve_insertion_order = false")
        self._queries: dict[str, str] = {}

    def bind(
        self, name: str, files: Sequence[Path], since: datetime | None = None, until: datetime | None = None
    ) -> None:
        """Lets a name stand for Parquet files, or for what lies in a span of their column ``time``."""
        places = ", ".join(_quoted(file) for file in files)
        bounds = [f"epoch_us(time) >= {_micros(since)}"] if since is not None else []
        bounds += [f"epoch_us(time) < {_micros(until)}"] if until is not None else []
        where = f" where {' and '.join(bounds)}" if bounds else ""
        self._connection.execute(
            f"create or replace temp view {name} as select * from read_parquet([{places}], union_by_name = true){where}"
        )

    def bind_rows(self, name: str, rows: pl.DataFrame) -> None:
        """Lets a name stand for rows that are here."""
        self._connection.register(name, rows.to_arrow())

    def keep(self, name: str, key: str, expression: Callable[[], ir.Table]) -> None:
        """Runs an expression and lets a name stand for its result.

        :param key: names the expression, so that it is translated once
        """
        with self._told():
            self._connection.execute(f"create or replace temp table {name} as {self._query(key, expression)}")

    def rows(self, key: str, expression: Callable[[], ir.Table]) -> pl.DataFrame:
        """Runs an expression and brings the rows here."""
        with self._told():
            result: pa.Table = self._connection.sql(self._query(key, expression)).to_arrow_table()
        return pl.DataFrame(result)

    def batches(self, key: str, expression: Callable[[], ir.Table], size: int) -> Iterator[pl.DataFrame]:
        """Runs an expression and brings the rows here, so many at a time; at least once."""
        with self._told():
            reader = self._connection.sql(self._query(key, expression)).to_arrow_reader(size)
            yield pl.DataFrame(reader.schema.empty_table())
            for batch in reader:
                yield pl.DataFrame(pa.Table.from_batches([batch]))

    def write(self, key: str, expression: Callable[[], ir.Table], place: Path, made_from: str) -> None:
        """Runs an expression into a Parquet file that says what it was made from."""
        with self._told():
            self._connection.execute(
                f"copy ({self._query(key, expression)}) to {_quoted(place)} (format parquet, compression zstd, "
                f"compression_level 1, kv_metadata {{'serjeant.made_from': {_quoted(made_from)}}})"
            )

    def close(self) -> None:
        """Ends it."""
        self._backend.disconnect()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns a full disk, a full memory and a damaged file into one line."""
        try:
            yield
        except (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.InvalidInputException) as error:
            raise UnreadableError(
                f"cannot count: {disk.reason(error, self._scratch)}",
                where=str(self._scratch),
                hint="make room or name another place with --out, then run it again: it goes on where it was",
            ) from error

    def _query(self, key: str, expression: Callable[[], ir.Table]) -> str:
        if key not in self._queries:
            wanted = expression()
            # DuckDB's sums are 128 bits wide, which Arrow calls decimal and Parquet a float; Ibis takes them for 64.
            columns = ", ".join(
                f'cast("{name}" as bigint) as "{name}"' if kind.is_int64() else f'"{name}"'
                for name, kind in wanted.schema().items()
            )
            self._queries[key] = f"select {columns} from ({self._backend.compile(wanted)})"
        return self._queries[key]


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
