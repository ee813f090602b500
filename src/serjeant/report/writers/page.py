"""page: an incident as ``report.html``, one file that needs no script and asks nobody for anything."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from serjeant.model.assessment import Assessment, Reason
from serjeant.model.campaign import Campaign
from serjeant.model.incident import Incident
from serjeant.report import verdict, wall, words
from serjeant.report.text import plain
from serjeant.report.writers import cells, charts

_SENTENCE = 500
_SOURCES = 200
_SUSPECTED = 500
_REASONS = 8
_CHARTS = 24


@dataclass(frozen=True, slots=True)
class _Source:
    address: str
    shared: bool
    entered: int


@dataclass(frozen=True, slots=True)
class _CampaignView:
    """A campaign and what is drawn of it."""

    campaign: Campaign
    anchor: str
    tempo: charts.Chart | None
    sources: tuple[_Source, ...]
    more_sources: int


@dataclass(frozen=True, slots=True)
class _Total:
    """Lines and sign-ins by where they went; the parts add up to the whole."""

    name: str
    whole: int
    parts: tuple[tuple[str, int], ...]


def render(incident: Incident) -> str:
    """The whole page as HTML text.

    Every string that goes into it is made plain (``report.text``) and escaped, whatever its origin.
    """
    built = wall.build(incident)
    found = verdict.judge(incident, built)
    anchors = {it.uid: f"campaign-{index}" for index, it in enumerate(incident.campaigns, 1)}
    side = cells.pitch(built.whole.size)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            incident=incident,
            verdict=found,
            wall=built,
            states=wall.STATES,
            zip=zip,
            style=files(__package__).joinpath("templates/report.css").read_text("utf-8"),
            timeline=charts.timeline(incident) if incident.hours else None,
            departments=charts.departments(built) if incident.campaigns and built.blocks else None,
            blocks=[(it, cells.draw(it, side)) for it in built.blocks] if incident.campaigns else [],
            enlarged=side < 4,
            campaigns=_campaigns(incident, anchors),
            anchors=anchors,
            suspected=found.suspected[:_SUSPECTED],
            more_suspected=max(0, len(found.suspected) - _SUSPECTED),
            totals=_totals(incident),
            alike=words.ALIKE,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("serjeant.report.writers"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    environment.filters.update(
        counted=words.counted,
        moment=words.moment,
        number=words.number,
        ours=Markup,  # what we drew ourselves, every name in it escaped
        percent=words.percent,
        plain=plain,
        reasons=_reasons,
        short_moment=words.short_moment,
        technique=words.technique,
    )
    return environment


def _harmless(value: object) -> object:
    """What every expression of the templates passes through, so that none can be forgotten."""
    return plain(value, _SENTENCE) if isinstance(value, str) and not isinstance(value, Markup) else value


def _campaigns(incident: Incident, anchors: Mapping[str, str]) -> list[_CampaignView]:
    entered: dict[str, int] = {}
    for it in incident.accounts:
        for source in it.sources if it.assessment == "compromised" else ():
            entered[source] = entered.get(source, 0) + 1
    if not incident.campaigns:
        return []
    window = min(it.first_seen for it in incident.campaigns), max(it.last_seen for it in incident.campaigns)
    return [_view(it, index, anchors[it.uid], entered, window) for index, it in enumerate(incident.campaigns)]


def _view(
    campaign: Campaign, index: int, anchor: str, entered: Mapping[str, int], window: tuple[datetime, datetime]
) -> _CampaignView:
    """The sources that got in come first, then those that others share, then the rest as they are."""
    shared = frozenset(campaign.shared_sources)
    every = dict.fromkeys((*campaign.shared_sources, *campaign.sources))
    ranked = sorted(every, key=lambda it: (-entered.get(it, 0), it not in shared))
    tempo = charts.tempo(campaign, f"tempo-{index + 1}", window) if campaign.tempo and index < _CHARTS else None
    return _CampaignView(
        campaign=campaign,
        anchor=anchor,
        tempo=tempo,
        sources=tuple(_Source(it, it in shared, entered.get(it, 0)) for it in ranked[:_SOURCES]),
        more_sources=max(0, len(ranked) - _SOURCES),
    )


def _reasons(assessment: Assessment) -> tuple[Reason, ...]:
    """The first few, one that names a log line always among them."""
    first = assessment.why[:_REASONS]
    if any(it.log for it in first):
        return first
    return (*first, *[it for it in assessment.why[_REASONS:] if it.log][:1])


def _totals(incident: Incident) -> list[_Total]:
    read = incident.read
    lines = (("understood", read.parsed), ("ignored by a rule", read.ignored), ("not understood", read.unparsed))
    totals = [_Total("lines", read.lines, lines)]
    if read.by_format:
        totals.append(_parts("sign-ins", read.logins, read.by_format, "several formats"))
    if read.ignored:
        totals.append(_parts("ignored lines", read.ignored, read.ignored_by, "other rules"))
    if read.unparsed:
        by_log: Counter[str] = Counter()
        for it in read.unread:
            by_log[it.log] += it.lines
        totals.append(_parts("lines not understood", read.unparsed, by_log, "not listed one by one"))
    return totals


def _parts(name: str, whole: int, parts: Mapping[str, int], rest: str) -> _Total:
    ranked = sorted(((part, count) for part, count in parts.items() if count), key=lambda it: (-it[1], it[0]))
    missing = whole - sum(parts.values())
    return _Total(name, whole, (*ranked, (rest, missing)) if missing else tuple(ranked))
