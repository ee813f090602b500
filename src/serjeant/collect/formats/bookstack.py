"""BookStack's failed login message, as PHP hands it to the web server: Apache's error log, or nginx's through FastCGI.

Source: app/Access/Controllers/LoginController.php with ``LOG_FAILED_LOGIN_MESSAGE="Failed login for %u"``.

The message is the administrator's own choice; this is the one of the manual. A name stands before the address in
nginx's line, and before ``, referer:`` in Apache's.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated, iso

_WEB = {"service": "web"}
_PLACE = r"^\[(?:php|proxy_fcgi)[0-9]*:[a-z]+\] \[pid [^\]]*\] (?:AH[0-9]+: )?"
_IP = r"(?P<src_ip>[0-9A-Fa-f.:]+)"


def _slashed(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2026/06/05 09:12:33``: nginx."""
    return iso(stamps.str.replace_all("/", "-", literal=True), clock)


def _apache(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``Fri Jun 05 09:12:33.123456 2026``; what is below a second is left out."""
    return dated(stamps.str.replace(r"\.[0-9]+ ", " "), "%a %b %d %H:%M:%S %Y", clock)


FORMAT = Format(
    name="bookstack",
    title="BookStack",
    group="apps",
    programs=("bookstack",),
    rules=(
        Rule(
            "failed_nginx",
            '^Failed login for (?P<user_name>.*)" while reading (?:response header from )?upstream, client: '
            + _IP
            + r', server: [^ ,]*, request: "[A-Z]+ [^ "]+ HTTP/[0-9.]+"(?:, [a-z]+: "[^"]*")*$',
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule(
            "failed_apache",
            _PLACE
            + r"\[client \[?"
            + _IP
            + r"\]?:(?P<src_port>[0-9]+)\] (?:PHP message: )?Failed login for (?P<user_name>.*?)(?:, referer: [^ ]*)?$",
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
    ),
    envelopes=(
        Envelope(
            "bookstack-nginx",
            r"^(?P<header>(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8}) \[error\] [0-9]+#[0-9]+: \*[0-9]+ "
            r'FastCGI sent in stderr: "(?:PHP message: )?)Failed login for ',
            _slashed,
            program="bookstack",
        ),
        Envelope(
            "bookstack-apache",
            r"^(?P<header>\[(?P<stamp>[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9 ][0-9] [0-9:.]{8,15} [0-9]{4})\] )"
            + _PLACE.removeprefix("^")
            + r"\[client [^\]]*\]?:[0-9]+\] (?:PHP message: )?Failed login for ",
            _apache,
            program="bookstack",
        ),
    ),
    lacks="It tells of failures only, not why they failed, and only where its failed login message is turned on.",
)
