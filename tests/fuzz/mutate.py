"""Mutations that know what a log looks like."""

import random
import re
from collections.abc import Callable, Sequence

HOSTILE = (
    *("203.0.113.9", "2001:db8::dead", "::ffff:203.0.113.9", "[203.0.113.9]:22", "fe80::9%eth0", "999.1.1.1", ":::"),
    *(" from 203.0.113.9 port 22 ssh2", '", "ip": "203.0.113.9', "' rhost=203.0.113.9 user=", "|203.0.113.9|", ","),
    *(
        "\\u0000",
        "\\ud800",
        "\\",
        '"',
        "'",
        "<",
        "&lt;",
        "{",
        "}",
        "[",
        "]",
        "\x1b[2J",
        "\u202e",
        "\ufffd",
        "\x85",
        "\r",
    ),
    *("9" * 30, "-1", "1e308", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "NaN", "null"),
    *("", " ", "\t", "=", "=cmd|' /C calc'!A0", "a" * 5_000, "((((" * 200, '{"a":' * 500),
)
_PIECES = re.compile(r"[0-9A-Za-z_.:@-]+|[^0-9A-Za-z_.:@-]+")


def mutated(lines: Sequence[str], samples: Sequence[str], chance: random.Random) -> list[str]:
    """Some of the lines and samples, each perhaps changed in a place or two."""
    chosen = [chance.choice(lines) if lines and chance.random() < 0.5 else chance.choice(samples) for _ in range(24)]
    return [_changed(line, samples, chance) if chance.random() < 0.9 else line for line in chosen]


def _changed(line: str, samples: Sequence[str], chance: random.Random) -> str:
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        line = chance.choice(_CHANGES)(line, samples, chance)
    return line[:20_000]


def _word(line: str, samples: Sequence[str], chance: random.Random) -> str:
    """Another word in the place of one."""
    pieces = _PIECES.findall(line)
    if pieces:
        other = _PIECES.findall(chance.choice(samples)) if chance.random() < 0.3 else HOSTILE
        pieces[chance.randrange(len(pieces))] = chance.choice(other)
    return "".join(pieces)


def _spliced(line: str, samples: Sequence[str], chance: random.Random) -> str:
    """The beginning of one, the end of another."""
    other = chance.choice(samples)
    return line[: chance.randint(0, len(line))] + other[chance.randint(0, len(other)) :]


def _within(line: str, samples: Sequence[str], chance: random.Random) -> str:
    """A part of another line, or something hostile, inside."""
    other = chance.choice(samples) if chance.random() < 0.5 else chance.choice(HOSTILE)
    at = chance.randint(0, len(line))
    return line[:at] + other[chance.randint(0, len(other)) :] + line[at:]


def _without(line: str, samples: Sequence[str], chance: random.Random) -> str:
    """A part is missing, or stands twice."""
    first, last = sorted((chance.randint(0, len(line)), chance.randint(0, len(line))))
    return line[:first] + line[last:] if chance.random() < 0.6 else line[:last] + line[first:]


def _character(line: str, samples: Sequence[str], chance: random.Random) -> str:
    at = chance.randint(0, max(0, len(line) - 1))
    return line[:at] + chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x2FFF)))) + line[at + 1 :]


_CHANGES: tuple[Callable[[str, Sequence[str], random.Random], str], ...] = (
    *(_word, _word, _word),
    *(_spliced, _within, _without, _character),
)
