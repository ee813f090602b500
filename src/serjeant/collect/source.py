"""source: the contract between whatever holds log lines and the collector.

A source finds its inputs and reads each as blocks of lines. Nothing of what a log holds is left out:
a line that cannot be text is still a line.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

LONGEST: Final = 64 * 1024
"""Bytes of the longest line that is read, its end left out. A longer one is no log line."""

TAIL: Final = 4 * 1024
"""Bytes of a block's end that are kept: by them a log is known to be still the same there."""


@dataclass(frozen=True, slots=True)
class Input:
    """One log to read.

    :param name: as shown to people: the path as given or found, ``-`` for standard input. Always valid Unicode;
        control characters are escaped where it is shown, not here
    :param path: where it lies; None for standard input
    :param mtime: when it was last written (aware, UTC); None when not known
    :param size: bytes on disk; 0 when not known
    """

    name: str
    path: Path | None
    mtime: datetime | None
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    r"""Some lines that follow each other in one log.

    :param lines: every line without its end (``\n`` or ``\r\n``), empty lines too; valid UTF-8
    :param first: the number of its first line in the log, from 1
    :param end: the offset in the unpacked log after this block, in bytes
    :param damaged: positions in the block of lines that were not valid UTF-8; the wrong bytes are U+FFFD in ``lines``
    :param oversized: positions of lines longer than ``LONGEST``; they are ``""`` in ``lines``
    :param ended: False only for a last line without a line end, which stands in a block of its own: where the log
        still grows, the rest of that line may follow
    :param tail: the last bytes before ``end``, at most ``TAIL`` and none from before this block
    """

    lines: pl.Series
    first: int
    end: int
    damaged: npt.NDArray[np.int64]
    oversized: npt.NDArray[np.int64]
    ended: bool = True
    tail: bytes = b""


class Damaged(Exception):
    """A log that cannot be read further; what could be read has been handed out before.

    :param says: why, as a sentence without a full stop
    """

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says
