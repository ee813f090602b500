"""command: programs of yours do it, take it back and say whether it is so; no shell is started."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from serjeant.contain.connector import Connector, RefusedError
from serjeant.contain.elsewhere import Elsewhere, end, known, left, rows, shown, why
from serjeant.contain.elsewhere import changes as planned
from serjeant.contain.programs import answer
from serjeant.model.measure import ACTIONS, Change, Measure, Operation, State

_LONGEST: Final = 100.0


@dataclass(frozen=True, slots=True)
class CommandSettings:
    """The programs, each as a list: itself and its arguments."""

    actions: tuple[str, ...] = field(metadata={"help": "what they can do, as block_source"})
    do: tuple[str, ...] = field(metadata={"help": "the program that does it"})
    undo: tuple[str, ...] = field(default=(), metadata={"help": "the program that takes it back; none: no way back"})
    check: tuple[str, ...] = field(
        default=(), metadata={"help": "the program that says for which subjects it is so; none: it is not read back"}
    )
    ends: bool = field(default=False, metadata={"help": "they keep the end of each subject, and end it by themselves"})
    seconds: float = field(default=20.0, metadata={"help": "how long each of them may take"})

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        known(self.actions)
        if not self.do:
            raise ValueError("do names no program")
        if not 0 < self.seconds <= _LONGEST:
            raise ValueError(f"seconds must be {_LONGEST:g} at most")

    @property
    def reads_back(self) -> bool:
        """Somebody can be asked whether it was done."""
        return bool(self.check)


def read(settings: CommandSettings, measure: Measure) -> State:
    """What the check says; that nothing is done, where there is none."""
    subjects = measure.subjects or (measure.action,)
    return _checked(settings, measure.action, subjects) or dict.fromkeys(subjects)


def changes(settings: CommandSettings, measure: Measure, state: State) -> list[Change]:
    """What is not so yet."""
    return planned(Elsewhere(f"the program {settings.do[0]}", bool(settings.undo), settings.ends), measure, state)


def run(settings: CommandSettings, operation: Operation, ends: datetime, now: datetime) -> None:
    """Starts the one that does it, or the one that takes it back, with a line for each subject."""
    todo, failed = left(operation, _checked(settings, operation.verb, operation.after))
    for program, wants in ((settings.do, True), (settings.undo, False)):
        part = todo.only(frozenset(name for name, shape in todo.after.items() if (shape is not None) is wants))
        if part.after:
            words = {"action": operation.verb, "ends": end(ends)}
            said = _asked(settings, program, [{**words, **row} for row in rows(part)])
            complaints = {each.get("subject"): each.get("why") for each in said if "why" in each}
            failed |= why(complaints, part.after)
    if failed:
        raise RefusedError(f"{len(failed):,} of {len(operation.after):,} were not done", failed)


def _checked(settings: CommandSettings, action: str, subjects: Iterable[str]) -> State | None:
    if not settings.check:
        return None
    asked = [{"action": action, "subject": name} for name in subjects]
    return shown(_asked(settings, settings.check, asked), subjects)


def _asked(settings: CommandSettings, program: tuple[str, ...], lines: Iterable[Any]) -> list[dict[str, Any]]:
    """Lines of JSON that a program prints; what else it prints is for people."""
    told = "".join(f"{json.dumps(line)}\n" for line in lines)
    printed = answer(program, stdin=told, seconds=settings.seconds).splitlines()
    try:
        return [json.loads(line) for line in printed if line.startswith("{")]
    except (ValueError, RecursionError):
        raise RefusedError(f"{program[0]} prints a line that looks like JSON and is none") from None


CONNECTOR = Connector(
    name="command",
    actions=tuple(ACTIONS),
    settings=CommandSettings,
    read=read,
    changes=changes,
    run=run,
    proven="programs that a test wrote: ones that work, refuse, hang, lie and print rubbish",
    seconds=4 * _LONGEST,
)
