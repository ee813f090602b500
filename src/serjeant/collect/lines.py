"""lines: cut a stream of bytes into blocks of lines.

The line ends are found in bulk and the text is copied once, so the cost is that of moving memory; and memory stays
the same however long the stream or one of its lines.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from serjeant.collect.source import LONGEST, TAIL, Block, Damaged
from serjeant.collect.stream import Readable, fill

SIZE: Final = 4 * 1024 * 1024
_LF: Final = 10
_CR: Final = 13

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
    # Holds what was read beyond the last line end (at most LONGEST + 1 bytes: with one more, no "\r\n" could make
    # the line short enough), then what is read next.
    buffer = np.empty(LONGEST + 1 + size, np.uint8)
    is_end = np.empty(len(buffer), np.bool_)
    held, torn, offset = 0, False, start
    trouble = None if passed else _skip(stream, start)
    full = trouble is None
    while full:
        read, trouble = fill(stream, memoryview(buffer.data)[held : held + size])
        full = read == size
        used = buffer[: held + read]
        ends = np.flatnonzero(np.equal(used, _LF, out=is_end[: len(used)]))
        if len(ends):
            offset += int(ends[-1]) + 1
            yield _block(used, ends, torn, first, offset)
            first += len(ends)
            torn = False
            used = used[int(ends[-1]) + 1 :]
        held = len(used)
        if held > LONGEST + 1:
            offset += held
            held, torn = 0, True
        else:
            buffer[:held] = used
    if trouble is not None:
        raise trouble
    if held or torn:
        yield _block(buffer[:held], np.array([held], np.int64), torn, first, offset + held, ended=False)


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


def _block(used: Bytes, ends: Positions, torn: bool, first: int, end: int, *, ended: bool = True) -> Block:
    """The lines of ``used`` up to the last of ``ends``; ``torn``: the first one began with more than was kept."""
    starts = np.empty_like(ends)
    starts[0] = 0
    starts[1:] = ends[:-1] + 1
    stops = ends - ((ends > starts) & (used[ends - 1] == _CR)) if ended else ends
    long = stops - starts > LONGEST
    long[0] |= torn
    oversized = np.flatnonzero(long)
    stops = np.where(long, starts, stops)

    # Text and what parts it from the next text take turns as values of one array over the buffer; taking every
    # other one is the only copy.
    offsets = np.empty(2 * len(ends) + 1, np.int32)
    offsets[:-1:2] = starts
    offsets[1::2] = stops
    offsets[-1] = ends[-1]
    woven = pa.BinaryArray.from_buffers(
        pa.binary(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(used)]
    )
    raw = woven.take(pa.array(np.arange(0, len(offsets) - 1, 2, dtype=np.int32)))
    lines, damaged = _text(raw)
    over = int(ends[-1]) + ended
    return Block(lines, first, end, damaged, oversized, ended, used[max(0, over - TAIL) : over].tobytes())


def _text(raw: pa.BinaryArray) -> tuple[pa.StringArray, Positions]:
    """Lines as text, and the positions of those that were not valid UTF-8."""
    lines = raw.view(pa.string())
    try:
        lines.validate(full=True)
    except pa.ArrowInvalid:
        given = raw.to_pylist()
        mended = [line.decode("utf-8", "replace") for line in given]
        damaged = [at for at, text in enumerate(mended) if "\ufffd" in text and text.encode() != given[at]]
        return pa.array(mended, pa.string()), np.array(damaged, np.int64)
    return lines, np.empty(0, np.int64)
