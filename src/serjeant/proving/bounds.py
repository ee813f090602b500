"""bounds: what the proving ground must show, each held against the median and the worst of the seeds."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from serjeant.proving import frontier, sums
from serjeant.proving.marks import Marks
from serjeant.proving.spread import Spread, spread


def _judged(world: str) -> bool:
    """All but the frontier, where finding must end somewhere."""
    return frontier.split(world) is None


@dataclass(frozen=True, slots=True)
class Bound:
    """One figure of a seed's worlds, and what it is held against.

    :param of: the figure, of all worlds of a seed; None where they have nothing to tell
    :param limit: at most, where ``low``; else at least
    :param unit: ``%``, ``h`` or nothing
    :param about: whether it speaks of a world of that name
    """

    name: str
    of: Callable[[Sequence[Marks]], float | None]
    limit: float
    low: bool
    unit: str = ""
    about: Callable[[str], bool] = _judged

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
    return [Held(bound, spread((_of(bound, some) for some in seeds.values()), low=bound.low)) for bound in BOUNDS]


def _of(bound: Bound, marks: Sequence[Marks]) -> float | None:
    return bound.of([each for each in marks if bound.about(each.world)])


def _share(part: str, whole: str) -> Callable[[Sequence[Marks]], float | None]:
    return lambda marks: sums.share(marks, part, whole)


def _least(
    name: str, of: Callable[[Sequence[Marks]], float | None], limit: float, about: Callable[[str], bool] = _judged
) -> Bound:
    """A share that must be so large."""
    return Bound(name, of, limit, low=False, unit="%", about=about)


_DAILY: Final = frozenset({frontier.name(1, 1), "A7 single"})
_RARE: Final = frozenset({frontier.name(30, 1), "A8"})

BOUNDS: Final = (
    Bound("false alarms in 30 clean days", sums.alarms, 0, low=True),
    Bound("lines that only inform, in a clean week", sums.information, 1, low=True),
    _least("crews found", sums.found, 1),
    Bound(
        "a guess a day per account, addresses used once: found after",
        sums.hours,
        4,
        low=True,
        unit="h",
        about=_DAILY.__contains__,
    ),
    Bound(
        "a guess in 30 days per account, addresses used once: found after",
        sums.hours,
        24,
        low=True,
        unit="h",
        about=_RARE.__contains__,
    ),
    Bound(
        "fast crews: fallen accounts lost before the alarm",
        lambda marks: sums.lost(marks, slow=False),
        0.05,
        low=True,
        unit="%",
    ),
    Bound(
        "slow crews: fallen accounts lost before the alarm",
        lambda marks: sums.lost(marks, slow=True),
        0.2,
        low=True,
        unit="%",
    ),
    _least("addresses called the attackers' that were", _share("right", "named"), 0.99),
    _least("attackers' addresses with three accounts or more that were named", _share("many_named", "many"), 0.98),
    _least("attackers' addresses with one or two accounts that were named", _share("few_named", "few"), 0.9),
    Bound("honest addresses offered for blocking", lambda marks: sums.total(marks, "honest"), 0, low=True),
    _least("accounts called confirmed that fell", lambda marks: sums.right(marks, "confirmed"), 0.98),
    _least("accounts called probable that fell", lambda marks: sums.right(marks, "probable"), 0.8),
    _least(
        "fallen accounts called confirmed or probable, without fingerprints",
        lambda marks: sums.named(marks, fingerprints=False),
        0.9,
    ),
    _least(
        "fallen accounts called confirmed or probable, with fingerprints",
        lambda marks: sums.named(marks, fingerprints=True),
        0.98,
    ),
    _least("expected number of fallen that cannot be told: right within its interval", sums.expected, 0.9),
    _least("crews that are one campaign, with nobody else in it", sums.whole, 1),
    _least("two crews at once that stay two", sums.whole, 1, lambda world: world.endswith(" crews")),
    _least(
        "crews that change tool, service and addresses, and stay one",
        sums.whole,
        1,
        lambda world: world.endswith(" changes"),
    ),
)
"""What is promised."""
