"""UniFi Network application: its server.log, by file or syslog.

Source: the application's log (``Failed admin login for …``).
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_BEGIN = r"^(?:<[^<>]*> )?(?:[A-Z]+ +)?(?:\[?[a-z]+\]? +- )?"
_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_WEB = {"service": "web"}

_RULES = (
    Rule(
        "wrong",
        _BEGIN + "Failed (?:[a-z]+ )?login for '?(?P<user_name>.*?)'? from " + _IP + "[.]?$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule(
        "success",
        _BEGIN + "(?:Successful (?:[a-z]+ )?login|Admin login) for '?(?P<user_name>.*?)'? from " + _IP + "[.]?$",
        "success",
        None,
        None,
        _WEB,
    ),
)


def _stamps(stamps: pl.Series, clock: Clock) -> pl.Series:
    return iso(stamps.str.replace(",", ".", literal=True), clock)


FORMAT = Format(
    name="unifi",
    title="UniFi Network application",
    group="network",
    programs=("unifi", "unifi-network", "unifi-controller"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "unifi",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.,][0-9]+(?:Z|"
            r"[+-][0-9:]+)?)\] )"
            r"<[^<>]*> +[A-Z]+ +\[?[a-z]+\]? +- (?:Failed|Successful|Admin login)",
            _stamps,
            program="unifi",
        ),
    ),
    lacks="Logins by a Ubiquiti account are judged elsewhere and not told.",
)
