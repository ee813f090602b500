"""explain: from a claim down to the log lines, or from a line up to what each rule made of it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect import batch, parse
from serjeant.collect.batch import IGNORED, PARSED, Batch
from serjeant.collect.formats import generic
from serjeant.collect.known import envelopes, line_formats, wrappings
from serjeant.collect.source import Damaged, Input
from serjeant.collect.sources import files
from serjeant.collect.time import Clock
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
_HEAD: Final = 200
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


def tried(file: Path, settings: Settings, most: int) -> Iterator[str]:
    """What the rules make of each line of a file, and the share that was read."""
    lines = _lines_of(file, most)
    result = _judged(file, lines, settings)
    for position, text in enumerate(lines):
        yield f"{_verdict(result, position):<34} {plain(unspoken(text), _WIDTH)}"
    counts = [int((result.verdicts == kind).sum()) for kind in (PARSED, IGNORED, batch.UNPARSED)]
    known = counts[0] + counts[1]
    share = known / len(lines) if len(lines) else 0.0
    yield f"{len(lines)} lines: {counts[0]} read, {counts[1]} ignored by a rule, {counts[2]} unknown; {share:.1%} known"


def alone(file: Path, settings: Settings, most: int | None) -> Iterator[str]:
    """Each line judged by itself, whatever wrote it: a JSON object with the columns of a login, or ``null``."""
    clock = Clock(ZoneInfo(settings.timezone), datetime.now(UTC).year)
    left = most
    for lines in _blocks(file):
        some = lines if left is None else lines.head(left)
        read = parse.parse_lines(some, line_formats(), envelopes(), clock, wrappings=wrappings(), anybodys=True)
        rows = {row.pop("line"): row for row in _shown(read.rows).iter_rows(named=True)}
        for position in range(len(some)):
            row = rows.get(position)
            yield json.dumps({name: value for name, value in row.items() if value is not None}) if row else "null"
        if left is not None:
            left -= len(some)
            if not left:
                return


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    """What may be shown of logins: no fingerprint of a guess."""
    time = pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")
    # PAM speaks beside a daemon that tells of the attempt itself.
    rows = rows.filter(pl.col("witness").ne_missing("pam"))
    rows = rows.unique("line", keep="first", maintain_order=True)
    return rows.with_columns(time, *source_of(rows["src_ip"])).drop("guess_site", "guess_account")


def _incident(out: Path) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads((out / "incident.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableError(
            "there is no investigation here", where=str(out), hint="run: serjeant investigate PATH… --out " + str(out)
        ) from error
    return answer


def _line(file: Path, number: int, settings: Settings) -> Iterator[str]:
    lines = _lines_of(file, number)
    if len(lines) < number:
        raise UsageError(f"the file has {len(lines)} lines", where=f"{file}:{number}", hint="name one of them")
    text = lines[number - 1]
    head = pl.concat([lines.head(1), pl.Series([text])]) if number > 1 else lines.head(1)
    result = _judged(file, head, settings)
    position = len(head) - 1
    yield plain(unspoken(text), 4 * _WIDTH)
    yield f"  {_verdict(result, position)}"
    for row in result.rows.filter(pl.col("line") == position).iter_rows(named=True):
        for name, value in row.items():
            if value is not None and name not in {"line", "guess_site", "guess_account"}:
                yield f"  {name:<14} {plain(str(value), _WIDTH)}"
    for form in line_formats():
        for rule in form.rules:
            message = _message(text)
            if message is not None and rule.prefix and message.startswith(rule.prefix):
                fits = bool(pl.Series([message]).str.contains(rule.pattern)[0])
                yield f"  {'fits' if fits else 'begins like, but does not fit'}: {form.name}:{rule.name}"


def _message(text: str) -> str | None:
    for envelope in envelopes():
        header = pl.Series([text]).str.extract(envelope.pattern, 1)[0]
        if header is not None:
            return text.removeprefix(header)
    return None


def _lines_of(file: Path, most: int) -> pl.Series:
    """The first lines of a file, as many as wanted."""
    parts, count = [], 0
    for lines in _blocks(file):
        parts.append(lines)
        count += len(lines)
        if count >= most:
            break
    return pl.concat(parts).head(most) if parts else pl.Series([], dtype=pl.String)


def _blocks(file: Path) -> Iterator[pl.Series]:
    """The lines of a file, or of what is piped in (``-``)."""
    given = Input("standard input", None, None, 0) if str(file) == "-" else Input(str(file), file, None, 0)
    try:
        with files.open_input(given) as stream:
            for block in files.blocks(stream, size=1 << 20):
                yield block.lines
    except Damaged as damage:
        raise UnreadableError(damage.says, where=given.name, hint="name another file") from damage


def _judged(file: Path, lines: pl.Series, settings: Settings) -> Batch:
    zone = ZoneInfo(settings.timezone)
    written = file.stat().st_mtime if file.is_file() else None
    clock = Clock(zone, (datetime.fromtimestamp(written, UTC) if written else datetime.now(UTC)).year)
    formats = (*generic.formats(settings.generic, zone), *line_formats())
    table = parse.table_format(formats, file.name, lines.head(_HEAD))
    if table is not None:
        return parse.parse_table(lines, table, "\n".join(lines.head(_HEAD)), clock)
    known = sorted(envelopes(), key=lambda each: -int(lines.head(_HEAD).str.contains(each.pattern).sum()))
    return parse.parse_lines(lines, formats, known, clock, wrappings=wrappings())


def _verdict(result: Batch, position: int) -> str:
    index = int(result.explained[position])
    if index < 0:
        return "unknown: no rule fits"
    name = result.rule_names[index]
    if name.startswith("other:"):
        return f"ignored: {plain(name.removeprefix('other:'), 20)} signs nobody in"
    return f"{'read' if result.verdicts[position] == PARSED else 'ignored'}: {name}"


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
