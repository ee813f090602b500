"""A house with one door for tests of measures: a real ledger, the real executor, and a device that can misbehave.

The device is the connector of decisions, whose file is the door; what wraps it stands for a device's faults. Each time
a subject really changes, a line is added to ``effects``.
"""

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from serjeant.contain.connector import Connector, RefusedError
from serjeant.contain.connectors import decisions
from serjeant.contain.executor import Executor
from serjeant.contain.guardrails import Guarded
from serjeant.contain.records import Plan, plan_out
from serjeant.contain.standing import KINDS, House, standing
from serjeant.contain.targets import Target
from serjeant.model.measure import Measure, Operation, State, agrees
from serjeant.store.ledger import Entry, Ledger, Name, place

NIGHT = datetime(2017, 6, 24, 3, tzinfo=UTC)
SOURCES = ("198.51.100.7", "203.0.113.9", "2001:db8:1:2::/64")


@dataclass
class Faulty:
    """The device, and what is wrong with it.

    :param hangs: seconds that it takes to answer
    :param refuses: it says no, with these words
    :param lies: it says yes and does nothing
    :param dies_after: so many subjects of an operation, then the line is gone
    :param step: told before and after everything it does
    """

    folder: Path
    hangs: float = 0
    refuses: str = ""
    lies: bool = False
    dies_after: int | None = None
    step: Callable[[], None] = lambda: None
    seconds: float = 5

    @property
    def settings(self) -> decisions.DecisionsSettings:
        return decisions.DecisionsSettings(str(self.folder / "door.json"))

    def connector(self) -> Connector:
        return replace(decisions.CONNECTOR, read=self._read, run=self._run, seconds=self.seconds)

    def _read(self, settings: Any, measure: Measure) -> State:
        self.step()
        time.sleep(self.hangs)
        if self.refuses:
            raise RefusedError(self.refuses)
        found = decisions.read(settings, measure)
        self.step()
        return found

    def _run(self, settings: Any, operation: Operation, ends: datetime, now: datetime) -> None:
        self.step()
        time.sleep(self.hangs)
        if self.lies:
            return
        subjects = list(operation.after)[: self.dies_after]
        for subject in subjects:
            one = operation.only(frozenset({subject}))
            about = Measure("", operation.verb, "close", "door", (subject,), ends, "", "")
            changes = not agrees(decisions.read(settings, about).get(subject), one.after[subject])
            decisions.run(settings, one, ends, now)
            if changes:
                with (self.folder / "effects").open("a", encoding="utf-8") as file:
                    file.write(f"{subject} {'-' if one.after[subject] is None else '+'}\n")
            self.step()
        if self.dies_after is not None and len(subjects) < len(operation.after):
            raise RefusedError("the line is gone")


@dataclass
class Acting:
    """The house.

    :param now: the clock, which tests turn
    """

    folder: Path
    device: Faulty
    now: datetime = NIGHT
    keep: Guarded = field(default_factory=Guarded)
    allowed: int = 50
    simulate: bool = False
    others: Mapping[str, Target] = field(default_factory=dict)

    @property
    def ledger(self) -> Ledger:
        return place(self.folder, "")

    def executor(self, ledger: Ledger | None = None) -> Executor:
        door = Target("door", self.device.connector(), self.device.settings, self.simulate)
        targets = {"door": door, **self.others}
        return Executor(ledger or self.ledger, targets, lambda _: self.keep, self.allowed, lambda: self.now)

    def act(self) -> House:
        return self.executor().act()

    def house(self) -> House:
        return standing(self.ledger.entries(KINDS))

    def plan(self, *measures: Measure, approvers: tuple[str, ...] = ("bob",), needs: int = 1) -> None:
        uid = measures[0].uid.partition(".")[0]
        self.say("plan", plan_out(Plan(uid, "C1", measures, needs)), "ada")
        for approver in approvers:
            self.say("approved", {"plan": uid, "measures": [each.uid for each in measures]}, approver)

    def say(self, kind: str, body: Mapping[str, Any], actor: str = "ada") -> Entry:
        return self.ledger.append(kind, body, actor=actor, reason="because", now=self.now)

    def revert(self, uid: str, *subjects: str) -> None:
        its = self.house().measures[uid].measure
        names = [Name(each) if its.of_accounts else each for each in subjects] or None
        self.say("revert", {"measure": uid, "subjects": names})

    def blocked(self) -> set[str]:
        """What the door really holds."""
        return set(decisions._entries(self.folder / "door.json").get("block_source", {}))

    def effects(self) -> list[str]:
        """Each change that really happened, in order."""
        place = self.folder / "effects"
        return place.read_text("utf-8").splitlines() if place.exists() else []


def acting(folder: Path, **faults: Any) -> Acting:
    """A house in a folder."""
    return Acting(folder, Faulty(folder, **faults))


def block(uid: str, *sources: str, hours: float = 4) -> Measure:
    """A measure that blocks sources."""
    return Measure(uid, "block_source", "close", "door", sources, NIGHT + timedelta(hours=hours), "C1", "ada")


def contain(uid: str, *accounts: str, hours: float = 4) -> Measure:
    """A measure that contains accounts."""
    return Measure(uid, "contain_account", "close", "door", accounts, NIGHT + timedelta(hours=hours), "C1", "ada")


def main(folder: Path, last: int) -> None:
    """Acts, and dies with -9 at the given step, if there are as many."""
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)

    house = acting(folder, step=step)
    ledger = house.ledger
    append = ledger.append

    def appended(*args: Any, **named: Any) -> Entry:
        step()
        found = append(*args, **named)
        step()
        return found

    ledger.append = appended  # type: ignore[method-assign]
    house.executor(ledger).act()
