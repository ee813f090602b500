"""packed: unpack gzip, bzip2, xz, Zstandard and UTF-16 as it is read, in memory that does not follow the content.

The readers of the standard library lose what they had unpacked when they meet the damaged place; this one hands it
out first.
"""

import bz2
import codecs
import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import zstandard
from typing_extensions import Buffer

from serjeant.collect.source import Damaged

# Little at a time: it bounds what is lost before a damaged place, and what a bomb of Zstandard (whose unpacker takes
# no limit) makes at once, to 32 MiB.
_SIP: Final = 1024
_WINDOW: Final = 128 * 1024 * 1024  # that xz and Zstandard may look back on; "xz -9" needs 65 MiB


class _Unpacker(Protocol):
    """One member of a packed file; the classes of ``bz2`` and ``lzma`` are such."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)


class _Zstandard:
    needs_input = True

    def __init__(self) -> None:
        self._frame = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()

    @property
    def eof(self) -> bool:
        return self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._frame.decompress(data)


class _Utf16:
    needs_input = True
    unused_data = b""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
        self.eof = False

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        if not data:
            self.eof = True
            return b"\xff" if self._decoder.getstate()[0] else b""
        # A lone surrogate becomes bytes that are no UTF-8, so that its line counts as damaged further on.
        return self._decoder.decode(data).encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Packing:
    """A way to pack.

    :param name: as people call it
    :param magics: the first bytes that tell it, one of them
    :param unpacker: makes what unpacks one member
    """

    name: str
    magics: tuple[bytes, ...]
    unpacker: Callable[[], _Unpacker]


_SKIPPABLE = tuple(bytes([0x50 + n]) + b"\x2a\x4d\x18" for n in range(16))

PACKINGS: Final = (
    Packing("gzip", (b"\x1f\x8b\x08",), _Gzip),
    Packing("bzip2", (b"BZh",), bz2.BZ2Decompressor),
    Packing("xz", (b"\xfd7zXZ\x00",), lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_WINDOW)),
    Packing("Zstandard", (b"\x28\xb5\x2f\xfd", *_SKIPPABLE), _Zstandard),
    Packing("UTF-16", (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), _Utf16),
)


def packing(head: bytes) -> Packing | None:
    """What a stream is packed with, as its first bytes tell; None when it is plain."""
    return next((each for each in PACKINGS if head.startswith(each.magics)), None)


class Packed(Protocol):
    """The packed bytes."""

    def read(self, size: int, /) -> bytes | None:
        """Some bytes; none when they are over."""

    def close(self) -> None:
        """Gives it back."""


class Unpacked(io.RawIOBase):
    """The content of a packed stream, of all its members one after the other.

    :param packed: the packed bytes, at their beginning; closed with this
    :param packing: how they are packed
    """

    def __init__(self, packed: Packed, packing: Packing) -> None:
        self._packed = packed
        self._packing = packing
        self._member = packing.unpacker()
        self._between = False  # a member is over, and nothing of another has been seen
        self._next = b""  # bytes read beyond the member's end
        self._ready = memoryview(b"")
        self._over = False

    def readable(self) -> bool:
        """True."""
        return True

    def close(self) -> None:
        """Closes the packed stream too."""
        self._packed.close()
        super().close()

    def readinto(self, into: Buffer, /) -> int:
        """Reads at least one byte; 0 when the content is over.

        :raises Damaged: at the place from which nothing more can be unpacked
        """
        room = memoryview(into).cast("B")
        while not self._ready and not self._over:
            self._ready = memoryview(self._unpack(len(room)))
        count = min(len(room), len(self._ready))
        room[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _unpack(self, room: int) -> bytes:
        wanted = self._between or self._member.needs_input
        data = self._next or (self._packed.read(_SIP) or b"" if wanted else b"")
        self._next = b""
        finished = wanted and not data
        if self._between:
            data = data.lstrip(b"\0")  # zero bytes may pad the end of a member
            self._over = finished
            if not data:
                return b""
            self._between = False
        try:
            content = self._member.decompress(data, room)
        except (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, ValueError) as error:
            raise Damaged(f"the {self._packing.name} data are damaged; what came before was read") from error
        if self._member.eof:
            self._next, self._between = self._member.unused_data, True
            self._member = self._packing.unpacker()
        elif finished and not content:
            raise Damaged(f"the {self._packing.name} data end in the middle; what came before was read")
        return content
