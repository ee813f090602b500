"""promises: each bound beside what was measured."""

from collections.abc import Sequence

from serjeant.prove.sheet import NOTHING, Cell, Section, Table, figure, row
from serjeant.proving.bounds import Held


def promises(held: Sequence[Held]) -> Section:
    """The first table: what must hold, and whether it does."""
    return Section(
        "What must hold",
        (
            "A bound is met when the worst of the seeds meets it. A figure is of all worlds of a seed together; the "
            "median and the worst are of the seeds.",
        ),
        (Table("Bounds", ("", "must be", "median", "worst", ""), tuple(_row(each) for each in held)),),
    )


def _row(held: Held) -> tuple[Cell, ...]:
    bound = held.bound
    limit = figure(bound.limit, bound.unit)
    end = bound.limit == (0 if bound.low else 1)
    must = limit if end else f"{'≤' if bound.low else '≥'} {limit}"
    if held.found is None:
        return row(bound.name, (must, NOTHING, NOTHING, "not asked"))
    found = [figure(each, bound.unit) for each in (held.found.median, held.found.worst)]
    return row(bound.name, (must, *found, Cell("met", "met") if held.met else Cell("not met", "unmet")))
