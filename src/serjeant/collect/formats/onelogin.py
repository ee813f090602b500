"""OneLogin's events, as the Events API lists them and the event webhook sends them: one JSON object an event.

Source: OneLogin's API documentation, "Event Resource and Types"; what an event is stands in its ``event_type_id``
alone. A failed sign-in (6) does not say which factor failed. Locking an account (19) is an event of its own beside
the attempt.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}

_CASES = (
    Case("sign_in", {"event": "^5$"}, "success", None, None, _WEB),
    Case("failed", {"event": "^6$"}, "failure", "bad_password", None, _WEB),
    Case("app", {"event": "^(?:8|78)$"}, "success", None, None, _WEB),
    Case("app_failed", {"event": "^77$"}, "failure", "other", None, _WEB),
    Case("remote_failed", {"event": "^86$"}, "failure", "bad_password", None, _WEB),
    Case("radius", {"event": "^68$"}, "success", None, None, {"service": "radius"}),
    Case("radius_failed", {"event": "^69$"}, "failure", "bad_password", None, {"service": "radius"}),
    Case("api", {"event": "^122$"}, "success", None, None, {"service": "api"}),
    Case("api_failed", {"event": "^123$"}, "failure", "bad_password", None, {"service": "api"}),
    Case("ldap", {"event": "^130$"}, "success", None, None, {"service": "ldap"}),
    Case("ldap_failed", {"event": "^129$"}, "failure", "bad_password", None, {"service": "ldap"}),
    Case("social", {"event": "^140$"}, "success", None, None, _WEB),
    Case("social_failed", {"event": "^141$"}, "failure", "other", None, _WEB),
    Case("mac", {"event": "^153$"}, "success", None, None, {"service": "console"}),
    Case("mac_failed", {"event": "^154$"}, "failure", "bad_password", None, {"service": "console"}),
    Case("factor_failed", {"event": "^527$"}, "challenged", "mfa", None, {"service": "api", "is_mfa": True}),
    Case("other_event", {"event": "^(?:[1-9]|[1-9][0-9]|[1-5][0-9][0-9])$"}),
)

FORMAT = Format(
    name="onelogin",
    title="OneLogin events",
    group="identity",
    records=(
        Record(
            fields={
                "time": ("created_at", "event_timestamp", "p_event_time"),
                "user_name": ("user_name", "actor_user_name"),
                "src_ip": "ipaddr",
                "client": "user_agent",
                "event": "event_type_id",
            },
            cases=_CASES,
            marks=('"event_type_id"',),
        ),
    ),
    lacks="It names people by first and last name, and does not tell a wrong password from a wrong second factor.",
)
