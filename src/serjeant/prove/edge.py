"""edge: the frontier, and a sentence on where it ends and why."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from statistics import median

from serjeant.prove.attacks import found
from serjeant.prove.sheet import Cell, Section, Table, figure, hours, row
from serjeant.proving import frontier, sums
from serjeant.proving.marks import Marks

Corners = dict[tuple[int, int], list[Marks]]


def edge(marks: Sequence[Marks]) -> Section:
    """Found, over how often each account is tried and how often each address is used."""
    corners: Corners = {}
    for each in marks:
        corner = frontier.split(each.world)
        if corner is not None:
            corners.setdefault(corner, []).append(each)
    if not corners:
        return Section("The frontier", ())
    every = sorted({each for each, _ in corners}, reverse=True)
    uses = sorted({each for _, each in corners})
    rows = tuple(row(_used(use), (_cell(corners.get((each, use), ())) for each in every)) for use in uses)
    header = ("", *(f"1 in {each} days" if each > 1 else "1 a day" for each in every))
    note = (
        "Guesses per account across, guesses from each address down: crews found until the end of the world, and after "
        "how long (median)."
    )
    return Section(
        "The frontier",
        (*(_ends(use, every, corners) for use in uses), _why(marks)),
        (Table("Where finding ends", header, rows, note),),
    )


def _cell(some: Sequence[Marks]) -> Cell:
    share, delay = found(some)
    return Cell(f"{share}, {hours(delay.median)}" if delay else "–", share=sums.found(some))


def _used(use: int) -> str:
    return "used once" if use == 1 else f"used {use} times"


def _ends(use: int, every: Sequence[int], corners: Corners) -> str:
    """Where it ends for addresses that are used so often, and what it ends in."""
    told = [(each, corners[each, use]) for each in sorted(every) if (each, use) in corners]
    reached = [*takewhile(lambda corner: sums.found(corner[1]) == 1, told)]
    begins = f"With addresses {_used(use)}, "
    if reached:
        begins += f"every crew was found down to {_pace(*reached[-1])}"
    if len(reached) == len(told):
        return f"{begins}: the end was not reached."
    each, some = told[len(reached)]
    crews = sums.crews(some)
    seen = sum(crew.hours is not None for crew in crews)
    return f"{begins}{'; ' if reached else ''}of {_pace(each, some)}, {seen} of {len(crews)}."


def _why(marks: Iterable[Marks]) -> str:
    return (
        f"Such guesses come among {figure(median(m.noise for m in marks))} failures a day that look the same and are "
        "nobody's attack: each at an account that exists, from an address where nobody ever signed in. The fewer there "
        "are beside those, the longer it takes until they cannot be chance."
    )


def _pace(every: int, some: Sequence[Marks]) -> str:
    accounts = median(m.accounts for m in some)
    often = "one guess per account a day" if every == 1 else f"one guess per account in {every} days"
    return f"{often} ({figure(accounts / every)} a day in all)"
