"""sheet: what is told of a run, before it is a page, a document or a screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isinf
from typing import Final

from serjeant.proving.spread import Spread
from serjeant.report import words

NOTHING: Final = "–"
_DAY_AND_A_HALF: Final = 36


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    :param state: ``met``, ``unmet`` or nothing
    :param share: 0 to 1, shown as a shade; None: none
    """

    text: str
    state: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column names the row, and further columns of ``words`` are text, not figures.

    :param note: how it is to be read, in a sentence or two
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    words: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    title: str
    says: tuple[str, ...]
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of it.

    :param command: what was typed
    :param facts: what was run, by name
    """

    title: str
    lead: str
    command: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def row(name: str, cells: Iterable[Cell | str]) -> tuple[Cell, ...]:
    """A row of a table."""
    return (Cell(name), *(Cell(each) if isinstance(each, str) else each for each in cells))


def figure(value: float | None, unit: str = "") -> str:
    """A figure as people read it: a share in percent, a delay in minutes or hours."""
    if value is None:
        return NOTHING
    if unit == "%":
        return words.percent(value)
    return hours(value) if unit == "h" else words.number(round(value, 1))


def hours(value: float | None) -> str:
    """``12 min``, ``3.2 h``, ``4 days``; never, where it has no end."""
    if value is None:
        return NOTHING
    if isinf(value):
        return "never"
    if value < 1:
        return f"{value * 60:.0f} min"
    return (
        f"{words.number(round(value, 1))} h"
        if value < _DAY_AND_A_HALF
        else f"{words.number(round(value / 24, 1))} days"
    )


def both(found: Spread | None, unit: str = "") -> str:
    """The median, and the worst beside it where it is another."""
    if found is None:
        return NOTHING
    middle, worst = figure(found.median, unit), figure(found.worst, unit)
    return middle if middle == worst else f"{middle} ({worst})"


def part(n: int, whole: int) -> str:
    """``3 of 5``."""
    return f"{n} of {whole}" if whole else NOTHING
