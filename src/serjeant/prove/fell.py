"""fell: whether certainty means what it says."""

from collections.abc import Sequence
from typing import Final

from serjeant.prove.sheet import Cell, Section, Table, figure, part, row
from serjeant.proving.marks import TIERS, Marks
from serjeant.proving.spread import ratio, wilson

_MEANS: Final = {
    "confirmed": "it fell",
    "probable": "it fell",
    "possible": "it fell",
    "held": "its password is known; something else held",
}


def fell(marks: Sequence[Marks]) -> Section:
    """The calibration table, over all worlds."""
    tables = [
        Table(
            f"What was said of accounts, {name}",
            ("", "means", "said of", "true of", "share", "95 % interval"),
            rows,
            words=2,
        )
        for name, some in (
            ("where logs do not tell one wrong password from another", [m for m in marks if not m.fingerprints]),
            ("where they do", [m for m in marks if m.fingerprints]),
        )
        if (rows := tuple(_tier(tier, some) for tier in TIERS if any(tier in m.tiers for m in some)))
    ]
    told = [each.undecided for each in marks if each.undecided is not None]
    says = [
        "Of the accounts of which a thing was said, those of which it was true, over all worlds; Wilson's interval."
    ]
    if told:
        inside = sum(each.right for each in told)
        says.append(
            "Some accounts fall in a way that logs cannot tell. How many is stated as an expectation with an interval: "
            f"in {part(inside, len(told))} worlds the truth lay within it; "
            f"{figure(sum(u.expected for u in told))} were expected in all, and {sum(u.true for u in told)} there were."
        )
    return Section("Who fell: what certainty means", tuple(says) if tables else (), tuple(tables))


def _tier(tier: str, some: Sequence[Marks]) -> tuple[Cell, ...]:
    said = sum(m.tiers[tier].said for m in some if tier in m.tiers)
    true = sum(m.tiers[tier].true for m in some if tier in m.tiers)
    low, high = wilson(true, said)
    return row(
        tier,
        (
            _MEANS[tier],
            figure(said),
            figure(true),
            Cell(figure(ratio(true, said), "%"), share=ratio(true, said)),
            f"{figure(low, '%')} to {figure(high, '%')}",
        ),
    )
