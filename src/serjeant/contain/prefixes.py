"""prefixes: what is said of addresses and networks, found for one address by a look-up for each size of network.

An IPv6 address counts as its /64, which is what one subscriber has; IPv4 mapped into IPv6 is IPv4.
"""

import ipaddress
from collections.abc import Iterator
from typing import Generic, TypeAlias, TypeVar

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Said = TypeVar("Said")

_SUBSCRIBER = 64


def address_of(text: str) -> Address | None:
    """The address that a service names; None where it names none."""
    bare = text.strip()
    if bare.startswith("[") and bare.endswith("]"):
        bare = bare[1:-1]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if address.version == 6 else None
    return mapped or address


def source_of(address: Address) -> tuple[int, int]:
    """The source behind an address: its version, and the bits that count."""
    bits = int(address)
    return (4, bits) if address.version == 4 else (6, bits >> _SUBSCRIBER)


class Prefixes(Generic[Said]):
    """By network."""

    def __init__(self) -> None:
        self._sizes: dict[int, dict[int, dict[int, Said]]] = {4: {}, 6: {}}

    def add(self, network: str, said: Said) -> None:
        """Says something of an address or a network.

        :raises ValueError: it is neither
        """
        parsed = ipaddress.ip_network(network, strict=False)
        away = parsed.max_prefixlen - min(parsed.prefixlen, 32 if parsed.version == 4 else _SUBSCRIBER)
        self._sizes[parsed.version].setdefault(away, {})[int(parsed.network_address) >> away] = said

    def of(self, address: Address) -> Iterator[Said]:
        """What is said of every network around an address."""
        bits = int(address)
        for away, table in self._sizes[address.version].items():
            said = table.get(bits >> away)
            if said is not None:
                yield said

    def __contains__(self, address: Address) -> bool:
        return any(True for _ in self.of(address))
