r"""Immich's server, as Nest's logger writes it to standard output, with colours or without.

Source: server/src/services/auth.service.ts. Some that pass output on write the escape of a colour as ``\x1b`` or
``#033``. The stamp is American, and without AM and PM where the locale has 24 hours.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_COLOUR = r"(?:(?:\x1b|\\x1b|#033)(?:\[[0-9;]*m)?)*"


def _nest(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``06/05/2026, 9:12:33 AM``; a narrow space may stand before AM."""
    plain = stamps.str.replace_all("\u202f", " ", literal=True)
    half_days = dated(plain, "%m/%d/%Y, %I:%M:%S %p", clock)
    return half_days.fill_null(dated(plain, "%m/%d/%Y, %H:%M:%S", clock))


FORMAT = Format(
    name="immich",
    title="Immich",
    group="home",
    programs=("immich", "immich-server", "immich_server"),
    rules=(
        Rule(
            "wrong",
            "^Failed login attempt for user (?P<user_name>.*) from ip address (?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)"
            + _COLOUR
            + "$",
            "failure",
            "bad_password",
            None,
            {"service": "web"},
        ),
        Rule("oauth", "^(?:Unable to register|Registering new user|OAuth|Unable to sync oauth|Error backchannel).*$"),
        Rule("other", "^Denied access to .*$"),
    ),
    envelopes=(
        Envelope(
            "immich",
            "^(?P<header>"
            + _COLOUR
            + r"\[Nest\] [0-9]+ +- "
            + _COLOUR
            + "(?P<stamp>[0-9]{2}/[0-9]{2}/[0-9]{4}, [0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[ \u202f][AP]M)?) *"
            + _COLOUR
            + " *"
            + "(?:WARN|LOG|ERROR|DEBUG)"
            + _COLOUR
            + " *"
            + _COLOUR
            + r"\[(?:[A-Za-z]+:)?AuthService(?:~[a-z0-9]+)?\] *"
            + _COLOUR
            + " *)",
            _nest,
            program="immich",
        ),
    ),
    lacks="It tells of wrong passwords only, of no success and of no sign-in by OAuth.",
)
