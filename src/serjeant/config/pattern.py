"""pattern: the named groups of a pattern, where they stand, and whether they always take part."""

import re
from dataclasses import dataclass
from typing import Final

_NAMED: Final = re.compile(r"\(\?P<([^>]*)>")
_OPTIONAL: Final = re.compile(r"[?*]|\{0?,|\{0\}")


@dataclass(frozen=True, slots=True)
class Group:
    """A named group.

    :param start: where its bracket opens
    :param end: behind the one that closes it
    :param certain: takes part in every match
    """

    name: str
    start: int
    end: int
    certain: bool


def spelt(pattern: str) -> str:
    """With ``(?P<name>`` where ``(?<name>`` stands, which means the same."""
    return re.sub(r"(?<!\\)\(\?<(?=[A-Za-z_])", "(?P<", pattern)


def whole(where: str | int | bool) -> str:
    """A value of ``where`` as the pattern of a whole text."""
    text = str(where).lower() if isinstance(where, bool) else str(where)
    return f"^(?s:{spelt(text).removeprefix('^').removesuffix('$')})$"


def groups(pattern: str) -> list[Group]:
    """The named groups of a pattern that compiles, in their order."""
    opened: list[tuple[int, list[int]]] = []
    found: list[Group] = []
    brackets: list[tuple[int, int, bool]] = []
    choices: set[int] = set()
    for at in _plain(pattern):
        match pattern[at]:
            case "(":
                opened.append((at, []))
            case ")" if opened:
                start, _ = opened.pop()
                brackets.append((start, at + 1, bool(_OPTIONAL.match(pattern, at + 1)) or start in choices))
            case "|":
                choices.add(opened[-1][0] if opened else -1)
    for start, end, _ in sorted(brackets):
        named = _NAMED.match(pattern, start)
        if named is None:
            continue
        # Between its own brackets an alternative is no way around it.
        around = [each for each in brackets if each[0] < start and each[1] >= end]
        own = bool(_OPTIONAL.match(pattern, end))
        certain = -1 not in choices and not own and not any(optional for _, _, optional in around)
        found.append(Group(named[1], start, end, certain))
    return found


def replaced(pattern: str, group: Group, by: str) -> str:
    """With another text in the place of a group."""
    return pattern[: group.start] + by + pattern[group.end :]


def inside(pattern: str, group: Group) -> str:
    """What stands between a group's brackets."""
    return pattern[group.start + len(f"(?P<{group.name}>") : group.end - 1]


def alternatives(pattern: str) -> bool:
    """Whether a bar stands outside of all brackets, so that an anchor would hold for one side only."""
    depth = 0
    for at in _plain(pattern):
        depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        if pattern[at] == "|" and depth == 0:
            return True
    return False


def _plain(pattern: str) -> list[int]:
    """Where the brackets and bars stand that mean something."""
    found, at, in_class = [], 0, False
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
            # "[]" and "[^]" hold the bracket that follows.
            at += len(pattern[at + 1 : at + 3]) - len(pattern[at + 1 : at + 3].removeprefix("^").removeprefix("]"))
        elif character in "()|":
            found.append(at)
        at += 1
    return found
