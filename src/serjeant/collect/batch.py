"""batch: what became of a run of lines: rows of ``lines``, and a verdict for each line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from serjeant.model.login import parsed_schema

UNPARSED, IGNORED, PARSED = 0, 1, 2
LONGEST_NAME = 256


def schema_of(arrow: pa.Schema) -> pl.Schema:
    """The same columns as Polars has them."""
    return pl.Schema(pl.DataFrame(arrow.empty_table()).schema)


_PARSED = schema_of(parsed_schema())
_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def likely(times: pl.Series) -> pl.Series:
    """Which moments a sign-in may have had; a clock that was never set, or a made-up stamp, is no time."""
    return times.is_between(_EARLIEST, _LATEST).fill_null(value=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a run of lines.

    :param rows: ``parsed_schema()`` plus ``line`` (UInt32, position in the run, ascending) and ``format``
    :param verdicts: for each line, UNPARSED, IGNORED or PARSED
    :param explained: for each line, an index into ``rule_names``; -1 where no rule took it
    :param rule_names: ``format:rule``, or ``other:program`` for programs that sign nobody in
    """

    rows: pl.DataFrame
    verdicts: npt.NDArray[np.int8]
    explained: npt.NDArray[np.int32]
    rule_names: tuple[str, ...]


class Build:
    """Collects the pieces of a batch.

    :param timeless: a sign-in may have no time (a line that is shown by itself)
    """

    def __init__(self, size: int, *, timeless: bool = False) -> None:
        self.timeless = timeless
        self.verdicts = np.zeros(size, dtype=np.int8)
        self.explained = np.full(size, -1, dtype=np.int32)
        self.names: list[str] = []
        self.pieces: list[pl.DataFrame] = []

    def note(self, name: str, positions: npt.NDArray[np.int64], verdict: int) -> None:
        """What a rule decided."""
        if not len(positions):
            return
        if name not in self.names:
            self.names.append(name)
        self.explained[positions] = self.names.index(name)
        self.verdicts[positions] = verdict

    def add(
        self, rows: pl.DataFrame, form: str, names: Sequence[str], which: npt.NDArray[np.int64] | None = None
    ) -> None:
        """Sign-ins, with ``line``; those without a time or an outcome are none.

        :param names: of the rules that tell of them
        :param which: of the names, for each row; the first where not given
        """
        shaped = shape(rows, form)
        told = shaped["outcome"].is_not_null()
        shaped = shaped.filter(good := told if self.timeless else told & likely(shaped["time"]))
        lines = shaped["line"].to_numpy().astype(np.int64)
        number = np.zeros(len(lines), dtype=np.int64) if which is None else which[good.to_numpy()]
        for at, name in enumerate(names):
            self.note(name, lines[number == at], PARSED)
        self.pieces.append(shaped)

    def done(self) -> Batch:
        """The batch."""
        rows = pl.concat(self.pieces) if self.pieces else shape(pl.DataFrame({"line": []}, {"line": pl.UInt32}), "")
        rows = rows if rows["line"].is_sorted() else rows.sort("line")
        return Batch(rows, self.verdicts, self.explained, tuple(self.names))


def shape(rows: pl.DataFrame, form: str) -> pl.DataFrame:
    """The columns of ``parsed_schema()``, in order and type, with ``line`` and ``format``."""
    columns: list[pl.Expr] = []
    for name, kind in _PARSED.items():
        given = pl.col(name).cast(kind, strict=False) if name in rows.columns else pl.lit(None, dtype=kind).alias(name)
        columns.append(given)
    shaped = rows.select(pl.col("line").cast(pl.UInt32), pl.lit(form).alias("format"), *columns)
    longest = shaped.select(pl.col("user_name", "client").str.len_bytes().max().fill_null(0))
    user_name, client = (
        pl.col(name).str.head(LONGEST_NAME) if longest[name][0] > LONGEST_NAME else pl.col(name)
        for name in longest.columns
    )
    return shaped.with_columns(
        user_name.replace("", None),
        client,
        pl.col("auth_protocol").str.to_lowercase(),
        pl.col("count").fill_null(1).clip(1, 1_000_000),
    )
