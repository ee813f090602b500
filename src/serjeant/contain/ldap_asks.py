"""ldap_asks: what a directory is asked and told, and what it answers, as bytes (RFC 4511).

Filters are built, never written as text, so that no name can say more than a name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from serjeant.contain.ber import ENUM, SEQUENCE, SET, elements, number, octets, packed, whole, yes

BASE: Final = 0
SUBTREE: Final = 2
ADD: Final = 0
DELETE: Final = 1
REPLACE: Final = 2

SUCCESS: Final = 0
SIZE_LIMIT: Final = 4
NO_SUCH_ATTRIBUTE: Final = 16
EXISTS: Final = 20
NO_SUCH_OBJECT: Final = 32
ASSERTION_FAILED: Final = 122

_ASSERTION: Final = "1.3.6.1.1.12"
_PAGED: Final = "1.2.840.113556.1.4.319"
_START_TLS: Final = "1.3.6.1.4.1.1466.20037"


Values: TypeAlias = tuple[int, str, Sequence[bytes]]
"""Add, delete or replace; which attribute; its values."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a directory; the names of its attributes in small letters."""

    dn: str
    values: dict[str, tuple[bytes, ...]]

    def text(self, name: str) -> str | None:
        """The first value of an attribute; None where it has none."""
        found = self.values.get(name.lower())
        return found[0].decode("utf-8", "surrogateescape") if found else None


@dataclass(frozen=True, slots=True)
class Result:
    """What a directory answered to one question.

    :param code: as RFC 4511 counts them; 0 is success
    :param says: its own words, shortened; safe to print
    """

    code: int
    says: str
    entries: tuple[Entry, ...] = ()
    cookie: bytes = b""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: a search or a change, with what must hold for it."""

    body: bytes
    control: bytes = b""

    def message(self, uid: int) -> bytes:
        """As it is sent."""
        controls = packed(0xA0, self.control) if self.control else b""
        return packed(SEQUENCE, number(uid), self.body, controls)


def equal(attribute: str, value: str | bytes) -> bytes:
    """A filter: an attribute has that value."""
    return packed(0xA3, octets(attribute), octets(value))


def by_rule(attribute: str, rule: str, value: str) -> bytes:
    """A filter: an attribute has that value by a rule of the directory's own."""
    return packed(0xA9, octets(rule, 0x81), octets(attribute, 0x82), octets(value, 0x83))


def present(attribute: str) -> bytes:
    """A filter: it has the attribute."""
    return octets(attribute, 0x87)


def every(*filters: bytes) -> bytes:
    """A filter: all of them hold."""
    return packed(0xA0, *filters)


def some(*filters: bytes) -> bytes:
    """A filter: one of them holds."""
    return packed(0xA1, *filters)


def none(of: bytes) -> bytes:
    """A filter: it does not hold."""
    return packed(0xA2, of)


def search(base: str, scope: int, where: bytes, attributes: Sequence[str], limit: int = 0) -> Ask:
    """A search."""
    wanted = packed(SEQUENCE, *map(octets, attributes))
    numbers = (number(scope, ENUM), number(0, ENUM), number(limit), number(0), yes(False))
    return Ask(packed(0x63, octets(base), *numbers, where, wanted))


def modify(dn: str, changes: Iterable[Values], holds: bytes = b"") -> Ask:
    """A change of one entry: all of it or none.

    :param changes: add, delete or replace; the attribute; its values
    :param holds: a filter that must hold for it, where the directory knows assertions (RFC 4528)
    """
    listed = (
        packed(SEQUENCE, number(kind, ENUM), packed(SEQUENCE, octets(name), packed(SET, *map(octets, values))))
        for kind, name, values in changes
    )
    control = packed(SEQUENCE, octets(_ASSERTION), yes(True), octets(holds)) if holds else b""
    return Ask(packed(0x66, octets(dn), packed(SEQUENCE, *listed)), control)


def page(base: str, where: bytes, attributes: Sequence[str], cookie: bytes, size: int = 500) -> Ask:
    """One page of a search (RFC 2696)."""
    value = packed(SEQUENCE, number(size), octets(cookie))
    control = packed(SEQUENCE, octets(_PAGED), yes(True), octets(value))
    return Ask(search(base, SUBTREE, where, attributes).body, control)


def start_tls() -> Ask:
    """TLS from now on."""
    return Ask(packed(0x77, octets(_START_TLS, 0x80)))


def bind(dn: str, password: str) -> Ask:
    """Who we are; without a name: whom the system says we are."""
    how = octets(password, 0x80) if dn else packed(0xA3, octets("EXTERNAL"), octets(""))
    return Ask(packed(0x60, number(3), octets(dn), how))


def entry_in(body: bytes) -> Entry:
    """What a search found, out of its body."""
    (_, dn), (_, attributes) = elements(body)
    values = {}
    for _, each in elements(attributes):
        (_, name), (_, held) = elements(each)
        values[name.decode().lower()] = tuple(value for _, value in elements(held))
    return Entry(dn.decode("utf-8", "surrogateescape"), values)


def result_in(body: bytes, entries: tuple[Entry, ...], cookie: bytes) -> Result:
    """What ended a question, out of its body."""
    (_, code), _, (_, says), *_ = elements(body)
    number = whole(code)
    words = "".join(each for each in says.decode("utf-8", "replace") if each.isprintable())[:200]
    return Result(number, f"{words or 'no reason given'} ({number})", entries, cookie)


def cookie_in(controls: bytes) -> bytes:
    """Where the next page begins; empty after the last."""
    for _, control in elements(controls):
        (_, oid), *rest = elements(control)
        if oid == _PAGED.encode() and rest:
            (_, value), *_ = elements(rest[-1][1])
            _, (_, cookie) = elements(value)
            return cookie
    return b""
