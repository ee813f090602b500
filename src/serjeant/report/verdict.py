"""verdict: the first four questions, answered in words that every writer shares."""

from dataclasses import dataclass
from datetime import datetime

from serjeant.model.assessment import CERTAINTIES, Assessment
from serjeant.model.incident import Incident
from serjeant.report import words
from serjeant.report.text import plain
from serjeant.report.wall import Block, Wall


@dataclass(frozen=True, slots=True)
class Answer:
    """One question, its answer in a few words, and what stands behind it."""

    question: str
    short: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to say first.

    :param mood: ``attack``, ``quiet``, or ``blind`` when there was nothing to judge
    :param headline: a few words
    :param sentence: the verdict in one sentence
    :param certainty: how sure, in one or two sentences
    :param answers: to the questions 1 to 4
    :param since: the first attempt of the first campaign
    :param detected: when the evidence sufficed for the first of them
    :param fallen: accounts assessed as compromised
    :param suspected: all other accounts above *targeted*
    :param reached: what opens with a fallen account, the fallen accounts themselves left out
    """

    mood: str
    headline: str
    sentence: str
    certainty: str
    answers: tuple[Answer, ...]
    since: datetime | None
    detected: datetime | None
    fallen: tuple[Assessment, ...]
    suspected: tuple[Assessment, ...]
    reached: tuple[str, ...]


def judge(incident: Incident, wall: Wall) -> Verdict:
    """Put an incident and its wall into words. No text of an attacker is in the answer unless made plain."""
    fallen = tuple(it for it in incident.accounts if it.assessment == "compromised")
    suspected = tuple(it for it in incident.accounts if it.assessment != "compromised")
    names = {it.account for it in fallen}
    reached = tuple(sorted({reach for it in fallen for reach in it.reaches} - names))
    whole = wall.whole
    mood = _mood(incident, fallen)
    since = min((it.first_seen for it in incident.campaigns), default=None)
    detected = min((it.detected_at for it in incident.campaigns), default=None)
    return Verdict(
        mood=mood,
        headline=_headline(mood, incident, whole),
        sentence=_sentence(mood, incident, whole, fallen, since, detected),
        certainty=_certainty(mood, incident, fallen),
        answers=(
            _is_it(mood, incident, since),
            _on_whom(incident, whole, wall),
            _by_whom(incident),
            _who_fell(fallen, suspected, reached, _more(incident)),
        ),
        since=since,
        detected=detected,
        fallen=fallen,
        suspected=suspected,
        reached=reached,
    )


def _mood(incident: Incident, fallen: tuple[Assessment, ...]) -> str:
    if incident.status == "attack" or incident.campaigns or fallen:
        return "attack"
    return "quiet" if incident.read.logins else "blind"


def on_all(incident: Incident) -> bool:
    """Whether one campaign goes for everybody."""
    return any(it.coverage.all_accounts for it in incident.campaigns)


def tests(incident: Incident) -> tuple[str, ...]:
    """The tests that speak for the campaigns, without repetition."""
    return tuple(dict.fromkeys(it.test for campaign in incident.campaigns for it in campaign.evidence))


def _headline(mood: str, incident: Incident, whole: Block) -> str:
    if mood == "blind":
        return "Nothing can be said"
    if mood == "quiet":
        return "Quiet"
    if on_all(incident):
        return "Attack on all accounts"
    return f"Attack on {words.counted(whole.tried, 'account')}" if whole.tried else "Attack"


def _sentence(
    mood: str,
    incident: Incident,
    whole: Block,
    fallen: tuple[Assessment, ...],
    since: datetime | None,
    detected: datetime | None,
) -> str:
    read = incident.read
    if mood == "blind":
        return f"No sign-in was found in the {words.counted(read.lines, 'line')} read, so nothing can be said."
    if mood == "quiet":
        looked_at = words.counted(read.logins, "sign-in")
        looked_at += f" of {words.counted(whole.size, 'account')}" if whole.size else ""
        window = f"from {words.moment(incident.first)} to {words.moment(incident.last)}"
        return f"No password guessing was found in {looked_at} {window}."
    fell = f"{words.counted(len(fallen), 'account')} fell" if fallen else "no account is known to have fallen"
    begin = f"since {words.moment(since)}" if since else ""
    late = f"; the evidence sufficed {words.span(detected - since)} after it began" if since and detected else ""
    return f"Passwords are being guessed {_scope(whole)} {begin}: {fell}{late}.".replace(" :", ":")


def _scope(whole: Block) -> str:
    if not whole.size:
        return "on accounts unknown to the directory"
    if whole.tried == whole.size:
        return f"on all {words.counted(whole.size, 'account')}"
    return f"on {words.number(whole.tried)} of {words.counted(whole.size, 'account')} ({words.percent(whole.share)})"


def _certainty(mood: str, incident: Incident, fallen: tuple[Assessment, ...]) -> str:
    read = incident.read
    if mood == "attack":
        found = tests(incident)
        how = f"{words.counted(len(found), 'kind')} of evidence" if found else "Judged by the accounts that fell"
        return f"{how}; of the accounts that fell, {_certainties(fallen)}." if fallen else f"{how}."
    if mood == "blind":
        return "Check which files were given, and what could not be read."
    whole = sum(not each.lines for each in read.unread)
    missing = [f"{words.percent(read.unparsed / read.lines)} of the lines"] if read.unparsed else []
    missing += [words.counted(whole, "file")] if whole else []
    unread = " and ".join(missing)
    return (
        f"{f'{unread} could not be read' if unread else 'Every line could be read'}. What no sign-in log shows is a "
        "right password at the first try, from a place where the owner could be."
    )


def _certainties(found: tuple[Assessment, ...]) -> str:
    numbers = [(sum(it.certainty == certainty for it in found), certainty) for certainty in CERTAINTIES]
    return ", ".join(f"{words.number(count)} {certainty}" for count, certainty in numbers if count)


def _is_it(mood: str, incident: Incident, since: datetime | None) -> Answer:
    question = "Is this an attack?"
    if mood == "blind":
        return Answer(question, "Not known", "There was no sign-in to look at.")
    if mood == "quiet":
        aside = words.counted(len(incident.guards), "burst")
        detail = f"{aside} of failures had an innocent cause." if incident.guards else "Failures are as usual."
        return Answer(question, "No", detail)
    failures = sum(it.failures for it in incident.campaigns)
    began = f" since {words.moment(since)}" if since else ""
    return Answer(question, "Yes", f"{words.counted(failures, 'failed guess', 'failed guesses')}{began}.")


def _on_whom(incident: Incident, whole: Block, wall: Wall) -> Answer:
    question = "On whom? All of us?"
    if not incident.campaigns:
        looked_at = f"{words.counted(whole.size, 'account')} looked at." if whole.size else "No account is known."
        return Answer(question, "Nobody", looked_at)
    unknown = max(it.unknown_tried for it in incident.campaigns)  # campaigns may try the same names: no sum
    least = "At least " if len(incident.campaigns) > 1 else ""
    extra = f" {least}{words.counted(unknown, 'name')} tried that are no account." if unknown else ""
    if not incident.directory_given:
        return Answer(
            question,
            words.counted(whole.tried, "account"),
            f"No directory was given, so those never tried cannot be counted.{extra}",
        )
    departments = [it for it in wall.blocks if it.size]
    touched = sum(it.tried > 0 for it in departments)
    where = f", in {touched} of {words.counted(len(departments), 'department')}" if len(departments) > 1 else ""
    where = "" if wall.smaller else where
    detail = (
        f"{words.number(whole.tried)} of {words.counted(whole.size, 'account')} tried "
        f"({words.percent(whole.share)}){where}.{extra}"
    )
    return Answer(question, "All of us" if on_all(incident) else "Some of us", detail)


def _by_whom(incident: Incident) -> Answer:
    question = "By whom? One crew or two?"
    if not incident.campaigns:
        return Answer(question, "Nobody", "No campaign.")
    own = len({source for it in incident.campaigns for source in it.sources})
    shared = len({source for it in incident.campaigns for source in it.shared_sources})
    with_people = f", and {words.number(shared)} shared with honest people" if shared else ""
    shape = max(incident.campaigns, key=lambda it: it.attempts)
    classes = f" The largest: {plain(' and '.join(shape.classes), 60)}." if shape.classes else ""
    return Answer(
        question,
        words.counted(len(incident.campaigns), "campaign"),
        f"{words.counted(own, 'source')} of their own{with_people}.{classes}",
    )


def _more(incident: Incident) -> str:
    """How many fell beside those that can be named."""
    low, high = (
        sum(getattr(it.undecided, side) for it in incident.campaigns if it.undecided) for side in ("low", "high")
    )
    return f" Beside them {low:.0f} to {high:.0f} that no log can name." if high >= 1 else ""


def _who_fell(
    fallen: tuple[Assessment, ...], suspected: tuple[Assessment, ...], reached: tuple[str, ...], more: str
) -> Answer:
    question = "Which accounts fell?"
    also = f"{words.number(len(suspected))} more suspected" if suspected else ""
    if not fallen:
        return Answer(question, "None known", (f"{also}." if also else "None suspected either.") + more)
    opens = "it opens" if len(fallen) == 1 else "they open"
    opens += f" {words.counted(len(reached), 'other mailbox or role', 'other mailboxes and roles')}"
    parts = (_certainties(fallen), opens if reached else "", also)
    return Answer(
        question, words.counted(len(fallen), "account"), "; ".join(part for part in parts if part) + "." + more
    )
