"""envelope: what a log system writes around a message, taken off once for all line formats."""

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
        may look into it); captures cost by
        the byte, and messages are long
    :param time: stamps -> ``Datetime("us", "UTC")``, null where a stamp is none
    :param program: the program, where the pattern does not say it
    """

    name: str
    pattern: str
    time: Callable[[pl.Series, Clock], pl.Series]
    program: str = ""
