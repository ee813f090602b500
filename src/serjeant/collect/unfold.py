"""unfold: files of records become lines, one record a line, so that ``file:line`` names the record.

What a file is, its first bytes say, never its name. A file of which each line is a record already passes untouched.
"""

import io
from collections.abc import Callable
from typing import Final, Protocol

from typing_extensions import Buffer

from serjeant.collect.folds import event_log, event_xml, frames, journal, objects, rows
from serjeant.collect.source import Damaged

_SIP: Final = 256 * 1024
"""What is unfolded at once: always whole ones, so that the lines never depend on how the bytes came."""


class Fold(Protocol):
    """One way in which records are put into a file."""

    def feed(self, data: bytes) -> bytes:
        """The lines that are whole after these bytes."""
        ...

    def end(self) -> bytes:
        """What is left at the end; without a line end, where the record may go on when the file has grown."""
        ...


class Folded(Protocol):
    """The bytes of a file of records."""

    def readinto(self, into: Buffer, /) -> int | None:
        """Fills the beginning of ``into``; 0 when there is nothing more."""

    def close(self) -> None:
        """Gives it back."""


FOLDS: Final[tuple[Callable[[bytes], Fold | None], ...]] = (
    event_log.fold,
    event_xml.fold,
    objects.fold,
    journal.fold,
    frames.fold,
    rows.fold,
)


def fold(head: bytes) -> Fold | None:
    """How the records of a file are told apart, as its first bytes tell; None where each line is one.

    :raises Damaged: where that needs a library that is not installed
    """
    return next((found for each in FOLDS if (found := each(head)) is not None), None)


class Unfolded(io.RawIOBase):
    """The records of a file, one a line.

    :param folded: the bytes, at their beginning; closed with this
    :param fold: how the records are told apart
    """

    def __init__(self, folded: Folded, fold: Fold) -> None:
        self._folded = folded
        self._fold = fold
        self._sip = bytearray(_SIP)
        self._ready = memoryview(b"")
        self._over = False
        self._trouble: Damaged | None = None

    def readable(self) -> bool:
        """True."""
        return True

    def close(self) -> None:
        """Closes the stream below too."""
        self._folded.close()
        super().close()

    def readinto(self, into: Buffer, /) -> int:
        """Reads at least one byte; 0 when the records are over.

        :raises Damaged: where the stream below cannot be read further
        """
        room = memoryview(into).cast("B")
        while not self._ready and not self._over:
            if self._trouble is not None:
                raise self._trouble
            self._ready = memoryview(self._next())
        count = min(len(room), len(self._ready))
        room[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _next(self) -> bytes:
        read = 0
        view = memoryview(self._sip)
        try:
            while read < _SIP:
                count = self._folded.readinto(view[read:])
                if not count:
                    self._over = True
                    break
                read += count
        except Damaged as trouble:
            self._trouble = trouble
        except OSError as error:
            self._trouble = Damaged(f"cannot be read further: {error.strerror or error}")
        lines = self._fold.feed(bytes(view[:read]))
        return lines + self._fold.end() if self._over else lines
