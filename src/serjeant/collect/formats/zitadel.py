"""ZITADEL's events, as its API lists them: one JSON object an event.

Source: internal/repository/user (human_password.go, human_mfa_otp.go and their kin) and ZITADEL's event API. A user is
named by id. The check of a password and of each other factor is an event of its own; factors are checked after it.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}

_CASES = (
    Case("sign_in", {"event": r"^user\.human\.password\.check\.succeeded$"}, "success", None, None, _WEB),
    Case("wrong", {"event": r"^user\.human\.password\.check\.failed$"}, "failure", "bad_password", None, _WEB),
    Case(
        "factor_failed",
        {"event": r"^user\.human\.(?:mfa\.[a-z0-9.]+|otp[a-z0-9.]*)\.check\.failed$"},
        "challenged",
        "mfa",
        None,
        _SECOND,
    ),
    Case(
        "passwordless_failed",
        {"event": r"^user\.human\.passwordless\.token\.check\.failed$"},
        "failure",
        "other",
        None,
        _WEB,
    ),
    Case(
        "passwordless", {"event": r"^user\.human\.passwordless\.token\.check\.succeeded$"}, "success", None, None, _WEB
    ),
    Case("other_event", {"event": r"^[a-z_]+(?:\.[a-z0-9_]+)+$"}),
)

FORMAT = Format(
    name="zitadel",
    title="ZITADEL events",
    group="identity",
    records=(
        Record(
            fields={
                "time": ("creationDate", "created_at", "createdAt"),
                "user_name": ("aggregate.id",),
                "src_ip": ("payload.browserInfo.remoteIP", "payload.remoteIP", "event_payload.browserInfo.remoteIP"),
                "client": ("payload.browserInfo.userAgent", "payload.userAgent"),
                "event": ("type.type", "event_type", "type"),
            },
            cases=_CASES,
            marks=('"aggregate"', '"sequence"'),
        ),
    ),
    lacks="It names users by id, and attempts on a name that nobody has are no events.",
)
