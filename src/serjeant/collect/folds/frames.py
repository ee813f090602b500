"""Syslog as it came over TCP, each message with its length before it (RFC 6587, 3.4.1): each as one line.

The length alone ends a message, whatever stands in it.
"""

import re
from typing import Final

from serjeant.collect.source import LONGEST

_FRAME: Final = re.compile(rb"[\r\n]*([1-9][0-9]{0,5}) (?=<[0-9]{1,3}>)")
_BREAK: Final = re.compile(rb"[\r\n]+")


def fold(head: bytes) -> "Frames | None":
    """For messages with their length before them: the first ends where the next begins, or with its line."""
    first = _FRAME.match(head)
    if first is None:
        return None
    end = first.end() + int(first[1])
    behind = head[end : end + 12]
    return Frames() if end >= len(head) or behind[:1] in b"\r\n" or _FRAME.match(behind) else None


class Frames:
    """Unfolds messages with their length before them."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """The messages that are whole."""
        held = self._held + data
        at, out = 0, list[bytes]()
        while at < len(held):
            frame = _FRAME.match(held, at)
            length = int(frame[1]) if frame else 0
            if frame and length <= LONGEST:
                if len(held) < frame.end() + length:
                    break
                at = frame.end() + length
                out.append(_line(held[at - length : at]))
                continue
            # No message begins here: what there is passes as the line that it is.
            end = held.find(b"\n", at)
            if end < 0 and len(held) - at <= 2 * LONGEST:
                break
            stop = end + 1 if end >= 0 else len(held)
            out.append(_line(held[at:stop]))
            at = stop
        self._held = held[at:]
        return b"".join(out)

    def end(self) -> bytes:
        """A message that was cut off."""
        return _line(self._held).removesuffix(b"\n")


def _line(text: bytes) -> bytes:
    text = _BREAK.sub(b" ", text.strip(b"\r\n"))
    return text + b"\n" if text else b""
