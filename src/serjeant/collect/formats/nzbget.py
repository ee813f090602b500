"""NZBGet's log (source: daemon/remote/WebServer.cpp, daemon/util/Log.cpp).

It writes the password that was tried behind the name: neither that nor what follows the first colon is read, so a name
with a colon is cut there.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_WEB = {"service": "web"}
_FROM = (
    r"^(?:[0-9]+\t)?(?:\[?WARNING\]?)[\t ]+[A-Za-z]*(?: [a-z]+)* ?[Rr]equest received on port [0-9]+ from "
    r"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+), "
)


def _spelt(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``Fri Jun  5 09:12:33 2026`` or ``Fri Jun 05 2026 09:12:33``."""
    plain = stamps.str.replace_all(" +", " ")
    return dated(plain, "%a %b %d %H:%M:%S %Y", clock).fill_null(dated(plain, "%a %b %d %Y %H:%M:%S", clock))


FORMAT = Format(
    name="nzbget",
    title="NZBGet",
    group="home",
    programs=("nzbget",),
    rules=(
        Rule(
            "wrong",
            _FROM + r"but username or password invalid \((?P<user_name>[^:]*):.*\)$",
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule("wrong_nameless", _FROM + "but username or password invalid$", "failure", "bad_password", None, _WEB),
        Rule("other", r"^(?:[0-9]+\t)?\[?(?:INFO|DETAIL|DEBUG)\]?[\t ].*$"),
    ),
    envelopes=(
        Envelope(
            "nzbget",
            r"^(?P<header>"
            r"(?P<stamp>[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] (?:[0-9:]{8} [0-9]{4}|[0-9]{4} [0-9:]{8}))[\t ])"
            r"(?:[0-9]+\t)?WARNING[\t ].*equest received on port ",
            _spelt,
            program="nzbget",
        ),
    ),
    lacks="It tells of no success.",
)
