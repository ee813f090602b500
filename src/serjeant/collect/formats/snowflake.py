"""Snowflake's LOGIN_HISTORY (Account Usage view and table function), exported as JSON lines or CSV.

Source: Snowflake's documentation of LOGIN_HISTORY. ``ERROR_MESSAGE`` is a code in capitals (``EXT_AUTHN_…``: the
second factor, asked for after the password). When failures are too many, one row of them stands for the rest, with
the address 0.0.0.0 (``OVERFLOW_FAILURE_EVENTS_ELIDED``).
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_DB = {"service": "database"}
_SECOND: dict[str, str | bool] = {"service": "database", "is_mfa": True}
_NO = "^(?:NO|no|No|false|FALSE)$"
_YES = "^(?:YES|yes|Yes|true|TRUE)$"

_CASES = (
    Case("no_login", {"event": "^LOG_?OUT$"}),
    Case("sign_in_mfa", {"ok": _YES, "second": "^.+$"}, "success", None, None, _SECOND),
    Case("sign_in", {"ok": _YES}, "success", None, None, _DB),
    Case("locked", {"ok": _NO, "why": "^(?:.*_)?LOCKED.*$"}, "refused", "locked", None, _DB),
    Case("disabled", {"ok": _NO, "why": "^USER_.*(?:DISABLED|EXPIRED).*$"}, "failure", "disabled", None, _DB),
    Case(
        "blocked",
        {"ok": _NO, "why": "^.*(?:IP_BLOCKED|NETWORK_POLICY|NOT_ALLOWED|POLICY).*$"},
        "refused",
        "policy",
        None,
        _DB,
    ),
    Case("expired", {"ok": _NO, "why": "^PASSWORD_(?:EXPIRED|CHANGE_REQUIRED).*$"}, "challenged", "expired", None, _DB),
    Case(
        "factor_failed",
        {"ok": _NO, "why": "^(?:EXT_AUTHN_|MFA_|TOTP_|DUO_|PASSCODE_).*$"},
        "challenged",
        "mfa",
        None,
        _SECOND,
    ),
    Case("wrong", {"ok": _NO, "why": "^(?:INCORRECT_USERNAME_PASSWORD.*)?$"}, "failure", "bad_password", None, _DB),
    Case("failed", {"ok": _NO}, "failure", "other", None, _DB),
)


def _fields(case: str) -> dict[str, str | tuple[str, ...]]:
    names = {
        "time": "EVENT_TIMESTAMP",
        "user_name": "USER_NAME",
        "src_ip": "CLIENT_IP",
        "client": "REPORTED_CLIENT_TYPE",
        "auth_protocol": "FIRST_AUTHENTICATION_FACTOR",
        "event": "EVENT_TYPE",
        "ok": "IS_SUCCESS",
        "why": "ERROR_MESSAGE",
        "second": "SECOND_AUTHENTICATION_FACTOR",
    }
    return {name: title.lower() if case == "lower" else title for name, title in names.items()}


FORMAT = Format(
    name="snowflake",
    title="Snowflake login history",
    group="cloud",
    records=(
        Record(fields=_fields("upper"), cases=_CASES, marks=('"IS_SUCCESS"', '"CLIENT_IP"')),
        Record(fields=_fields("lower"), cases=_CASES, marks=('"is_success"', '"client_ip"')),
        Record(fields=_fields("upper"), cases=_CASES, kind="csv", marks=("EVENT_TIMESTAMP", "IS_SUCCESS", "CLIENT_IP")),
    ),
    lacks="It does not tell a wrong password from an unknown user.",
)
