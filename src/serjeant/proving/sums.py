"""sums: figures of several worlds at once, from their marks; None where these have nothing to tell."""

from collections.abc import Iterable

from serjeant.proving.marks import CrewMarks, Marks
from serjeant.proving.spread import never, ratio


def clean(marks: Iterable[Marks]) -> list[Marks]:
    """The worlds in which nobody attacks."""
    return [each for each in marks if not each.crews]


def crews(marks: Iterable[Marks]) -> list[CrewMarks]:
    """All crews."""
    return [crew for each in marks for crew in each.crews]


def total(marks: Iterable[Marks], part: str) -> int:
    """A count of ``SourceMarks`` over all worlds, by its name."""
    return sum(int(getattr(each.sources, part)) for each in marks)


def share(marks: Iterable[Marks], part: str, whole: str) -> float | None:
    """A part of the addresses, by the names of both in ``SourceMarks``."""
    marks = list(marks)
    return ratio(total(marks, part), total(marks, whole))


def lost(marks: Iterable[Marks], *, slow: bool) -> float | None:
    """Of the accounts that slow or fast crews got into, those that had fallen before the alarm."""
    some = [crew for crew in crews(marks) if crew.slow is slow]
    return ratio(sum(crew.lost for crew in some), sum(crew.fallen for crew in some))


def right(marks: Iterable[Marks], tier: str) -> float | None:
    """Of the accounts of which something was said, those of which it was true."""
    tiers = [each.tiers[tier] for each in marks if tier in each.tiers]
    return ratio(sum(each.true for each in tiers), sum(each.said for each in tiers))


def alarms(marks: Iterable[Marks]) -> float | None:
    """False alarms in 30 clean days."""
    quiet = clean(marks)
    return ratio(30 * sum(each.false_alarms for each in quiet), sum(each.days for each in quiet))


def information(marks: Iterable[Marks]) -> float | None:
    """Lines that only inform, in a clean week."""
    quiet = clean(marks)
    return ratio(7 * sum(each.information for each in quiet), sum(each.days for each in quiet))


def found(marks: Iterable[Marks]) -> float | None:
    """The crews that were found."""
    every = crews(marks)
    return ratio(sum(crew.hours is not None for crew in every), len(every))


def whole(marks: Iterable[Marks]) -> float | None:
    """The crews that are one campaign, with nobody else in it."""
    every = crews(marks)
    return ratio(sum(crew.whole for crew in every), len(every))


def hours(marks: Iterable[Marks]) -> float | None:
    """The longest delay."""
    return max(never(crew.hours for crew in crews(marks)), default=None)


def named(marks: Iterable[Marks], *, fingerprints: bool) -> float | None:
    """Of the accounts that fell, those called confirmed or probable."""
    some = [each for each in marks if each.fingerprints is fingerprints]
    return ratio(sum(each.found for each in some), sum(each.fallen for each in some))


def expected(marks: Iterable[Marks]) -> float | None:
    """The worlds in which the expected number of what cannot be told was right."""
    told = [each.undecided.right for each in marks if each.undecided is not None]
    return ratio(sum(told), len(told))
