r"""Monitorix's built-in web server (monitorix-httpd; source: lib/HTTPServer.pm): it tells of wrong passwords only."""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_FROM = r"^AUTHERR - \[(?P<src_ip>[0-9A-Fa-f.:]+)\] "


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%a %b %e %H:%M:%S %Y", clock)


FORMAT = Format(
    name="monitorix",
    title="Monitorix",
    group="hosts",
    programs=("monitorix-httpd",),
    rules=(
        Rule(
            "failed",
            _FROM + "Authentication error: .*$",
            "failure",
            "bad_password",
            constants={"service": "web", "auth_protocol": "basic"},
        ),
        Rule("other", r"^(?:NOTEXIST|NOTALLOWED|OK|NORMAL) - \[.*$"),
    ),
    envelopes=(
        Envelope(
            "monitorix",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}) - )"
            r"(?:AUTHERR|NOTEXIST|NOTALLOWED|OK|NORMAL) - \[",
            _time,
            program="monitorix-httpd",
        ),
    ),
    lacks="It does not tell the name, nor sign-ins that worked.",
)
