"""lines: cut a stream of bytes into blocks of lines.

The line ends are found in bulk and the text stays where it was read to, so the cost is that of reading; and memory
stays the same however long the stream or one of its lines.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from serjeant.collect.source import LONGEST, TAIL, Block, Damaged
from serjeant.collect.stream import Readable, fill
from serjeant.collect.texts import PADDING, cut

SIZE: Final = 4 * 1024 * 1024
_LF: Final = 10
_CR: Final = 13
_ASCII_END: Final = 128

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]


def blocks(
    stream: Readable, *, size: int = SIZE, start: int = 0, first: int = 1, passed: bool = False
) -> Iterator[Block]:
    r"""Every line of a stream, in blocks.

    A line ends with ``\n`` or ``\r\n``; a lone ``\r`` is part of its line. Bytes after the last line end are a line
    too, in a block of their own.

    :param stream: the unpacked bytes, at its beginning
    :param size: bytes to read for one block, below 1 GiB
    :param start: the offset to go on from, an ``end`` of an earlier block
    :param first: the number of the line at ``start``
    :param passed: the stream stands at ``start`` already
    :raises Damaged: where the stream cannot be read further, after all whole lines before that have been handed out
    """
    is_end = np.empty(LONGEST + 1 + size, np.bool_)
    rest, torn, offset = np.empty(0, np.uint8), False, start
    trouble = None if passed else _skip(stream, start)
    full = trouble is None
    while full:
        # Holds what was read beyond the last line end (at most LONGEST + 1 bytes: with one more, no "\r\n" could make
        # the line short enough), then what is read next. The lines stay where they are, so each block has its own.
        held = len(rest)
        buffer = np.empty(held + size + PADDING, np.uint8)
        buffer[:held] = rest
        read, trouble = fill(stream, memoryview(buffer.data)[held : held + size])
        full = read == size
        used = buffer[: held + read]
        buffer[len(used) :] = 0
        ends = np.flatnonzero(np.equal(used, _LF, out=is_end[: len(used)]))
        rest = used
        if len(ends):
            offset += int(ends[-1]) + 1
            yield _block(buffer[: len(used) + PADDING], ends, torn, first, offset)
            first += len(ends)
            torn = False
            rest = used[int(ends[-1]) + 1 :]
        if len(rest) > LONGEST + 1:
            offset += len(rest)
            rest, torn = rest[:0], True
    if trouble is not None:
        raise trouble
    if len(rest) or torn:
        last = np.concatenate([rest, np.zeros(PADDING, np.uint8)])
        yield _block(last, np.array([len(rest)], np.int64), torn, first, offset + len(rest), ended=False)


def _skip(stream: Readable, count: int) -> Damaged | None:
    """Passes over the first ``count`` bytes."""
    if stream.seekable():
        stream.seek(count)
        return None
    scrap = memoryview(bytearray(min(count, SIZE)))
    while count > 0:
        read, trouble = fill(stream, scrap[:count])
        if trouble is not None or not read:
            return trouble
        count -= read
    return None


def _block(buffer: Bytes, ends: Positions, torn: bool, first: int, end: int, *, ended: bool = True) -> Block:
    """The lines up to the last of ``ends``; ``torn``: the first one began with more than was kept.

    :param buffer: with ``PADDING`` bytes behind what is used of it
    """
    starts = np.empty_like(ends)
    starts[0] = 0
    starts[1:] = ends[:-1] + 1
    stops = ends - ((ends > starts) & (buffer[ends - 1] == _CR)) if ended else ends
    long = stops - starts > LONGEST
    long[0] |= torn
    oversized = np.flatnonzero(long)
    stops = np.where(long, starts, stops)
    over = int(ends[-1]) + ended
    lines, damaged = _text(buffer, starts, stops - starts, over)
    return Block(lines, first, end, damaged, oversized, ended, buffer[max(0, over - TAIL) : over].tobytes())


def _text(buffer: Bytes, starts: Positions, lengths: Positions, over: int) -> tuple[pl.Series, Positions]:
    """Lines as text, and the positions of those that were not valid UTF-8."""
    whole = buffer[:over]
    if not len(whole) or whole.max() < _ASCII_END or _is_utf8(whole):
        return cut(buffer, starts, lengths), np.empty(0, np.int64)
    ends = (starts + lengths).tolist()
    given = [bytes(buffer[start:stop]) for start, stop in zip(starts.tolist(), ends, strict=True)]
    mended = [line.decode("utf-8", "replace") for line in given]
    damaged = [at for at, text in enumerate(mended) if "\ufffd" in text and text.encode() != given[at]]
    return pl.Series(mended, dtype=pl.String), np.array(damaged, np.int64)


def _is_utf8(data: Bytes) -> bool:
    """Whether all of it is text; line ends are, so that then each line is."""
    # An array of one text over the bytes as they stand.
    offsets = pa.py_buffer(np.array([0, len(data)], np.int64))
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(data)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
