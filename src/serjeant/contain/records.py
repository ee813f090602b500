"""records: plans, measures and changes as the ledger keeps them, and back.

Names of accounts become ``Name``s, so that they can be forgotten; subjects with the same before and after are kept
together, so that fifty thousand addresses are one line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from serjeant.model.measure import Change, Measure, Operation, Receipt, Shape
from serjeant.store.ledger import Name


@dataclass(frozen=True, slots=True)
class Plan:
    """Measures that go together, in stages.

    :param uid: ``P1``
    :param incident: what it answers: the campaigns, and since when, in a sentence
    :param needs: how many people must approve it
    :param dropped: what the guardrails took out, a sentence each
    """

    uid: str
    incident: str
    measures: tuple[Measure, ...]
    needs: int = 1
    dropped: tuple[str, ...] = ()


def plan_out(plan: Plan) -> dict[str, Any]:
    """A plan as the ledger's body."""
    return {
        "plan": plan.uid,
        "incident": plan.incident,
        "needs": plan.needs,
        "dropped": list(plan.dropped),
        "measures": [measure_out(each) for each in plan.measures],
    }


def plan_in(body: Mapping[str, Any]) -> Plan:
    """A plan out of the ledger's body."""
    measures = tuple(measure_in(each) for each in body["measures"])
    return Plan(body["plan"], body["incident"], measures, body["needs"], tuple(body["dropped"]))


def measure_out(it: Measure) -> dict[str, Any]:
    """A measure as JSON values."""
    return {
        "uid": it.uid,
        "action": it.action,
        "stage": it.stage,
        "target": it.target,
        "subjects": _names(it.subjects, it.of_accounts),
        "spares": [each if _network(each) else Name(each) for each in it.spares],
        "services": list(it.services),
        "ends": it.ends.isoformat(),
        "reason": it.reason,
        "owner": it.owner,
    }


def measure_in(body: Mapping[str, Any]) -> Measure:
    """A measure out of JSON values."""
    return Measure(
        uid=body["uid"],
        action=body["action"],
        stage=body["stage"],
        target=body["target"],
        subjects=tuple(str(each) for each in body["subjects"]),
        ends=datetime.fromisoformat(body["ends"]),
        reason=body["reason"],
        owner=body["owner"],
        spares=tuple(str(each) for each in body["spares"]),
        services=tuple(body["services"]),
    )


def change_out(it: Change, *, of_accounts: bool) -> dict[str, Any]:
    """A change as JSON values."""
    return {
        "says": it.says,
        "do": operation_out(it.do, of_accounts=of_accounts),
        "undo": None if it.undo is None else operation_out(it.undo, of_accounts=of_accounts),
        "quality": it.quality,
        "loses": it.loses,
        "reveals": it.reveals,
    }


def change_in(body: Mapping[str, Any]) -> Change:
    """A change out of JSON values."""
    undo = body["undo"]
    return Change(
        body["says"],
        operation_in(body["do"]),
        None if undo is None else operation_in(undo),
        body["quality"],
        body["loses"],
        body["reveals"],
    )


def operation_out(it: Operation, *, of_accounts: bool) -> dict[str, Any]:
    """An operation as JSON values: subjects by what is before and after."""
    groups: dict[str, tuple[Shape, Shape, list[str]]] = {}
    for subject, after in it.after.items():
        before = it.before.get(subject)
        groups.setdefault(repr((_sorted(before), _sorted(after))), (before, after, []))[2].append(subject)
    return {
        "verb": it.verb,
        "groups": [
            {"before": _shape_out(before), "after": _shape_out(after), "subjects": _names(subjects, of_accounts)}
            for before, after, subjects in groups.values()
        ],
    }


def operation_in(body: Mapping[str, Any]) -> Operation:
    """An operation out of JSON values."""
    before: dict[str, Shape] = {}
    after: dict[str, Shape] = {}
    for group in body["groups"]:
        was, shall = _shape_in(group["before"]), _shape_in(group["after"])
        for subject in group["subjects"]:
            before[str(subject)], after[str(subject)] = was, shall
    return Operation(before, after, body["verb"])


def receipt_out(it: Receipt, *, of_accounts: bool) -> dict[str, Any]:
    """A receipt as JSON values; failures by reason."""
    reasons: dict[str, list[str]] = {}
    for subject, why in it.failed.items():
        reasons.setdefault(why, []).append(subject)
    return {
        "done": _names(it.done, of_accounts),
        "failed": [{"why": why, "subjects": _names(subjects, of_accounts)} for why, subjects in reasons.items()],
        "unread": it.unread,
    }


def receipt_in(body: Mapping[str, Any]) -> Receipt:
    """A receipt out of JSON values."""
    failed = {str(subject): group["why"] for group in body["failed"] for subject in group["subjects"]}
    return Receipt(tuple(str(each) for each in body["done"]), failed, body["unread"])


def _names(subjects: Iterable[str], of_accounts: bool) -> list[str]:
    return [Name(each) for each in subjects] if of_accounts else list(subjects)


def _network(text: str) -> bool:
    return "/" in text and text.replace("/", "").replace(".", "").replace(":", "").isalnum()


def _sorted(shape: Shape) -> object:
    return None if shape is None else sorted(shape.items())


def _shape_out(shape: Shape) -> Any:
    return None if shape is None else {name: _listed(value) for name, value in shape.items()}


def _shape_in(shape: Any) -> Shape:
    return None if shape is None else {name: _tupled(value) for name, value in shape.items()}


def _listed(value: Any) -> Any:
    """Lists on a device are of networks and of people; either can be forgotten."""
    if isinstance(value, tuple):
        return [Name(each) if isinstance(each, str) else _listed(each) for each in value]
    return value


def _tupled(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)
    return tuple(_tupled(each) for each in value) if isinstance(value, Sequence) else value
