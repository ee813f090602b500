"""Gotify's access lines, which its web framework Gin writes (source: router/router.go, api/client.go).

Who signs in asks for a new client, ``POST /client``, with a name and a password.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_WEB = {"service": "web"}
_REST = r' (?:[|]) +[^ |]+ (?:[|]) +(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+) (?:[|]) POST +"(?:/[^" ]*)?/client"$'


def _gin(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2026/06/05 - 09:12:33`` or RFC 3339."""
    return iso(stamps.str.replace_all("/", "-", literal=True).str.replace(" - ", " ", literal=True), clock)


FORMAT = Format(
    name="gotify",
    title="Gotify",
    group="apps",
    programs=("gotify", "gotify-server"),
    rules=(
        Rule("wrong", r"^(?:[|]) 40[13]" + _REST, "failure", "bad_password", None, _WEB),
        Rule("login", r"^(?:[|]) 200" + _REST, "success", None, None, _WEB),
        Rule("request", r'^(?:[|]) [0-9]{3} (?:[|]) +[^ |]+ (?:[|]) +[0-9A-Fa-f.:]+ (?:[|]) [A-Z]+ +".*"$'),
    ),
    envelopes=(
        Envelope(
            "gotify",
            r"^(?P<header>(?:\[GIN\] )?"
            r"(?P<stamp>[0-9]{4}(?:/[0-9]{2}/[0-9]{2} - |-[0-9]{2}-[0-9]{2}T)[0-9:]{8}[0-9.:Z+-]*) )"
            r'\| [0-9]{3} \| +[^ |]+ \| +[0-9A-Fa-f.:]+ \| POST +"(?:/[^" ]*)?/client"$',
            _gin,
            program="gotify",
        ),
    ),
    lacks="It does not tell which name was tried.",
)
