r"""SquirrelMail's plugin Squirrel Logger (``squirrel_logger``), with its default texts.

The name and its domain stand left of the address, and no text of the client right of it.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_WHO = r"(?P<user_name>.*) \([^()]*\) from (?P<src_ip>[0-9A-Fa-f.:]+): "
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%m/%d/%Y %H:%M:%S", clock)


FORMAT = Format(
    name="squirrelmail",
    title="SquirrelMail",
    group="mail",
    programs=("squirrelmail",),
    rules=(
        Rule("failed", r"^\[LOGIN_ERROR\] " + _WHO + "[A-Za-z ,.']*$", "failure", "bad_password", constants=_WEB),
        Rule("login", r"^\[LOGIN\] " + _WHO + "[A-Za-z ,.']*$", "success", constants=_WEB),
        Rule("other", r"^\[(?:LOGOUT|TIMEOUT|ERROR|OUTGOING_MAIL|MASS_MAILING|RESTRICT_SENDERS)\].*$"),
    ),
    envelopes=(
        Envelope(
            "squirrelmail-log",
            r"^(?P<header>(?P<stamp>[0-9]{2}/[0-9]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}) )"
            r"\[(?:LOGIN|LOGIN_ERROR|LOGOUT|TIMEOUT|ERROR|OUTGOING_MAIL|MASS_MAILING)\] ",
            _time,
            program="squirrelmail",
        ),
    ),
    lacks="It does not tell wrong passwords from unknown names.",
)
