"""authentik: the server's log (structlog, JSON), and its events as the API and webhooks give them.

Sources: authentik/events/models.py (``EventAction``), authentik/flows/stage.py and the stages' own code. A name that
nobody has is told by the stage (``invalid_login``), all else by an event. The stage of an event says which factor
failed.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}

_CASES = (
    Case("unknown", {"event": "^invalid_login$"}, "failure", "unknown_account", None, _WEB),
    Case("sign_in", {"action": "^login$"}, "success", None, None, _WEB),
    Case(
        "factor_failed",
        {"action": "^login_failed$", "stage": "^(?:authentik_stages_authenticator_.*|authenticator.*)$"},
        "challenged",
        "mfa",
        None,
        _SECOND,
    ),
    Case("wrong", {"action": "^login_failed$"}, "failure", "bad_password", None, _WEB),
    Case(
        "other_event",
        {
            "action": "^(?:logout|user_write|suspicious_request|password_set|secret_view|secret_rotate|invitation_used|"
            "authorize_application|source_linked|impersonation_(?:started|ended)|flow_execution|policy_.*|"
            "property_mapping_exception|system_.*|configuration_error|model_.*|email_sent|update_available|custom_.*)$"
        },
    ),
)

_USER = ("context.username", "identifier", "user.username")

FORMAT = Format(
    name="authentik",
    title="authentik",
    group="identity",
    programs=("authentik", "ak-server"),
    records=(
        Record(
            fields={
                "time": ("timestamp", "created"),
                "user_name": _USER,
                "src_ip": "client_ip",
                "client": "context.http_request.user_agent",
                "event": "event",
                "action": "action",
                "stage": ("context.stage.app", "context.stage.model_name"),
            },
            cases=_CASES,
            marks=('"action"', '"client_ip"'),
        ),
    ),
    lacks="It does not tell attempts on a name that exists but was refused by a policy.",
)
