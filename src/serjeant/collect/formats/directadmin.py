r"""DirectAdmin's ``login.log``.

Source: the lines of that log, as DirectAdmin's documentation on its brute force monitor shows them. The address stands
left of the name. A line counts the failures so far, and stands for one.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_IP = r"^'(?P<src_ip>[0-9A-Fa-f.:]+)' "
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%Y:%m:%d-%H:%M:%S", clock)


FORMAT = Format(
    name="directadmin",
    title="DirectAdmin",
    programs=("directadmin",),
    rules=(
        Rule(
            "failed",
            _IP + r"(?:[0-9]+ )?failed login attempts?\. ?(?:Account '(?P<user_name>.*)')?.*$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "login",
            _IP + r"successful login to '(?P<user_name>.*)'(?: after [0-9]+ attempts?.*)?$",
            "success",
            constants=_WEB,
        ),
        Rule("other", r"^'[0-9A-Fa-f.:]+' (?:login key|blacklisted|session|logged out).*$"),
    ),
    envelopes=(
        Envelope(
            "directadmin",
            r"^(?P<header>(?P<stamp>[0-9]{4}:[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}:[0-9]{2}): )'[0-9A-Fa-f.:]+' ",
            _time,
            program="directadmin",
        ),
    ),
    gives=("time", "user_name", "src_ip", "service", "outcome", "reason"),
    lacks="It does not tell whether the name exists.",
)
