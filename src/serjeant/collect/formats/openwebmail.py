r"""Open WebMail's log (openwebmail.log), written by ``writelog`` in shares/ow-shared.pl: the address opens the line."""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_FROM = r"^\[[0-9]+\] \((?P<src_ip>[0-9A-Fa-f.:]+)\) "
_USER = r"(?P<user_name>.*?) - "
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%a %b %e %H:%M:%S %Y", clock)


FORMAT = Format(
    name="openwebmail",
    title="Open WebMail",
    group="mail",
    programs=("openwebmail",),
    rules=(
        Rule(
            "unknown",
            _FROM + _USER + "login error - no such user - loginname=.*$",
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        Rule(
            "failed",
            _FROM + _USER + r"login error - (?:password incorrect|auth_[a-z0-9]+\.pl, ret -4).*$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "unknown_userinfo",
            _FROM + _USER + r"userinfo error - auth_[a-z0-9]+\.pl, ret -4, User .*$",
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        Rule("failed_otherwise", _FROM + _USER + "login error - .*$", "failure", "other", constants=_WEB),
        Rule("login", _FROM + _USER + r"login - [^ ]+(?: - .*)?$", "success", constants=_WEB),
        Rule("other", r"^\[[0-9]+\] \([0-9A-Fa-f.:]+\) [^ ]* - (?:logout|session|send|delete|move|spam|virus|pop3).*$"),
    ),
    envelopes=(
        Envelope(
            "openwebmail-log",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}) - )"
            r"\[[0-9]+\] \([0-9A-Fa-f.:]+\) ",
            _time,
            program="openwebmail",
        ),
    ),
    lacks="It does not tell what the client calls itself.",
)
