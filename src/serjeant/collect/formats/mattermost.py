"""Mattermost's audit log, JSON (source: its documentation of audit logging; server/channels/api4/user.go: ``login``).

A second factor is asked for, and an account that is deactivated turned away, after the password was found right.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_CHAT = {"service": "chat"}
_LOGIN = "^login$"

FORMAT = Format(
    name="mattermost",
    title="Mattermost",
    group="chat",
    records=(
        Record(
            fields={
                "time": "timestamp",
                "event": "event_name",
                "status": "status",
                "why": ("error.description", "error.message"),
                "user_name": ("event.parameters.login_id", "meta.login_id", "event.resulting_state.username"),
                "src_ip": "actor.ip_address",
                "client": "actor.client",
            },
            cases=(
                Case("login", {"event": _LOGIN, "status": "^success$"}, "success", None, None, _CHAT),
                Case("attempt", {"event": _LOGIN, "status": "^attempt$"}),
                Case(
                    "mfa",
                    {"event": _LOGIN, "status": "^fail$", "why": "^.*(?:MFA|mfa|[Mm]ulti-factor).*$"},
                    "challenged",
                    "mfa",
                    None,
                    {"service": "chat", "is_mfa": True},
                ),
                Case(
                    "locked",
                    {"event": _LOGIN, "status": "^fail$", "why": "^.*(?:locked|too many failed|login_attempts).*$"},
                    "refused",
                    "locked",
                    None,
                    _CHAT,
                ),
                Case(
                    "disabled",
                    {"event": _LOGIN, "status": "^fail$", "why": "^.*(?:deactivated|inactive).*$"},
                    "failure",
                    "disabled",
                    None,
                    _CHAT,
                ),
                Case("wrong", {"event": _LOGIN, "status": "^fail$"}, "failure", "bad_password", None, _CHAT),
                Case("other", {"event": "^[A-Za-z_]+$", "status": "^(?:success|fail|attempt)$"}),
            ),
            marks=('"timestamp"', '"event_name"', '"status"', '"actor"', '"api_path"'),
        ),
    ),
    lacks="It is written where the audit log is turned on, and behind a proxy it knows only what that tells.",
)
