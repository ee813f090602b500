"""parquet: the rows of a Parquet file become JSON lines, one a row, so that ``file:line`` names the row.

A Parquet file has its index at its end, so it cannot be read as it comes: what cannot be read at any place (a pipe,
what is packed once more) goes through a file of its own first. Rows are read some thousand at a time, whatever the
size of the file's row groups. Source: the Parquet format (parquet.apache.org); Amazon Security Lake keeps OCSF so.
"""

import io
import tempfile
from collections.abc import Iterator
from typing import IO, Final

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from typing_extensions import Buffer

from serjeant.collect import objects
from serjeant.collect.source import Damaged

MAGIC: Final = b"PAR1"
ENCRYPTED: Final = b"PARE"
_ROWS: Final = 4096  # at once
_SIP: Final = 1024 * 1024


def is_parquet(head: bytes) -> bool:
    """Whether a file is Parquet, as its first bytes tell: none is without a zero byte, and text may begin likewise.

    :raises Damaged: when it is and nobody without its key can read it
    """
    if head.startswith(ENCRYPTED) and b"\0" in head:
        raise Damaged("is encrypted Parquet, so it must be decrypted first")
    return head.startswith(MAGIC) and b"\0" in head


class Rows(io.RawIOBase):
    """The rows of a Parquet file as JSON lines.

    :param file: its bytes, which can be read at any place; closed with this
    :raises Damaged: when its index cannot be read
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        try:
            self._batches = self._read(pq.ParquetFile(pa.PythonFile(file, mode="r"), buffer_size=_SIP))
        except (pa.ArrowException, OSError) as error:
            raise Damaged("is Parquet that was cut off or damaged: its index, at its end, cannot be read") from error
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """True."""
        return True

    def close(self) -> None:
        """Closes the file too."""
        self._file.close()
        super().close()

    def readinto(self, into: Buffer, /) -> int:
        """Reads at least one byte; 0 when the rows are over.

        :raises Damaged: where the file cannot be read further
        """
        room = memoryview(into).cast("B")
        while not self._ready:
            lines = next(self._batches, None)
            if lines is None:
                return 0
            self._ready = memoryview(lines)
        count = min(len(room), len(self._ready))
        room[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _read(self, parquet: pq.ParquetFile) -> Iterator[bytes]:
        try:
            for batch in parquet.iter_batches(_ROWS, use_threads=False):
                yield _lines(batch)
        except (duckdb.Error, UnicodeDecodeError) as error:  # its word may cut a text within a character
            raise Damaged("holds columns that cannot be written as JSON") from error
        except (pa.ArrowException, OSError) as error:
            raise Damaged("the Parquet data are damaged; what came before was read") from error


def _lines(batch: pa.RecordBatch) -> bytes:
    """The rows as they stand, nulls too, so that a row has the same line in whichever file it stands."""
    columns = [_finite(column) for column in batch.columns]
    rows = pa.table({"row": pa.StructArray.from_arrays(columns, names=batch.schema.names)})
    connection = objects.connection()
    connection.register("rows", rows)
    told = connection.sql("select to_json(row)::varchar as line from rows").to_arrow_table()
    connection.unregister("rows")
    text: str = pl.Series("line", told.column("line")).str.join("\n").item()
    return text.encode() + b"\n" if len(rows) else b""


def _finite(column: pa.Array) -> pa.Array:
    """What is no number (pandas writes it where a whole number is missing) is nothing: JSON has no word for it."""
    return pc.if_else(pc.is_finite(column), column, None) if pa.types.is_floating(column.type) else column


def spooled(file: io.RawIOBase) -> IO[bytes]:
    """The same bytes where they can be read at any place.

    :raises Damaged: where they cannot be read to their end
    """
    whole = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever reads it
    sip = memoryview(bytearray(_SIP))
    try:
        while count := file.readinto(sip):
            whole.write(sip[:count])
    except Damaged:
        whole.close()
        raise
    except OSError as error:
        whole.close()
        raise Damaged(f"cannot be kept while it is read: {error.strerror or error}") from error
    return whole
