r"""DirectAdmin's ``login.log``.

Source: the lines of that log, as DirectAdmin's users show them and fail2ban's filter reads them. The address stands
left of the name, odd characters of which are written as ``%2E``. A line counts the failures so far, and stands for
one.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_IP = r"^'(?P<src_ip>[0-9A-Fa-f.:]+)' "
_TIMES = r"(?:[0-9]+ )?failed login attempts?\. ?"
_VIA = r"(?: via '[^']*')?"
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%Y:%m:%d-%H:%M:%S", clock)


FORMAT = Format(
    name="directadmin",
    title="DirectAdmin",
    group="web",
    programs=("directadmin",),
    rules=(
        Rule(
            "failed",
            _IP + _TIMES + "Account '(?P<user_name>.*?)'" + _VIA + "$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "unknown",
            _IP + _TIMES + "Invalid account '(?P<user_name>.*?)'" + _VIA + "$",
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        Rule("failed_otherwise", _IP + _TIMES + ".*$", "failure", "other", constants=_WEB),
        Rule(
            "login",
            _IP + "successful login to '(?P<user_name>.*?)'" + _VIA + "(?: after [0-9]+ attempts?)?$",
            "success",
            constants=_WEB,
        ),
    ),
    envelopes=(
        Envelope(
            "directadmin",
            r"^(?P<header>(?P<stamp>[0-9]{4}:[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}:[0-9]{2}): )'[0-9A-Fa-f.:]+' ",
            _time,
            program="directadmin",
        ),
    ),
    lacks="It does not tell what the client calls itself.",
)
