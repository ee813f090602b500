"""texts: a column of strings over the bytes in which they stand, none of them copied.

Polars and Arrow keep a string as a *view*: its length, its first four bytes, and where the rest stands; up to twelve
bytes stand in the view itself (Arrow's Utf8View layout). ``cut`` makes such a column from places in a buffer, and
``Places`` finds the places behind a column, so that eight bytes of each line can be looked at as one number: NumPy
compares those for a whole block in the time that a search of one line takes.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

PADDING: Final = 16
"""Bytes that must follow the last text, so that eight bytes can be read anywhere in it."""

_INLINE: Final = 12
_FIRST: Final = np.array([(1 << (8 * count)) - 1 for count in range(9)], np.uint64)
"""Masks of the first bytes of a word."""
_WORD: Final = 8
_HALF: Final = np.uint64(32)

ONE: Final = np.uint64(1)
TOPS: Final = np.uint64(0x8080808080808080)
_LOW: Final = np.uint64(0x7F7F7F7F7F7F7F7F)
_ZEROS: Final = np.uint64(0x3030303030303030)
_SIX_UP: Final = np.uint64(0x7676767676767676)
"""Added to 10 or more it reaches a byte's highest bit."""

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Places:
    """Where texts stand.

    :param data: the bytes of all of them, and ``PADDING`` more
    :param starts: where each begins
    :param lengths: in bytes
    """

    data: Bytes
    starts: Positions
    lengths: Positions

    @classmethod
    def of(cls, texts: pl.Series) -> Self:
        """The places behind a column without nulls; its bytes are copied only where they stand in several buffers."""
        array = texts.rechunk().to_arrow(compat_level=pl.CompatLevel.newest())
        if len(texts) and array.type == pa.string_view():
            _, held, *buffers = array.buffers()
            views = np.frombuffer(held, np.int32).reshape(-1, 4)[array.offset : array.offset + len(array)]
            if len(buffers) == 1 and views[:, 0].min() > _INLINE:
                data = np.frombuffer(buffers[0], np.uint8)
                lengths, starts = views[:, 0].astype(np.int64), views[:, 3].astype(np.int64)
                if int((starts + lengths).max()) + PADDING <= len(data):
                    return cls(data, starts, lengths)
        return cls._copied(array)

    @classmethod
    def _copied(cls, array: pa.Array) -> Self:
        plain = array.cast(pa.large_binary())
        offsets = np.frombuffer(plain.buffers()[1], np.int64)[plain.offset : plain.offset + len(plain) + 1]
        first, last = (int(offsets[0]), int(offsets[-1])) if len(plain) else (0, 0)
        data = np.zeros(last - first + PADDING, np.uint8)
        if last > first:
            data[:-PADDING] = np.frombuffer(plain.buffers()[2], np.uint8)[first:last]
        ends = (offsets - first) if len(plain) else np.zeros(1, np.int64)
        return cls(data, ends[:-1], np.diff(ends))

    def word(self, offset: int = 0) -> Words:
        """The eight bytes at an offset, as a number whose lowest byte comes first; no text may end long before it."""
        return words_at(self.data, self.starts + offset if offset else self.starts)

    def at(self, chosen: npt.NDArray[np.int64] | Flags) -> "Places":
        """Some of the texts."""
        return Places(self.data, self.starts[chosen], self.lengths[chosen])

    def behind(self, count: int) -> "Places":
        """What follows the first bytes of texts, each of which has that many."""
        return Places(self.data, self.starts + count, self.lengths - count) if count else self

    def behind_each(self, counts: Positions) -> "Places":
        """The same with a number for each text."""
        return Places(self.data, self.starts + counts, self.lengths - counts)

    def digits(self) -> Positions:
        """How many digits each text begins with; 8 for more."""
        return np.minimum(first_of(other_than_digits(self.word())), self.lengths)

    def text(self) -> pl.Series:
        """The texts as a column; each must be UTF-8."""
        return cut(self.data, self.starts, self.lengths)

    def holds(self, literal: bytes, offset: int = 0) -> Flags:
        """Which texts hold some bytes at an offset."""
        enough: Flags = self.lengths >= offset + len(literal)
        if not literal:
            return enough
        if enough.all():
            return _holds(self.data, self.starts + offset, literal)
        some = np.flatnonzero(enough)
        enough[some] = _holds(self.data, self.starts[some] + offset, literal)
        return enough


def _holds(data: Bytes, places: Positions, literal: bytes) -> Flags:
    found = np.ones(len(places), np.bool_)
    for begin in range(0, len(literal), _WORD):
        part = literal[begin : begin + _WORD]
        # Most differ in the first bytes already.
        left = np.flatnonzero(found) if begin else np.arange(0)
        if begin and len(left) < len(places):
            found[left] = _is(words_at(data, places[left] + begin), part)
        else:
            found = _is(words_at(data, places + begin if begin else places), part)
    return found


def _is(words: Words, part: bytes) -> Flags:
    same: Flags = (words if len(part) == _WORD else words & _FIRST[len(part)]) == number(part)
    return same


def words_at(data: Bytes, places: Positions) -> Words:
    """The eight bytes at each place; the data go on for as many behind the last."""
    # As eight bytes of no kind: NumPy copies numbers that stand at odd places one by one.
    everywhere = np.ndarray((max(len(data) - _WORD + 1, 0),), "V8", data, strides=(1,))
    found: Words = everywhere[places].view("<u8")
    return found


def other_than_digits(words: Words) -> Words:
    """The highest bit of each byte that is no digit."""
    digits = words ^ _ZEROS  # a digit becomes 0 to 9
    found: Words = (((digits & _LOW) + _SIX_UP) | digits) & TOPS
    return found


def first_of(tops: Words) -> Positions:
    """Which byte of each word is the first with its highest bit set; 8 for none."""
    found: Positions = (np.bitwise_count((tops & -tops) - ONE) >> 3).astype(np.int64)
    return found


def number(part: bytes) -> np.uint64:
    """Up to eight bytes as a word."""
    return np.uint64(int.from_bytes(part, "little"))


def first(counts: Positions) -> Words:
    """The masks of words' first bytes."""
    masks: Words = _FIRST[counts]
    return masks


def cut(data: Bytes, starts: Positions, lengths: Positions) -> pl.Series:
    """Texts that stand in a buffer, which must not change any more; each must be UTF-8.

    :param data: with ``PADDING`` bytes behind the last text
    """
    views = np.empty((len(starts), 2), np.uint64)
    views[:, 0] = words_at(data, starts)
    views[:, 0] <<= _HALF
    views[:, 0] |= lengths.view(np.uint64)
    np.left_shift(starts.view(np.uint64), _HALF, out=views[:, 1])
    short = np.flatnonzero(lengths <= _INLINE)
    if len(short) == len(starts):
        _inline(views, data, starts, lengths.view(np.uint64))
    elif len(short):
        some = np.empty((len(short), 2), np.uint64)
        _inline(some, data, starts[short], lengths[short].view(np.uint64))
        views[short] = some
    buffers = [None, pa.py_buffer(views), pa.py_buffer(data)]
    return pl.Series(pa.Array.from_buffers(pa.string_view(), len(views), buffers))


def _inline(views: Words, data: Bytes, starts: Positions, lengths: Words) -> None:
    """Puts short texts into their views, zeros behind them."""
    first = words_at(data, starts) & _FIRST[np.minimum(lengths, 8)]
    views[:, 0] = (first << _HALF) | lengths
    views[:, 1] = first >> _HALF
    if lengths.max(initial=0) > 8:
        longer = np.flatnonzero(lengths > 8)
        rest = words_at(data, starts[longer] + 8) & _FIRST[lengths[longer] - np.uint64(8)]
        views[longer, 1] |= rest << _HALF
