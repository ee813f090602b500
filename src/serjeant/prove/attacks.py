"""attacks: how Serjeant did on each attack, whatever else went on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import starmap
from typing import Final

from serjeant.prove.sheet import Cell, Section, Table, both, hours, part, row
from serjeant.proving import matrix, sums
from serjeant.proving.marks import Marks
from serjeant.proving.spread import Spread, never, ratio, spread

_READ: Final = "The median of the worlds, and the worst in brackets where it is another."


ATTACKS: Final = tuple(sorted(matrix.ATTACKS, key=lambda name: int(name.removeprefix("A"))))
"""By number."""


def attacks(marks: Sequence[Marks]) -> Section:
    """Tables by attack, by what honest people did meanwhile, and by what the crew did in order not to be seen."""
    groups = by_world(each for each in marks if each.crews and not each.fingerprints)
    plain = _pooled(groups, ATTACKS, lambda name, world: _parts(world)[0] == name and not _hides(world))
    hard = _pooled(groups, matrix.ADVERSARIES, lambda name, world: _parts(world)[1] == name)
    tables = []
    for title, some in (("by attack", plain), ("by what the crew does in order not to be seen", hard)):
        if some:
            tables.append(Table(f"Found, {title}", _FOUND, tuple(starmap(_found, some.items())), _READ))
            tables.append(Table(f"Named, {title}", _NAMED, tuple(starmap(_named, some.items())), _READ))
    grids = (("What honest people did meanwhile", matrix.CONFOUNDERS), ("What the crew did", matrix.ADVERSARIES))
    for title, words in grids:
        others = [other for other in words if any(_parts(world)[1] == other for world in groups)]
        if others:
            header = ("", *(["nothing"] if words is matrix.CONFOUNDERS else []), *others)
            rows = tuple(
                _grid(name, header[1:], groups) for name in ATTACKS if any(_parts(w)[0] == name for w in groups)
            )
            tables.append(Table(title, header, rows, "Crews found; where all were, after how long (median)."))
    says = ("What each attack and each word stands for is told at the end.",)
    return Section("Attacks", says if tables else (), tuple(tables))


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
    crews = sums.crews(marks)
    told = [crew for crew in crews if crew.hours is not None]
    return part(len(told), len(crews)), spread(never(crew.hours for crew in crews), low=True)


def _parts(world: str) -> tuple[str, str]:
    attack, _, other = world.partition(" ")
    return attack, other


def _hides(world: str) -> bool:
    return _parts(world)[1] in matrix.ADVERSARIES


def _pooled(
    groups: Mapping[str, Sequence[Marks]], names: Iterable[str], belongs: Callable[[str, str], bool]
) -> dict[str, list[Marks]]:
    """The marks of each name's worlds, where there are any."""
    made = {name: [m for world, some in groups.items() if belongs(name, world) for m in some] for name in names}
    return {name: some for name, some in made.items() if some}


def _found(name: str, some: Sequence[Marks]) -> tuple[Cell, ...]:
    crews = sums.crews(some)
    share, delay = found(some)
    lost = spread((ratio(crew.lost, crew.fallen) for crew in crews), low=True)
    attempts = spread((crew.attempts for crew in crews), low=True)
    whole = sum(crew.whole for crew in crews)
    cells = (share, both(delay, "h"), both(attempts), both(lost, "%"), part(whole, len(crews)))
    return row(name, cells)


def _named(name: str, some: Sequence[Marks]) -> tuple[Cell, ...]:
    def share(part: str, whole: str) -> str:
        return both(spread((sums.share([m], part, whole) for m in some), low=False), "%")

    return row(
        name,
        (
            share("right", "named"),
            share("many_named", "many"),
            share("few_named", "few"),
            both(spread((m.sources.honest for m in some), low=True)),
            both(spread((sums.right([m], "confirmed") for m in some), low=False), "%"),
            both(spread((ratio(m.found, m.fallen) for m in some), low=False), "%"),
        ),
    )


def _grid(attack: str, others: Sequence[str], groups: Mapping[str, Sequence[Marks]]) -> tuple[Cell, ...]:
    cells = []
    for other in others:
        some = groups.get(attack if other == "nothing" else f"{attack} {other}", ())
        share, delay = found(some)
        seen = sums.found(some)
        cells.append(Cell(hours(delay.median) if delay and seen == 1 else share, share=seen))
    return row(attack, cells)
