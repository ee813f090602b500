"""standing: which measures there are and what became of each: a fold of the ledger, nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from serjeant.contain.records import Plan, change_in, plan_in, receipt_in
from serjeant.model.measure import Change, Measure, Operation, State
from serjeant.store.ledger import Entry

KINDS = (
    "plan",
    "approved",
    "began",
    "receipt",
    "undone",
    "handed",
    "simulated",
    "trouble",
    "extended",
    "spared",
    "revert",
    "ended",
)
"""The entries that it is a fold of."""


@dataclass
class Step:
    """One change of a measure, and how far it went.

    :param done: subjects that were changed and not changed back
    :param failed: subjects that were not, with why
    :param answered: there is a receipt; without one the process died over it
    :param lost: subjects that could not be changed back, with why
    """

    change: Change
    done: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    answered: bool = False
    lost: dict[str, str] = field(default_factory=dict)

    @property
    def claims(self) -> set[str]:
        """Subjects that were so already by another measure of ours, and are held by both."""
        undo = self.change.undo
        return set() if undo is None else {name for name in self.done if undo.before[name] == undo.after[name]}

    @property
    def now(self) -> State:
        """What the device should say of the subjects that were changed."""
        return self.change.do.only(frozenset(self.done)).after


@dataclass
class Standing:
    """One measure and what became of it.

    :param measure: as it is now: extended, with those whom it spares since
    :param stage_approvers: who approved it
    :param released: subjects that somebody wants back; None for all of them
    :param simulated: what it would have done
    :param trouble: why it is not where it should be; empty where it is
    :param dirty: it was changed since it was carried out
    """

    measure: Measure
    plan: Plan
    approvers: tuple[str, ...] = ()
    steps: list[Step] = field(default_factory=list)
    began_at: datetime | None = None
    released: set[str] | None = field(default_factory=set)
    simulated: tuple[str, ...] = ()
    trouble: str = ""
    ended: bool = False
    dirty: bool = False

    @property
    def approved(self) -> bool:
        """Enough people want it."""
        return len(self.approvers) >= self.plan.needs

    def over(self, now: datetime) -> bool:
        """It is to end: its time has come, or somebody wants all of it back."""
        return self.released is None or self.measure.ends <= now

    @property
    def wanted(self) -> Measure:
        """What it is to hold: without the subjects that somebody wanted back."""
        gone = self.released or set()
        return replace(self.measure, subjects=tuple(each for each in self.measure.subjects if each not in gone))

    @property
    def done(self) -> set[str]:
        """Subjects that it holds now."""
        return {subject for step in self.steps for subject in step.done}

    @property
    def failed(self) -> dict[str, str]:
        """Subjects of which the last that was tried failed."""
        left: dict[str, str] = {}
        for step in self.steps:
            left |= step.failed
            for subject in step.done:
                left.pop(subject, None)
        return left

    @property
    def says(self) -> str:
        """Its state in a word."""
        if self.ended:
            return "ended"
        if self.released is None:
            return "reverting"
        if self.began_at is not None:
            return "partly" if self.failed or self.trouble else "standing"
        if self.trouble:
            return "refused"
        if self.simulated:
            return "simulated"
        return "approved" if self.approved else "proposed"


@dataclass(frozen=True)
class House:
    """All plans and measures.

    :param plans: by uid, in their order
    :param measures: by uid, in their order
    """

    plans: Mapping[str, Plan]
    measures: Mapping[str, Standing]


def standing(entries: Iterable[Entry]) -> House:
    """What stands after those entries (of ``KINDS``, in their order)."""
    plans: dict[str, Plan] = {}
    measures: dict[str, Standing] = {}
    for entry in entries:
        body = entry.body
        match entry.kind:
            case "plan":
                plan = plan_in(body)
                if plan.uid in plans:  # two proposed at once: the second is proposed again under another name
                    continue
                plans[plan.uid] = plan
                measures |= {each.uid: Standing(each, plan) for each in plan.measures}
            case "approved":
                for it in (measures[uid] for uid in body["measures"] if uid in measures):
                    it.approvers = tuple(dict.fromkeys((*it.approvers, entry.actor)))
            case _ if (found := measures.get(body.get("measure", ""))) is not None:
                _told(found, entry, measures)
            case _:
                pass
    return House(plans, measures)


def _told(it: Standing, entry: Entry, measures: Mapping[str, Standing]) -> None:
    body = entry.body
    match entry.kind:
        case "began":
            it.steps += [Step(change_in(each)) for each in body["changes"]]
            it.began_at = it.began_at or entry.at
            it.trouble, it.dirty = "", False
        case "receipt":
            step, receipt = it.steps[body["step"]], receipt_in(body["receipt"])
            step.answered = True
            step.done |= set(receipt.done)
            step.failed = {**step.failed, **receipt.failed}
            for subject in receipt.done:
                step.failed.pop(subject, None)
        case "undone":
            step, receipt = it.steps[body["step"]], receipt_in(body["receipt"])
            step.done -= set(receipt.done)
            for subject, why in receipt.failed.items():
                if body["final"]:
                    step.done.discard(subject)
                    step.lost[subject] = why
        case "handed":
            handed(it.steps[body["step"]], measures[body["to"]].steps[body["to_step"]], set(body["subjects"]))
        case "simulated":
            it.simulated = tuple(body["says"])
        case "trouble":
            it.trouble = body["why"]
        case "extended":
            it.measure = replace(it.measure, ends=datetime.fromisoformat(body["ends"]))
            it.dirty = it.began_at is not None
        case "spared":
            spares = {str(each) for each in body["spares"]}
            it.measure = replace(it.measure, spares=tuple(sorted(spares | set(it.measure.spares))))
            if it.released is not None:  # where each account is held by itself, those are given back
                it.released |= spares & it.done
            it.dirty = it.began_at is not None
        case "revert":
            if body["subjects"] is None:
                it.released = None
            elif it.released is not None:
                it.released |= {str(each) for each in body["subjects"]}
        case "ended":
            it.ended = True


def handed(one: Step, other: Step, subjects: set[str]) -> None:
    """A measure ends below another that stands on what it did: the other one's way back becomes its own."""
    was = one.change.undo or one.change.do.reversed()
    undo = other.change.undo
    one.done -= subjects
    if undo is None:
        return
    do = other.change.do
    before = {name: was.after[name] if name in subjects else shape for name, shape in do.before.items()}
    after = {name: was.after[name] if name in subjects else shape for name, shape in undo.after.items()}
    other.change = replace(
        other.change, do=Operation(before, do.after, do.verb), undo=Operation(undo.before, after, undo.verb)
    )
