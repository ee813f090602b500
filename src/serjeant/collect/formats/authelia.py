"""Authelia: ``key=value`` lines or JSON, by its setting ``log.format``; successes are at the level debug.

Source: internal/handlers (``doMarkAuthenticationAttempt``, once ``markAuthenticationAttempt``;
handler_firstfactor_password.go). The second factor is asked for after the first one was right. Since 4.39 an unknown
user gives two lines: one with an empty name, and one that tells what was typed.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}
_TRY = "^Unsuccessful %s authentication attempt by user '(?P<user_name>.*)'"
_FACTORS = "(?:TOTP|Duo|U2F|WebAuthn|Webauthn)"
_FIRST = "(?:1FA|Password|Passkey)"
_NOBODY = "(?:user not found|.*no such user.*|.*not found)"
_BACKEND = "(?:.*(?:dial |connection|timeout|timed out|Network Error|LDAP Result Code (?:52|80|200)).*)"
_RIGHT = "^Successful %s authentication attempt made by user '(?P<user_name>.*)'$"

_CASES = (
    Case("sign_in", {"said": _RIGHT % _FIRST}, "success", None, None, _WEB),
    Case("second_factor", {"said": _RIGHT % _FACTORS}, "success", None, None, _SECOND),
    Case("nameless", {"said": "^Unsuccessful 1FA authentication attempt by user ''(?:: .*)?$"}),
    Case("banned", {"said": _TRY % "[A-Za-z0-9]+" + " and they are banned until .*$"}, "refused", "locked", None, _WEB),
    Case("factor_failed", {"said": _TRY % _FACTORS + "(?:: .*)?$"}, "challenged", "mfa", None, _SECOND),
    Case("unknown", {"said": _TRY % _FIRST + ": " + _NOBODY + "$"}, "failure", "unknown_account", None, _WEB),
    Case(
        "unknown_error",
        {"said": _TRY % _FIRST + "$", "error": "^" + _NOBODY + "$"},
        "failure",
        "unknown_account",
        None,
        _WEB,
    ),
    Case("backend", {"said": _TRY % _FIRST + ": " + _BACKEND + "$"}, "refused", "backend", None, _WEB),
    Case(
        "backend_error", {"said": _TRY % _FIRST + "$", "error": "^" + _BACKEND + "$"}, "refused", "backend", None, _WEB
    ),
    Case("wrong_told", {"said": _TRY % _FIRST + ": .*$"}, "failure", "bad_password", None, _WEB),
    Case("wrong", {"said": _TRY % _FIRST + "$"}, "failure", "bad_password", None, _WEB),
    Case(
        "unknown_typed",
        {
            "said": "^Error occurred getting details for user with username input '(?P<user_name>.*)' "
            "which usually indicates they do not exist$"
        },
        "failure",
        "unknown_account",
        None,
        _WEB,
    ),
    Case(
        "other",
        {
            "said": "^(?:Mark |Access to |Check authorization|Required level|Redirection URL |Request hit|Replied |"
            "Possible |Authorization |Access Request|Access Response|Consent |No |Profile details|Updat|Refresh|"
            "User session|Destroy|Inactivity|The |Unable |Failed to parse|Could not).*$"
        },
    ),
)

_FIELDS: dict[str, str | tuple[str, ...]] = {"time": "time", "src_ip": "remote_ip", "said": "msg", "error": "error"}

FORMAT = Format(
    name="authelia",
    title="Authelia",
    group="identity",
    programs=("authelia",),
    records=(
        Record(fields=_FIELDS, cases=_CASES, kind="logfmt", marks=("msg=", "remote_ip=")),
        Record(fields=_FIELDS, cases=_CASES, marks=('"msg"', '"remote_ip"')),
    ),
    lacks="Below the level debug it does not tell who got in.",
)
