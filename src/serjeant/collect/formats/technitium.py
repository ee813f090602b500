"""Technitium DNS Server's log (source: DnsServerCore/LogManager.cs, Auth/AuthManager.cs, WebServiceAuthApi.cs).

An exception's first line tells of the failure; the lines of its trace follow it. A user name is the last thing in a
line, or stands in brackets before ``User logged in.``
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_WEB = {"service": "web"}
_IP = r"^\[\[?(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[^\]]+)?\]?:(?P<src_port>[0-9]+)\] "
_FAILED = _IP + r"(?:\[HTTPS?\] )?DnsServerCore\.[A-Za-z.]*WebServiceException: "


def _zoned(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2026-06-05 09:12:33 UTC`` or ``… Local``."""
    return iso(stamps.str.strip_suffix(" Local"), clock)


FORMAT = Format(
    name="technitium",
    title="Technitium DNS Server",
    group="network",
    programs=("technitium", "dns-server", "technitium-dns-server"),
    rules=(
        Rule(
            "wrong",
            _FAILED + "Invalid username or password for user: (?P<user_name>.*)$",
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule(
            "mfa",
            _FAILED + r"(?:A|Invalid) time-based one-time password \(TOTP\) .*user: (?P<user_name>.*)$",
            "challenged",
            "mfa",
            None,
            {"service": "web", "is_mfa": True},
        ),
        Rule("blocked", _FAILED + "Max limit of [0-9]+ attempts exceeded.*$", "refused", "locked", None, _WEB),
        Rule(
            "disabled",
            _FAILED + "(?:User account is disabled|Account is suspended).*$",
            "challenged",
            "disabled",
            None,
            _WEB,
        ),
        Rule("login", _IP + r"\[(?P<user_name>.*)\] User logged in\.$", "success", None, None, _WEB),
        Rule("session", r"^\[[^ ]+\] DnsServerCore\.[A-Za-z.]*InvalidToken[A-Za-z]*Exception: .*$"),
        Rule(
            "other",
            r"^(?:\[[^ ]+\] )?(?:\[[^\]]*\] )?(?:DNS Server|Web Service|Logging|User logged out|Check for update).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "technitium",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} (?:UTC|Local))\] )"
            r"\[[^ ]+:[0-9]+\] (?:(?:\[HTTPS?\] )?DnsServerCore\.[A-Za-z.]*Exception: |\[.*\] User logged in\.$)",
            _zoned,
            program="technitium",
        ),
    ),
    lacks="It does not tell whether a name exists, nor whose account was disabled or blocked.",
)
