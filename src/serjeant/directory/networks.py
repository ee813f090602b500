"""networks: which source and which network an address belongs to."""

import re
import socket

import polars as pl

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_ZONE = re.compile(r"%[0-9A-Za-z_.~-]+\Z")
_MAPPED = bytes(10) + b"\xff\xff"
_IPV4 = rf"^{_OCTET}(?:\.{_OCTET}){{3}}$"


def source_of(ips: pl.Series) -> pl.DataFrame:
    """The address and the source behind what a log calls an address.

    IPv4 mapped into IPv6 is IPv4; zone (``%eth0``), brackets and white space around go. A source is the IPv4 address
    or the /64, which is what one subscriber has. Octets with leading zeros are no address: systems disagree on them.

    :param ips: addresses as text, or anything else
    :returns: ``src_ip`` (canonical text) and ``source`` (``192.0.2.1`` or ``2001:db8:1:2::/64``) row by row; null where
        it is no address
    """
    given = ips.cast(pl.String)
    distinct = given.unique().drop_nulls()
    rest = distinct.filter(~distinct.str.contains(_IPV4))
    found = pl.DataFrame({"src_ip": given, "source": given})
    if not len(rest):
        return found
    # Of the others there are few.
    pairs = pl.DataFrame(
        [(text, *_read(text)) for text in rest],
        {"given": pl.String, "src_ip": pl.String, "source": pl.String},
        orient="row",
    )
    where = given.is_in(rest.implode()).fill_null(value=False).arg_true()
    read = given.gather(where).to_frame("given").join(pairs, on="given", how="left", maintain_order="left")
    return found.select(pl.Series(name, found[name].scatter(where, read[name])) for name in found.columns)


def network_of(sources: pl.Series) -> pl.Series:
    """The network around a source, which is what one customer or provider has.

    :param sources: sources as ``source_of`` gives them
    :returns: the /24 of an IPv4 address, the /48 of a /64, as text; null for anything else
    """
    given = sources.cast(pl.String)
    plain = given.str.contains(_IPV4)
    easy = given.str.replace(r"\.[0-9]+$", ".0/24")
    rest = given.filter(~plain).unique().drop_nulls()
    if not len(rest):
        return easy.zip_with(plain.fill_null(value=False), pl.Series([None], dtype=pl.String))
    networks = pl.Series([_around(text) for text in rest.to_list()], dtype=pl.String)
    hard = given.replace_strict(rest, networks, default=None, return_dtype=pl.String)
    return easy.zip_with(plain.fill_null(value=False), hard)


def _read(text: str) -> tuple[str | None, str | None]:
    bare = text.strip()
    if bare.startswith("[") and bare.endswith("]"):
        bare = bare[1:-1]
    try:
        if ":" not in bare:
            address = socket.inet_ntop(socket.AF_INET, socket.inet_pton(socket.AF_INET, bare))
            return address, address
        bits = socket.inet_pton(socket.AF_INET6, _ZONE.sub("", bare))
    except (OSError, ValueError):
        return None, None
    if bits.startswith(_MAPPED):
        address = socket.inet_ntop(socket.AF_INET, bits[-4:])
        return address, address
    address = socket.inet_ntop(socket.AF_INET6, bits)
    return address, f"{socket.inet_ntop(socket.AF_INET6, bits[:8] + bytes(8))}/64"


def _around(source: str) -> str | None:
    address, own = _read(source.removesuffix("/64"))
    if address is None or own != source:
        return None
    if ":" not in address:
        return f"{address.rpartition('.')[0]}.0/24"
    bits = socket.inet_pton(socket.AF_INET6, address)
    return f"{socket.inet_ntop(socket.AF_INET6, bits[:6] + bytes(10))}/48"
