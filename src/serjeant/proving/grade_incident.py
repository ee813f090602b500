"""grade_incident: an answer of Serjeant held against the facts of a drawn world."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from serjeant.model.assessment import Assessment
from serjeant.model.campaign import Campaign
from serjeant.model.incident import Incident
from serjeant.proving.facts import Crew, Facts
from serjeant.proving.marking import crew_marks, source_marks
from serjeant.proving.marks import CrewMarks, Marks, SourceMarks, Tier, Undecided

_PART: Final = 0.2
"""The part of a campaign, or of a crew's addresses, that makes a crew a part of the campaign."""

_AFTERWARDS: Final = timedelta(days=1)


def grade_incident(facts: Facts, incident: Incident) -> Marks:
    """The marks of one answer; ``fingerprints`` and ``seconds`` are left to whoever asked."""
    whose = [_whose(each, facts) for each in incident.campaigns]
    found = {each.account for each in incident.accounts if _tier(each) in {"confirmed", "probable"}}
    fallen = set(facts.fallen["user"])
    return Marks(
        judge="serjeant",
        world=facts.world,
        seed=facts.seed,
        accounts=facts.accounts,
        days=facts.days,
        noise=facts.noise,
        alarms=len(incident.campaigns),
        false_alarms=sum(not crews for crews in whose),
        of_strangers=sum(
            not crews and bool(each.sources) and facts.strangers.issuperset(each.sources)
            for each, crews in zip(incident.campaigns, whose, strict=True)
        ),
        information=sum(not finding.technique for finding in incident.guards),
        crews=tuple(_crew(crew, incident.campaigns, whose, facts) for crew in facts.crews),
        sources=_sources(incident.campaigns, facts),
        tiers=_tiers(incident.accounts, fallen, facts.known),
        fallen=len(fallen),
        found=len(found & fallen),
        undecided=_undecided(incident.campaigns, len(fallen - found)),
    )


def _whose(campaign: Campaign, facts: Facts) -> frozenset[str]:
    """The crews that a campaign is of; none: a false one, be it because it began before any crew did.

    One that names no address is of whoever was at work when it was found.
    """
    began = {crew.name for crew in facts.crews if crew.first <= campaign.detected_at}
    every = {*campaign.sources, *campaign.shared_sources}
    if not every:
        late = {crew.name for crew in facts.crews if campaign.detected_at > crew.last + _AFTERWARDS}
        return frozenset(began - late)
    sources = facts.crew_sources
    held = {name: len(every & theirs) for name, theirs in sources.items()}
    if sum(held.values()) * 2 < len(every):
        return frozenset()
    most = max(held, key=lambda name: held[name])
    within = {name for name, n in held.items() if n and n >= _PART * min(len(every), len(sources[name]))}
    return frozenset({most, *within} & began)


def _crew(crew: Crew, campaigns: Sequence[Campaign], whose: Sequence[frozenset[str]], facts: Facts) -> CrewMarks:
    theirs = [(each, crews) for each, crews in zip(campaigns, whose, strict=True) if crew.name in crews]
    alarm = min((each.detected_at for each, _ in theirs), default=None)
    # What names no address speaks of the whole site; it is nobody's where several are at work.
    pieces = [crews for each, crews in theirs if each.sources or each.shared_sources or len(crews) == 1]
    return crew_marks(crew, alarm, facts, len(pieces), merged=any(len(crews) > 1 for crews in pieces))


def _sources(campaigns: Sequence[Campaign], facts: Facts) -> SourceMarks:
    named = {source for each in campaigns for source in each.sources}
    attributed = {source for each in campaigns for source in each.attributed_sources}
    return source_marks(facts, named, named - attributed)


def _tiers(accounts: Sequence[Assessment], fallen: set[str], known: frozenset[str]) -> Mapping[str, Tier]:
    said: dict[str, list[bool]] = {}
    for each in accounts:
        tier = _tier(each)
        said.setdefault(tier, []).append(each.account in (known if tier == "held" else fallen))
    return {tier: Tier(len(each), sum(each)) for tier, each in sorted(said.items())}


def _undecided(campaigns: Sequence[Campaign], true: int) -> Undecided | None:
    """What all campaigns expect together, where one does.

    :param true: accounts that fell and were called neither confirmed nor probable
    """
    told = [each.undecided for each in campaigns if each.undecided is not None]
    if not told:
        return None
    return Undecided(sum(t.low for t in told), sum(t.expected for t in told), sum(t.high for t in told), true)


def _tier(said: Assessment) -> str:
    """One of ``TIERS``: *suspected, confirmed* is a known password behind a second factor that held."""
    return "held" if (said.assessment, said.certainty) == ("suspected", "confirmed") else said.certainty
