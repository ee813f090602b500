"""grade: an answer held against the truth of its world.

Precision and recall, never accuracy: in a world of 9,000 accounts "nobody fell" is 99.7 % accurate.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from serjeant.model.incident import Incident
from serjeant.proving.truth import Crime, Truth


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure of a grade.

    :param name: what is measured
    :param value: the figure, as it is shown
    :param bound: what it is held against; empty: told only
    :param met: whether the bound is met; True where there is none
    """

    name: str
    value: str
    bound: str = ""
    met: bool = True


@dataclass(frozen=True, slots=True)
class Grade:
    """How one world went."""

    kind: str
    seed: int
    marks: tuple[Mark, ...]

    @property
    def met(self) -> bool:
        """Whether every bound is."""
        return all(mark.met for mark in self.marks)


def grade(truth: Truth, incident: Incident) -> Grade:
    """The marks for one world."""
    marks = [
        Mark("verdict", incident.status, truth.status, incident.status == truth.status),
        Mark(
            "every line accounted for",
            str(incident.read.lines),
            str(truth.lines),
            incident.read.lines == truth.lines
            and incident.read.lines == incident.read.parsed + incident.read.ignored + incident.read.unparsed,
        ),
        Mark("sign-ins read", str(incident.read.logins), str(truth.logins), incident.read.logins == truth.logins),
    ]
    if truth.campaigns:
        marks += _attack(truth, incident)
    return Grade(truth.kind, truth.seed, tuple(marks))


def _attack(truth: Truth, incident: Incident) -> list[Mark]:
    theirs = {source for crime in truth.campaigns for source in crime.sources}
    own = theirs - set(truth.shared_sources)
    accused = {source for campaign in incident.campaigns for source in campaign.sources}
    offered = accused & set(truth.honest_sources)
    fallen = {fall.account for fall in truth.fallen}
    confirmed = {
        each.account for each in incident.accounts if each.assessment == "compromised" and each.certainty == "confirmed"
    }
    reached = {
        name for each in incident.accounts if each.account in confirmed for name in (each.account, *each.reaches)
    }
    found = [crime for crime in truth.campaigns if _found(crime, incident)]
    return [
        _ratio("campaigns found", found, truth.campaigns, 1.0),
        Mark("campaigns told of", str(len(incident.campaigns))),
        _early(truth, incident),
        Mark("of the fallen, lost before", _lost(truth, incident)),
        _ratio("source precision", accused & theirs, accused, 0.99),
        _ratio("source recall", accused & own, own, 0.95),
        Mark("honest addresses offered for blocking", str(len(offered)), "0", not offered),
        _ratio("confirmed precision", confirmed & fallen, confirmed, 0.95),
        _ratio("confirmed recall", confirmed & fallen, fallen, 0.90),
        Mark("mailboxes reached", f"{len(reached & set(truth.mailboxes))} of {len(truth.mailboxes)}"),
    ]


def _ratio(name: str, part: Collection[object], whole: Collection[object], bound: float) -> Mark:
    share = len(part) / len(whole) if whole else 0.0
    return Mark(name, f"{share:.4f} ({len(part)}/{len(whole)})", f">= {bound:.2f}", share >= bound)


def _found(crime: Crime, incident: Incident) -> bool:
    """One campaign holds most of the crew."""
    crew = set(crime.sources)
    return any(len(crew & set(each.sources)) * 2 > len(crew) for each in incident.campaigns)


def _detected(truth: Truth, incident: Incident) -> datetime | None:
    """When the real campaign was found; a false one that came first is no merit."""
    crew = {source for crime in truth.campaigns for source in crime.sources}
    return min((each.detected_at for each in incident.campaigns if crew & set(each.sources)), default=None)


def _early(truth: Truth, incident: Incident) -> Mark:
    detected = _detected(truth, incident)
    falls = min(datetime.fromisoformat(fall.time) for fall in truth.fallen)
    quiet = next(phase for phase in truth.campaigns[0].phases if phase.name == "quiet")
    begins, ends = datetime.fromisoformat(quiet.first), datetime.fromisoformat(quiet.last)
    if detected is None:
        return Mark("detected in the quiet phase", "never", "before its end", met=False)
    hours = (detected - begins) / timedelta(hours=1)
    before = "before" if detected < falls else "AFTER"
    return Mark(
        "detected in the quiet phase",
        f"{hours:.1f} h after it began, {before} the first fall",
        "before its end",
        detected < ends,
    )


def before_first_fall(truth: Truth, incident: Incident) -> bool:
    """Whether the campaign was found before it got in anywhere."""
    detected = _detected(truth, incident)
    return detected is not None and all(detected < datetime.fromisoformat(fall.time) for fall in truth.fallen)


def _lost(truth: Truth, incident: Incident) -> str:
    detected = _detected(truth, incident)
    lost = [fall for fall in truth.fallen if detected is None or datetime.fromisoformat(fall.time) < detected]
    return f"{len(lost)} of {len(truth.fallen)}"
