"""contain: what may be done, where, and what never, as ``[contain]`` says it."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal

from serjeant.config.typed import each_known
from serjeant.model.measure import ACTIONS, STAGES

OF: Final = ("sources", "fallen", "suspected", "everybody")
"""Whom a rung concerns: the attackers' own sources; accounts that fell, confirmed or probable; those that may have;
nobody by name."""


@dataclass(frozen=True, slots=True)
class RungSettings:
    """One rung of the ladder: what is proposed, where, against whom."""

    stage: str = field(metadata={"help": "prepare, close, clean or reopen"})
    action: str = field(metadata={"help": "what is done, as block_source"})
    of: str = field(default="everybody", metadata={"help": "sources, fallen, suspected or everybody"})
    targets: tuple[str, ...] = field(default=(), metadata={"help": "where; all that can do it, where left out"})
    services: tuple[str, ...] = field(default=(), metadata={"help": "which services; all where left out"})
    when: Literal["attack", "fell"] = field(
        default="attack", metadata={"help": "attack: as soon as there is a campaign; fell: once an account fell"}
    )
    ends: timedelta | None = field(default=None, metadata={"help": "when it ends by itself"})

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        each_known("stage", [self.stage], STAGES)
        each_known("action", [self.action], ACTIONS)
        each_known("of", [self.of], OF)


LADDER: Final = (
    RungSettings("prepare", "arm"),
    RungSettings("close", "block_source", "sources"),
    RungSettings("close", "slow_guesses", "everybody"),
    RungSettings("close", "close_remote", "everybody"),
    RungSettings("close", "contain_account", "fallen", when="fell"),
    RungSettings("close", "end_sessions", "fallen", when="fell"),
    RungSettings("clean", "force_change", "fallen", when="fell"),
    RungSettings("clean", "revoke_tokens", "fallen", when="fell"),
)
"""What is proposed where the settings name no ladder: each rung at every target that can do it."""


@dataclass(frozen=True, slots=True)
class ContainSettings:
    """What may be done, where, and what never."""

    simulate: bool = field(default=True, metadata={"help": "only say what would be done"})
    approvals: int = field(default=1, metadata={"help": "how many people must approve a plan"})
    accounts_per_hour: int = field(default=50, metadata={"help": "accounts an hour that one approval is enough for"})
    ends: timedelta = field(default=timedelta(days=7), metadata={"help": "when a measure ends by itself"})
    never_block: tuple[str, ...] = field(default=(), metadata={"help": "networks that are never blocked"})
    never_contain: tuple[str, ...] = field(default=(), metadata={"help": "accounts that are never touched"})
    administrators: tuple[str, ...] = field(
        default=(), metadata={"help": "accounts of those who run Serjeant; never locked out"}
    )
    known_networks: tuple[str, ...] = field(
        default=(), metadata={"help": "networks beside our own from which people may sign in when the rest is closed"}
    )
    telephone_first: tuple[str, ...] = field(
        default=(), metadata={"help": "accounts whose owners must hear of it first: executives, people on call"}
    )
    targets: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict, metadata={"help": "places where measures are carried out, by a name of your choice"}
    )
    ladder: tuple[RungSettings, ...] = field(
        default=(), metadata={"help": "what is proposed, in order; a sensible ladder where left out"}
    )

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        if self.approvals < 1:
            raise ValueError("approvals must be 1 at least; somebody must want it")
        if self.accounts_per_hour < 1:
            raise ValueError("accounts_per_hour must be 1 at least")
        if self.ends <= timedelta(0):
            raise ValueError("ends must be a duration such as '7d'; no measure is for ever")
        for setting in ("never_block", "known_networks"):
            for network in getattr(self, setting):
                try:
                    ipaddress.ip_network(network)
                except ValueError as error:
                    raise ValueError(f"{setting}: {error}; write it as 192.0.2.0/24") from None
        for rung in self.ladder:
            each_known("ladder: targets", rung.targets, self.targets)
