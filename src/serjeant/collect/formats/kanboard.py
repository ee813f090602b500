"""Kanboard's word on a failure, as PHP hands it on: to Apache, to nginx by FastCGI, or to PHP's own log.

Source: app/Subscriber/AuthSubscriber.php, which calls ``error_log``.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated, iso

_PLACE = r"\[[a-z0-9_]+:[a-z]+\] \[pid [^\]]*\] \[client [^ ]+\] (?:AH[0-9]+: Got error ')?(?:PHP message: )?"
_FAILED = r"Kanboard: user (?P<user_name>[^\"]*) authentication failure with IP address: (?P<src_ip>[0-9A-Fa-f.:]+)"


def _slashed(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2026/06/05 09:12:33``: nginx."""
    return iso(stamps.str.replace_all("/", "-", literal=True), clock)


def _apache(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``Fri Jun 05 09:12:33.123456 2026``; what is below a second is left out."""
    return dated(stamps.str.replace(r"\.[0-9]+ ", " "), "%a %b %d %H:%M:%S %Y", clock)


def _php(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``05-Jun-2026 09:12:33`` and perhaps a zone, which is taken for the log's own unless it is UTC."""
    return dated(stamps.str.head(20), "%d-%b-%Y %H:%M:%S", clock)


FORMAT = Format(
    name="kanboard",
    title="Kanboard",
    group="apps",
    programs=("kanboard",),
    rules=(
        Rule(
            "wrong",
            "^" + _FAILED + r'(?:" while reading (?:response header from )?upstream, client: (?:[^"]|"[^" ])*"?|")?$',
            "failure",
            "bad_password",
            None,
            {"service": "web"},
        ),
        Rule(
            "wrong_apache",
            "^" + _PLACE + _FAILED + "(?:, referer: [^ ]*)?$",
            "failure",
            "bad_password",
            None,
            {"service": "web"},
        ),
    ),
    envelopes=(
        Envelope(
            "kanboard-nginx",
            r"^(?P<header>(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8}) \[error\] [0-9]+#[0-9]+: \*[0-9]+ "
            r'FastCGI sent in stderr: "(?:PHP message: )?)Kanboard: user ',
            _slashed,
            program="kanboard",
        ),
        Envelope(
            "kanboard-apache",
            r"^(?P<header>\[(?P<stamp>[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9 ][0-9] [0-9:.]{8,15} [0-9]{4})\] )"
            + _PLACE
            + "Kanboard: user ",
            _apache,
            program="kanboard",
        ),
        Envelope(
            "kanboard-php",
            r"^(?P<header>\[(?P<stamp>[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9:]{8})[^\]]*\] "
            r"(?:WARNING: \[pool [^\]]*\] child [0-9]+ said into "
            r'std(?:err|out): ")?(?:NOTICE: )?(?:PHP message: )?)Kanboard: user ',
            _php,
            program="kanboard",
        ),
    ),
    lacks="It tells of failures only, and not whether a name exists.",
)
