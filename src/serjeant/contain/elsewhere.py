"""elsewhere: what is asked of a program or service that somebody wrote for a place we do not know.

It is told subject by subject what was and what shall be, and says, asked, for which of them that is so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from serjeant.contain.connector import RefusedError, until, wanted
from serjeant.model.measure import ACTIONS, Change, Measure, Operation, Shape, State, agrees

_SAYS = {
    "arm": "makes things ready at {where}, refusing nothing",
    "block_source": "has {where} turn {n} sources away",
    "slow_guesses": "has {where} let guesses wait",
    "close_remote": "has {where} let nobody in from outside but {spares} networks and accounts",
    "contain_account": "has {where} turn away whoever signs in as one of {n} accounts",
    "end_sessions": "has {where} end the sessions of {n} accounts",
    "force_change": "has {where} make the owners of {n} accounts change their password",
    "revoke_tokens": "has {where} revoke the tokens of {n} accounts",
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What it can do.

    :param where: what it is called in sentences
    :param undoes: it can take back
    :param ends: it keeps when each subject ends, and ends it by itself
    """

    where: str
    undoes: bool
    ends: bool


def known(actions: Sequence[str]) -> None:
    """Refuses actions that are none.

    :raises ValueError: which names them
    """
    for action in actions:
        if action not in ACTIONS:
            raise ValueError(f"actions: {action!r} is none; there are {', '.join(ACTIONS)}")
    if not actions:
        raise ValueError("actions names none")


def changes(place: Elsewhere, measure: Measure, state: State) -> list[Change]:
    """One for all subjects of which it does not say that it is so."""
    shapes = {}
    for name in measure.subjects or (measure.action,):
        shape: dict[str, Any] = {"done": True}
        if place.ends:
            shape["until"] = until(state.get(name), measure)
        if measure.action == "close_remote":
            shape["spares"] = tuple(measure.spares)
        shapes[name] = shape
    says = _SAYS[measure.action].replace("{where}", place.where).replace("{spares}", f"{len(measure.spares):,}")
    return [_honest(place, each) for each in wanted(measure, state, shapes, says)]


def _honest(place: Elsewhere, change: Change) -> Change:
    reveals = "what whoever is turned away gets to see is not known here"
    if not place.undoes:
        loses = f"{place.where} has no way back: undo it by hand"
        return Change(change.says, change.do, None, "one-way", loses, reveals)
    loses = f"whether all is as it was is for {place.where} to see to"
    return Change(change.says, change.do, change.undo, "lossy", loses, reveals)


def left(operation: Operation, found: State | None) -> tuple[Operation, dict[str, str]]:
    """What is still to be done, and what is not since somebody changed it; all where nobody can be asked."""
    if found is None:
        return operation, {}
    todo = {name for name, shape in operation.after.items() if not agrees(found.get(name), shape)}
    changed = {name for name in todo if not agrees(found.get(name), operation.before.get(name))}
    return operation.only(frozenset(todo - changed)), dict.fromkeys(changed, "somebody changed it meanwhile")


def rows(operation: Operation) -> list[dict[str, Any]]:
    """What it is told of each subject."""
    return [
        {"subject": name, "before": operation.before.get(name), "after": shape}
        for name, shape in operation.after.items()
    ]


def end(ends: datetime) -> str:
    """When the measure ends, in words that anything can read."""
    return ends.astimezone(UTC).isoformat(timespec="seconds")


def shown(answered: Iterable[Any], subjects: Iterable[str]) -> dict[str, Shape]:
    """What it says of the subjects: those that it names are done, and as it says besides.

    :raises RefusedError: where it says something else
    """
    found: dict[str, Shape] = dict.fromkeys(subjects)
    for row in answered:
        if not isinstance(row, Mapping) or not isinstance(row.get("subject"), str):
            raise RefusedError("the check answers in words that we do not know")
        name = row["subject"]
        if name in found:
            rest = {key: _tupled(value) for key, value in row.items() if key != "subject"}
            found[name] = {"done": True, **rest}
    return found


def why(answered: Any, subjects: Iterable[str]) -> dict[str, str]:
    """Subjects that it says it could not do, with what it says of them, safe to print."""
    if not isinstance(answered, Mapping):
        return {}
    return {name: _printable(answered[name]) for name in subjects if name in answered}


def _printable(value: Any) -> str:
    text = value if isinstance(value, str) else "it says no"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text[:200])


def _tupled(value: Any) -> Any:
    return tuple(_tupled(each) for each in value) if isinstance(value, list) else value
