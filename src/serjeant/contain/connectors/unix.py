"""unix: accounts of this machine are expired, made to change their password, or put out."""

import os
import signal
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from serjeant.contain.connector import Connector, RefusedError, wanted
from serjeant.contain.programs import answer
from serjeant.model.measure import Change, Measure, Operation, Shape, State, agrees

_FIRST: Final = 1000
_NOBODY: Final = 65_534
_PATIENCE: Final = 5.0
_FIELDS: Final = {"contain_account": ("expires", 7, 1, "-E"), "force_change": ("changed", 2, 0, "-d")}
"""What is read, where it stands in shadow, what it shall be (in days since 1970), and how chage is told."""
_SAYS: Final = {
    "contain_account": "lets {n} accounts of this machine expire: neither passwords nor keys open them",
    "force_change": "makes the owners of {n} accounts of this machine change their password",
}
_REVEALS: Final = {
    "contain_account": "who has the right password is told that the account has expired, so that he knows it is right",
    "force_change": "who has the right password is asked for a new one and may choose it: contain the account too",
    "end_sessions": "whoever is signed in sees that he was put out",
}


@dataclass(frozen=True, slots=True)
class UnixSettings:
    """Which accounts are people's, and where their files are."""

    first_uid: int = field(default=_FIRST, metadata={"help": "accounts below are the system's and never touched"})
    root: str = field(default="", metadata={"help": "the folder that etc is in; this machine's where left out"})

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        if self.first_uid < _FIRST:
            raise ValueError(f"first_uid must be {_FIRST} at least: accounts below are the system's")


def read(settings: UnixSettings, measure: Measure) -> State:
    """What the files say, or who has something running."""
    uids = _uids(settings)
    there = [name for name in measure.subjects if name in uids]
    if measure.action == "end_sessions":
        busy = {uid for _, uid in _running({uids[name] for name in there})}
        found: dict[str, Shape] = {name: {"running": True} for name in there if uids[name] in busy}
    else:
        says, column, _, _ = _FIELDS[measure.action]
        shadow = _lines(settings, "shadow")
        found = {name: {says: _day(shadow, name, column)} for name in there}
    return {name: found.get(name) for name in measure.subjects}


def changes(settings: UnixSettings, measure: Measure, state: State) -> list[Change]:
    """For those accounts that there are on this machine; the others have no door here."""
    there = [name for name in measure.subjects if state.get(name) is not None]
    reveals = _REVEALS[measure.action]
    if measure.action != "end_sessions":
        says, _, day, _ = _FIELDS[measure.action]
        shapes: dict[str, Shape] = {name: {says: day} for name in there}
        return [replace(each, reveals=reveals) for each in wanted(measure, state, shapes, _SAYS[measure.action])]
    if not there:
        return []
    return [
        Change(
            f"ends whatever runs as one of {len(there):,} accounts of this machine",
            Operation({name: state[name] for name in there}, dict.fromkeys(there), measure.action),
            None,
            quality="one-way",
            loses="what was running is not started again",
            reveals=reveals,
        )
    ]


def run(settings: UnixSettings, operation: Operation, ends: datetime, now: datetime) -> None:
    """One account after the other, each where it is as it was read."""
    uids = _uids(settings)
    failed: dict[str, str] = {}
    people: dict[str, int] = {}
    for name in operation.after:
        if name not in uids:
            failed[name] = "there is no such account on this machine any more"
        elif not settings.first_uid <= uids[name] < _NOBODY:
            failed[name] = "is an account of the system itself"
        elif uids[name] == os.geteuid():
            failed[name] = "is the account that Serjeant runs as"
        else:
            people[name] = uids[name]
    if operation.verb == "end_sessions":
        _end({*people.values()})
    else:
        for name in people:
            if why := _aged(settings, name, operation):
                failed[name] = why
    if failed:
        raise RefusedError(f"{len(failed):,} of {len(operation.after):,} are left as they are", failed)


def _aged(settings: UnixSettings, name: str, operation: Operation) -> str:
    """One account in shadow; why not, where it is not done."""
    says, column, _, option = _FIELDS[operation.verb]
    try:
        shadow = _lines(settings, "shadow")
        if name not in shadow:
            return "has no entry in shadow"
        found, after = {says: _day(shadow, name, column)}, operation.after[name]
        if agrees(found, after):
            return ""
        if after is None or not agrees(found, operation.before.get(name)):
            return "somebody changed it meanwhile"
        day = after[says]
        root = ("--root", settings.root) if settings.root else ()
        answer(("chage", *root), option, "-1" if day is None else str(day), "--", name)
    except RefusedError as error:
        return str(error)
    return ""


def _end(uids: Collection[int]) -> None:
    """Nothing of it may say no, nor start anew; what is read back says what is still there."""
    deadline = time.monotonic() + _PATIENCE
    while running := list(_running(uids)):
        for pid, uid in running:
            with suppress(OSError):  # it is gone
                handle = os.pidfd_open(pid)
                try:
                    if uid in _owners(pid):  # the number is not another's by now
                        signal.pidfd_send_signal(handle, signal.SIGKILL)
                finally:
                    os.close(handle)
        if time.monotonic() > deadline:
            return
        time.sleep(0.02)


def _running(uids: Collection[int]) -> Iterator[tuple[int, int]]:
    """What runs as one of them, by number."""
    for each in Path("/proc").iterdir():
        if each.name.isdecimal():
            for uid in _owners(int(each.name)) & {*uids}:
                yield int(each.name), uid


def _owners(pid: int) -> set[int]:
    """As whom it runs; nobody where it is gone, or dead and not yet buried."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8", "replace")
    except OSError:
        return set()
    lines = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    return set() if lines.get("State", "Z")[0] in "ZX" else {int(each) for each in lines["Uid"].split()[:2]}


def _uids(settings: UnixSettings) -> dict[str, int]:
    lines = _lines(settings, "passwd")
    return {name: int(row[2]) for name, row in lines.items() if len(row) > 2 and row[2].isdecimal()}


def _day(shadow: Mapping[str, list[str]], name: str, column: int) -> int | None:
    """A day of shadow; None where it is empty."""
    row = shadow.get(name, [])
    return int(row[column]) if len(row) > column and row[column].isdecimal() else None


def _lines(settings: UnixSettings, name: str) -> dict[str, list[str]]:
    path = Path(settings.root or "/", "etc", name)
    try:
        text = path.read_text("utf-8", "surrogateescape")
    except OSError as error:
        raise RefusedError(f"{path}: {error.strerror}") from None
    rows = [line.split(":") for line in text.split("\n") if ":" in line]
    return {row[0]: row for row in reversed(rows)}  # the first of a name counts


CONNECTOR = Connector(
    name="unix",
    actions=("contain_account", "end_sessions", "force_change"),
    settings=UnixSettings,
    read=read,
    changes=changes,
    run=run,
    proven="shadow 4.13 and PAM with passwd and shadow of their own, and processes that ran",
    seconds=300,
)
