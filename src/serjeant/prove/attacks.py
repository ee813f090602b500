"""attacks: how Serjeant did on each attack, whatever else went on."""

from collections.abc import Callable, Iterable, Sequence
from itertools import starmap
from typing import Final

from serjeant.prove.sheet import Cell, Section, Table, both, hours, part, row
from serjeant.proving import bounds, matrix
from serjeant.proving.marks import Marks, SourceMarks
from serjeant.proving.spread import Spread, never, ratio, spread

_READ: Final = "The median of the worlds, and the worst in brackets where it is another."


def attacks(marks: Sequence[Marks]) -> Section:
    """Tables by attack, by what honest people did meanwhile, and by what the crew did in order not to be seen."""
    groups = by_world(each for each in marks if each.crews and not each.fingerprints)
    plain = {
        name: [m for world, some in groups.items() if _plain(world, name) for m in some] for name in matrix.ATTACKS
    }
    plain = {name: some for name, some in plain.items() if some}
    hard = {world: some for world, some in groups.items() if any(each in matrix.ADVERSARIES for each in _words(world))}
    tables = []
    for title, some in (("by attack", plain), ("with a crew that takes care not to be seen", hard)):
        if some:
            tables.append(Table(f"Found, {title}", _FOUND, tuple(starmap(_found, some.items())), _READ))
            tables.append(Table(f"Named, {title}", _NAMED, tuple(starmap(_named, some.items())), _READ))
    others = [other for other in matrix.CONFOUNDERS if any(world.endswith(f" {other}") for world in groups)]
    if others:
        rows = tuple(_meanwhile(name, others, groups) for name in plain)
        note = "Crews found, and after how long (median)."
        tables.insert(2, Table("What honest people did meanwhile", ("", "nothing special", *others), rows, note))
    return Section("Attacks", (), tuple(tables))


_FOUND: Final = ("", "crews found", "after", "guesses by then", "of the fallen, lost by then", "one campaign each")
_NAMED: Final = (
    "",
    "addresses: right",
    "three accounts or more: named",
    "one or two: named",
    "honest, offered",
    "confirmed: fell",
    "the fallen: named",
)


def by_world(marks: Iterable[Marks]) -> dict[str, list[Marks]]:
    """Each world's marks."""
    groups: dict[str, list[Marks]] = {}
    for each in marks:
        groups.setdefault(each.world, []).append(each)
    return groups


def found(marks: Sequence[Marks]) -> tuple[str, Spread | None]:
    """How many crews were found, and after how long."""
    crews = bounds.crews(marks)
    told = [crew for crew in crews if crew.hours is not None]
    return part(len(told), len(crews)), spread(never(crew.hours for crew in crews), low=True)


def _words(world: str) -> tuple[str, ...]:
    return (world, world.partition(" ")[2])


def _plain(world: str, attack: str) -> bool:
    """The attack itself, with or without what honest people do meanwhile."""
    first, _, other = world.partition(" ")
    return first == attack and (not other or other in matrix.CONFOUNDERS)


def _found(name: str, some: Sequence[Marks]) -> tuple[Cell, ...]:
    crews = bounds.crews(some)
    share, delay = found(some)
    lost = spread((ratio(crew.lost, crew.fallen) for crew in crews), low=True)
    attempts = spread((crew.attempts for crew in crews), low=True)
    whole = sum(crew.whole for crew in crews)
    cells = (share, both(delay, "h"), both(attempts), both(lost, "%"), part(whole, len(crews)))
    return row(name, cells)


def _named(name: str, some: Sequence[Marks]) -> tuple[Cell, ...]:
    def share(one: Callable[[SourceMarks], int], whole: Callable[[SourceMarks], int]) -> str:
        return both(spread((ratio(one(m.sources), whole(m.sources)) for m in some), low=False), "%")

    return row(
        name,
        (
            share(lambda s: s.right, lambda s: s.named),
            share(lambda s: s.many_named, lambda s: s.many),
            share(lambda s: s.few_named, lambda s: s.few),
            both(spread((m.sources.honest for m in some), low=True)),
            both(spread((bounds.right([m], "confirmed") for m in some), low=False), "%"),
            both(spread((ratio(m.found, m.fallen) for m in some), low=False), "%"),
        ),
    )


def _meanwhile(name: str, others: Sequence[str], groups: dict[str, list[Marks]]) -> tuple[Cell, ...]:
    cells = []
    for world in (name, *(f"{name} {other}" for other in others)):
        some = groups.get(world, [])
        share, delay = found(some)
        crews = bounds.crews(some)
        seen = ratio(sum(crew.hours is not None for crew in crews), len(crews))
        cells.append(Cell(f"{share}, {hours(delay.median)}" if delay else share, share=seen))
    return row(name, cells)
