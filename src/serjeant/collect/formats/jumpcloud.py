"""JumpCloud's Directory Insights: one JSON object an event.

Source: JumpCloud's documentation of Directory Insights and its event types. ``success`` is the result, and
``auth_context.auth_methods`` the verdict on each factor: a failed attempt whose password succeeded there failed at
another one. Attempts at bound computers (``login_attempt``) name the program that was asked.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_TRIES = (
    "^(?:user_login_attempt|admin_login_attempt|login_attempt|sso_auth|radius_auth_attempt|ldap_bind|"
    "passwordmanager_login_attempt)$"
)
_NO = "^(?:false|False)$"

_CASES = (
    Case("sign_in", {"event": _TRIES, "ok": "^(?:true|True)$"}, "success"),
    Case("factor_failed", {"event": _TRIES, "ok": _NO, "password": "^(?:true|True)$"}, "challenged", "mfa"),
    Case(
        "factor_failed_said",
        {
            "event": _TRIES,
            "ok": _NO,
            "why": "^.*(?:MFA|mfa|TOTP|totp|[Mm]ulti-[Ff]actor|[Pp]ush|[Vv]erification code).*$",
        },
        "challenged",
        "mfa",
    ),
    Case("locked", {"event": _TRIES, "ok": _NO, "why": "^.*[Ll]ocked.*$"}, "refused", "locked"),
    Case(
        "disabled",
        {"event": _TRIES, "ok": _NO, "why": "^.*(?:[Ss]uspended|[Dd]isabled|[Ii]nactive).*$"},
        "failure",
        "disabled",
    ),
    Case("expired", {"event": _TRIES, "ok": _NO, "why": "^.*[Ee]xpired.*$"}, "failure", "expired"),
    Case(
        "denied",
        {"event": _TRIES, "ok": _NO, "why": "^.*(?:[Pp]olicy|[Dd]enied|[Nn]ot authorized|[Nn]ot bound).*$"},
        "refused",
        "policy",
    ),
    Case(
        "unknown",
        {"event": _TRIES, "ok": _NO, "why": "^.*(?:not found|[Uu]nknown user|no such user).*$"},
        "failure",
        "unknown_account",
    ),
    Case("wrong", {"event": _TRIES, "ok": _NO}, "failure", "bad_password"),
    Case("other_event", {"event": "^[a-z][a-z0-9_]*$"}),
)

FORMAT = Format(
    name="jumpcloud",
    title="JumpCloud Directory Insights",
    group="identity",
    records=(
        Record(
            fields={
                "time": ("timestamp", "@timestamp", "server_timestamp"),
                "user_name": ("initiated_by.username", "username", "initiated_by.email"),
                "src_ip": ("client_ip", "src_ip"),
                "client": ("useragent.name", "user_agent"),
                "dst_host": "system.hostname",
                "service": "service",
                "event": "event_type",
                "ok": "success",
                "why": ("error_message", "message"),
                "password": "auth_context.auth_methods.password.success",
                "is_mfa": "mfa",
            },
            cases=_CASES,
            marks=('"event_type"', '"initiated_by"'),
        ),
    ),
    values={
        "service": {
            "directory": "web",
            "sso": "web",
            "password_manager": "web",
            "systems": "console",
            "radius": "radius",
            "ldap": "ldap",
        }
    },
    lacks="Its messages are not listed in its documentation, so that a reason may be told as a wrong password.",
)
