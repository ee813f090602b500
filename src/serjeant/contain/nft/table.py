"""table: what stands in our table of nftables.

Sources of one length of prefix have a set of their own, so that a network and an address within it never collide, each
has its own end, and what is read is what was written: sets of intervals merge neighbours or refuse them, and taking
fifty thousand addresses out of one takes minutes.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

NAME: Final = "serjeant"
FOR_EVER: Final = "for ever"
"""The end of what somebody put there by hand without one."""
HOOKS: Final = ("input", "forward")
BITS: Final = {4: 32, 6: 128}
"""How long an address is, by version."""
_ALWAYS: Final = ((4, 32), (6, 64))

Source = tuple[int, int, str]
"""The version, how long the prefix is, and the address."""


@dataclass(frozen=True, slots=True)
class Table:
    """What stands in the table.

    :param hooks: where it looks at packets
    :param ports: those that it guards; none: all
    :param allow: networks that are let through whatever else stands there
    :param armed: it stays when nothing is refused any more
    :param blocked: ends by source; None where somebody put it there by hand, with an end that is his own
    :param closed: when the closing of the ports ends
    :param spares: networks that may use them all the same
    """

    hooks: tuple[str, ...]
    ports: tuple[int, ...] = ()
    allow: tuple[str, ...] = ()
    armed: bool = False
    blocked: Mapping[Source, str | None] = field(default_factory=dict)
    closed: str | None = None
    spares: tuple[str, ...] = ()

    @property
    def lengths(self) -> list[tuple[int, int]]:
        """Of which lengths of prefix there are sets."""
        return sorted({*_ALWAYS, *((version, length) for version, length, _ in self.blocked)})


def source(text: str) -> Source:
    """A source as the table keeps it.

    :raises ValueError: for what is no address and no network
    """
    network = ipaddress.ip_network(text)
    return network.version, network.prefixlen, str(network.network_address)


def networks(texts: Iterable[str]) -> tuple[str, ...]:
    """Networks without those that lie in others; what is none is left out."""
    found: dict[int, list[Any]] = {4: [], 6: []}
    for text in texts:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            continue
        found[network.version].append(network)
    return tuple(str(each) for version in (4, 6) for each in ipaddress.collapse_addresses(found[version]))
