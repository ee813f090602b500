"""File Browser's own log: a line for each request that failed (source: http/data.go, http/auth.go).

``<path>: <status> <client> <error>``; the path is what the client asked for, so the line is matched whole.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_WEB = {"service": "web"}
_IP = r"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)"


def _slashed(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2026/06/05 09:12:33``."""
    return iso(stamps.str.replace_all("/", "-", literal=True), clock)


FORMAT = Format(
    name="filebrowser",
    title="File Browser",
    group="apps",
    programs=("filebrowser",),
    rules=(
        Rule(
            "wrong",
            "^(?:/[^ ]*)?/api/login: 40[13] " + _IP + " (?:<nil>|permission denied|[a-z ]+)$",
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule("trouble", "^(?:/[^ ]*)?/api/login: 5[0-9][0-9] " + _IP + " .*$", "refused", "backend", None, _WEB),
        # The token of somebody who is signed in has expired.
        Rule("renew", "^(?:/[^ ]*)?/api/renew: [0-9]+ .*$"),
        Rule("request", "^/.*: [0-9]{3} [0-9A-Fa-f.:]+ .*$"),
        Rule(
            "server",
            "^(?:Listening on|Caught signal|accept tcp|accept unix|Using|No config file).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "filebrowser",
            r"^(?P<header>(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8}) )"
            r"(?:/.*: [0-9]{3} [0-9A-Fa-f.:]+ |Listening on |Caught signal |accept (?:tcp|unix) )",
            _slashed,
            program="filebrowser",
        ),
    ),
    lacks="It does not tell which name was tried, and of no success; behind a proxy it believes X-Forwarded-For.",
)
