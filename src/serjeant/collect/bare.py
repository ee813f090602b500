"""Logs of one program that names itself nowhere: a stamp and the message (multilog, svlogd, a container's output).

Only where the user says which format it is: such a line could be anybody's.
"""

from typing import Final

from serjeant.collect.envelope import Envelope
from serjeant.collect.time import bsd, iso

_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
_LEVEL = r"(?:[a-z0-9]+\.[a-z]+: )?"

SENDER: Final = r"^(?:(?P<host>[^ :\[\]()]+) )?(?P<program>[^ :\[\]()]+)\[(?P<pid>[0-9]+)\]: (?P<message>.*)$"
"""A line whose stamp somebody took off before (fail2ban's way of reading a journal), which tells no time."""


def envelopes(program: str) -> tuple[Envelope, ...]:
    """The envelopes of a log that ``program`` alone writes."""
    return (
        Envelope(
            "bare-iso",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]"
            + _CLOCK
            + r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?) "
            + _LEVEL
            + ")",
            iso,
            program=program,
        ),
        Envelope(
            "bare",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} {1,2}[0-9]{1,2} " + _CLOCK + ") " + _LEVEL + ")",
            bsd,
            program=program,
        ),
    )
