"""networks: which sources lie within networks; for millions of sources at once."""

import ipaddress
from collections.abc import Iterable

import polars as pl


def within(sources: pl.Series, networks: Iterable[str]) -> pl.Series:
    """Whether each source lies in one of the networks; false for null and for what is no address.

    :param sources: IPv4 addresses and IPv6 /64, as text
    """
    parsed = [ipaddress.ip_network(each, strict=False) for each in networks]
    given = sources.cast(pl.String)
    inside = pl.Series([False] * len(given), dtype=pl.Boolean)
    plain = given.str.contains(":", literal=True).not_().fill_null(value=False)
    number = given.str.split_exact(".", 3).struct.unnest().select(pl.all().cast(pl.UInt32, strict=False))
    value = number.select(
        ((pl.col("field_0") * 256 + pl.col("field_1")) * 256 + pl.col("field_2")) * 256 + pl.col("field_3")
    ).to_series()
    for network in parsed:
        if network.version == 4:
            low, high = int(network.network_address), int(network.broadcast_address)
            inside = inside | (plain & (value >= low) & (value <= high)).fill_null(value=False)
    wide = [network for network in parsed if network.version == 6]
    rest = given.filter(given.str.contains(":", literal=True).fill_null(value=False)).unique()
    if wide and len(rest):
        found = [text for text in rest if any(_subnet(text, network) for network in wide)]
        inside = inside | given.is_in(found).fill_null(value=False)
    return inside


def _subnet(text: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        own = ipaddress.IPv6Network(text, strict=False)
    except ValueError:
        return False
    return isinstance(network, ipaddress.IPv6Network) and own.subnet_of(network)
