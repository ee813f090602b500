"""executor: the only place that acts on the world.

A pass goes over all measures and brings each nearer to where it should be: carried out, retried, extended, taken back.
What will be done, and the way back from it, is in the ledger before it is done; what became of it is read back from the
device, never taken on trust. Killed at any moment, the next pass finds what was begun, reads, and goes on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from queue import SimpleQueue
from threading import Thread
from typing import Final

from serjeant.contain import guardrails
from serjeant.contain.connector import RefusedError
from serjeant.contain.guardrails import Guarded
from serjeant.contain.records import change_out, receipt_out
from serjeant.contain.standing import KINDS, House, Standing, Step, handed, standing
from serjeant.contain.targets import Target
from serjeant.errors import SerjeantError
from serjeant.model.measure import Change, Measure, Operation, Receipt, Shape, State, agrees
from serjeant.store.ledger import Ledger, Name

ACTOR: Final = "serjeant act"
UNKNOWN: Final = "it is not known whether this was done: look, then revert or propose it again"
LYING: Final = "it answered that this was done, and does not show it"
CHANGED: Final = "somebody changed it meanwhile; left as it is"
SECOND: Final = "touches more accounts in an hour than one approval is enough for: a second person must approve"
KEPT: Final = "somebody changed it since; left as it is"
_HOUR: Final = timedelta(hours=1)


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
    _hanging: dict[str, Thread] = field(default_factory=dict)
    _faults: list[SerjeantError] = field(default_factory=list)
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
            held = self._second_approval(house)
            done: SimpleQueue[str] = SimpleQueue()
            for name, measures in work.items():
                self._start(name, measures, house, held, done)
            self._wait(work, done)
            if self._faults:
                raise self._faults.pop()
            return standing(self.ledger.entries(KINDS))

    def _start(
        self, name: str, measures: list[Standing], house: House, held: frozenset[str], done: "SimpleQueue[str]"
    ) -> None:
        earlier = self._hanging.get(name)
        if earlier is not None and earlier.is_alive():
            return

        def run() -> None:
            try:
                # What comes off goes before what goes on, so that the second stands on what is there.
                for it in sorted(measures, key=lambda each: not self._over(each)):
                    self._bring(it, house, held)
                    self.tick(it)
            except SerjeantError as error:  # the ledger cannot be written: nobody may act
                self._faults.append(error)
            finally:
                done.put(name)

        self._hanging[name] = Thread(target=run, name=f"target {name}", daemon=True)
        self._hanging[name].start()

    def _wait(self, work: Mapping[str, Sequence[Standing]], done: "SimpleQueue[str]") -> None:
        """A place that hangs keeps nobody else waiting, and is told of."""
        import time
        from queue import Empty

        began = time.monotonic()
        left = set(work)
        while left:
            limits = {name: self._seconds(name) * max(1, len(work[name])) for name in left}
            wait = began + min(limits.values()) - time.monotonic()
            try:
                left.discard(done.get(timeout=max(wait, 0.01)))
            except Empty:
                for name in [name for name, limit in limits.items() if time.monotonic() - began >= limit]:
                    left.discard(name)
                    for each in work[name]:
                        if each.says not in ("standing", "ended"):
                            self._trouble(each, f"{name} does not answer within {limits[name]:g} s")

    def _seconds(self, name: str) -> float:
        target = self.targets.get(name)
        return 30.0 if target is None else target.connector.seconds

    def _over(self, it: Standing) -> bool:
        return it.released is None or it.measure.ends <= self._now()

    def _bring(self, it: Standing, house: House, held: frozenset[str]) -> None:
        """One measure nearer to where it should be."""
        target = self.targets.get(it.measure.target)
        if target is None:
            self._trouble(it, f"there is no target {it.measure.target!r} in the settings")
            return
        try:
            if it.began_at is not None:
                self._resume(it, target)
            if self._over(it) or it.released:
                self._take_back(it, target, house)
            elif it.measure.uid in held:
                self._trouble(it, SECOND)
            else:
                self._carry_out(it, target, house)
        except RefusedError as error:
            self._trouble(it, f"{target.name}: {error}")
        except SerjeantError:
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
        measure, dropped = guardrails.guarded(it.measure, self.keep(it))
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
        changes += _claims(it, measure, state, changes, house)
        of_accounts = measure.of_accounts
        says = [change_out(each, of_accounts=of_accounts) for each in changes]
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
                self._splice(it, position, it, later, it.steps[position].done)

    def _splice(self, it: Standing, position: int, other: Standing, later: int, mine: set[str]) -> None:
        """What one step did and another stands on becomes the other's, with the way back."""
        step, theirs = it.steps[position], other.steps[later]
        if theirs.change.do.verb != step.change.do.verb:
            return
        before, after = theirs.change.do.before, step.change.do.after
        both = {name for name in (mine & theirs.done) - step.claims if before.get(name) == after[name]}
        if both:
            body = {
                "step": position,
                "to": other.measure.uid,
                "to_step": later,
                "subjects": _named(sorted(both), it.measure),
            }
            self._append("handed", it, body, f"{other.measure.uid} holds it")
            handed(step, theirs, both)

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
            connector.run(target.settings, wanted, measure.ends, self._now())
            return Receipt(tuple(sorted(subjects)), unread=True)
        about = replace(measure, subjects=tuple(sorted(subjects))) if measure.subjects else measure
        state = connector.read(target.settings, about)
        todo = {name for name in subjects if not agrees(state.get(name), wanted.after[name])}
        others = {name for name in todo if not agrees(state.get(name), wanted.before[name])}
        failed: dict[str, str] = dict.fromkeys(others, CHANGED)
        why: Mapping[str, str] = {}
        refused = ""
        if todo - others:
            try:
                connector.run(target.settings, wanted.only(frozenset(todo - others)), measure.ends, self._now())
            except RefusedError as error:
                refused, why = str(error), error.each
            state = connector.read(target.settings, about)
            for name in todo - others:
                if not agrees(state.get(name), wanted.after[name]):
                    failed[name] = why.get(name) or refused or LYING
        return Receipt(tuple(sorted(subjects - failed.keys())), failed)

    def _take_back(self, it: Standing, target: Target, house: House) -> None:
        """All of it, or the subjects that somebody wants back; from the last change to the first."""
        wanted = None if self._over(it) else it.released
        if it.began_at is not None:
            self._hand_over(it, wanted, house)
            for position in reversed(range(len(it.steps))):
                step = it.steps[position]
                subjects = step.done if wanted is None else step.done & wanted
                if subjects:
                    self._undone(it, position, self._settle_back(target, it.measure, step, frozenset(subjects)))
        if wanted is None and not it.done:
            it.ended = True
            self._append("ended", it, {}, "its time is over" if it.released is not None else "taken back")
        elif wanted is not None:
            it.released -= wanted - it.done  # type: ignore[operator]

    def _settle_back(self, target: Target, measure: Measure, step: Step, subjects: frozenset[str]) -> Receipt:
        if step.change.undo is None:
            return Receipt((), dict.fromkeys(subjects, step.change.loses or "there is no way back"))
        idle = subjects & step.claims
        if idle == subjects:
            return Receipt(tuple(sorted(idle)))
        back = self._settle(target, measure, step.change.undo.only(subjects - idle), resumed=False)
        back = replace(back, done=tuple(sorted({*back.done, *idle})))
        return replace(back, failed={name: KEPT if why == CHANGED else why for name, why in back.failed.items()})

    def _hand_over(self, it: Standing, wanted: set[str] | None, house: House) -> None:
        """What another measure holds as well stays, and the way back becomes its own.

        Those come first that hold it as it is; what was built on top of it stands on them then.
        """
        others = [each for each in house.measures.values() if each is not it and not each.ended]
        for position, step in enumerate(it.steps):
            mine = step.done if wanted is None else step.done & wanted
            for other in others:
                if other.measure.target == it.measure.target:
                    for later, theirs in enumerate(other.steps):
                        self._splice(it, position, other, later, mine & step.done & theirs.claims)
            for other in others:
                if other.measure.target == it.measure.target:
                    for later in range(len(other.steps)):
                        self._splice(it, position, other, later, mine & step.done)

    def _second_approval(self, house: House) -> frozenset[str]:
        """Measures that would touch too many accounts within the hour."""
        now = self._now()
        lately = sum(
            len(each.measure.subjects)
            for each in house.measures.values()
            if each.measure.of_accounts and each.began_at is not None and now - each.began_at < _HOUR
        )
        held = set()
        for each in house.measures.values():
            fresh = each.approved and each.began_at is None and not each.ended and each.measure.of_accounts
            if not fresh or self._over(each):
                continue
            if len(each.approvers) < 2 and guardrails.too_many(len(each.measure.subjects), lately, self.allowed):
                held.add(each.measure.uid)
            else:
                lately += len(each.measure.subjects)
        return frozenset(held)

    def _receipt(self, it: Standing, position: int, receipt: Receipt) -> None:
        step = it.steps[position]
        body = {"step": position, "receipt": receipt_out(receipt, of_accounts=it.measure.of_accounts)}
        self._append("receipt", it, body, step.change.says)
        step.answered = True
        step.done |= set(receipt.done)
        step.failed = {name: why for name, why in {**step.failed, **receipt.failed}.items() if name not in receipt.done}

    def _undone(self, it: Standing, position: int, receipt: Receipt) -> None:
        step = it.steps[position]
        final = step.change.undo is None or all(why == KEPT for why in receipt.failed.values())
        body = {
            "step": position,
            "receipt": receipt_out(receipt, of_accounts=it.measure.of_accounts),
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


def _claims(it: Standing, measure: Measure, state: State, changes: Sequence[Change], house: House) -> list[Change]:
    """Subjects that are so already by another measure of ours: held by both, so that the first to end leaves them."""
    mine = {name for change in changes for name in change.do.after}
    found: dict[str, Shape] = {}
    for other in house.measures.values():
        if other is it or other.ended or other.measure.target != measure.target:
            continue
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


def _named(subjects: Sequence[str], measure: Measure) -> list[str]:
    return [Name(each) for each in subjects] if measure.of_accounts else list(subjects)
