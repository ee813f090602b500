"""Ory Kratos: its JSON log, lines for the audit.

Source: selfservice/flow/login (error.go, hook.go). What was typed is never written: a failure has no name, a success
the identity's id. ``http_request.remote`` is whoever opened the connection, a proxy where there is one.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_FAILED = r"^Encountered self-service (?:login|flow) error\.$"

_CASES = (
    Case(
        "sign_in",
        {"said": "^Identity authenticated successfully and was issued an Ory Kratos Session (?:Cookie|Token)[.]$"},
        "success",
        None,
        None,
        _WEB,
    ),
    Case(
        "factor_failed",
        {
            "said": _FAILED,
            "where": "^.*/self-service/login.*$",
            "why": "^.*(?:authentication code|recovery code|TOTP).*$",
        },
        "challenged",
        "mfa",
        None,
        {"service": "web", "is_mfa": True},
    ),
    Case(
        "wrong",
        {"said": _FAILED, "where": "^.*/self-service/login.*$", "why": "^.*credentials are invalid.*$"},
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Case("other", {"said": "^(?:started handling request|completed handling request|Encountered ).*$"}),
)

FORMAT = Format(
    name="kratos",
    title="Ory Kratos",
    group="identity",
    records=(
        Record(
            fields={
                "time": "time",
                "user_name": ("identity_id", "session.identity_id"),
                "src_ip": "http_request.remote",
                "client": "http_request.headers.user-agent",
                "said": "msg",
                "where": ("http_request.path", "login_flow.request_url"),
                "why": ("error.message", "error.reason", "error"),
            },
            cases=_CASES,
            marks=('"http_request"', '"msg"'),
        ),
    ),
    lacks="It never names who a failed attempt was for; behind a proxy the address is the proxy's.",
)
