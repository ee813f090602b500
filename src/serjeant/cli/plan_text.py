"""plan_text: plans, measures and previews as people read them, and as tables."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from serjeant.model.measure import STAGES, Measure
from serjeant.report.text import plain

if TYPE_CHECKING:
    from serjeant.contain.preview import Preview
    from serjeant.contain.records import Plan
    from serjeant.contain.standing import House, Standing
    from serjeant.contain.targets import Target
    from serjeant.plan import Seen

_NAMES: Final = 8
_DEPARTMENTS: Final = 5


def shown(plan: Plan, house: House) -> Iterator[str]:
    """A plan, stage by stage; where a door stands open although it was to be shut, that comes first."""
    its = [it for it in house.measures.values() if it.plan.uid == plan.uid]
    yield from still_open(its)
    people = "1 person" if plan.needs == 1 else f"{plan.needs} people"
    yield f"{plan.uid}  {plain(plan.incident, 120)}; {people} must approve"
    for says in plan.dropped:
        yield f"    {plain(says, 120)}"
    for stage in STAGES:
        found = [it for it in its if it.measure.stage == stage]
        if found:
            yield f"\n{stage}"
            yield from listed(found)


def still_open(its: Iterable[Standing]) -> Iterator[str]:
    """One line: where what was approved is not so."""
    open_at = {it.measure.target: it.trouble or next(iter(it.failed.values()), "") for it in its if _open(it)}
    if open_at:
        says = "; ".join(f"{plain(target, 30)} ({plain(why, 80)})" for target, why in open_at.items())
        yield f"STILL OPEN: {says}"


def _open(it: Standing) -> bool:
    return it.approved and not it.ended and bool(it.trouble or it.failed)


def listed(its: Iterable[Standing]) -> Iterator[str]:
    """Measures, a line each."""
    for it in its:
        measure = it.measure
        yield (
            f"  {measure.uid:<7}{measure.action:<17}{plain(measure.target, 16):<17}{_whom(measure):<22}"
            f"until {measure.ends:%Y-%m-%d %H:%M}  {it.says}"
        )
        for what in (it.trouble, *_failures(it)):
            if what:
                yield f"         {plain(what, 110)}"
        for says in it.simulated:
            yield f"         simulated: {plain(says, 100)}"


def _failures(it: Standing) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for subject, why in it.failed.items():
        reasons.setdefault(why, []).append(subject)
    lost: dict[str, list[str]] = {}
    for step in it.steps:
        for subject, why in step.lost.items():
            lost.setdefault(why, []).append(subject)
    return [
        *(f"not done for {_some(subjects)}: {why}" for why, subjects in reasons.items()),
        *(f"not restored for {_some(subjects)}: {why}" for why, subjects in lost.items()),
    ]


def _some(subjects: Sequence[str]) -> str:
    more = f" and {len(subjects) - 3:,} more" if len(subjects) > 3 else ""
    return ", ".join(plain(each, 40) for each in subjects[:3]) + more


def _whom(measure: Measure) -> str:
    if not measure.subjects:
        spared = f", but {len(measure.spares):,}" if measure.spares else ""
        return f"everybody{spared}"
    kind = "account" if measure.of_accounts else "source"
    return f"{len(measure.subjects):,} {kind}{'s' if len(measure.subjects) > 1 else ''}"


def previewed(seen: Sequence[Seen], stages: Mapping[str, Preview], targets: Mapping[str, Target]) -> Iterator[str]:
    """What each measure would do, then each stage as a whole."""
    for each in seen:
        measure, target = each.measure, targets.get(each.measure.target)
        simulated = ", simulated" if target is not None and target.simulate else ""
        where = f"at {plain(measure.target, 30)}{simulated}"
        yield f"{measure.uid}  {measure.stage}: {measure.action}, {_whom(measure)}, {where}"
        if each.refused:
            yield f"  CANNOT BE DONE NOW: {plain(each.refused, 110)}"
        for change in each.changes:
            yield f"  would      {plain(change.says, 110)}"
            back = {"exact": "exact", "lossy": f"not all: {change.loses}", "one-way": f"none: {change.loses}"}
            yield f"  way back   {plain(back[change.quality], 110)}"
        if not each.changes and not each.refused:
            yield "  would      change nothing: all is so already"
        if measure.action in ("block_source", "close_remote", "contain_account"):
            yield from (f"  {line}" for line in effects(each.preview))
        yield f"  tells them {plain('; '.join(each.preview.reveals) or 'nothing that they do not see anyway', 110)}"
        yield ""
    for stage, whole in stages.items():
        yield f"{stage}, all of it"
        yield from (f"  {line}" for line in effects(whole))
        yield ""


def effects(it: Preview) -> Iterator[str]:
    """The figures of a replay."""
    yield f"stops      {_of(it.stopped)} of the tries from their own addresses, {_of(it.stopped_day)} on the last day"
    yield f"cuts off   {_of(it.logins)} of the honest sign-ins of the last 14 days"
    if it.accounts[0]:
        yield (
            f"           {_of(it.accounts)} of accounts; {it.signed_in:,} signed in now, "
            f"{it.only_remote:,} from wherever they came lately"
        )
    if it.departments:
        most = ", ".join(f"{plain(name, 30)} {count:,}" for name, count in it.departments[:_DEPARTMENTS])
        more = len(it.departments) - _DEPARTMENTS
        yield f"           {most}{f' and {more} more' if more > 0 else ''}"
    if it.first:
        names = ", ".join(plain(name, 30) for name in it.first[:_NAMES])
        more = len(it.first) - _NAMES
        yield f"will ring  {names}{f' and {more:,} more' if more > 0 else ''}"
    for says in it.cannot:
        yield f"not        {plain(says, 110)}"


def _of(pair: tuple[int, int]) -> str:
    part, whole = pair
    if not whole:
        return "0"
    share = 100 * part / whole
    told = "< 0.1" if 0 < share < 0.1 else "> 99.9" if 99.9 < share < 100 else f"{share:.1f}".removesuffix(".0")
    return f"{part:,} of {whole:,} ({told} %)"


def figures(it: Preview) -> dict[str, Any]:
    """A preview as JSON values."""
    pairs = {"stopped", "stopped_day", "logins", "accounts", "saved"}
    found = asdict(it)
    return {name: {"count": value[0], "of": value[1]} if name in pairs else value for name, value in found.items()} | {
        "departments": [{"department": name, "accounts": count} for name, count in it.departments],
    }


def as_json(seen: Sequence[Seen], stages: Mapping[str, Preview]) -> dict[str, Any]:
    """A plan's preview as JSON values."""
    return {
        "measures": [
            {
                "uid": each.measure.uid,
                "stage": each.measure.stage,
                "action": each.measure.action,
                "target": each.measure.target,
                "subjects": len(each.measure.subjects),
                "changes": [
                    {"says": it.says, "quality": it.quality, "loses": it.loses, "reveals": it.reveals}
                    for it in each.changes
                ],
                "refused": each.refused,
                "preview": figures(each.preview),
            }
            for each in seen
        ],
        "stages": {stage: figures(whole) for stage, whole in stages.items()},
    }


def rows(house: House, uid: str = "") -> list[dict[str, Any]]:
    """Measures as a table: of one plan, or all."""
    return [
        {
            "uid": it.measure.uid,
            "stage": it.measure.stage,
            "action": it.measure.action,
            "target": it.measure.target,
            "subjects": len(it.measure.subjects),
            "holds": len(it.done),
            "failed": len(it.failed),
            "state": it.says,
            "ends": it.measure.ends.isoformat(),
            "approved_by": ", ".join(it.approvers),
            "owner": it.measure.owner,
            "reason": it.measure.reason,
            "trouble": it.trouble,
        }
        for it in house.measures.values()
        if not uid or it.plan.uid == uid
    ]


def table(found: Sequence[Mapping[str, Any]], form: str) -> list[str]:
    """A table as JSON or as CSV that is safe in a spreadsheet."""
    if form == "json":
        return [json.dumps(list(found), indent=2)]
    if not found:
        return []
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(found[0])
    for row in found:
        writer.writerow([_cell(value) for value in row.values()])
    return text.getvalue().splitlines()


def _cell(value: Any) -> Any:
    """No cell is a formula."""
    text = plain(value, 200) if isinstance(value, str) else value
    return f"'{text}" if isinstance(text, str) and text[:1] in ("=", "+", "-", "@") else text
