"""segment: the lines of a block and a day as a Parquet file.

Most columns say one of a few things, many the same thing in every line. Such a column is handed over as a dictionary
and the numbers of its entries, so that the writer need not find out. What is read back is the same text.
"""

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

_VARIED: Final = frozenset({"session_uid"})
"""Of text columns, those that say something else in nearly every line."""

_ENTRIES: Final = pa.dictionary(pa.int32(), pa.string())


def write(rows: pl.DataFrame, place: Path) -> None:
    """Writes a file with the columns of the rows.

    :param rows: at least one
    """
    columns = {column.name: _column(column) for column in rows.rechunk()}
    few = [name for name, column in columns.items() if pa.types.is_dictionary(column.type)]
    # The schema of Arrow is left out: it would have readers take text for dictionaries.
    pq.write_table(
        pa.table(columns),
        place,
        compression="zstd",
        compression_level=1,
        use_dictionary=few,
        write_statistics=["time"],
        store_schema=False,
    )


def _column(column: pl.Series) -> pa.Array:
    if column.dtype != pl.String:
        return column.to_arrow()
    if column.null_count() == len(column):
        return pa.nulls(len(column), _ENTRIES)
    array = column.to_arrow(compat_level=pl.CompatLevel.newest())
    if not column.null_count() and _is_one(array):
        numbers = pa.array(np.zeros(len(column), np.int32))
        return pa.DictionaryArray.from_arrays(numbers, pa.array([column[0]], pa.string()))
    if column.name in _VARIED:
        return array.cast(pa.string())
    encoded = array.dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices, encoded.dictionary.cast(pa.string()))


def _is_one(array: pa.Array) -> bool:
    """Whether all texts are one, as far as their views tell (see ``collect.texts``)."""
    views = np.frombuffer(array.buffers()[1], np.uint64).reshape(-1, 2)[array.offset : array.offset + len(array)]
    # Most that vary do so at the ends already.
    return bool((views[-1] == views[0]).all() and (views == views[0]).all())
