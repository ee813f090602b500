r"""SonarQube's ``web.log``, where the logger ``auth.event`` is at DEBUG.

Source: AuthenticationEventImpl.java. The fields stand in brackets, the name last, behind the address.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_TAIL = (
    r"\[method\|(?P<auth_protocol>[A-Z_]*)\]\[provider\|[^\[\]]*\]\[IP\|(?P<src_ip>[0-9A-Fa-f.:]*)\|[^\[\]]*\]"
    r"\[login\|(?P<user_name>.*)\]$"
)
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%Y.%m.%d %H:%M:%S", clock)


FORMAT = Format(
    name="sonarqube",
    title="SonarQube",
    programs=("sonarqube",),
    rules=(
        Rule("failed", r"^login failure \[cause\|[^\[\]]*\]" + _TAIL, "failure", "bad_password", constants=_WEB),
        Rule("login", r"^login success " + _TAIL, "success", constants=_WEB),
        Rule("logout", r"^logout (?:success|failure) .*$"),
    ),
    envelopes=(
        Envelope(
            "sonarqube",
            r"^(?P<header>(?P<stamp>[0-9]{4}\.[0-9]{2}\.[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) [A-Z]+ "
            r"+web\[[^\]]*\]\[auth\.event\] )",
            _time,
            program="sonarqube",
        ),
    ),
    gives=("time", "user_name", "src_ip", "service", "auth_protocol", "outcome", "reason"),
    lacks="It does not tell whether the name exists; nothing is logged unless that logger is set to DEBUG.",
)
