"""finding: what one detector claims, with its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Figure = int | float | str | bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that supports a claim, and the figures in it.

    :param test: the name of the detector or test, as in ``docs/detectors.md``
    :param says: one sentence in plain words, safe to print
    :param figures: the numbers behind it, by name
    """

    test: str
    says: str
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim by one detector about a set of sources, accounts or hours.

    :param detector: the detector's name
    :param technique: the ATT&CK technique, for example ``T1110.003``; empty for a guard that excuses failures
    :param first_seen: time of the first login that belongs to it (aware, UTC)
    :param last_seen: time of the last one
    :param detected_at: when the evidence sufficed, had the logs been read live
    :param sources: the sources it accuses; empty where it speaks of the whole site or of accounts
    :param accounts: the accounts it concerns; empty where it speaks of sources or of the whole site
    :param evidence: why
    """

    detector: str
    technique: str
    first_seen: datetime
    last_seen: datetime
    detected_at: datetime
    sources: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
