"""guardrails: what no measure may do, whoever wants it. Each is a pure function that says which rule decided.

They are asked when a measure is proposed and again before it is carried out, so that a network that somebody adds to
``never_block`` in between is safe at once.
"""

import ipaddress
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

from serjeant.model.measure import OF_ACCOUNTS, Measure


@dataclass(frozen=True)
class Guarded:
    """What is to be kept, and why an account may be touched at all.

    :param own: our own networks
    :param never_block: networks that are never blocked
    :param never_contain: accounts that are never touched
    :param administrators: accounts of those who run Serjeant
    :param shared: sources that carry honest people too
    :param fell: accounts that fell or may have, or whose password is known to be weak; no other is contained
    """

    own: tuple[str, ...] = ()
    never_block: tuple[str, ...] = ()
    never_contain: frozenset[str] = frozenset()
    administrators: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    fell: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A subject that a measure may not have.

    :param rule: the guardrail that decided, as ``never_block``
    """

    measure: str
    subject: str
    rule: str
    says: str


def guarded(measure: Measure, keep: Guarded) -> tuple[Measure | None, list[Dropped]]:
    """A measure without what it may not touch.

    :return: the measure, None where nothing of it is left; and what was taken out, each with the rule that decided
    """
    dropped = []
    left = []
    for subject in measure.subjects:
        for rule, (forbids, says) in RULES.items():
            if forbids(measure, subject, keep):
                dropped.append(Dropped(measure.uid, subject, rule, says))
                break
        else:
            left.append(subject)
    if measure.action in ("close_remote", "slow_guesses") and not measure.subjects:
        # Those who run Serjeant must be able to take it back.
        spares = {*measure.spares, *keep.own, *keep.never_block, *keep.administrators, *keep.never_contain}
        return replace(measure, spares=tuple(sorted(spares))), dropped
    if not left and dropped:
        return None, dropped
    return (replace(measure, subjects=tuple(left)) if dropped else measure), dropped


def _shared(measure: Measure, subject: str, keep: Guarded) -> bool:
    return measure.action == "block_source" and subject in keep.shared


def _own(measure: Measure, subject: str, keep: Guarded) -> bool:
    return measure.action == "block_source" and _touches(subject, keep.own)


def _never_block(measure: Measure, subject: str, keep: Guarded) -> bool:
    return measure.action in ("block_source", "slow_guesses") and _touches(subject, keep.never_block)


def _too_wide(measure: Measure, subject: str, _: Guarded) -> bool:
    network = _network(subject) if measure.action == "block_source" and "/" in subject else None
    return network is not None and network.prefixlen < (24 if network.version == 4 else 48)


def _administrator(measure: Measure, subject: str, keep: Guarded) -> bool:
    return measure.action in OF_ACCOUNTS and subject in keep.administrators


def _never_contain(measure: Measure, subject: str, keep: Guarded) -> bool:
    return measure.action in OF_ACCOUNTS and subject in keep.never_contain


def _only_attacked(measure: Measure, subject: str, keep: Guarded) -> bool:
    return measure.action in OF_ACCOUNTS and keep.fell is not None and subject not in keep.fell


Rule = Callable[[Measure, str, Guarded], bool]

RULES: Final[Mapping[str, tuple[Rule, str]]] = {
    "never_block": (_never_block, "is never blocked, say the settings"),
    "own_networks": (_own, "is in our own networks"),
    "shared_source": (_shared, "carries honest people too"),
    "too_wide": (_too_wide, "is wider than a /24 or a /48"),
    "administrators": (_administrator, "is one of those who run Serjeant"),
    "never_contain": (_never_contain, "is never touched, say the settings"),
    "only_attacked": (_only_attacked, "was attacked and did not fall: locking it would do the attacker's work"),
}
"""By name: what it forbids, and what it says; the first that forbids decides, and ``never_block`` is always first."""


def too_many(accounts: int, lately: int, allowed: int) -> bool:
    """Whether a second person must approve.

    :param accounts: that are to be touched
    :param lately: touched within the last hour
    :param allowed: for which one approval is enough
    """
    return accounts > 0 and accounts + lately > allowed


def _touches(subject: str, networks: Collection[str]) -> bool:
    network = _network(subject) if networks else None
    if network is None:
        return False
    return any(network.overlaps(other) for other in _networks(tuple(networks)) if other.version == network.version)


@cache
def _networks(networks: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(each, strict=False) for each in networks)


@lru_cache(maxsize=100_000)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
