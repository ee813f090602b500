"""logins: the logins of a lake, written out batch by batch in one of the shapes that other tools read."""

from collections.abc import Callable, Iterable
from typing import IO, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from serjeant.model.login import LOGINS
from serjeant.report.writers import ecs, ocsf, table

_KEPT: Final = frozenset(("guess_account", "guess_site", "raw_hash"))

COLUMNS: Final = pa.schema([column for column in LOGINS if column.name not in _KEPT])
"""What is written: which guesses were alike is nobody else's."""

_TEXTS: Final[dict[str, Callable[[pl.DataFrame], str]]] = {
    "csv": table.write_csv,
    "json": table.write_json,
    "ocsf": ocsf.write,
    "ecs": ecs.write,
}

SHAPES: Final = (*_TEXTS, "parquet")


def write(shape: str, batches: Iterable[pl.DataFrame], to: IO[bytes]) -> None:
    """Writes them, however many there are.

    :param shape: one of ``SHAPES``
    :param batches: columns of ``COLUMNS``; at least one batch, which may be empty
    """
    if shape == "parquet":
        with pq.ParquetWriter(to, COLUMNS, compression="zstd") as writer:
            for batch in batches:
                writer.write_table(batch.to_arrow().cast(COLUMNS))
        return
    for number, batch in enumerate(batches):
        told = _TEXTS[shape](batch)
        if shape == "csv" and number:
            told = told.partition("\n")[2]
        to.write(told.encode())
