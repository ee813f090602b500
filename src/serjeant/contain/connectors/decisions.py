"""decisions: a file of our own that says who is turned away, slowed or let in at the door.

The decision API answers Dovecot, PAM, FreeRADIUS and nginx out of it. Replaced in one move, so that a reader sees
either the old one or the new one.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from serjeant.contain.connector import Connector, RefusedError, until, wanted
from serjeant.model.measure import Change, Measure, Operation, Shape, State, agrees

SCHEMA: Final = "serjeant.decisions/1"
_SAYS: Final = {
    "block_source": "turns {n} sources away, whatever the password",
    "slow_guesses": "lets each try wait {seconds} s that does not come from where the account signed in before",
    "close_remote": "lets nobody in but from {networks} and as {accounts}",
    "contain_account": "turns away whoever signs in as one of {n} accounts, in the words of a wrong password",
}


@dataclass(frozen=True, slots=True)
class DecisionsSettings:
    """Where the file lies."""

    path: str = field(metadata={"help": "the file that the decision API reads"})
    seconds: int = field(default=3, metadata={"help": "how long a guess waits where guesses are slowed"})


def read(settings: DecisionsSettings, measure: Measure) -> State:
    """What the file says of the subjects."""
    entries = _entries(Path(settings.path)).get(measure.action, {})
    return {name: entries.get(name) for name in measure.subjects or (measure.action,)}


def changes(settings: DecisionsSettings, measure: Measure, state: State) -> list[Change]:
    """Entries that are to be there."""
    rule: dict[str, Any] = {"services": measure.services}
    if measure.spares:
        rule["spares"] = measure.spares
    if measure.action == "slow_guesses":
        rule["seconds"] = settings.seconds
    shapes: dict[str, Shape] = {
        name: {**rule, "until": until(state.get(name), measure)} for name in measure.subjects or (measure.action,)
    }
    networks = sum("/" in each for each in measure.spares)
    words = {
        "{seconds}": str(settings.seconds),
        "{networks}": _count(networks, "network"),
        "{accounts}": _count(len(measure.spares) - networks, "account"),
    }
    says = _SAYS[measure.action]
    for word, told in words.items():
        says = says.replace(word, told)
    return wanted(measure, state, shapes, says)


def run(settings: DecisionsSettings, operation: Operation, ends: datetime, now: datetime) -> None:
    """Replaces the file, where it still says what was read."""
    path = Path(settings.path)
    try:
        with _alone(path):
            entries = {action: dict(found) for action, found in _entries(path).items()}
            mine = entries.setdefault(operation.verb, {})
            for name, shape in operation.after.items():
                if not agrees(mine.get(name), operation.before.get(name)) and not agrees(mine.get(name), shape):
                    raise RefusedError("the file was changed meanwhile")
                if shape is None:
                    mine.pop(name, None)
                else:
                    mine[name] = shape
            _write(path, entries)
    except OSError as error:
        raise RefusedError(f"{path}: {error.strerror or error}") from error


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _entries(path: Path) -> Mapping[str, Mapping[str, Shape]]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise RefusedError(f"{path}: {error.strerror or error}") from error
    try:
        table = json.loads(text)
        if table["schema"] != SCHEMA:
            raise ValueError
        return {
            action: {name: _tupled(shape) for name, shape in found.items()} for action, found in table["rules"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusedError(f"{path} is no file of decisions; move it away") from error


def _tupled(shape: Mapping[str, Any]) -> Shape:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in shape.items()}


def _write(path: Path, entries: Mapping[str, Mapping[str, Shape]]) -> None:
    rules = {action: found for action, found in entries.items() if found}
    if not rules:  # as it was before the first measure
        path.unlink(missing_ok=True)
        return
    fresh = path.with_name(f".{path.name}.new")
    table = {"schema": SCHEMA, "rules": rules}
    with fresh.open("w", encoding="utf-8") as file:
        file.write(json.dumps(table, sort_keys=True))  # at once: by parts it is ten times as slow
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o640)
    fresh.replace(path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f".{path.name}.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


CONNECTOR = Connector(
    name="decisions",
    actions=("block_source", "slow_guesses", "close_remote", "contain_account"),
    settings=DecisionsSettings,
    read=read,
    changes=changes,
    run=run,
    proven="the file is read back; the doors that ask it are tried in their own tests",
)
