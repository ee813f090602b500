"""explain: from a claim down to the log lines, or from a line up to what each rule made of it."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl

from serjeant.collect.known import envelopes, formats
from serjeant.collect.near import near
from serjeant.collect.trial import Trial, tried
from serjeant.config import Settings
from serjeant.detect import lines as evidence_lines
from serjeant.directory.names import normalise
from serjeant.directory.names import plain as as_typed
from serjeant.directory.networks import source_of
from serjeant.errors import UnreadableError, UsageError
from serjeant.report.text import plain, unspoken
from serjeant.store.engine import Engine
from serjeant.store.lake import Lake

_PLACE: Final = re.compile(r"^(.+):([1-9][0-9]*)$")
_CAMPAIGN: Final = re.compile(r"^C[1-9][0-9]*$")
_SHOWN: Final = 20
_WIDTH: Final = 160


def explain(thing: str, out: Path, settings: Settings, *, as_json: bool = False) -> Iterator[str]:
    """Tells why, line by line.

    :param thing: an account, a source, a campaign's uid, or ``file:line``
    :param out: the folder of the investigation
    :raises UsageError: when it is none of these
    :raises UnreadableError: when there is no investigation, or no such file
    """
    place = _PLACE.match(thing)
    if place and Path(place.group(1)).is_file():
        yield from _line(Path(place.group(1)), int(place.group(2)), settings)
        return
    incident = _incident(out)
    if _CAMPAIGN.match(thing):
        yield from _campaign(thing, incident)
        return
    yield from _who(thing, out, settings, incident, as_json=as_json)


def _incident(out: Path) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads((out / "incident.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableError(
            "there is no investigation here", where=str(out), hint="run: serjeant investigate PATH… --out " + str(out)
        ) from error
    return answer


def _line(file: Path, number: int, settings: Settings) -> Iterator[str]:
    trial = tried(file, settings, number, only=number - 1)
    position = len(trial.lines) - 1
    if position != min(number, 2) - 1:
        raise UsageError("the file has fewer lines", where=f"{file}:{number}", hint="name one of them")
    text = trial.lines[position]
    yield plain(unspoken(text), 4 * _WIDTH)
    yield f"  {verdict(trial, position)}"
    for name, value in trial.logins().get(position, {}).items():
        if value is not None:
            yield f"  {name:<14} {plain(str(value), _WIDTH)}"
    known = formats(settings)
    for rule, _, fits in near(text, known, envelopes(known)):
        yield f"  {'fits' if fits else 'begins like, but does not fit'}: {rule}"


def verdict(trial: Trial, position: int) -> str:
    """What became of a line, in a few words."""
    if position in trial.oversized:
        return "unknown: longer than 64 KiB"
    name = trial.rule(position)
    if not name:
        return "unknown: no rule fits"
    if name.startswith("other:"):
        return f"ignored: {plain(name.removeprefix('other:'), 20)} signs nobody in"
    return f"{'read' if trial.was_read(position) else 'ignored'}: {name}"


def _campaign(uid: str, incident: dict[str, Any]) -> Iterator[str]:
    found = next((each for each in incident["campaigns"] if each["uid"] == uid), None)
    if found is None:
        known = ", ".join(each["uid"] for each in incident["campaigns"]) or "none"
        raise UsageError(f"there is no campaign {uid}", hint=f"there is: {known}")
    yield f"{uid}  {', '.join(found['techniques'])}  {found['first_seen']} to {found['last_seen']}"
    yield f"  the evidence sufficed at {found['detected_at']}"
    yield f"  {found['attempts']} attempts, {found['failures']} failed, on {found['accounts_tried']} accounts"
    for evidence in found["evidence"]:
        yield f"  {evidence['test']}: {plain(evidence['says'], _WIDTH)}"
    yield f"  {len(found['sources'])} sources of its own, {len(found['shared_sources'])} shared with honest people"
    for source in islice(found["sources"], _SHOWN):
        yield f"    {source}"
    if len(found["sources"]) > _SHOWN:
        yield f"    and {len(found['sources']) - _SHOWN} more: see incident.json"
    fallen = [each for each in incident["accounts"] if each["campaign"] == uid]
    for each in islice(fallen, _SHOWN):
        yield f"  {each['assessment']} {each['certainty']}: {plain(each['account'], 60)}"
    yield "  down to the lines: serjeant explain ACCOUNT or SOURCE"


def _who(thing: str, out: Path, settings: Settings, incident: dict[str, Any], *, as_json: bool) -> Iterator[str]:
    """An account or a source: what is claimed of it, then its log lines."""
    source = source_of(pl.Series([thing.partition("/")[0] if "/64" in thing else thing]))["source"][0]
    names = pl.Series([thing])
    exact, user = as_typed(names)[0], normalise(names, frozenset(settings.domains))[0]
    lake = Lake(out / "lake")
    places = [place for day in lake.days() if (place := lake.table("logins", day)).exists()]
    if not places:
        raise UnreadableError("there are no sign-ins here", where=str(out), hint="run: serjeant investigate PATH…")
    engine = Engine(lake.path)
    try:
        engine.bind("logins", places)
        wanted = {"user": [exact, user], "source": [source, source]}
        engine.bind_rows("wanted", pl.DataFrame(wanted, {"user": pl.String, "source": pl.String}))
        key, expression = ("of sources", evidence_lines.of_sources) if source else ("of users", evidence_lines.of_users)
        logins = engine.rows(key, expression)
    finally:
        engine.close()
    if source is None and exact in logins["user"]:
        user, logins = exact, logins.filter(user=exact)
    if not len(logins):
        raise UsageError(
            f"{plain(thing)} is no account, source, campaign or FILE:LINE that was seen",
            hint="see the names in incident.json",
        )
    if as_json:
        yield from logins.write_ndjson().splitlines()
        return
    yield from _claims(source or user, incident, is_source=source is not None)
    yield from _told(logins, is_source=source is not None)


def _claims(name: str, incident: dict[str, Any], *, is_source: bool) -> Iterator[str]:
    yield plain(name)
    if is_source:
        for each in incident["campaigns"]:
            for kind, says in (("sources", "is a source of"), ("shared_sources", "is shared by honest people and")):
                if name in each[kind]:
                    yield f"  {says} {each['uid']}; see: serjeant explain {each['uid']}"
        return
    mine = [each for each in incident["accounts"] if each["account"] == name]
    for each in mine:
        yield f"  {each['assessment']}, {each['certainty']}, by {each['campaign']}"
        for reason in each["why"]:
            yield f"  {plain(reason['says'], _WIDTH)}  {plain(reason['log'], 80)}"
        if each["reaches"]:
            yield f"  opens {', '.join(plain(reach, 40) for reach in each['reaches'])}"
    by = [each["uid"] for each in incident["campaigns"] if name in each["accounts"]]
    if not mine:
        yield f"  targeted by {', '.join(by)}; nothing shows that it fell" if by else "  untouched by any campaign"


def _told(logins: pl.DataFrame, *, is_source: bool) -> Iterator[str]:
    """Successes and failures by day, then the lines: the first, and the last."""
    counts = logins.group_by("outcome").agg(pl.col("count").sum()).sort("outcome")
    yield "  " + ", ".join(f"{count} {outcome}" for outcome, count in counts.iter_rows())
    other = "user" if is_source else "source"
    shown = logins if len(logins) <= 2 * _SHOWN else pl.concat([logins.head(_SHOWN), logins.tail(_SHOWN)])
    for position, row in enumerate(shown.iter_rows(named=True)):
        if position == _SHOWN and len(logins) > 2 * _SHOWN:
            yield f"  … {len(logins) - 2 * _SHOWN} more (--json prints all)"
        yield (
            f"  {row['time']:%Y-%m-%d %H:%M:%S}  {row['outcome']:<10} {row['service'] or '':<6} "
            f"{plain(row[other] or '', 40):<40} {plain(row['log'], 60)}:{row['log_offset']}"
        )
