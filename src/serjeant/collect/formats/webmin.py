r"""Webmin and Usermin: miniserv.pl's words in syslog, and its lines of webmin.log (source: miniserv.pl).

The name stands before the address in both, so the last address is the true one.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import ADDRESS_OR_NAME, Format, Rule
from serjeant.collect.time import Clock, dated

_WEB = {"service": "web"}
_AS = " login as (?P<user_name>.*) from " + ADDRESS_OR_NAME + "$"
_LOGGED = "^(?P<user_name>.*) [^ ]+ " + ADDRESS_OR_NAME + r" global miniserv\.pl "
_REST = r"(?: [a-z_]+=.*)?$"


def _when(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``05/Jun/2026 09:12:33``."""
    return dated(stamps, "%d/%b/%Y %H:%M:%S", clock)


_RULES = (
    Rule("wrong", "^Invalid" + _AS, "failure", "bad_password", None, _WEB),
    Rule("nobody", "^Non-existent" + _AS, "failure", "unknown_account", None, _WEB),
    Rule("expired", "^Expired" + _AS, "challenged", "expired", None, _WEB),
    Rule("right", "^Successful" + _AS, "success", None, None, _WEB),
    Rule("blocked", "^Security alert: .*$"),
    Rule("logged_nobody", _LOGGED + '"failed" "-" "nouser"' + _REST, "failure", "unknown_account", None, _WEB),
    Rule("logged_expired", _LOGGED + '"failed" "-" "expiredpass"' + _REST, "challenged", "expired", None, _WEB),
    Rule(
        "logged_code", _LOGGED + '"failed" "-" "twofactor"' + _REST, "challenged", "mfa", None, {**_WEB, "is_mfa": True}
    ),
    Rule("logged_wrong", _LOGGED + '"failed" "-" "[a-z]*"' + _REST, "failure", "bad_password", None, _WEB),
    Rule("logged_right", _LOGGED + '"login" "-" "[^"]*"' + _REST, "success", None, None, _WEB),
    Rule("other", "^(?:Logout |Timeout of |Webmin |Usermin |Restarting|Reloading|Local |Failed to |SSL ).*$"),
    Rule("action", r'^[^"]* [0-9A-Fa-f.:]+ [a-z0-9_-]+ [a-z0-9_-]+\.(?:cgi|pl) "[a-z_]+" .*$'),
)

FORMAT = Format(
    name="webmin",
    title="Webmin and Usermin",
    group="web",
    programs=("webmin", "usermin", "miniserv.pl"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "webmin",
            r"^(?P<header>[0-9]{9,10}\.[0-9]+\.[0-9]+ \[(?P<stamp>[0-9]{1,2}/[A-Z][a-z]{2}/[0-9]{4} [0-9:]{8})\] )"
            r"[^ ].* [0-9A-Fa-f.:]+ [a-z0-9_-]+ [a-z0-9_-]+\.(?:cgi|pl) ",
            _when,
            program="webmin",
        ),
    ),
    lacks="Syslog and webmin.log tell of the same attempts: read one of them.",
)
