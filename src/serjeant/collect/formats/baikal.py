r"""Baïkal, a CalDAV and CardDAV server: its failures in Apache's or nginx's error log (PHP's ``error_log``).

Source: Core/Frameworks/Baikal/Core/PDOBasicAuth.php and Framework.php. Apache writes the client left of the message;
nginx right of it, where the name must not hold a quote, so that the first one ends the message; behind it no other may
end one.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_SAYS = r" authentication failure for Ba[^ ']*kal"
_WEB = {"service": "web"}
_HIDDEN = r"user \(name stripped-out\)"
_APACHE = (
    r"^(?:\[(?:[a-z0-9_]*:)?[a-z]+\] )?(?:\[pid [0-9]+(?::tid [0-9]+)?\] )?"
    r"\[client \[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?(?::(?P<src_port>[0-9]{1,5}))?\] "
    r"(?:AH[0-9]+: Got error '(?:PHP message: )?|PHP message: )?"
)
_NGINX = r"^FastCGI sent in stderr: \"PHP message: "
_CLIENT = (
    r"(?:; PHP message: [^\"]*)?\" while reading [a-z ]+ from upstream, client: (?P<src_ip>[0-9A-Fa-f.:]+), "
    r"(?:[^\"]|\"[^\" ])*\"?$"
)


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%Y/%m/%d %H:%M:%S", clock)


FORMAT = Format(
    name="baikal",
    title="Baïkal",
    group="apps",
    # What lies in Apache's envelope goes to whoever has the program.
    programs=("baikal", "apache"),
    rules=(
        Rule("hidden", _APACHE + _HIDDEN + _SAYS + ".*$", "failure", "bad_password", constants=_WEB),
        Rule("failed", _APACHE + "user (?P<user_name>.*?)" + _SAYS + ".*$", "failure", "bad_password", constants=_WEB),
        Rule("nginx_hidden", _NGINX + _HIDDEN + _SAYS + _CLIENT, "failure", "bad_password", constants=_WEB),
        Rule(
            "nginx_failed",
            _NGINX + r"user (?P<user_name>[^\"]*)" + _SAYS + _CLIENT,
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        # Of a line whose name or request holds the words around the address no address can be told.
        Rule("nginx_odd", _NGINX + "user .*" + _SAYS + "(?P<user_name>).*$", "failure", "other", constants=_WEB),
    ),
    envelopes=(
        Envelope(
            "baikal-nginx",
            r"^(?P<header>(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) \[error\] [0-9]+#[0-9]+: "
            r"(?:\*[0-9]+ )?)FastCGI sent in stderr: \"PHP message: user [^\"]*"
            r" authentication failure for Ba[^ \"]*kal",
            _time,
            program="baikal",
        ),
    ),
    lacks="It does not tell sign-ins that worked, and newer releases leave the name out.",
)
