"""Okta's System Log, as the API, log streaming and exports give it: one JSON object an event.

Source: Okta's System Log API and its list of event types. ``user.session.start`` is the password's verdict (or the whole
sign-in's); ``user.authentication.auth_via_mfa`` tells of the second factor, which is asked for only after the first one
was right.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_SIGN_IN = r"^user\.session\.start$"
_FACTOR = r"^user\.(?:authentication\.auth_via_mfa|mfa\..*)$"
_WEB = {"service": "web"}
_SECOND = {"service": "web", "is_mfa": True}

_CASES = (
    Case("sign_in", {"event": _SIGN_IN, "result": "^SUCCESS$"}, "success", None, None, _WEB),
    Case("locked", {"event": _SIGN_IN, "why": "^LOCKED_OUT$"}, "refused", "locked", None, _WEB),
    Case("expired", {"event": _SIGN_IN, "why": "^PASSWORD_EXPIRED$"}, "challenged", "expired", None, _WEB),
    Case(
        "unknown",
        {"event": _SIGN_IN, "why": "^(?:VERIFICATION_ERROR|UNKNOWN_USER)$"},
        "failure",
        "unknown_account",
        None,
        _WEB,
    ),
    Case("wrong", {"event": _SIGN_IN, "result": "^(?:FAILURE|DENY)$"}, "failure", "bad_password", None, _WEB),
    Case("other_event", {"event": "^[a-z_]+[.].*$"}),
)

FORMAT = Format(
    name="okta",
    title="Okta System Log",
    records=(
        Record(
            fields={
                "time": "published",
                "user_name": "actor.alternateId",
                "src_ip": "client.ipAddress",
                "client": "client.userAgent.rawUserAgent",
                "session_uid": "authenticationContext.externalSessionId",
                "event": "eventType",
                "result": "outcome.result",
                "why": "outcome.reason",
            },
            cases=_CASES,
            marks=('"eventType"', '"published"'),
        ),
    ),
    gives=("time", "user_name", "src_ip", "client", "service", "outcome", "reason", "is_mfa", "session_uid"),
    lacks="It does not tell which password was tried.",
)
