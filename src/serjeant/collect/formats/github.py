"""GitHub's audit and security logs (GitHub.com, Enterprise Server): exported or streamed, one JSON object an event.

Source: GitHub's documentation, "Security log events" and "Audit log events for your enterprise". What is asked for
after the password (a code, an unknown device's confirmation) has events of its own.
"""

from serjeant.collect.fields import Paths
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}

_CASES = (
    Case("sign_in", {"event": r"^user\.login$"}, "success", None, None, _WEB),
    Case("failed", {"event": r"^user\.failed_login$"}, "failure", "bad_password", None, _WEB),
    Case(
        "second",
        {"event": r"^(?:user\.two_factor_challenge_failure|two_factor_authentication\.failed)$"},
        "challenged",
        "mfa",
        None,
        _SECOND,
    ),
    Case(
        "device",
        {
            "event": r"^user\.(?:device_verification_failure"
            r"|correct_password_from_unrecognized_device(?:_and_location)?)$"
        },
        "challenged",
        "policy",
        None,
        _WEB,
    ),
    Case("other_event", {"event": r"^[a-z0-9_-]+\.[a-z0-9_.-]+$"}),
)
_FIELDS: Paths = {
    "time": ("@timestamp", "created_at"),
    "user_name": ("user", "actor", "data.login", "data.email"),
    "src_ip": ("actor_ip", "data.actor_ip"),
    "client": ("user_agent", "data.user_agent"),
    "event": "action",
}

FORMAT = Format(
    name="github",
    title="GitHub audit log",
    group="cloud",
    records=(
        Record(_FIELDS, _CASES, "json", ('"action"', '"actor"', '"_document_id"')),
        Record(_FIELDS, _CASES, "json", ('"action"', '"actor_ip"')),
    ),
    lacks="It tells of names that exist only, and of an address only where an owner let it.",
)
