"""known: the formats and envelopes that are built in."""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format
from serjeant.plugins import builtin


def line_formats() -> tuple[Format, ...]:
    """The formats of the folder ``formats``, by name."""
    return builtin("serjeant.collect.formats", "FORMAT", Format)


def envelopes() -> tuple[Envelope, ...]:
    """All that the folder ``envelopes`` knows."""
    families = builtin("serjeant.collect.envelopes", "ENVELOPES", tuple)
    return tuple(each for family in families for each in family)
