r"""Moodle's lines in the error log of PHP or of the web server.

Source: lib/moodlelib.php (``authenticate_user_login``), written with full debugging on. The address stands left of the
name; name and user agent are not told apart but by two spaces, which a name may hold.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_HEAD = (
    r"^(?:\[[a-z0-9_]*:?[a-z0-9]+\] )?(?:\[pid [0-9]+(?::tid [0-9]+)?\] )?(?:\[client [0-9A-Fa-f.:]+\] )?"
    r"(?:FastCGI sent in stderr: \"PHP message: )?\[client (?P<src_ip>[0-9A-Fa-f.:]+)\]  https?://[^ ]+  "
)
_TAIL = r"  (?P<user_name>.*?)  (?P<client>.*)$"
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps.str.head(20), "%d-%b-%Y %H:%M:%S", clock)


FORMAT = Format(
    name="moodle",
    title="Moodle",
    programs=("moodle", "apache", "nginx"),
    rules=(
        Rule("failed", _HEAD + "Failed Login:" + _TAIL, "failure", "bad_password", constants=_WEB),
        Rule(
            "unknown",
            _HEAD + "(?:Unknown Login, can not create new accounts|Deleted Login):" + _TAIL,
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        Rule("disabled", _HEAD + "(?:Suspended|Disabled) Login:" + _TAIL, "failure", "disabled", constants=_WEB),
        Rule("locked", _HEAD + "Login lockout:" + _TAIL, "refused", "locked", constants=_WEB),
    ),
    envelopes=(
        Envelope(
            "moodle",
            r"^(?P<header>\[(?P<stamp>[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}) [A-Za-z/_+-]+\] )"
            r"\[client [0-9A-Fa-f.:]+\]  https?://[^ ]+  [A-Z][a-z, ]*ogin[a-z ,]*:  ",
            _time,
            program="moodle",
        ),
    ),
    gives=("time", "user_name", "src_ip", "client", "service", "outcome", "reason"),
    lacks="Its successful sign-ins are in its database only.",
)
