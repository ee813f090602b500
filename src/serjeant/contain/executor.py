"""executor: the only place that acts on the world.

A pass goes over all measures and brings each nearer to where it should be: carried out, retried, extended, taken back.
What will be done, and the way back from it, is in the ledger before it is done; what became of it is read back from the
device, never taken on trust. Killed at any moment, the next pass finds what was begun, reads, and goes on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from serjeant.contain import guardrails, held
from serjeant.contain.connector import RefusedError
from serjeant.contain.guardrails import Guarded
from serjeant.contain.places import GivenUpError, Places
from serjeant.contain.records import change_out, receipt_out
from serjeant.contain.standing import KINDS, House, Standing, Step, handed, standing
from serjeant.contain.targets import Target
from serjeant.errors import SerjeantError
from serjeant.model.measure import Change, Measure, Operation, Receipt, agrees
from serjeant.store.ledger import Ledger, Name

ACTOR: Final = "serjeant act"
UNKNOWN: Final = "it is not known whether this was done: look, then revert or propose it again"
LYING: Final = "it answered that this was done, and does not show it"
CHANGED: Final = "somebody changed it meanwhile; left as it is"
SECOND: Final = "touches more accounts in an hour than one approval is enough for: a second person must approve"
KEPT: Final = "somebody changed it since; left as it is"


@dataclass
class Executor:
    """Carries out what stands in the ledger.

    :param keep: asks what the guardrails keep now, for a measure
    :param allowed: accounts an hour that one approval is enough for
    :param tick: told of each measure that was worked on, with its state
    """

    ledger: Ledger
    targets: Mapping[str, Target]
    keep: Callable[[Standing], Guarded]
    allowed: int
    clock: Callable[[], datetime]
    tick: Callable[[Standing], None] = lambda _: None
    _places: Places = field(default_factory=Places)
    _floor: datetime | None = None

    def act(self) -> House:
        """One pass over all measures, each target by itself, all at once.

        :return: what stands after it
        """
        with self.ledger.acting():
            self._floor = self.ledger.last_at()
            house = standing(self.ledger.entries(KINDS))
            work: dict[str, list[Standing]] = {}
            for each in house.measures.values():
                if not each.ended and (each.approved or each.began_at is not None):
                    work.setdefault(each.measure.target, []).append(each)
            waits = held.waiting(house, self._now(), self.allowed)
            jobs = {name: partial(self._bring_all, measures, house, waits) for name, measures in work.items()}
            seconds = {name: self._seconds(name) * len(measures) for name, measures in work.items()}
            for name in self._places.work(jobs, seconds):
                for each in work[name]:
                    if each.says not in ("standing", "ended"):
                        self._trouble(each, f"{name} does not answer within {seconds[name]:g} s")
            return standing(self.ledger.entries(KINDS))

    def _seconds(self, name: str) -> float:
        target = self.targets.get(name)
        return 30.0 if target is None else target.connector.seconds

    def _bring_all(self, measures: Sequence[Standing], house: House, waits: frozenset[str]) -> None:
        """What comes off goes before what goes on, so that the second stands on what is there."""
        for it in sorted(measures, key=lambda each: not each.over(self._now())):
            self._bring(it, house, waits)
            self.tick(it)

    def _bring(self, it: Standing, house: House, waits: frozenset[str]) -> None:
        """One measure nearer to where it should be."""
        target = self.targets.get(it.measure.target)
        if target is None:
            self._trouble(it, f"there is no target {it.measure.target!r} in the settings")
            return
        try:
            if it.began_at is not None:
                self._resume(it, target)
            if it.over(self._now()):
                self._take_back(it, target, house, None)
                return
            back = it.done & (it.released or set())
            if back:
                self._take_back(it, target, house, back)
            if it.measure.uid in waits:
                self._trouble(it, SECOND)
            else:
                self._carry_out(it, target, house)
        except RefusedError as error:
            self._trouble(it, f"{target.name}: {error}")
        except (SerjeantError, GivenUpError):
            raise
        except Exception as error:  # noqa: BLE001 - a fault of one connector must not keep the other doors open
            self._trouble(it, f"{target.name}: {type(error).__name__}: {error}")

    def _now(self) -> datetime:
        """Never before what the ledger says already, whatever the clock does."""
        now = self.clock()
        return now if self._floor is None else max(now, self._floor)

    def _carry_out(self, it: Standing, target: Target, house: House) -> None:
        """What it wants and is not so yet."""
        fresh = it.began_at is None or it.dirty
        again = {subject for subject, why in it.failed.items() if why != UNKNOWN}
        if not fresh and not again:
            return
        measure, dropped = guardrails.guarded(it.wanted, self.keep(it))
        if measure is None:
            self._trouble(it, f"held back by {dropped[0].rule}: {dropped[0].subject} {dropped[0].says}")
            return
        if not fresh:
            measure = replace(measure, subjects=tuple(each for each in measure.subjects if each in again))
            if it.measure.subjects and not measure.subjects:
                return
        connector = target.connector
        state = connector.read(target.settings, measure)
        changes = connector.changes(target.settings, measure, state)
        if target.simulate:
            self._simulated(it, changes)
            return
        changes += held.claims(it, measure, state, changes, house)
        named = measure.names_people
        says = [change_out(each, of_accounts=named) for each in changes]
        first = len(it.steps)
        self._append("began", it, {"changes": says}, measure.reason)
        it.steps += [Step(each) for each in changes]
        it.began_at, it.dirty, it.trouble = it.began_at or self._now(), False, ""
        for position, change in enumerate(changes, first):
            self._receipt(it, position, self._settle(target, measure, change.do, resumed=False))
        self._join(it, first)

    def _join(self, it: Standing, first: int) -> None:
        """What was changed once more has one way back: to what was there at first."""
        for position in range(first):
            for later in range(first, len(it.steps)):
                self._hand(it, position, it, later, it.steps[position].done, only=False)

    def _hand(self, it: Standing, position: int, other: Standing, later: int, mine: set[str], *, only: bool) -> None:
        """What one step did and another stands on becomes the other's, with the way back."""
        both = held.inherits(it.steps[position], other.steps[later], mine, only=only)
        if both:
            body = {
                "step": position,
                "to": other.measure.uid,
                "to_step": later,
                "subjects": _named(sorted(both), it.measure),
            }
            self._append("handed", it, body, f"{other.measure.uid} holds it")
            handed(it.steps[position], other.steps[later], both)

    def _resume(self, it: Standing, target: Target) -> None:
        """What was begun and has no receipt: the process died over it."""
        for position, step in enumerate(it.steps):
            if not step.answered:
                self._receipt(it, position, self._settle(target, it.measure, step.change.do, resumed=True))

    def _settle(self, target: Target, measure: Measure, wanted: Operation, *, resumed: bool) -> Receipt:
        """Runs what is not so yet, where the device still shows what was read, and reads back."""
        connector, subjects = target.connector, frozenset(wanted.after)
        if not target.reads_back:
            if resumed:
                return Receipt((), dict.fromkeys(subjects, UNKNOWN), unread=True)
            self._places.stay(target.name)
            try:
                connector.run(target.settings, wanted, measure.ends, self._now())
            except RefusedError as error:
                each = error.each or dict.fromkeys(subjects, str(error))
                return Receipt(tuple(sorted(subjects - each.keys())), each, unread=True)
            return Receipt(tuple(sorted(subjects)), unread=True)
        about = replace(measure, subjects=tuple(sorted(subjects))) if measure.subjects else measure
        state = connector.read(target.settings, about)
        todo = {name for name in subjects if not agrees(state.get(name), wanted.after[name])}
        others = {name for name in todo if not agrees(state.get(name), wanted.before[name])}
        failed: dict[str, str] = dict.fromkeys(others, CHANGED)
        why: Mapping[str, str] = {}
        refused = ""
        if todo - others:
            self._places.stay(target.name)
            try:
                connector.run(target.settings, wanted.only(frozenset(todo - others)), measure.ends, self._now())
            except RefusedError as error:
                refused, why = str(error), error.each
            state = connector.read(target.settings, about)
            for name in todo - others:
                if not agrees(state.get(name), wanted.after[name]):
                    failed[name] = why.get(name) or refused or LYING
        return Receipt(tuple(sorted(subjects - failed.keys())), failed)

    def _take_back(self, it: Standing, target: Target, house: House, wanted: set[str] | None) -> None:
        """All of it, or some subjects; from the last change to the first. What another measure holds too stays."""
        for position in range(len(it.steps)):
            mine = it.done if wanted is None else wanted
            for other, later, only in held.heirs(it, house):
                self._hand(it, position, other, later, mine, only=only)
        for position in reversed(range(len(it.steps))):
            step = it.steps[position]
            subjects = step.done if wanted is None else step.done & wanted
            if subjects:
                self._undone(it, position, self._settle_back(target, it.measure, step, frozenset(subjects)))
        if wanted is None and not it.done:
            it.ended = True
            self._append("ended", it, {}, "its time is over" if it.released is not None else "taken back")

    def _settle_back(self, target: Target, measure: Measure, step: Step, subjects: frozenset[str]) -> Receipt:
        if step.change.undo is None:
            return Receipt((), dict.fromkeys(subjects, step.change.loses or "there is no way back"))
        idle = subjects & step.claims
        if idle == subjects:
            return Receipt(tuple(sorted(idle)))
        back = self._settle(target, measure, step.change.undo.only(subjects - idle), resumed=False)
        back = replace(back, done=tuple(sorted({*back.done, *idle})))
        return replace(back, failed={name: KEPT if why == CHANGED else why for name, why in back.failed.items()})

    def _receipt(self, it: Standing, position: int, receipt: Receipt) -> None:
        step = it.steps[position]
        body = {"step": position, "receipt": receipt_out(receipt, of_accounts=it.measure.names_people)}
        self._append("receipt", it, body, step.change.says)
        step.answered = True
        step.done |= set(receipt.done)
        step.failed = {name: why for name, why in {**step.failed, **receipt.failed}.items() if name not in receipt.done}

    def _undone(self, it: Standing, position: int, receipt: Receipt) -> None:
        step = it.steps[position]
        final = step.change.undo is None or all(why == KEPT for why in receipt.failed.values())
        body = {
            "step": position,
            "receipt": receipt_out(receipt, of_accounts=it.measure.names_people),
            "final": final,
        }
        self._append("undone", it, body, it.measure.reason)
        step.done -= set(receipt.done)
        if final:
            step.done -= set(receipt.failed)
            step.lost |= receipt.failed
        elif receipt.failed:
            self._trouble(it, next(iter(receipt.failed.values())))

    def _simulated(self, it: Standing, changes: Iterable[Change]) -> None:
        says = tuple(each.says for each in changes) or ("all is so already",)
        if it.simulated != says:
            it.simulated = says
            self._append("simulated", it, {"says": list(says)}, it.measure.reason)

    def _trouble(self, it: Standing, why: str) -> None:
        if it.trouble != why:
            it.trouble = why
            self._append("trouble", it, {"why": why}, it.measure.reason)

    def _append(self, kind: str, it: Standing, body: Mapping[str, object], reason: str) -> None:
        self.ledger.append(kind, {"measure": it.measure.uid, **body}, actor=ACTOR, reason=reason, now=self._now())


def _named(subjects: Sequence[str], measure: Measure) -> list[str]:
    return [Name(each) for each in subjects] if measure.names_people else list(subjects)
