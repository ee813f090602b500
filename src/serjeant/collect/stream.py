"""stream: the plain lines of a log, whose beginning can be looked at before they are read."""

import codecs
import hashlib
import io
from typing import IO, Final, Protocol, cast

from typing_extensions import Buffer

from serjeant.collect import parquet
from serjeant.collect.packed import Unpacked, packing
from serjeant.collect.source import Damaged
from serjeant.collect.unfold import Unfolded, fold

HEAD: Final = 8 * 1024
_FINGERPRINT: Final = 4 * 1024
_LAYERS: Final = 3  # for example UTF-16 in gzip, and one in hand


class Readable(Protocol):
    """What bytes are read from: a raw file, ``io.BytesIO``, a ``Stream``."""

    def readinto(self, into: Buffer, /) -> int | None:
        """Fills the beginning of ``into``; 0 when there is nothing more."""

    def seekable(self) -> bool:
        """Whether ``seek`` and ``tell`` work."""
        ...

    def seek(self, offset: int, /) -> int:
        """Goes to an offset."""
        ...

    def tell(self) -> int:
        """The offset."""
        ...

    def close(self) -> None:
        """Gives it back."""


class Stream(io.RawIOBase):
    """A stream with its head known.

    :param raw: the bytes, at their beginning; closed with this
    :ivar head: the first bytes, at most ``HEAD``; a byte order mark of UTF-8 is left out here and in what is read
    """

    def __init__(self, raw: Readable) -> None:
        self._raw = raw
        self._base = raw.tell() if raw.seekable() else None
        head = bytearray(HEAD)
        read, self._trouble = fill(raw, memoryview(head))
        self.head = bytes(head[:read])
        if self.head.startswith(codecs.BOM_UTF8):
            self.head = self.head[len(codecs.BOM_UTF8) :]
            self._base = self._base if self._base is None else self._base + len(codecs.BOM_UTF8)
        self._ready = memoryview(self.head)

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """Whether ``seek`` works: a plain file."""
        return self._base is not None

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Goes to an offset from the beginning."""
        if self._base is None or whence != io.SEEK_SET:
            raise io.UnsupportedOperation("seek")
        self._ready = memoryview(b"")
        return self._raw.seek(self._base + offset) - self._base

    def close(self) -> None:
        """Closes the stream below too."""
        self._raw.close()
        super().close()

    def readinto(self, into: Buffer, /) -> int | None:
        """Reads at least one byte; 0 when the stream is over.

        :raises Damaged: where it cannot be read further
        """
        if self._ready:
            room = memoryview(into).cast("B")
            count = min(len(room), len(self._ready))
            room[:count] = self._ready[:count]
            self._ready = self._ready[count:]
            return count
        if self._trouble is not None:
            raise self._trouble
        return self._raw.readinto(into)


def unpacked(raw: Readable) -> Stream:
    """The plain bytes under all that they are packed in, told by the first bytes and never by a name.

    A file of records is unfolded: each record is a line.

    :raises Damaged: where that needs a library that is not installed
    """
    stream = outermost = Stream(raw)
    for _ in range(_LAYERS):
        found = packing(stream.head)
        if found is None:
            break
        stream = Stream(Unpacked(stream, found))
    try:
        if parquet.is_parquet(stream.head):
            whole = stream is outermost and raw.seekable()
            return Stream(parquet.Rows(cast(IO[bytes], raw) if whole else parquet.spooled(stream)))
        way = fold(stream.head)
    except Damaged:
        stream.close()
        raise
    return stream if way is None else Stream(Unfolded(stream, way))


def fill(stream: Readable, into: memoryview) -> tuple[int, Damaged | None]:
    """Reads until ``into`` is full or the stream ends: the bytes read, and what stopped it before the end."""
    read = 0
    try:
        while read < len(into):
            count = stream.readinto(into[read:])
            if not count:
                break
            read += count
    except Damaged as trouble:
        return read, trouble
    except OSError as error:
        return read, Damaged(f"cannot be read further: {error.strerror or error}")
    return read, None


def looks_binary(head: bytes) -> bool:
    """Whether the first bytes of a log are no text: a zero byte stands among the first 8 KiB."""
    return b"\0" in head[:HEAD]


def head_fingerprint(head: bytes) -> tuple[int, str]:
    """What a log is known again by when it was renamed or packed: (n, SHA-256 of its first n bytes, n ≤ 4096).

    A log that has grown meanwhile is the same when the first n bytes of it still give the same hash.
    """
    count = min(_FINGERPRINT, len(head))
    return count, hashlib.sha256(head[:count]).hexdigest()
