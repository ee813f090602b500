"""texts: a column of strings over the bytes in which they stand, none of them copied.

Polars and Arrow keep a string as a *view*: its length, its first four bytes, and where the rest stands; up to twelve
bytes stand in the view itself (Arrow's Utf8View layout).
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

PADDING: Final = 16
"""Bytes that must follow the last text, so that eight bytes can be read anywhere in it."""

_INLINE: Final = 12
_FIRST: Final = np.array([(1 << (8 * count)) - 1 for count in range(9)], np.uint64)
"""Masks of the first bytes of a word."""

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]


def cut(data: Bytes, starts: Positions, lengths: Positions) -> pl.Series:
    """Texts that stand in a buffer, which must not change any more; each must be UTF-8.

    :param data: with ``PADDING`` bytes behind the last text
    """
    views = np.empty((len(starts), 4), np.int32)
    views[:, 0] = lengths
    words = np.ndarray((max(len(data) - 7, 0),), "<u8", data, strides=(1,))
    views[:, 1] = words[starts].astype(np.uint32).view(np.int32)
    views[:, 2] = 0
    views[:, 3] = starts
    short = np.flatnonzero(lengths <= _INLINE)
    if len(short):
        some = views[short]
        _inline(some, words, starts[short])
        views[short] = some
    buffers = [None, pa.py_buffer(views), pa.py_buffer(data)]
    return pl.Series(pa.Array.from_buffers(pa.string_view(), len(views), buffers))


def _inline(views: npt.NDArray[np.int32], words: Words, starts: Positions) -> None:
    """Puts short texts into their views, zeros behind them."""
    lengths = views[:, 0]
    first = words[starts] & _FIRST[np.minimum(lengths, 8)]
    views[:, 1] = first.astype(np.uint32).view(np.int32)
    views[:, 2] = (first >> np.uint64(32)).astype(np.uint32).view(np.int32)
    if lengths.max(initial=0) > 8:
        rest = words[starts + 8] & _FIRST[np.maximum(lengths - 8, 0)]
        views[:, 3] = rest.astype(np.uint32).view(np.int32)
    else:
        views[:, 3] = 0
