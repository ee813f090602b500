"""Tables whose quoted fields hold line ends (CSV): each row as one line, those line ends made spaces.

A quote left open swallows nothing: what does not end as a row with as many fields as the first passes as the lines
that it is.
"""

import re
from typing import Final

import numpy as np

from serjeant.collect.source import LONGEST

_MOST: Final = 200  # lines of one row
_QUOTED: Final = rb'"(?:[^"]|"")*+"'
_BREAK: Final = re.compile(rb"\r?\n")


def fold(head: bytes) -> "Rows | None":
    """For tables with quotes."""
    first = head.partition(b"\n")[0].removesuffix(b"\r")
    if not first or b'"' not in head or first[:1] in b"{[<#":
        return None
    delimiter = max((b",", b";", b"\t"), key=lambda each: len(_fields(first, each)))
    found = Rows(delimiter, len(_fields(first, delimiter)))
    return found if found.fits(head) else None


def _fields(line: bytes, delimiter: bytes) -> list[bytes]:
    return re.findall(b"(?:^|" + delimiter + b")(" + _QUOTED + b'|[^"' + delimiter + b"]*)", line)


class Rows:
    """Unfolds a table.

    :param delimiter: between the fields
    :param count: how many fields a row has
    """

    def __init__(self, delimiter: bytes, count: int) -> None:
        self._count = count
        one = b"(?:" + _QUOTED + b'|[^"\r\n' + delimiter + b"]*+)"
        self._row = re.compile(one + b"(?:" + delimiter + one + b"){%d}\r?" % (count - 1))
        self._held = b""

    def fits(self, head: bytes) -> bool:
        """Whether a table begins so: rows of as many fields, one of them quoted."""
        if self._count < 2:
            return False
        # What was cut off at the end says nothing.
        whole = head[: head.rfind(b"\n") + 1]
        lines = self.feed(whole).split(b"\n")[:-1]
        self._held = b""
        return bool(lines) and b'"' in whole and all(self._row.fullmatch(line) for line in lines if line.strip())

    def feed(self, data: bytes) -> bytes:
        """The rows that are whole."""
        data = self._held + data
        out, self._held = self._rows(data, over=False)
        return out

    def end(self) -> bytes:
        """A row that was cut off, as the lines that it is."""
        return self._rows(self._held + b"\n", over=True)[0].removesuffix(b"\n")

    def _rows(self, data: bytes, *, over: bool) -> tuple[bytes, bytes]:
        """The rows; and what may go on: a line without an end, or an open row."""
        letters = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(letters == ord("\n"))
        if not len(ends):
            return (data, b"") if len(data) > LONGEST else (b"", data)
        quotes = np.flatnonzero(letters == ord('"'))
        odd = np.flatnonzero(np.diff(np.searchsorted(quotes, ends), prepend=0) % 2)
        stops = ends + 1
        starts = np.concatenate([[0], stops[:-1]])
        out, at, last = [], int(stops[-1]), 0
        left = 0
        while left < len(odd):
            opens = int(odd[left])
            start = int(starts[opens])
            closes = int(odd[left + 1]) if left + 1 < len(odd) else -1
            final = closes if closes >= 0 else len(ends) - 1
            too_long = final - opens >= _MOST or int(stops[final]) - start > LONGEST
            if closes < 0 and not too_long and not over:
                at = start
                break
            left += 1
            row = b"" if closes < 0 or too_long else data[start : int(stops[closes]) - 1]
            if row and self._row.fullmatch(row):
                out += [data[last:start], _BREAK.sub(b" ", row.removesuffix(b"\r")), b"\n"]
                last = int(stops[closes])
                left += 1
        return b"".join([*out, data[last:at]]), data[at:]
