"""held: what several measures hold at the same place, and what must wait; pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from serjeant.contain.guardrails import too_many
from serjeant.contain.standing import House, Standing, Step
from serjeant.model.measure import Change, Measure, Operation, Shape, State, agrees

_HOUR: Final = timedelta(hours=1)


def claims(it: Standing, measure: Measure, state: State, changes: Sequence[Change], house: House) -> list[Change]:
    """Subjects that are so already by another measure of ours: held by both, so that the first to end leaves them."""
    mine = {name for change in changes for name in change.do.after}
    found: dict[str, Shape] = {}
    for other in _beside(it, house):
        for step in other.steps:
            if step.change.do.verb != measure.action:
                continue
            held = step.now
            for name in step.done & set(measure.subjects) - mine:
                if agrees(state.get(name), held[name]):
                    found[name] = held[name]
    if not found:
        return []
    do = Operation(found, found, measure.action)
    return [Change("another measure holds it already; both do now", do, do)]


def heirs(it: Standing, house: House) -> Iterator[tuple[Standing, int, bool]]:
    """Steps of other measures that may stand on what this one did.

    Those come first that hold it as it is; what was built on top of it stands on them then.

    :return: (measure, which step, only what it holds as it is)
    """
    for only in (True, False):
        for other in _beside(it, house):
            for position in range(len(other.steps)):
                yield other, position, only


def inherits(step: Step, theirs: Step, mine: set[str], *, only: bool) -> set[str]:
    """Which of the subjects that one step did another stands on.

    :param mine: of the first step's
    :param only: those that the other holds as they are
    """
    if theirs.change.do.verb != step.change.do.verb:
        return set()
    before, after = theirs.change.do.before, step.change.do.after
    both = (mine & theirs.done & step.done) - step.claims
    if only:
        both &= theirs.claims
    return {name for name in both if before.get(name) == after[name]}


def waiting(house: House, now: datetime, allowed: int) -> frozenset[str]:
    """Measures that would touch more accounts within the hour than one approval is enough for."""
    ours = [each for each in house.measures.values() if each.measure.of_accounts]
    lately = sum(
        len(each.measure.subjects) for each in ours if each.began_at is not None and now - each.began_at < _HOUR
    )
    held = set()
    for each in ours:
        if not each.approved or each.began_at is not None or each.ended or each.over(now):
            continue
        if len(each.approvers) < 2 and too_many(len(each.measure.subjects), lately, allowed):
            held.add(each.measure.uid)
        else:
            lately += len(each.measure.subjects)
    return frozenset(held)


def _beside(it: Standing, house: House) -> Iterator[Standing]:
    for other in house.measures.values():
        if other is not it and not other.ended and other.measure.target == it.measure.target:
            yield other
