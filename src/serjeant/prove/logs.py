"""logs: the worlds that were written as logs and read back, as a part of the sheet."""

from collections.abc import Sequence

from serjeant.prove.sheet import NOTHING, Cell, Section, Table, part, row
from serjeant.proving.grade import Grade


def logs(grades: Sequence[Grade]) -> Section:
    """For each kind of world: each mark, its bound, what it was with the first seed, and in how many it was met."""
    kinds = dict.fromkeys(each.kind for each in grades)
    tables = tuple(_table(kind, [each for each in grades if each.kind == kind]) for kind in kinds)
    says = (
        "These worlds are written as logs, in the formats of their servers, and read back: the whole way from text to "
        "who fell. What each kind is: `serjeant simulate --help`.",
    )
    return Section("From the logs", says if tables else (), tables)


def _table(kind: str, some: Sequence[Grade]) -> Table:
    names = [mark.name for mark in some[0].marks]
    return Table(
        kind, ("", "must be", f"seed {some[0].seed}", "met"), tuple(_row(name, some) for name in names), words=3
    )


def _row(name: str, some: Sequence[Grade]) -> tuple[Cell, ...]:
    marks = [mark for each in some for mark in each.marks if mark.name == name]
    if not marks[0].bound:
        return row(name, (NOTHING, marks[0].value, ""))
    met = sum(mark.met for mark in marks)
    return row(
        name, (marks[0].bound, marks[0].value, Cell(part(met, len(marks)), "met" if met == len(marks) else "unmet"))
    )
