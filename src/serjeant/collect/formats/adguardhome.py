"""AdGuard Home's own log, and the same through the journal (source: internal/home/authhttp.go, auth.go).

The name that was tried is told of a success only, but by 0.105 and 0.106. From 0.107.0 to 0.107.31 a failure names no
client: what stands between the method and the path is the ``Host`` header of the request, that is the server.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_WEB = {"service": "web"}
_IP = r"(?P<src_ip>[0-9A-Fa-f.:]+)"
_LOGIN = r"^\[error\] [A-Z]+ .* /control/login: "
_FROM = _LOGIN + "from ip " + _IP + "(?:%[^ ]+)?: "


def _slashed(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2026/06/05 09:12:33.123456``."""
    return iso(stamps.str.replace_all("/", "-", literal=True), clock)


_RULES = (
    Rule(
        "wrong",
        _FROM + "invalid username or password$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule(
        "blocked",
        _FROM + "auth: blocked for [0-9a-z.]+$",
        "refused",
        "locked",
        None,
        _WEB,
    ),
    Rule(
        "wrong_old",
        r"^\[error\] [A-Z]+ [^ ]+ /control/(?P<service>login): invalid username or password$",
        "failure",
        "bad_password",
    ),
    Rule(
        "wrong_basic",
        r"^\[info\] auth: raddr \[?"
        + _IP
        + r"(?:%[^ \]]+)?\]?:(?P<src_port>[0-9]+): invalid basic authorization value$",
        "failure",
        "bad_password",
        None,
        {"service": "api", "auth_protocol": "basic"},
    ),
    Rule(
        "wrong_named",
        r'^\[info\] auth: failed to login user "(?P<user_name>.*)" from ip "?' + _IP + '"?$',
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule(
        "login_old",
        r'^\[info\] auth: user "(?P<user_name>.*)" successfully logged in from ip ' + _IP + "(?:%[^ ]+)?$",
        "success",
        None,
        None,
        _WEB,
    ),
    Rule(
        "login",
        r'^\[info\] (?:[a-z_]+: )?successful login user="?(?P<user_name>[^"]*)"? ip=' + _IP + "(?:%[^ ]+)?$",
        "success",
        None,
        None,
        _WEB,
    ),
    Rule("other_error", r"^\[error\] (?:dnsproxy|upstream|filtering|dhcp[a-z0-9]*|clients|tls|rdns|whois|querylog).*$"),
    Rule("other", r"^\[(?:info|debug)\] (?:dnsproxy|upstream|filtering|dhcp|clients|tls|rdns|whois|AdGuard|go to).*$"),
)

FORMAT = Format(
    name="adguardhome",
    title="AdGuard Home",
    group="network",
    programs=("AdGuardHome", "adguardhome"),
    rules=_RULES,
    values={"service": {"login": "web"}},
    envelopes=(
        Envelope(
            "adguardhome",
            r"^(?P<header>(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8}\.[0-9]{6}) (?:[0-9]+#[0-9]+ )?)"
            r"\[(?:error\] [A-Z]+ [^ ]+ /control/login: |"
            r"info\] (?:auth: (?:user|raddr|failed) |[a-z_]+: successful login ))",
            _slashed,
            program="AdGuardHome",
        ),
    ),
    lacks="It does not tell which name was tried when a sign-in failed, and before 0.107.32 not from where.",
)
