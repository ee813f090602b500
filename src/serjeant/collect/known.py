"""known: the formats and envelopes that are built in, and those of the settings."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from serjeant.collect import own
from serjeant.collect.envelope import Envelope, Wrapping
from serjeant.collect.format import Format
from serjeant.collect.formats import generic
from serjeant.config import Settings
from serjeant.errors import UsageError
from serjeant.plugins import builtin


def formats(settings: Settings) -> tuple[Format, ...]:
    """All that may be found in logs: the user's own, which are asked first, then the built-in ones.

    :raises UsageError: when two have the same name
    """
    inside = line_formats()
    taken = {form.name for form in inside}
    for table in ("formats", "generic"):
        for name in getattr(settings, table):
            if name in taken:
                raise UsageError(
                    f"[{table}.{name}]: there is a format of this name already", hint="choose another name"
                )
            taken.add(name)
    tables = generic.formats(settings.generic, ZoneInfo(settings.timezone))
    return (*own.formats(settings.formats), *tables, *inside)


def line_formats() -> tuple[Format, ...]:
    """The formats of the folder ``formats``, by name."""
    return builtin("serjeant.collect.formats", "FORMAT", Format)


def envelopes(formats: Sequence[Format] | None = None) -> tuple[Envelope, ...]:
    """Those of the formats' own log files, then all that the folder ``envelopes`` knows.

    The first look into the message and fit one product only, so they go first.

    :param formats: the built-in ones where not given
    """
    own = (each for form in (line_formats() if formats is None else formats) for each in form.envelopes)
    families = builtin("serjeant.collect.envelopes", "ENVELOPES", tuple)
    return (*own, *(each for family in families for each in family))


def wrappings() -> tuple[Wrapping, ...]:
    """What log shippers write around lines."""
    families = builtin("serjeant.collect.envelopes", "WRAPPINGS", tuple)
    return tuple(each for family in families for each in family)
