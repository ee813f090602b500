"""Windows events as XML over several lines, or many on one: each ``<Event>`` as one line.

So ``wevtutil qe /f:xml``, "Save all events as XML" of the event viewer, and ``evtx_dump`` write them. A value holds no
``<`` of its own, so nothing that an attacker writes can end an event.
"""

import re
from itertools import pairwise
from typing import Final

from serjeant.collect.source import LONGEST

_HEAD: Final = re.compile(
    rb"\s*(?:Record [0-9]+\s*)?(?:<\?xml[^>]*\?>\s*)?(?:<!--[^>]*-->\s*)?(?:<Events(?:\s[^>]*)?>\s*)?<Event[\s>]"
)
_ONE: Final = re.compile(rb"<Event[\s>][^\n]*</Event>\s*")
_EVENT: Final = re.compile(rb"<Event(?=[\s>])")
_OVER: Final = b"</Event>"
_BREAK: Final = re.compile(rb"[\r\n]\s*")
_AROUND: Final = re.compile(rb"<\?xml[^>]*\?>|<!--[^>]*-->|</?Events(?:\s[^>]*)?>|Record [0-9]+\s")
_BOUND: Final = 16 * LONGEST


def fold(head: bytes) -> "EventXml | None":
    """For events as XML that are not one a line."""
    if not _HEAD.match(head):
        return None
    lines = head.split(b"\n")[:-1]
    single = lines and all(_ONE.fullmatch(line) and line.count(_OVER) == 1 for line in lines)
    return None if single else EventXml()


class EventXml:
    """Unfolds events as XML."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """The events that are whole."""
        *whole, held = (self._held + data).split(_OVER)
        out = [_lines(each + _OVER) for each in whole]
        if len(held) > _BOUND:
            out.append(_lines(held))
            held = b""
        self._held = held
        return b"".join(out)

    def end(self) -> bytes:
        """An event that was cut off."""
        return _lines(self._held).removesuffix(b"\n")


def _lines(text: bytes) -> bytes:
    """An event, and what stands before it: nothing that says anything, or an event that was cut off."""
    ends = [*(found.start() for found in _EVENT.finditer(text)), len(text)]
    outside, *events = (text[start:end] for start, end in pairwise([0, *ends]))
    outside = _AROUND.sub(b"", outside).strip()
    events = [_BREAK.sub(b" ", event.strip()) for event in events]
    return b"".join(each + b"\n" for each in (outside, *events) if each)
