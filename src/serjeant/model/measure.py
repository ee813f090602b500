"""measure: what would keep them out, what a device would do for it, and what it answered.

Terms follow OCSF Remediation Activity (class 7001) and MITRE D3FEND; see ``docs/contain.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias

Value: TypeAlias = "str | int | float | bool | tuple[Value, ...] | None"
Shape: TypeAlias = "Mapping[str, Value] | None"
"""What a device says of one thing, by name; None where it is not there."""
State: TypeAlias = Mapping[str, Shape]
"""What a device says now, by subject. A subject that is left out is not there."""

STAGES: Final = ("prepare", "close", "clean", "reopen")

ACTIONS: Final = {
    "arm": "D3-NM",  # nothing is refused yet: the tables and rules stand ready
    "block_source": "D3-ITF",  # inbound traffic filtering
    "slow_guesses": "D3-RAPA",  # no refusal: a wait before each try
    "close_remote": "D3-NTF",  # from outside nobody signs in but whom it spares
    "contain_account": "D3-AL",  # nobody signs in as it
    "end_sessions": "D3-ST",
    "force_change": "D3-CRO",  # credential rotation
    "revoke_tokens": "D3-CR",
}
"""What can be done, with D3FEND's name for it."""

OF_SOURCES: Final = frozenset({"block_source", "slow_guesses"})
"""Actions whose subjects are sources; those of the others are accounts, or nothing."""
OF_ACCOUNTS: Final = frozenset({"contain_account", "end_sessions", "force_change", "revoke_tokens"})

QUALITIES: Final = ("exact", "lossy", "one-way")
"""How well an undo restores: byte for byte; what matters, but not all; not at all."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What we would do at one place.

    :param uid: ``P1.3``: the third of plan P1
    :param action: one of ``ACTIONS``
    :param stage: one of ``STAGES``
    :param target: where, by the name that the settings give it
    :param subjects: sources or accounts, sorted; empty where it concerns everybody
    :param spares: networks and accounts that are let through all the same
    :param services: the services it is about; empty: all of the target's
    :param ends: when it ends by itself
    :param reason: why, for whoever reads the ledger
    :param owner: who answers for it
    """

    uid: str
    action: str
    stage: str
    target: str
    subjects: tuple[str, ...]
    ends: datetime
    reason: str
    owner: str
    spares: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    @property
    def names_people(self) -> bool:
        """What it holds at a place may be kept by the names of people; those can be forgotten."""
        return self.of_accounts or self.action == "close_remote"

    @property
    def of_accounts(self) -> bool:
        """Its subjects are names of people."""
        return self.action in OF_ACCOUNTS


@dataclass(frozen=True, slots=True)
class Operation:
    """Brings things on a device from one state into another, all of them or, where the device can, none.

    :param before: what must be read there for it to be run, by subject; only the names given are compared
    :param after: what is read there once it is done; the same subjects
    :param verb: which of the connector's ways; empty where it has one
    """

    before: State
    after: State
    verb: str = ""

    def reversed(self) -> "Operation":
        """From after to before."""
        return Operation(self.after, self.before, self.verb)

    def only(self, subjects: frozenset[str]) -> "Operation":
        """For some of the subjects."""
        return Operation(
            {name: shape for name, shape in self.before.items() if name in subjects},
            {name: shape for name, shape in self.after.items() if name in subjects},
            self.verb,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What a device would do.

    :param says: one sentence, safe to print
    :param do: the operation
    :param undo: the way back, made from what was read; None where there is none
    :param quality: one of ``QUALITIES``
    :param loses: what the undo cannot restore, in a sentence; empty where it is exact
    :param reveals: what an attacker learns by it, in a sentence; empty for nothing
    """

    says: str
    do: Operation
    undo: Operation | None
    quality: str = "exact"
    loses: str = ""
    reveals: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one change.

    :param done: subjects of which the device says now what was wanted; read back, never taken on trust
    :param failed: the others, with why
    :param unread: the device cannot be asked, so that *done* is only what it answered
    """

    done: tuple[str, ...]
    failed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unread: bool = False


def agrees(found: Shape, wanted: Shape) -> bool:
    """Whether what was read shows all that was wanted."""
    if wanted is None or found is None:
        return wanted is None and found is None
    return all(name in found and found[name] == value for name, value in wanted.items())
