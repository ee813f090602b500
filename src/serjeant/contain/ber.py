"""ber: the few shapes of ASN.1 that LDAP is written in (RFC 4511, 5.1: definite lengths, tags of one byte)."""

from collections.abc import Iterator
from typing import Final

INTEGER: Final = 0x02
OCTETS: Final = 0x04
ENUM: Final = 0x0A
SEQUENCE: Final = 0x30
SET: Final = 0x31


class BerError(ValueError):
    """These bytes are no BER."""


def packed(tag: int, *parts: bytes) -> bytes:
    """One element that holds the parts."""
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def number(value: int, tag: int = INTEGER) -> bytes:
    """A whole number."""
    return packed(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octets(value: str | bytes, tag: int = OCTETS) -> bytes:
    """Bytes, or text in UTF-8."""
    return packed(tag, value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value)


def yes(value: bool) -> bytes:
    """True or false."""
    return packed(0x01, b"\xff" if value else b"\x00")


def measured(data: bytes | bytearray | memoryview, at: int = 0) -> tuple[int, int] | None:
    """Where the body of the element that starts there begins and ends; None where its head is not all there.

    :raises BerError: where it has no definite length, or one that nobody needs
    """
    if len(data) < at + 2:
        return None
    size = data[at + 1]
    if size < 0x80:
        return at + 2, at + 2 + size
    count = size & 0x7F
    if not 1 <= count <= 4:
        raise BerError("no such length")
    if len(data) < at + 2 + count:
        return None
    begin = at + 2 + count
    return begin, begin + int.from_bytes(data[at + 2 : begin], "big")


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements one after the other: tag and body.

    :raises BerError: where the last is cut off
    """
    at = 0
    while at < len(data):
        found = measured(data, at)
        if found is None or found[1] > len(data):
            raise BerError("cut off")
        yield data[at], data[found[0] : found[1]]
        at = found[1]


def whole(body: bytes) -> int:
    """A whole number's body."""
    return int.from_bytes(body, "big", signed=True)
