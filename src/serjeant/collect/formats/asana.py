"""Asana's audit log, as its API and its exports give it: one JSON object an event.

Source: Asana's "Audit log API", supported events (category ``logins``). It says how people sign in, not why they fail.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}

FORMAT = Format(
    name="asana",
    title="Asana audit log",
    group="cloud",
    records=(
        Record(
            fields={
                "time": "created_at",
                "user_name": ("actor.email", "resource.email", "actor.name"),
                "src_ip": "context.client_ip_address",
                "client": "context.user_agent",
                "event": "event_type",
            },
            cases=(
                Case("sign_in", {"event": "^user_login_succeeded$"}, "success", None, None, _WEB),
                Case("failed", {"event": "^user_login_failed$"}, "failure", "bad_password", None, _WEB),
                Case("other_event", {"event": "^[a-z0-9_]+$"}),
            ),
            marks=('"event_category"', '"event_type"', '"actor_type"'),
        ),
    ),
    lacks="It does not tell why a sign-in failed.",
)
