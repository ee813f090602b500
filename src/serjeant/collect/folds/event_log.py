"""Windows' event logs (EVTX): each event as one line of JSON, as ``evtx_dump -o jsonl`` writes it.

A file is a header and chunks of 64 KiB, each of which can be read by itself: so it is read chunk by chunk, in memory
that does not grow, from a pipe or out of gzip too; and what is damaged costs the events that it hit. Where an event
cannot be read, a line says so. Source: the format as documented by J. Metz (libevtx) and by the crate ``evtx``.
"""

import io
import struct
from collections.abc import Iterator
from typing import Any, Final

from serjeant.collect.source import Damaged

_MAGIC: Final = b"ElfFile\0"
_HEADER: Final = 4096
_CHUNK_MAGIC: Final = b"ElfChnk\0"
_CHUNK: Final = 64 * 1024
_CHUNKS: Final = 42  # where the header says how many there are
_RECORDS: Final = 512  # where they begin in a chunk
_RECORD_MAGIC: Final = b"**\0\0"
_SMALLEST: Final = 32
_NEW: Final = struct.pack("<8sQQQIHHHH", _MAGIC, 0, 0, 1, 128, 1, 3, _HEADER, 1).ljust(_HEADER, b"\0")
_LOST: Final = b"an event that cannot be read: damaged\n"
_CUT: Final = b"events that cannot be read: the log was cut off\n"


def fold(head: bytes) -> "EventLog | None":
    """For EVTX.

    :raises Damaged: when the library is not there
    """
    if not head.startswith(_MAGIC):
        return None
    try:
        from evtx import PyEvtxParser
    except ImportError as error:
        raise Damaged("is a Windows event log; to read it: pip install serjeant[windows]") from error
    return EventLog(PyEvtxParser)


class EventLog:
    """Unfolds EVTX.

    :param parser: the class of the library
    """

    def __init__(self, parser: Any) -> None:
        self._parser = parser
        self._held = bytearray()
        self._skip = _HEADER
        self._left = 0  # chunks that its header speaks of

    def feed(self, data: bytes) -> bytes:
        """The events of the chunks that are whole."""
        self._held += data
        if self._skip:
            if len(self._held) < self._skip:
                return b""
            self._left = int.from_bytes(self._held[_CHUNKS : _CHUNKS + 2], "little")
            del self._held[: self._skip]
            self._skip = 0
        out = []
        while len(self._held) >= _CHUNK:
            out.append(self._events(self._held[:_CHUNK]))
            del self._held[:_CHUNK]
            self._left -= 1
        return b"".join(out)

    def end(self) -> bytes:
        """The events of a chunk that was cut off, and a line for what is not there."""
        rest = self._events(self._held.ljust(_CHUNK, b"\0")) if self._held and not self._skip else b""
        cut = self._left > 0 or (self._skip and self._held)
        return rest.removesuffix(_LOST) + _CUT if cut else rest

    def _events(self, chunk: bytearray) -> bytes:
        if not any(chunk):
            return b""  # set aside for events to come
        _mend(chunk)
        out = []
        try:
            for each in self._read(chunk):
                text = _LOST if each is None else each.replace("\n", " ").encode("utf-8", "replace") + b"\n"
                out.append(text)
        except (OSError, RuntimeError, ValueError):
            out.append(_LOST)
        return b"".join(out)

    def _read(self, chunk: bytearray) -> Iterator[str | None]:
        records = self._parser(io.BytesIO(_NEW + chunk), 1).records_json()
        # The library gives a damaged record as an error, and then the next one; were it ever to give errors for
        # ever, there are no more records than fit into a chunk.
        for _ in range(_CHUNK // _SMALLEST):
            try:
                yield next(records)["data"]
            except StopIteration:
                return
            except RuntimeError:
                yield None


def _mend(chunk: bytearray) -> None:
    """Makes a chunk of which the library can read all that is whole.

    Its tables of names and templates only repeat what the records say, and one wrong entry there would cost the chunk;
    so does a record with a wrong head, which is given the bytes up to the next good one.
    """
    told = int.from_bytes(chunk[48:52], "little")
    stop = told if chunk.startswith(_CHUNK_MAGIC) and _RECORDS < told <= _CHUNK else _CHUNK
    at, last, count = _RECORDS, _RECORDS, 0
    while at + _SMALLEST <= stop:
        size = _size(chunk, at, stop)
        if not size:
            size = _next_good(chunk, at + 1, stop) - at
            if not any(chunk[at : at + size]) or size < _SMALLEST:
                break
            chunk[at : at + 8] = _RECORD_MAGIC + size.to_bytes(4, "little")
            chunk[at + size - 4 : at + size] = size.to_bytes(4, "little")
            chunk[at + 24] = 0xFF  # no part of it may pass for an event
        # Its own time stands in the event; this one may be none that exists.
        chunk[at + 16 : at + 24] = bytes(8)
        last, at, count = at, at + size, count + 1
    chunk[:_RECORDS] = struct.pack(
        "<8sQQQQIIII", _CHUNK_MAGIC, 1, max(count, 1), 1, max(count, 1), 128, last, at, 0
    ).ljust(_RECORDS, b"\0")


def _size(chunk: bytearray, at: int, stop: int) -> int:
    """The size of a record; 0 where none stands."""
    size = int.from_bytes(chunk[at + 4 : at + 8], "little")
    whole = chunk.startswith(_RECORD_MAGIC, at) and _SMALLEST <= size <= stop - at
    return size if whole and chunk[at + size - 4 : at + size] == chunk[at + 4 : at + 8] else 0


def _next_good(chunk: bytearray, at: int, stop: int) -> int:
    while (found := chunk.find(_RECORD_MAGIC, at, stop)) >= 0:
        if _size(chunk, found, stop):
            return found
        at = found + 1
    return stop
