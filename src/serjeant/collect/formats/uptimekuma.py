"""Uptime Kuma and Dockge, whose loggers write alike (source: server/server.js, backend/socket-handlers/).

The second factor is asked for after the password was found right: each sign-in with one is told as challenged first.
A page that is opened again signs in by its token, which reads as any other success.
"""

from collections.abc import Mapping

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_SECOND: Mapping[str, str | bool] = {"service": "web", "is_mfa": True}
_WHERE = r"^\[AUTH\] [A-Z]+: "
_WHO = r" user (?P<user_name>.*)\. IP=(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)$"

FORMAT = Format(
    name="uptimekuma",
    title="Uptime Kuma and Dockge",
    group="apps",
    programs=("uptime-kuma", "dockge"),
    rules=(
        Rule("wrong", _WHERE + "Incorrect username or password for" + _WHO, "failure", "bad_password", None, _WEB),
        Rule("mfa_wrong", _WHERE + "Invalid token provided for" + _WHO, "challenged", "mfa", None, _SECOND),
        Rule("mfa_asked", _WHERE + "2FA token required for" + _WHO, "challenged", "mfa", None, _SECOND),
        Rule("limited", _WHERE + "Too many failed requests for" + _WHO, "refused", "locked", None, _WEB),
        Rule("login", _WHERE + "Successfully logged in" + _WHO, "success", None, None, _WEB),
        Rule(
            "token",
            _WHERE
            + "(?:Login by |Username from JWT|Inactive or deleted|Invalid token|The token is|invalid sig|jwt ).*$",
        ),
        Rule("other", r"^\[(?:[B-Z]|A[A-TV-Z])[A-Z0-9_-]*\] (?:DEBUG|INFO|WARN|ERROR): .*$"),
    ),
    envelopes=(
        Envelope(
            "uptimekuma",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\.[0-9]{3})?(?:Z|[+-][0-9]{2}:[0-9]{2})) )"
            r"\[AUTH\] [A-Z]+: ",
            iso,
            program="uptime-kuma",
        ),
    ),
    lacks="It does not tell a sign-in by password from one by the token of a page that was open before.",
)
