"""``journalctl -o export``: each entry as one line, as ``journalctl -o json`` writes it.

A field is ``NAME=text``, or, where its value holds line ends, ``NAME``, eight bytes that give the length, and the
value; an empty line ends the entry. Source: systemd.io/JOURNAL_EXPORT_FORMATS.
"""

import json
import re
from typing import Final

from serjeant.collect.source import LONGEST

_BEGINS: Final = re.compile(rb"__(?:CURSOR|REALTIME_TIMESTAMP|MONOTONIC_TIMESTAMP|SEQNUM|SEQNUM_ID)=[^\n]+\n[_A-Z]")
_PLAIN: Final = re.compile(rb"(?:[_A-Z][A-Z0-9_]{0,63}=[^\n]*+\n)++\n")
_NAME: Final = re.compile(rb"[_A-Z][A-Z0-9_]{0,63}")
_LARGEST: Final = 768 * 1024 * 1024  # what journald itself takes for one field
_DAMAGED: Final = b"an entry of the journal that cannot be read: damaged\n"


def fold(head: bytes) -> "Journal | None":
    """For the export of a journal."""
    return Journal() if _BEGINS.match(head) else None


class Journal:
    """Unfolds the export of a journal."""

    def __init__(self) -> None:
        self._held = b""
        self._fields: dict[str, str | list[str] | None] = {}
        self._size = 0
        self._pass = 0  # bytes of a long value that are still to come
        self._lost = False  # until the next empty line

    def feed(self, data: bytes) -> bytes:
        """The entries that are whole."""
        held = self._held + data
        at, out = 0, list[bytes]()
        while True:
            if self._pass:
                passed = min(self._pass, len(held) - at)
                at, self._pass = at + passed, self._pass - passed
            elif not self._fields and not self._lost and (plain := _PLAIN.match(held, at)) is not None:
                whole = _whole(plain[0])
                if whole:
                    out.append(whole)
                    at = plain.end()
                    continue
            end = held.find(b"\n", at)
            if end < 0:
                break
            line = held[at:end]
            if not line:
                out.append(self._entry())
                at = end + 1
                continue
            name, equals, value = line.partition(b"=")
            if equals or self._lost or not _NAME.fullmatch(name):
                self._add(name, value if equals else None)
                at = end + 1
                continue
            if len(held) < end + 9:
                break
            length = int.from_bytes(held[end + 1 : end + 9], "little")
            start = end + 9
            if length > _LARGEST:
                self._lost = True
                at = start
            elif length > LONGEST:
                self._add(name, None)
                at, self._pass = start, length + 1
            elif len(held) <= start + length:
                break
            else:
                self._add(name, held[start : start + length])
                self._lost |= held[start + length] != ord("\n")
                at = start + length + 1
        # A line without an end, longer than any that is read.
        if len(held) - at > 2 * LONGEST:
            self._lost = True
            at = len(held)
        self._held = held[at:]
        return b"".join(out)

    def end(self) -> bytes:
        """The last entry, where no empty line follows it."""
        return self.feed(b"\n").removesuffix(b"\n") + self._entry().removesuffix(b"\n")

    def _add(self, name: bytes, value: bytes | None) -> None:
        if self._lost or not _NAME.fullmatch(name):
            self._lost = True
            return
        key, text = name.decode(), None
        # Nothing else is done by journalctl where a value is large.
        if value is not None and self._size + len(value) <= LONGEST:
            self._size += len(name) + len(value)
            text = value.decode("utf-8", "replace")
        before = self._fields.get(key)
        if before is None or text is None:
            self._fields[key] = text
        else:
            self._fields[key] = [*before, text] if isinstance(before, list) else [before, text]

    def _entry(self) -> bytes:
        fields, lost = self._fields, self._lost
        self._fields, self._size, self._lost = {}, 0, False
        if lost:
            return _DAMAGED
        return json.dumps(fields, separators=(",", ":")).encode() + b"\n" if fields else b""


def _whole(text: bytes) -> bytes:
    """An entry of plain fields; empty where it is not so simple."""
    lines = text.decode("utf-8", "replace").split("\n")[:-2]
    fields = dict(line.split("=", 1) for line in lines)
    simple = len(fields) == len(lines) and len(text) <= LONGEST
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n" if simple else b""
