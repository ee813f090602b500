"""hops: the client behind proxies, as far as hops that we trust tell it.

Anybody can write ``X-Forwarded-For``; a proxy only adds at its end whom it speaks to. So the chain is walked from our
end: as long as a hop is a proxy of ours, what it wrote is believed, and the first hop that is none is the client.
"""

import ipaddress
from collections.abc import Sequence
from typing import Final

import polars as pl

from serjeant.collect import fields
from serjeant.directory.networks import source_of

_MOST: Final = 32
"""Hops of a chain that are looked at, from our end."""
_NODE: Final = r"(?i)^\s*(?:.*\bfor=)?(?:[a-z-]+: ?)?[\"']?([0-9a-f.:\[\]%]+)[\"']?(?:;.*)?\s*$"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """The networks of a setting."""
    return tuple(ipaddress.ip_network(text) for text in texts)


def clients(rows: pl.DataFrame, trusted: Sequence[Network]) -> pl.Series:
    """The address of each client.

    :param rows: ``src_ip``, ``peer`` (who connected, where that is not ``src_ip``) and ``forwarded`` (what came with
        the connection: ``a, b, c``, the nearest to us last; also as RFC 7239 writes it)
    :param trusted: proxies whose word is believed; none: the log's own choice stands
    :return: ``src_ip``: where a chain came from a trusted peer, its last hop that is not trusted, or the hop before one
        that is no address, or its first; where it came from anybody else, that peer
    """
    told = rows["forwarded"].is_not_null().arg_true()
    if not trusted or not len(told):
        return rows["src_ip"]
    some = rows[told].select("forwarded", peer=pl.coalesce("peer", "src_ip")).with_row_index("row")
    chains = some.select(
        "row",
        hop=pl.concat_list(
            pl.col("forwarded").str.split(",").list.eval(pl.element().str.extract(_NODE)).list.tail(_MOST), "peer"
        ),
    ).explode("hop")
    hops = chains.with_columns(address=source_of(fields.addresses(chains["hop"]))["src_ip"])
    distinct = hops["address"].unique().drop_nulls()
    ours = distinct.filter(pl.Series([_within(address, trusted) for address in distinct], dtype=pl.Boolean))
    hops = hops.with_columns(
        at=pl.int_range(pl.len()).over("row"), ours=pl.col("address").is_in(ours.implode()).fill_null(value=False)
    )
    # The last that is not ours; where that is no address, the hop that spoke to it.
    last = hops.filter(~pl.col("ours")).group_by("row").agg(pl.col("at").max())
    hops = hops.with_columns(after=pl.col("address").shift(-1).over("row"))
    hops = hops.join(last, on="row", how="left", suffix="_last", maintain_order="left")
    chosen = hops.filter(pl.col("at") == pl.col("at_last").fill_null(0))
    return rows["src_ip"].clone().scatter(told, chosen.select(pl.coalesce("address", "after")).to_series())


def _within(address: str, trusted: Sequence[Network]) -> bool:
    found = ipaddress.ip_address(address)
    return any(found in network for network in trusted)
