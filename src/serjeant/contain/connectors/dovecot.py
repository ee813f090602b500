"""dovecot: the sessions of accounts are ended. Whether they may sign in again is another measure's to say."""

import ipaddress
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from serjeant.contain.connector import Connector, RefusedError
from serjeant.contain.programs import answer
from serjeant.model.measure import Change, Measure, Operation, Shape, State

_WORD: Final = "{account}"
_NOBODY: Final = 68
"""The exit status of ``doveadm kick`` where nobody is signed in by that name."""
_PATIENCE: Final = 5.0


@dataclass(frozen=True, slots=True)
class DovecotSettings:
    """How Dovecot is asked, and how it writes an account."""

    command: tuple[str, ...] = field(default=("doveadm",), metadata={"help": "doveadm, or what starts it elsewhere"})
    user_names: tuple[str, ...] = field(
        default=(_WORD,), metadata={"help": "how Dovecot writes an account, as '{account}@example.org'"}
    )

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        if not self.user_names or not all(_WORD in each for each in self.user_names):
            raise ValueError(f"user_names must hold {_WORD}")


def read(settings: DovecotSettings, measure: Measure) -> State:
    """Who is signed in. How often is left out: mail programs come and go."""
    open_now = _open(settings, measure.subjects)
    return {name: {"signed_in": True} if open_now[name] else None for name in measure.subjects}


def changes(settings: DovecotSettings, measure: Measure, state: State) -> list[Change]:
    """One for all who are signed in."""
    before: dict[str, Shape] = {name: state[name] for name in measure.subjects if state.get(name) is not None}
    if not before:
        return []
    return [
        Change(
            f"ends the sessions of {len(before):,} accounts",
            Operation(before, dict.fromkeys(before), measure.action),
            None,
            quality="one-way",
            loses="sessions are not given back; people sign in anew",
            reveals="whoever is signed in sees that he was put out",
        )
    ]


def run(settings: DovecotSettings, operation: Operation, ends: datetime, now: datetime) -> None:
    """Puts them out, and waits until they are."""
    accounts = tuple(operation.after)
    failed: dict[str, str] = {}
    for account, user_names in _open(settings, accounts).items():
        for user_name in user_names:
            if _for_many(user_name):
                failed[account] = "Dovecot would end other people's sessions by that name"
                continue
            try:
                answer(settings.command, "kick", "--", user_name, right=(0, _NOBODY))
            except RefusedError as error:
                failed[account] = str(error)
    deadline = time.monotonic() + _PATIENCE
    while any(names and name not in failed for name, names in _open(settings, accounts).items()):
        if time.monotonic() > deadline:
            break  # what is read back says who is still there
        time.sleep(0.05)
    if failed:
        raise RefusedError(f"{len(failed):,} of {len(accounts):,} may still be signed in", failed)


def _open(settings: DovecotSettings, accounts: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """By account, the names by which somebody is signed in."""
    try:
        listed = json.loads(answer(settings.command, "-f", "json", "who", "-1"))
        signed_in = {str(each["username"]) for each in listed}
    except (ValueError, KeyError, TypeError):
        raise RefusedError("doveadm who answers in words that we do not know") from None
    by_folded: dict[str, list[str]] = {}
    for user_name in sorted(signed_in):
        by_folded.setdefault(user_name.casefold(), []).append(user_name)
    found = {}
    for account in accounts:
        ways = dict.fromkeys(each.replace(_WORD, account).casefold() for each in settings.user_names)
        found[account] = tuple(name for way in ways for name in by_folded.get(way, ()))
    return found


def _for_many(user_name: str) -> bool:
    """``doveadm kick`` takes it as a pattern, or as a network that people come from."""
    try:
        ipaddress.ip_network(user_name, strict=False)
    except ValueError:
        return not user_name or any(sign in "*?" for sign in user_name)
    return True


CONNECTOR = Connector(
    name="dovecot",
    actions=("end_sessions",),
    settings=DovecotSettings,
    read=read,
    changes=changes,
    run=run,
    proven="Dovecot 2.3.19, with IMAP sessions that were open",
    seconds=120,
)
