"""recognise: which log this is, whatever it is called now; opened where it was left."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from serjeant.collect import seal
from serjeant.collect.source import Damaged, Input
from serjeant.collect.sources import files
from serjeant.collect.stream import Stream, fill
from serjeant.store.progress import Progress

_SCRAP: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A log opened where it was left.

    :param stream: stands at ``log.end``
    :param log: what was read of it; new where nothing was
    :param tail: the last bytes before that place; empty at the beginning
    """

    stream: Stream
    log: Progress
    tail: bytes

    @property
    def text(self) -> str:
        """Its first lines: a table has its header there."""
        return self.stream.head.decode("utf-8", "replace")

    @property
    def before(self) -> str:
        """The last line that was read; empty at the beginning."""
        return _text(self.tail.removesuffix(b"\n").rpartition(b"\n")[2])


@contextmanager
def opened(given: Input, known: Mapping[str, Progress], key: str) -> Iterator[Opened]:
    """A log is known again by its beginning, and by what stood where it was left.

    A file that was emptied and written anew with the same beginning is another log.

    :raises Damaged: when it cannot be opened, or can be read once only and turns out to be another log than it seemed
    """
    others: set[str] = set()
    while True:
        with files.open_input(given) as stream:
            found = _like(stream.head, known, key, others)
            if found is None:
                yield Opened(stream, _new(stream.head, known, key), b"")
                return
            tail = _tail(stream, found)
            if seal.mark(tail, key) == found.tail:
                yield Opened(stream, found, tail)
                return
            if given.path is None:
                raise Damaged("begins like what was read before and goes on differently, so save it as a file first")
        others.add(found.uid)


def _like(head: bytes, known: Mapping[str, Progress], key: str, others: set[str]) -> Progress | None:
    """A log with the same beginning; of several the one of which most was read."""
    heads: dict[int, str] = {}
    for log in sorted(known.values(), key=lambda each: -each.end):
        if log.uid not in others and log.head_bytes <= len(head):
            if log.head_bytes not in heads:
                heads[log.head_bytes] = _mark(head[: log.head_bytes], key)[1]
            if heads[log.head_bytes] == log.head:
                return log
    return None


def _new(head: bytes, known: Mapping[str, Progress], key: str) -> Progress:
    count, mark = _mark(head, key)
    uid = mark[:16]
    while uid in known:
        uid = seal.mark(uid.encode(), key)[:16]
    return Progress(uid=uid, name="", head=mark, head_bytes=count, tail=seal.mark(b"", key))


def _mark(head: bytes, key: str) -> tuple[int, str]:
    count, sha = files.head_fingerprint(head)
    return count, seal.mark(bytes.fromhex(sha), key)


def _tail(stream: Stream, log: Progress) -> bytes:
    """The last bytes before the place where it was left, or fewer where the log has become shorter."""
    skip = log.end - log.tail_bytes
    if stream.seekable():
        stream.seek(skip)
        skip = 0
    scrap = memoryview(bytearray(min(skip, _SCRAP)))
    while skip > 0:
        count = _fill(stream, scrap[:skip])
        if not count:
            return b""
        skip -= count
    held = bytearray(log.tail_bytes)
    return bytes(held[: _fill(stream, memoryview(held))])


def _fill(stream: Stream, into: memoryview) -> int:
    count, trouble = fill(stream, into)
    if trouble is not None:
        raise trouble
    return count


def _text(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", "replace")
