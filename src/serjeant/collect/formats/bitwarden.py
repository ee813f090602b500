"""Bitwarden's self-hosted server: the log of its Identity service.

Source: Bitwarden server, src/Core (``UserService``, ``BaseRequestValidator``: the line is written only where the
client's address is known). The second factor is looked at only after the password was right. No name is told.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_SAYER = r"^(?:\[[A-Za-z0-9_.]+\] )?"
_IP = r"(?P<src_ip>[0-9A-Fa-f.:]+)$"


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return iso(stamps, clock)


FORMAT = Format(
    name="bitwarden",
    title="Bitwarden server",
    group="apps",
    programs=("bitwarden", "bitwarden-identity", "Bitwarden-Identity"),
    rules=(
        Rule(
            "factor_failed",
            _SAYER + r"Failed login attempt, 2FA invalid\. " + _IP,
            "challenged",
            "mfa",
            constants={"service": "web", "is_mfa": True},
        ),
        Rule(
            "failed",
            _SAYER + r"Failed login attempt\. " + _IP,
            "failure",
            "bad_password",
            constants={"service": "web"},
        ),
        Rule("other", r"^(?:Request |Identity |Admin |Api |Notifications |Events |Sso |Starting |Application ).*$"),
    ),
    envelopes=(
        Envelope(
            "bitwarden",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} "
            r"[+-][0-9]{2}:[0-9]{2}) \[(?:VRB|DBG|INF|WRN|ERR|FTL|Verbose|Debug|Information|Warning|Error|Fatal)\] )",
            _time,
            program="bitwarden",
        ),
    ),
    lacks="It does not tell the name, nor successful sign-ins.",
)
