r"""beginnings: what every match of a pattern must begin with, found in the pattern itself.

``^(?:\[[A-Z]+\] )?Login (?:failed|ok)`` can only match what begins with ``[A`` … ``[Z``, or with ``Login failed`` or
``Login ok``. Looking at the first bytes of a message so tells, without a search, which of many rules are worth one.
What is found is necessary, never enough: wherever a pattern is too wide, or holds syntax that is not known here, the
beginning simply ends sooner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

Beginning = tuple[int, ...]
"""For each byte a set of its values, as bits; what follows may be anything."""

_ALL: Final = (1 << 256) - 1
_ASCII: Final = (1 << 128) - 1
_HIGH: Final = _ALL ^ _ASCII
_LINE_END: Final = 1 << 10
_CLASSES: Final = {
    "d": "0123456789",
    "w": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz",
    "s": "\t\n\x0b\x0c\r ",
}
_CONTROLS: Final = {"t": 9, "n": 10, "r": 13, "f": 12, "v": 11, "a": 7}


class _Unknown(Exception):
    """Syntax that is not known here."""


@dataclass(frozen=True, slots=True)
class _Set:
    """One character."""

    bytes: int


@dataclass(frozen=True, slots=True)
class _Row:
    """Parts that follow each other."""

    parts: tuple["_Node", ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """One of several."""

    options: tuple["_Node", ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A part so many times."""

    part: "_Node"
    least: int
    most: int


_Node = _Set | _Row | _Choice | _Repeat
_NOTHING: Final = _Row(())
_ENDLESS: Final = 1_000
_OPEN: Final = -1
"""Stands where a beginning is over early."""
_WIDEST: Final = 64
_WIDE: Final = _Repeat(_Set(_HIGH), 0, 3)
"""The bytes of a character beyond ASCII but for its first."""


@cache
def beginnings(pattern: str, depth: int, most: int) -> tuple[Beginning, ...]:
    """The ways in which a match may begin; ``((),)`` where nothing is known.

    :param pattern: RE2, anchored with ``^``
    :param depth: bytes to look at, at most
    :param most: beginnings at most; rather than have more, fewer bytes are looked at
    """
    try:
        parser = _Parser(pattern)
        node = parser.choice()
        if parser.at < len(pattern):
            return ((),)
    except (_Unknown, IndexError, ValueError):
        return ((),)
    while depth:
        found = _after(node, {()}, depth, most)
        if found is not None:
            return tuple(sorted({tuple(byte for byte in each if byte != _OPEN) for each in found}))
        depth //= 2
    return ((),)


def _after(node: _Node, so_far: set[Beginning], depth: int, most: int) -> set[Beginning] | None:
    """The beginnings with a part behind them; None when there are too many."""
    whole = {each for each in so_far if len(each) == depth or each[-1:] == (_OPEN,)}
    going = so_far - whole
    if not going:
        return so_far
    match node:
        case _Set(found):
            going = {(*each, found) for each in going}
        case _Row(parts):
            for part in parts:
                reached = _after(part, going, depth, most)
                if reached is None:
                    return None
                going = reached
        case _Choice(options):
            reached_all: set[Beginning] = set()
            for option in options:
                reached = _after(option, going, depth, most)
                if reached is None:
                    return None
                reached_all |= reached
            going = reached_all
        case _Repeat(part, least, _) if least <= 1 and _is_wide(part):
            if least:
                reached = _after(part, going, depth, most)
                if reached is None:
                    return None
                going = reached
            going = {each if len(each) == depth else (*each, _OPEN) for each in going}
        case _Repeat(part, least, times):
            reached_all = set(going) if least == 0 else set()
            for time in range(1, min(times, depth) + 1):
                reached = _after(part, going, depth, most)
                if reached is None or len(reached) > most:
                    return None
                if reached == going:
                    break
                going = reached
                if time >= least:
                    reached_all |= going
            going = reached_all or going
    whole |= going
    return whole if len(whole) <= most else None


def _is_wide(part: _Node) -> bool:
    """Whether so much may stand there that what follows tells nothing."""
    match part:
        case _Set(found):
            return found.bit_count() > _WIDEST
        case _Row((_Set(found), last)) if last is _WIDE:
            return found.bit_count() > _WIDEST
        case _:
            return False


class _Parser:
    """Reads the syntax that patterns here are written in."""

    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.at = 0

    def choice(self) -> _Node:
        """Up to the end of a group."""
        options = [self._row()]
        while self._next() == "|":
            self.at += 1
            options.append(self._row())
        return options[0] if len(options) == 1 else _Choice(tuple(options))

    def _next(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _row(self) -> _Node:
        parts: list[_Node] = []
        while self._next() not in {"", "|", ")"}:
            parts.append(self._repeated(self._one()))
        return _Row(tuple(parts))

    def _one(self) -> _Node:
        character = self.text[self.at]
        self.at += 1
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == ".":
            return _character(_ALL & ~_LINE_END)
        if character == "^":
            if self.at > 1:
                raise _Unknown
            return _NOTHING
        if character == "$":
            return _NOTHING
        if character == "\\":
            return _character(self._escaped())
        if character in "*+?{":
            raise _Unknown
        return _Row(tuple(_Set(1 << byte) for byte in character.encode()))

    def _group(self) -> _Node:
        if self._next() == "?":
            self.at += 1
            if self.text.startswith("P<", self.at):
                self.at = self.text.index(">", self.at) + 1
            elif self._next() == ":":
                self.at += 1
            else:
                raise _Unknown
        inside = self.choice()
        if self._next() != ")":
            raise _Unknown
        self.at += 1
        return inside

    def _repeated(self, part: _Node) -> _Node:
        mark = self._next()
        if mark in {"*", "+", "?"} and mark:
            self.at += 1
            least, most = {"*": (0, _ENDLESS), "+": (1, _ENDLESS), "?": (0, 1)}[mark]
        elif mark == "{":
            end = self.text.index("}", self.at)
            least_text, comma, most_text = self.text[self.at + 1 : end].partition(",")
            least = int(least_text)
            most = int(most_text) if most_text else _ENDLESS if comma else least
            self.at = end + 1
        else:
            return part
        if self._next() == "?":
            self.at += 1
        return _Repeat(part, least, most)

    def _escaped(self) -> int:
        """The ASCII characters that an escape stands for."""
        character = self.text[self.at]
        self.at += 1
        if character in _CLASSES:
            return sum(1 << ord(each) for each in _CLASSES[character])
        if character in {"D", "W", "S"}:
            return _ALL & ~sum(1 << ord(each) for each in _CLASSES[character.lower()])
        if character in _CONTROLS:
            return 1 << _CONTROLS[character]
        if character == "x":
            code = int(self.text[self.at : self.at + 2], 16)
            self.at += 2
            return _byte(code)
        if character.isalnum():
            raise _Unknown
        return _byte(ord(character))

    def _class(self) -> _Node:
        negated = self._next() == "^"
        self.at += negated
        found = 0
        begin = self.at
        while self._next() != "]" or self.at == begin:
            if self.text.startswith("[:", self.at):
                raise _Unknown
            found |= self._range()
        self.at += 1
        return _character(_ALL & ~found if negated else found)

    def _range(self) -> int:
        low = self._member()
        if self._next() != "-" or self.text[self.at + 1] == "]" or low.bit_count() != 1:
            return low
        self.at += 1
        high = self._member()
        return sum(1 << code for code in range(low.bit_length() - 1, high.bit_length()))

    def _member(self) -> int:
        character = self.text[self.at]
        self.at += 1
        return self._escaped() if character == "\\" else _byte(ord(character))


def _byte(code: int) -> int:
    if code >= 128:
        raise _Unknown
    return 1 << code


def _character(found: int) -> _Node:
    """One character of a class: with what lies beyond ASCII it may be several bytes."""
    return _Row((_Set(found), _WIDE)) if found & _HIGH else _Set(found)


def literals(beginning: Beginning) -> Iterator[tuple[int, bytes]]:
    """The runs of bytes that are certain, each with its offset."""
    run, start = bytearray(), 0
    for at, found in enumerate((*beginning, 0)):
        if found.bit_count() == 1:
            if not run:
                start = at
            run.append(found.bit_length() - 1)
        elif run:
            yield start, bytes(run)
            run = bytearray()
