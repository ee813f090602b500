"""case: what of an incident decides which measures are proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Case:
    """An incident, as far as measures are concerned.

    :param says: what it is, in a sentence
    :param campaigns: uids
    :param since: when the first campaign began
    :param at: the last sign-in that was read: what is replayed ends there
    :param sources: the attackers' own, each judged by itself
    :param attributed: theirs as a set, never offered for blocking
    :param shared: carry honest people too
    :param fallen: accounts that fell, confirmed or probable, with when somebody else first got in, and from where
    :param suspected: accounts that may have
    """

    says: str
    campaigns: tuple[str, ...]
    since: datetime
    at: datetime
    sources: tuple[str, ...]
    attributed: frozenset[str]
    shared: frozenset[str]
    fallen: Mapping[str, tuple[datetime | None, tuple[str, ...]]]
    suspected: tuple[str, ...]

    @property
    def theirs(self) -> frozenset[str]:
        """All sources that are held to be the attackers'."""
        return frozenset(self.sources) | self.attributed


def case(incident: Mapping[str, Any]) -> Case | None:
    """A case out of ``incident.json``; None where it is quiet."""
    crews = incident["campaigns"]
    if not crews or incident["window"]["last"] is None:
        return None
    shared = frozenset(each for crew in crews for each in crew["shared_sources"])
    attributed = frozenset(each for crew in crews for each in crew["attributed_sources"])
    sources = {each for crew in crews for each in crew["sources"]} - shared - attributed
    since = min(_time(crew["first_seen"]) for crew in crews)
    fell = [it for it in incident["accounts"] if it["assessment"] == "compromised" and it["certainty"] != "possible"]
    fallen = {
        it["account"]: (_time(it["first_access"]) if it["first_access"] else None, tuple(it["sources"])) for it in fell
    }
    uids = tuple(crew["uid"] for crew in crews)
    return Case(
        says=f"{', '.join(uids)} since {since:%Y-%m-%d %H:%M} UTC, {len(fallen)} accounts fell",
        campaigns=uids,
        since=since,
        at=_time(incident["window"]["last"]),
        sources=tuple(sorted(sources)),
        attributed=attributed,
        shared=shared,
        fallen=fallen,
        suspected=tuple(sorted(it["account"] for it in incident["accounts"] if it["account"] not in fallen)),
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
