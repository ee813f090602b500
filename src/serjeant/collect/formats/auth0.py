"""Auth0's tenant log: of the Management API (flat), of log streams (``data``), and as event buses wrap those.

Source: Auth0's list of log event type codes. One attempt gives one code, but for a second factor: ``mfar`` says that
the password was right and the factor is asked for, ``gd_auth_failed`` or ``gd_auth_rejected`` that it failed, and
``s`` comes at the end. ``f`` stands for all refusals by rules and by other identity providers. Cross-origin codes
(``scoa``, ``fcoa``) speak of the browser's part of a sign-in that has a code of its own.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_AROUND = ("detail.data.", "event.data.", "data.data.", "data.", "")
_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}


def _paths(name: str) -> tuple[str, ...]:
    return tuple(around + name for around in _AROUND)


_CASES = (
    Case("sign_in", {"event": "^(?:s|sepft|sens)$"}, "success", None, None, _WEB),
    Case("sign_in_mfa", {"event": "^(?:seotpft|seoobft|sercft|seobbft)$"}, "success", None, None, _SECOND),
    Case("wrong", {"event": "^(?:fp|fepft)$"}, "failure", "bad_password", None, _WEB),
    Case("unknown", {"event": "^fu$"}, "failure", "unknown_account", None, _WEB),
    Case("blocked_user", {"event": "^f$", "why": "^[Uu]ser is blocked.*$"}, "failure", "disabled", None, _WEB),
    Case("failed", {"event": "^(?:f|fens)$"}, "failure", "other", None, _WEB),
    Case("connector", {"event": "^fc$"}, "refused", "backend", None, _WEB),
    Case("leaked", {"event": "^pwd_leak$"}, "refused", "policy", None, _WEB),
    Case("locked", {"event": "^limit_wc$"}, "refused", "locked", None, _WEB),
    Case("limited", {"event": "^limit_(?:mu|sul)$"}, "refused", "policy", None, _WEB),
    Case("asked_for_factor", {"event": "^mfar$"}, "challenged", "mfa", None, _SECOND),
    Case(
        "factor_failed",
        {"event": "^(?:gd_auth_(?:failed|rejected)|gd_recovery_failed|gd_(?:otp|recovery)_rate_limit_exceed)$"},
        "challenged",
        "mfa",
        None,
        _SECOND,
    ),
    Case("token_factor_failed", {"event": "^(?:feotpft|feoobft|fercft)$"}, "challenged", "mfa", None, _SECOND),
    Case("other_event", {"event": "^[a-z][a-z0-9_]*$"}),
)

FORMAT = Format(
    name="auth0",
    title="Auth0 tenant log",
    group="identity",
    records=(
        Record(
            fields={
                "time": (*_paths("date"), "p_event_time"),
                "user_name": _paths("user_name"),
                "src_ip": _paths("ip"),
                "client": _paths("user_agent"),
                "event": _paths("type"),
                "why": _paths("description"),
            },
            cases=_CASES,
            marks=('"log_id"', '"type"', '"date"'),
        ),
    ),
    lacks="It does not tell whether a sign-in that a rule refused had the right password.",
)
