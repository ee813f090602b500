"""envelope: what a log system writes around a message, taken off once for all formats."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from serjeant.collect.time import Clock


@dataclass(frozen=True, slots=True)
class Envelope:
    """One way of framing a message.

    :param name: unique
    :param pattern: RE2, ``^(?P<header>…)``: all that stands before the message, with the group ``stamp`` inside and as
        many of ``host``, ``program`` and ``pid`` as it has. What follows the header is the message (the pattern
        may look into it, and ``stamp`` may stand there when the header is empty); captures cost by
        the byte, and messages are long
    :param time: stamps -> ``Datetime("us", "UTC")``, null where a stamp is none
    :param program: the program, where the pattern does not say it. Such an envelope is a product's own: a line that it
        fits and no rule knows is tried by the others
    :param inner: the message is a line of some log in an envelope of its own (a container's output)
    """

    name: str
    pattern: str
    time: Callable[[pl.Series, Clock], pl.Series]
    program: str = ""
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Wrapping:
    """An object around each message, as log shippers write.

    The paths are those of ``record.Record.fields``; the first that is there counts.

    :param name: unique
    :param marks: what every line of this kind holds, all of it
    :param message: where ``program`` is there, that program's message, whatever it looks like; or else a line of some
        log in an envelope of its own
    :param time: when, where the message does not say it; ISO 8601 or Unix time
    :param container: whose output it is; that may be whole lines of any log, or messages of the program of this name
    :param kind: as of ``record.Record``
    """

    name: str
    marks: tuple[str, ...]
    message: tuple[str, ...]
    time: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    program: tuple[str, ...] = ()
    pid: tuple[str, ...] = ()
    container: tuple[str, ...] = ()
    kind: str = "json"
