"""bounds: what the proving ground must show, each held against the median and the worst of the seeds."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from serjeant.proving import frontier
from serjeant.proving.marks import CrewMarks, Marks, SourceMarks
from serjeant.proving.spread import Spread, never, ratio, spread


@dataclass(frozen=True, slots=True)
class Bound:
    """One figure of a seed's worlds, and what it is held against.

    :param of: the figure, of all worlds of a seed; None where they have nothing to tell
    :param limit: at most, where ``low``; else at least
    :param unit: ``%``, ``h`` or nothing
    :param worlds: those that it is about; none: all
    """

    name: str
    of: Callable[[Sequence[Marks]], float | None]
    limit: float
    low: bool
    unit: str = ""
    worlds: frozenset[str] = frozenset()

    def told(self, marks: Iterable[Marks]) -> list[Marks]:
        """The marks that it speaks of: of its worlds, or of all but the frontier, where finding must end somewhere."""
        if self.worlds:
            return [each for each in marks if each.world in self.worlds]
        return [each for each in marks if frontier.split(each.world) is None]

    def holds(self, found: Spread) -> bool:
        """The worst of the seeds meets it."""
        return found.worst <= self.limit if self.low else found.worst >= self.limit


@dataclass(frozen=True, slots=True)
class Held:
    """A bound and what was measured; None: these worlds have nothing to tell."""

    bound: Bound
    found: Spread | None

    @property
    def met(self) -> bool:
        """Nothing speaks against it."""
        return self.found is None or self.bound.holds(self.found)


def hold(marks: Iterable[Marks]) -> list[Held]:
    """Every bound against the marks of Serjeant."""
    seeds: dict[int, list[Marks]] = defaultdict(list)
    for each in marks:
        seeds[each.seed].append(each)
    return [
        Held(bound, spread((bound.of(bound.told(some)) for some in seeds.values()), low=bound.low)) for bound in BOUNDS
    ]


def clean(marks: Iterable[Marks]) -> list[Marks]:
    """The worlds in which nobody attacks."""
    return [each for each in marks if not each.crews]


def crews(marks: Iterable[Marks]) -> list[CrewMarks]:
    """All crews."""
    return [crew for each in marks for crew in each.crews]


def total(marks: Iterable[Marks], part: Callable[[SourceMarks], int]) -> int:
    """A count of addresses over all worlds."""
    return sum(part(each.sources) for each in marks)


def lost(some: Iterable[CrewMarks], *, slow: bool) -> float | None:
    """Of the accounts that fell, those that had fallen before the alarm."""
    some = [crew for crew in some if crew.slow is slow]
    return ratio(sum(crew.lost for crew in some), sum(crew.fallen for crew in some))


def right(marks: Iterable[Marks], tier: str) -> float | None:
    """Of the accounts of which something was said, those of which it was true."""
    tiers = [each.tiers[tier] for each in marks if tier in each.tiers]
    return ratio(sum(each.true for each in tiers), sum(each.said for each in tiers))


def _alarms(marks: Sequence[Marks]) -> float | None:
    quiet = clean(marks)
    return ratio(30 * sum(each.false_alarms for each in quiet), sum(each.days for each in quiet))


def _information(marks: Sequence[Marks]) -> float | None:
    quiet = clean(marks)
    return ratio(7 * sum(each.information for each in quiet), sum(each.days for each in quiet))


def _found(marks: Sequence[Marks]) -> float | None:
    every = crews(marks)
    return ratio(sum(crew.hours is not None for crew in every), len(every))


def _whole(marks: Sequence[Marks]) -> float | None:
    every = crews(marks)
    return ratio(sum(crew.whole for crew in every), len(every))


def _hours(marks: Sequence[Marks]) -> float | None:
    return max(never(crew.hours for crew in crews(marks)), default=None)


def _share(part: Callable[[SourceMarks], int], whole: Callable[[SourceMarks], int]) -> Callable[..., float | None]:
    return lambda marks: ratio(total(marks, part), total(marks, whole))


def _recall(*, fingerprints: bool) -> Callable[[Sequence[Marks]], float | None]:
    def recall(marks: Sequence[Marks]) -> float | None:
        some = [each for each in marks if each.fingerprints is fingerprints]
        return ratio(sum(each.found for each in some), sum(each.fallen for each in some))

    return recall


def _expected(marks: Sequence[Marks]) -> float | None:
    told = [each.undecided.right for each in marks if each.undecided is not None]
    return ratio(sum(told), len(told))


_DAILY: Final = frozenset({frontier.name(1, 1)})
_RARE: Final = frozenset({frontier.name(30, 1), "A8"})

BOUNDS: Final = (
    Bound("false alarms in 30 clean days", _alarms, 0, low=True),
    Bound("lines that only inform, in a clean week", _information, 1, low=True),
    Bound("crews found", _found, 1, low=False, unit="%"),
    Bound("a guess a day per account, addresses used once: found after", _hours, 4, low=True, unit="h", worlds=_DAILY),
    Bound(
        "a guess in 30 days per account, addresses used once: found after", _hours, 24, low=True, unit="h", worlds=_RARE
    ),
    Bound(
        "fast crews: fallen accounts lost before the alarm",
        lambda marks: lost(crews(marks), slow=False),
        0.05,
        low=True,
        unit="%",
    ),
    Bound(
        "slow crews: fallen accounts lost before the alarm",
        lambda marks: lost(crews(marks), slow=True),
        0.2,
        low=True,
        unit="%",
    ),
    Bound(
        "addresses called the attackers' that were",
        _share(lambda s: s.right, lambda s: s.named),
        0.99,
        low=False,
        unit="%",
    ),
    Bound(
        "attackers' addresses with three accounts or more that were named",
        _share(lambda s: s.many_named, lambda s: s.many),
        0.98,
        low=False,
        unit="%",
    ),
    Bound(
        "attackers' addresses with one or two accounts that were named",
        _share(lambda s: s.few_named, lambda s: s.few),
        0.9,
        low=False,
        unit="%",
    ),
    Bound("honest addresses offered for blocking", lambda marks: total(marks, lambda s: s.honest), 0, low=True),
    Bound("accounts called confirmed that fell", lambda marks: right(marks, "confirmed"), 0.98, low=False, unit="%"),
    Bound("accounts called probable that fell", lambda marks: right(marks, "probable"), 0.8, low=False, unit="%"),
    Bound(
        "fallen accounts called confirmed or probable, without fingerprints",
        _recall(fingerprints=False),
        0.9,
        low=False,
        unit="%",
    ),
    Bound(
        "fallen accounts called confirmed or probable, with fingerprints",
        _recall(fingerprints=True),
        0.98,
        low=False,
        unit="%",
    ),
    Bound(
        "expected number of fallen that cannot be told: right within its interval", _expected, 0.9, low=False, unit="%"
    ),
    Bound("crews that are one campaign, with nobody else in it", _whole, 1, low=False, unit="%"),
)
"""What is promised."""
