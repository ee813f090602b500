"""crowdsec: sources that the bouncers of an existing CrowdSec turn away: decisions pushed into its local API.

A decision says in its scenario when it ends, so that what is read is what was written: the API tells only how long it
has still to go. Only decisions with our origin and such a scenario are seen as ours.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from serjeant.contain.connector import Connector, RefusedError, until, wanted
from serjeant.contain.http import Answer, Site, quoted
from serjeant.contain.secret import secret
from serjeant.model.measure import Change, Measure, Operation, Shape, State, agrees

_UNTIL: Final = "serjeant/until-"
_AT_ONCE: Final = 1_000
CHANGED: Final = "somebody changed it meanwhile"


@dataclass(frozen=True, slots=True)
class CrowdsecSettings:
    """Where the local API is and who we are there."""

    url: str = field(metadata={"help": "the local API: https://host:8080, http:// on this machine only"})
    machine: str = field(metadata={"help": "the machine by whose name Serjeant signs in: cscli machines add"})
    password_file: str = field(metadata={"help": "a file with its password, readable by its owner only"})
    key_file: str = field(metadata={"help": "a file with a bouncer's key, to read back: cscli bouncers add"})
    origin: str = field(default="serjeant", metadata={"help": "the origin of our decisions"})
    kind: str = field(default="ban", metadata={"help": "what bouncers do: ban, captcha or what yours know"})
    ca_file: str = field(default="", metadata={"help": "certificates to trust in the place of the system's"})
    seconds: float = field(default=30.0, metadata={"help": "how long one move may take"})


@dataclass(frozen=True, slots=True)
class _Ours:
    uid: int
    scenario: str


def read(settings: CrowdsecSettings, measure: Measure) -> State:
    """What the API says of the sources."""
    with Site(settings.url, settings.seconds, settings.ca_file) as site:
        return {name: _shape(found) for name, found in _found(site, settings, measure.subjects).items()}


def changes(settings: CrowdsecSettings, measure: Measure, state: State) -> list[Change]:
    """Decisions that are to be there."""
    shapes: dict[str, Shape] = {name: {"until": until(state.get(name), measure)} for name in measure.subjects}
    return wanted(measure, state, shapes, f"tells CrowdSec's bouncers to {settings.kind} {{n}} sources")


def run(settings: CrowdsecSettings, operation: Operation, ends: datetime, now: datetime) -> None:
    """Pushes what is to be there, then takes away what was."""
    with Site(settings.url, settings.seconds, settings.ca_file) as site:
        found = _found(site, settings, operation.after)
        failed: dict[str, str] = {}
        todo: dict[str, Shape] = {}
        for name, after in operation.after.items():
            there = _shape(found[name])
            if not agrees(there, after):
                if agrees(there, operation.before.get(name)):
                    todo[name] = after
                else:
                    failed[name] = CHANGED
        if todo:
            _sign_in(site, settings)
            _push(site, settings, {name: str(after["until"]) for name, after in todo.items() if after}, now)
            everything = _all(site, settings)
            _delete(site, everything, {each.uid for name in todo for each in found[name]})
    if failed:
        raise RefusedError(f"{len(failed):,} of {len(operation.after):,} were left: {CHANGED}", failed)


def _found(site: Site, settings: CrowdsecSettings, subjects: Iterable[str]) -> Mapping[str, list[_Ours]]:
    """Our own decisions on each source."""
    keys = {name: _key(name) for name in subjects}
    by_key: dict[tuple[str, str], list[_Ours]] = {}
    for key, each in _all(site, settings):
        by_key.setdefault(key, []).append(each)
    return {name: by_key.get(key, []) for name, key in keys.items()}


def _all(site: Site, settings: CrowdsecSettings) -> list[tuple[tuple[str, str], _Ours]]:
    heads = {"X-Api-Key": secret(settings.key_file)}
    answer = site.ask("GET", f"/v1/decisions?origins={quoted(settings.origin)}", headers=heads)
    listed = _said(answer, "the bouncer's key")
    if listed is None:
        return []
    try:
        return [
            (_key(each["value"]), _Ours(int(each["id"]), each["scenario"]))
            for each in listed
            if each["origin"] == settings.origin
            and each["type"] == settings.kind
            and each["scope"].lower() in ("ip", "range")
            and each["scenario"].startswith(_UNTIL)
        ]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RefusedError(f"{site.host} answers with something that is no list of decisions") from None


def _shape(found: list[_Ours]) -> Shape:
    return {"until": max(each.scenario for each in found).removeprefix(_UNTIL)} if found else None


def _key(subject: str) -> tuple[str, str]:
    """Scope and value, as CrowdSec has them."""
    try:
        network = ipaddress.ip_network(subject, strict=False)
    except ValueError:
        raise RefusedError(f"{subject[:50]!a} is no address") from None
    if network.prefixlen == network.max_prefixlen:
        return "Ip", str(network.network_address)
    return "Range", str(network)


def _sign_in(site: Site, settings: CrowdsecSettings) -> None:
    body = {"machine_id": settings.machine, "password": secret(settings.password_file), "scenarios": []}
    said = _said(site.ask("POST", "/v1/watchers/login", body, again=True), "the machine's password")
    token = said.get("token") if isinstance(said, dict) else None
    if not isinstance(token, str):
        raise RefusedError(f"{site.host} lets us in without a token")
    site.headers["Authorization"] = f"Bearer {token}"


def _push(site: Site, settings: CrowdsecSettings, sources: Mapping[str, str], now: datetime) -> None:
    """Decisions, some hundreds in one alert. Their time runs from the alert's end: that is now."""
    at = now.astimezone(UTC).replace(microsecond=0)
    left = {name: (datetime.fromisoformat(ends) - at).total_seconds() for name, ends in sources.items()}
    listed = [(name, ends) for name, ends in sources.items() if left[name] > 0]  # the others ended by themselves
    for first in range(0, len(listed), _AT_ONCE):
        some = listed[first : first + _AT_ONCE]
        decisions = []
        for name, ends in some:
            scope, value = _key(name)
            decisions.append({
                "duration": f"{left[name]:.0f}s", "origin": settings.origin, "type": settings.kind,
                "scenario": f"{_UNTIL}{ends}", "scope": scope, "value": value,
            })  # fmt: skip
        alert = {
            "scenario": "serjeant", "scenario_hash": "", "scenario_version": "", "capacity": 0, "leakspeed": "0",
            "message": f"{len(some):,} sources of a campaign of password guessing", "simulated": False,
            "events_count": len(some), "events": [], "start_at": at.isoformat(), "stop_at": at.isoformat(),
            "source": {"scope": "serjeant", "value": ""}, "decisions": decisions,
        }  # fmt: skip
        _said(site.ask("POST", "/v1/alerts", [alert]), "the machine's password")


def _delete(site: Site, everything: list[tuple[tuple[str, str], _Ours]], uids: set[int]) -> None:
    """All of a scenario in one go, where all of it goes; the others one by one."""
    by_scenario: dict[str, set[int]] = {}
    for _, each in everything:
        by_scenario.setdefault(each.scenario, set()).add(each.uid)
    for scenario, there in by_scenario.items():
        go = there & uids
        if go == there:
            _said(site.ask("DELETE", f"/v1/decisions?scenario={quoted(scenario)}"), "the machine's password")
            continue
        for uid in go:
            answer = site.ask("DELETE", f"/v1/decisions/{uid}")
            if answer.status != 404:
                _said(answer, "the machine's password")


def _said(answer: Answer, who: str) -> Any:
    if answer.status in (401, 403):
        raise RefusedError(f"{answer.host} does not let us in: {who} is not known there")
    if not answer.fine:
        raise RefusedError(f"{answer.host} refused it ({answer.status})")
    return answer.said


CONNECTOR = Connector(
    name="crowdsec",
    actions=("block_source",),
    settings=CrowdsecSettings,
    read=read,
    changes=changes,
    run=run,
    proven="tried against CrowdSec 1.4.6's local API",
    seconds=120,
)
