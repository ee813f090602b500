"""text: any string made safe to show in one line.

Attackers choose user names, clients and file names. Shown as they are, these could drive a terminal, turn
the reading order around, hide, or fill the page.
"""

import re
import unicodedata
from collections.abc import Iterator

ELLIPSIS = "…"
_MARKS_IN_A_ROW = 2
# Letters and symbols by category, yet nothing is to be seen of them.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_PASSWORD = re.compile(r"(given password:?).*", re.DOTALL | re.IGNORECASE)


def plain(text: str, limit: int = 80) -> str:
    """Make a string safe to show in a line: one line, nothing hidden, not too long.

    Control characters, line breaks, bidirectional marks, odd and zero-width spaces, lone surrogates, unassigned
    characters and piles of accents become visible escapes (``\\x1b``, ``\\u202e``). What is too long loses its
    middle. A backslash stays as it is, so ``DOMAIN\\user`` reads as typed and ``plain(plain(x)) == plain(x)``.

    :param limit: terminal cells at most (a wide character takes two), at least 1
    """
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return text
    head = list(_visible(text[: limit + 1]))
    if len(text) <= limit and sum(map(_cells, head)) <= limit:
        return "".join(head)
    room = limit - len(ELLIPSIS)
    tail = list(_visible(text[-limit:]))
    start = _fill(head, room - room // 2)
    end = _fill(tail[::-1], room // 2)
    return "".join(start) + ELLIPSIS + "".join(end[::-1])


def unspoken(line: str) -> str:
    """A log line without the password that Dovecot may have written into it (``auth_verbose_passwords``).

    Whatever follows goes too: the password may hold anything, so nothing tells where it ends.
    """
    return _PASSWORD.sub(r"\1 …", line)


def unseen_escaped(json_text: str) -> str:
    """Rewrite what cannot be seen in JSON text as ``\\u`` escapes: same value, safe to print on a terminal.

    Control characters below U+0020 are left: JSON has escaped them already, but for its own line breaks.
    """
    return _UNSEEN.sub(_json_escape, json_text)


def _visible(text: str) -> Iterator[str]:
    """Yield each character as it may be shown. An accent at the very start would fall on what stands before."""
    marks = _MARKS_IN_A_ROW
    for character in text:
        is_mark = unicodedata.category(character) in ("Mn", "Me")
        marks = marks + 1 if is_mark else 0
        if character.isprintable() and character not in _BLANK and marks <= _MARKS_IN_A_ROW:
            yield character
        else:
            yield character.encode("unicode_escape").decode("ascii")


def _cells(shown: str) -> int:
    return 2 if len(shown) == 1 and unicodedata.east_asian_width(shown) in "WF" else len(shown)


def _fill(shown: list[str], room: int) -> list[str]:
    """The longest beginning of ``shown`` that fits; no escape is cut in two."""
    for index, part in enumerate(shown):
        room -= _cells(part)
        if room < 0:
            return shown[:index]
    return shown


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
