"""marks: how one judge did on one world, in plain counts, so that worlds can be added up and kept as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

TIERS: Final = ("confirmed", "probable", "possible", "held")
"""What is said of an account: it fell, for sure, probably or possibly; or its password is known, and something held."""


@dataclass(frozen=True, slots=True)
class CrewMarks:
    """What was made of one crew.

    :param slow: they try an account about once a day, or less often
    :param hours: from their first guess to the alarm; None: there was none
    :param attempts: their guesses up to then, all where there was none
    :param fallen: accounts they got into
    :param lost: those of them that had fallen before the alarm
    :param pieces: campaigns that are theirs; 1 is right
    :param merged: one of these is another crew's as well
    """

    crew: str
    slow: bool
    hours: float | None
    attempts: int
    fallen: int
    lost: int
    pieces: int = 0
    merged: bool = False

    @property
    def whole(self) -> bool:
        """They are one campaign, and nobody else is in it."""
        return self.pieces == 1 and not self.merged


@dataclass(frozen=True, slots=True)
class SourceMarks:
    """What was made of the addresses.

    :param named: those called the attackers'
    :param right: those of them that were
    :param named_honest: those of them from which somebody honest came
    :param many: attackers' own that tried three accounts or more; ``many_named``: those that were named
    :param few: attackers' own that tried one or two
    :param offered: addresses offered for blocking, or blocked
    :param honest: those of these from which somebody honest came
    """

    named: int = 0
    right: int = 0
    named_honest: int = 0
    many: int = 0
    many_named: int = 0
    few: int = 0
    few_named: int = 0
    offered: int = 0
    honest: int = 0


@dataclass(frozen=True, slots=True)
class Tier:
    """Accounts of which one thing was said, and how many of them it was true of."""

    said: int = 0
    true: int = 0


@dataclass(frozen=True, slots=True)
class Undecided:
    """Accounts that fell and cannot be told, as the answer expects them, and as they were."""

    low: float
    expected: float
    high: float
    true: int

    @property
    def right(self) -> bool:
        """The truth lies in the interval."""
        return self.low <= self.true <= self.high


@dataclass(frozen=True, slots=True)
class Marks:
    """One judge on one world.

    :param judge: ``serjeant``, or the name of a rival
    :param days: how long the logs are
    :param noise: failures a day of others that look like a lone guess, see ``Facts.noise``
    :param alarms: campaigns, or alarms by rule, address, account and day
    :param false_alarms: those that no crew gave cause for
    :param of_strangers: those of the false ones that speak of passers-by alone
    :param information: lines that only inform
    :param fallen: accounts that fell
    :param found: those of them that were called confirmed or probable
    :param seconds: what judging took
    """

    judge: str
    world: str
    seed: int
    accounts: int
    days: float
    fingerprints: bool = False
    noise: float = 0.0
    alarms: int = 0
    false_alarms: int = 0
    of_strangers: int = 0
    information: int = 0
    crews: tuple[CrewMarks, ...] = ()
    sources: SourceMarks = field(default_factory=SourceMarks)
    tiers: Mapping[str, Tier] = field(default_factory=dict)
    fallen: int = 0
    found: int = 0
    undecided: Undecided | None = None
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Marks":
        """Back from ``as_json``.

        :raises TypeError, KeyError: it is something else
        """
        rest = dict(raw)
        return cls(
            crews=tuple(CrewMarks(**each) for each in rest.pop("crews")),
            sources=SourceMarks(**rest.pop("sources")),
            tiers={name: Tier(**each) for name, each in rest.pop("tiers").items()},
            undecided=Undecided(**undecided) if (undecided := rest.pop("undecided")) else None,
            **rest,
        )
