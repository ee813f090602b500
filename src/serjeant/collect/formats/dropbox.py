"""Dropbox's team log: one JSON object an event.

Source: Dropbox's "Team log" API, events of the category ``logins``. Types are written as objects with the key ``.tag``.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}

FORMAT = Format(
    name="dropbox",
    title="Dropbox team log",
    group="cloud",
    records=(
        Record(
            fields={
                "time": "timestamp",
                "user_name": (
                    "actor.user.email",
                    "actor.admin.email",
                    "actor.user.display_name",
                    "context.email",
                ),
                "src_ip": "origin.geo_location.ip_address",
                "auth_protocol": 'details.login_method.".tag"',
                "event": 'event_type.".tag"',
                "why": "details.error_details.user_friendly_message",
            },
            cases=(
                Case("sign_in", {"event": "^login_success$"}, "success", None, None, _WEB),
                Case(
                    "second",
                    {"event": "^login_fail$", "why": "^.*(?:security code|two.step|verification).*$"},
                    "challenged",
                    "mfa",
                    None,
                    _WEB,
                ),
                Case(
                    "locked",
                    {"event": "^login_fail$", "why": "^.*(?:too many|locked).*$"},
                    "failure",
                    "locked",
                    None,
                    _WEB,
                ),
                Case("failed", {"event": "^login_fail$"}, "failure", "bad_password", None, _WEB),
                Case("sso", {"event": "^sso_error$"}, "refused", "other", None, _WEB),
                Case("other_event", {"event": "^[a-z0-9_]+$"}),
            ),
            marks=('"event_type"', '"event_category"', '".tag"'),
        ),
    ),
    lacks="It tells of team members only.",
)
