"""JSON that is not one object a line: lists, answers of an API around a list, and objects over several lines.

The bytes are never understood, only measured: where a bracket stands outside of strings, and how deep. What is no
object in the list (the answer around it) is left out; what is no JSON at all passes as the lines that it is.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from serjeant.collect.source import LONGEST

_LISTS: Final = {
    ("Records",): True,  # AWS CloudTrail
    ("records",): True,  # Azure Event Hubs and diagnostic settings
    ("value",): True,  # Microsoft Graph, Azure Resource Manager
    ("hits", "hits"): True,  # Elasticsearch, OpenSearch
    ("response", "authlogs"): True,  # Duo
    ("Events",): False,
    ("logEvents",): False,
    ("items",): False,
    ("entries",): False,
    ("data",): False,
    ("results",): False,
    ("logs",): False,
}
"""Where an answer has its list. False: a record may have a list of such a name itself, so that it must be an answer
over several lines, or one too long for a record, and nothing but plain values may stand before it."""
_BOUND: Final = 16 * LONGEST  # of an object with all the blanks that are left out of it
_TORN: Final = 100  # times that a document may begin inside of another; after that nobody indents here
_TOKEN: Final = re.compile(rb'"(?:[^"\\\n]|\\.)*"|[{}\[\]:,]')
_LIST: Final = re.compile(rb"\[\s*\{\s*[\"}]")
_OBJECT: Final = re.compile(rb'\{\s*"')
_BREAK: Final = re.compile(rb"[\r\n]\s*")
_ANEW: Final = re.compile(rb"\n(?=[\[{])")
_BETWEEN: Final = b" \t\r\n,\x1e"  # RFC 7464 puts the last before each object
_QUOTE, _BACKSLASH, _LF = (ord(each) for each in '"\\\n')

_SPECIAL: Final = np.zeros(256, np.bool_)
_SPECIAL[list(b'"\\\n{}[]')] = True
_STEP: Final = np.zeros(256, np.int8)
_STEP[list(b"{[")] = 1
_STEP[list(b"}]")] = -1

Positions = npt.NDArray[np.int64]


def fold(head: bytes) -> "Objects | None":
    """For JSON of which a line is not an object."""
    text = head.lstrip(_BETWEEN)
    if _LIST.match(text):
        return Objects((), head)
    if not _OBJECT.match(text):
        return None
    path, end = _first(text)
    first, line_end, _ = text.partition(b"\n")
    many = bool(line_end) and (not end or end > len(first))
    alone = not end and not line_end
    if path and (_LISTS[path] or many or alone):
        return Objects(path, head)
    if not many:
        rest = first[end:].lstrip(b" \t\r") if end else b""
        several = rest.startswith((b"{", b",")) or b"\x1e" in head[: len(head) - len(text)]
        return Objects(None, head) if several else None
    # A log of one object a line whose first was cut off.
    return None if any(_is_object(line) for line in text.split(b"\n")[1:-1]) else Objects(None, head)


def _first(text: bytes) -> tuple[tuple[str, ...], int]:
    """Of the first object: the path of the list in it that holds the records, and where it ends (0: not to be seen)."""
    keys: list[str] = []
    key, token, plain = "", b"", True
    for found in _TOKEN.finditer(text):
        before, token = token, found[0]
        if token == b":" and before.startswith(b'"'):
            key = before[1:-1].decode("utf-8", "replace")
        elif token in (b"{", b"["):
            keys.append(key)
            path = tuple(keys[1:])
            listed = token == b"[" and path in _LISTS and text[found.end() :].lstrip()[:1] in (b"{", b"]", b"")
            if listed and (_LISTS[path] or plain):
                return path, _end(text)
            plain = plain and len(keys) == 1
            key = ""
        elif token in (b"}", b"]"):
            keys.pop()
            if not keys:
                return (), found.end()
    return (), 0


def _end(text: bytes) -> int:
    depth = 0
    for found in _TOKEN.finditer(text):
        depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(found[0], 0)
        if found[0] in (b"}", b"]") and not depth:
            return found.end()
    return 0


def _is_object(line: bytes) -> bool:
    if not line.startswith(b'{"'):
        return False
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


class Objects:
    """Unfolds JSON.

    :param path: the keys down to the list that holds the objects; empty: each document is such a list; None: each
        document is an object
    :param head: the first bytes
    """

    def __init__(self, path: tuple[str, ...] | None, head: bytes) -> None:
        self._level = 0 if path is None else len(path) + 1
        self._key = re.compile(rb'"' + re.escape(path[-1].encode()) + rb'"\s*:\s*$') if path else None
        self._source = path == ("hits", "hits")
        # Where lines are indented, or objects have none inside, a bracket at the beginning of a line opens a document.
        self._neat = re.search(rb'\n"', head) is None
        self._torn = 0
        self._deepest = 0 if re.search(rb"\n[ \t]", head) else self._level
        self._open = bytearray()  # the object that is not over yet
        self._around = bytearray()  # what stands outside of objects
        self._is_open = self._listed = self._any = False
        self._depth, self._in_string, self._escaped = 0, False, False

    def feed(self, data: bytes) -> bytes:
        """The objects that are whole."""
        out = []
        while True:
            found = self._scan(data)
            if found.anew < 0:
                break
            # Something was cut off, and left brackets open.
            out += [self._read(data[: found.anew], self._scan(data[: found.anew])), self._closed()]
            data = data[found.anew :]
            self._torn += 1
            self._neat = self._torn < _TORN
        return b"".join([*out, self._read(data, found)])

    def end(self) -> bytes:
        """An object that was cut off, or what stood behind the last one."""
        return self._closed().removesuffix(b"\n")

    def _closed(self) -> bytes:
        """Ends whatever is open."""
        out = self._object() if self._is_open else self._outside(over=True)
        self._listed = self._any = False
        self._depth, self._in_string, self._escaped = 0, False, False
        return out

    def _read(self, data: bytes, found: "_Scan") -> bytes:
        self._depth, self._in_string, self._escaped = found.depth, found.in_string, found.escaped
        out: list[bytes] = []
        level, last = self._level, 0
        for at, before, step in zip(found.places.tolist(), found.befores.tolist(), found.steps.tolist(), strict=True):
            depth = before + step
            if step > 0 and before == 0 < level:
                self._around += data[last:at]
                out.append(self._outside(over=True))
                last = at
            if step > 0 and before == level and (level == 0 or self._listed) and data[at] == ord("{"):
                self._around += data[last:at]
                if level == 0:
                    out.append(self._outside(over=True))
                self._is_open, self._any, last = True, level > 0, at
            elif step > 0 and depth == level and data[at] == ord("["):
                start = max(last, at - 256)
                tail = data[start:at] if at - start == 256 else bytes(self._around[-256:]) + data[start:at]
                self._listed = self._key is None or self._key.search(tail) is not None
                self._any |= self._listed
            elif step < 0 and depth == level and self._is_open:
                self._take(data[last : at + 1])
                out.append(self._object())
                last = at + 1
            elif step < 0 and depth < level:
                self._listed = False
                if depth == 0:
                    self._around += data[last : at + 1]
                    out.append(self._outside(over=True))
                    self._any, last = False, at + 1
        if self._is_open:
            self._take(data[last:])
        else:
            self._around += data[last:]
            if len(self._around) > LONGEST:
                out.append(self._outside(over=False))
        return b"".join(out)

    def _take(self, data: bytes) -> None:
        # What goes beyond is no record that anybody could read; so it is only told that there was one.
        self._open += data[: max(0, _BOUND - len(self._open))]

    def _object(self) -> bytes:
        text = bytes(self._open)
        self._open.clear()
        self._is_open = False
        if self._source and len(text) < _BOUND:
            text = _unwrapped(text)
        if b"\n" in text or b"\r" in text:
            text = _BREAK.sub(b" ", text)
        return text + b"\n"

    def _outside(self, *, over: bool) -> bytes:
        """What stands outside of objects, where it is no answer around them."""
        text = bytes(self._around)
        self._around.clear()
        if not over:
            # More than a line; it goes on.
            cut = max(len(text) - 256, text.rfind(b"\n") + 1)
            self._around += text[cut:]
            text = text[:cut]
        text = b"" if self._any else text.strip(_BETWEEN)
        if not text:
            return b""
        return (_BREAK.sub(b" ", text) if text[:1] in (b"{", b"[") else text) + b"\n"

    def _scan(self, data: bytes) -> "_Scan":
        letters = np.frombuffer(data, np.uint8)
        places = np.flatnonzero(np.take(_SPECIAL, letters))
        if not len(places):
            escaped = self._escaped and not len(letters)
            return _Scan(places, places, places, self._depth, self._in_string, escaped)
        marks = letters[places]
        quotes = marks == _QUOTE
        slashes = places[marks == _BACKSLASH]
        spoken_of, escaped = _escapes(slashes, len(letters), carried=self._escaped)
        if len(spoken_of):
            marked = np.zeros(len(letters) + 1, np.bool_)
            marked[spoken_of] = True
            quotes &= ~marked[places]
        # No string holds a line end: where one seems to, it was cut off.
        ends = np.flatnonzero(marks == _LF)
        seen = np.cumsum(quotes)
        base = np.zeros(len(marks), np.int64)
        base[ends] = seen[ends]
        parity = seen - quotes - np.maximum.accumulate(base)
        if self._in_string:
            parity[: ends[0] if len(ends) else None] += 1
        in_string = int(parity[-1] + quotes[-1]) % 2 == 1 and marks[-1] != _LF
        steps = _STEP[marks].astype(np.int64)
        steps[parity % 2 == 1] = 0
        which = np.flatnonzero(steps)
        places, steps = places[which], steps[which]
        depths = self._depth + np.cumsum(steps)
        if len(depths):
            # More closed than was open: what came before was cut off.
            depths -= np.minimum(np.minimum.accumulate(depths), 0)
        befores = np.concatenate([[self._depth], depths[:-1]])[: len(depths)]
        steps = depths - befores
        depth = int(depths[-1]) if len(depths) else self._depth
        matter = np.where(steps > 0, befores, depths) <= self._level
        anew = self._anew(letters, places, befores, steps)
        return _Scan(places[matter], befores[matter], steps[matter], depth, in_string, escaped, anew)

    def _anew(self, letters: npt.NDArray[np.uint8], places: Positions, befores: Positions, steps: Positions) -> int:
        """Where a document begins inside of another; -1: nowhere."""
        if not self._neat:
            return -1
        first = letters[np.maximum(places - 1, 0)] == _LF
        first &= (steps > 0) & (places > 0)
        inside = (befores > self._deepest) | ((befores > 0) & (letters[places] == ord("[")))
        found = places[first & inside]
        return int(found[0]) if len(found) else -1


@dataclass(frozen=True, slots=True)
class _Scan:
    """The brackets that matter: where each stands, how deep before it, its step; and how things stand behind it all.

    :param anew: where a document begins inside of another one; -1: nowhere
    """

    places: Positions
    befores: Positions
    steps: Positions
    depth: int
    in_string: bool
    escaped: bool
    anew: int = -1


def _escapes(slashes: Positions, size: int, *, carried: bool) -> tuple[Positions, bool]:
    """The places that a backslash speaks of, which is itself none of them; and whether the last speaks of what follows.

    :param carried: the last bytes ended with one that speaks of the first here
    """
    if not len(slashes):
        return np.array([0] if carried else [], np.int64), False
    starts = np.flatnonzero(np.diff(slashes, prepend=-2) != 1)
    lengths = np.diff(np.append(starts, len(slashes)))
    firsts = slashes[starts]
    lengths += (firsts == 0) & carried
    odd = lengths % 2 == 1
    behind = slashes[np.append(starts[1:], len(slashes)) - 1] + 1
    found = behind[odd]
    pending = bool(odd[-1]) and int(behind[-1]) == size
    return (np.append(found, 0) if carried and firsts[0] != 0 else found), pending


def _unwrapped(text: bytes) -> bytes:
    """What an answer of Elasticsearch says around a document is left out."""
    try:
        document = json.loads(text).get("_source")
    except (ValueError, RecursionError):
        return text
    return json.dumps(document).encode() if isinstance(document, dict) else text
