"""campaign: findings that belong together."""

from dataclasses import dataclass
from datetime import datetime

from serjeant.model.finding import Evidence


@dataclass(frozen=True, slots=True)
class Stratum:
    """How much of one part of the directory was tried.

    :param name: the department, or the kind of account
    :param directory: its accounts
    :param tried: those with at least one attempt of the campaign
    """

    name: str
    directory: int
    tried: int

    @property
    def share(self) -> float:
        """The part that was tried, 0 to 1."""
        return self.tried / self.directory if self.directory else 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a campaign goes for everybody (``reference`` method: detection notes 4.5).

    :param directory: accounts in the directory; 0 when no directory was given
    :param tried: those with at least one attempt of the campaign
    :param all_accounts: at least 95 % tried, and no stratum of 30 accounts or more below 80 %
    :param departments: coverage by department, largest first
    :param kinds: coverage by kind of account
    """

    directory: int
    tried: int
    all_accounts: bool
    departments: tuple[Stratum, ...] = ()
    kinds: tuple[Stratum, ...] = ()

    @property
    def share(self) -> float:
        """The part of the directory that was tried, 0 to 1."""
        return self.tried / self.directory if self.directory else 0.0


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a campaign's attempts: one network, one tool, one service.

    :param name: for example ``203.0.113.0/24``, ``imap``, ``libcurl``
    :param attempts: how many attempts it holds
    """

    name: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Undecided:
    """How many more accounts fell than can be named: which ones, no log tells.

    :param expected: as a mean
    :param low: and ``high``: its interval at 90 %
    """

    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Campaign:
    """One crew at work, as far as the evidence shows.

    :param uid: ``C1``, ``C2`` … by first_seen
    :param techniques: ATT&CK techniques, sorted
    :param classes: plain names of the shape, for example ``slow distributed guessing``
    :param detected_at: when the evidence sufficed, had the logs been read live
    :param attempts: attempts by its sources (successes too)
    :param sources: the attacker's own
    :param shared_sources: carry honest people too, and must never be blocked whole
    :param attributed_sources: those of ``sources`` that only their number accuses, or one password: each tried too
        little to be judged, nearly all of such tries are the crew's, a few may be somebody's who slipped. Never
        offered for blocking
    :param undecided: how many fell beside those that are named; None where there is no reason to think so
    :param targets: in what order it takes the accounts, or how long its list is, where that can be told
    :param accounts: accounts of the directory that were tried, sorted
    :param unknown_tried: names tried that are no account
    :param tempo: (hour, failures) pairs from first_seen to last_seen, hours without any left out
    :param networks: /24 and /48 networks with the most attempts
    :param tools: clients with the most attempts
    :param services: services by attempts
    """

    uid: str
    techniques: tuple[str, ...]
    classes: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    detected_at: datetime
    attempts: int
    failures: int
    sources: tuple[str, ...]
    shared_sources: tuple[str, ...]
    accounts: tuple[str, ...]
    unknown_tried: int
    coverage: Coverage
    evidence: tuple[Evidence, ...]
    tempo: tuple[tuple[datetime, int], ...] = ()
    networks: tuple[Share, ...] = ()
    tools: tuple[Share, ...] = ()
    services: tuple[Share, ...] = ()
    attributed_sources: tuple[str, ...] = ()
    undecided: Undecided | None = None
    targets: Evidence | None = None
