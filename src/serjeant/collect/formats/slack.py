"""Slack's audit logs (Enterprise Grid): one JSON object an entry.

Source: Slack's "Audit Logs API: actions". ``user_login_failed`` tells of a member's wrong password; names that are no
members are not logged.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}

FORMAT = Format(
    name="slack",
    title="Slack audit logs",
    group="cloud",
    records=(
        Record(
            fields={
                "time": "date_create",
                "user_name": ("actor.user.email", "entity.user.email", "actor.user.name", "actor.user.id"),
                "src_ip": "context.ip_address",
                "client": "context.ua",
                "session_uid": "context.session_id",
                "event": "action",
            },
            cases=(
                Case("sign_in", {"event": "^user_login$"}, "success", None, None, _WEB),
                Case("failed", {"event": "^user_login_failed$"}, "failure", "bad_password", None, _WEB),
                Case("other_event", {"event": "^[a-z0-9_.]+$"}),
            ),
            marks=('"action"', '"actor"', '"date_create"', '"context"'),
        ),
    ),
    lacks="It knows of no names that are no members, and not why a sign-in failed.",
)
