"""Stirling PDF's log.

Source: security/controller/api/AuthController.java for 2, security/CustomAuthenticationFailureHandler.java before it.

Whether an account is enabled and what its second factor is are asked after the password was found right.
"""

from collections.abc import Mapping

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_SECOND: Mapping[str, str | bool] = {"service": "web", "is_mfa": True}
_NAME = "(?P<user_name>.*)"
_FROM = r" from IP: \[?(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)\]?"

FORMAT = Format(
    name="stirlingpdf",
    title="Stirling PDF",
    group="apps",
    programs=("stirling-pdf", "stirling"),
    rules=(
        Rule("wrong_old", "^Failed login attempt" + _FROM + "$", "failure", "bad_password", None, _WEB),
        Rule("wrong", "^Invalid password for user: " + _NAME + _FROM + "$", "failure", "bad_password", None, _WEB),
        Rule("unknown", "^User not found: " + _NAME + "$", "failure", "unknown_account", None, _WEB),
        Rule("failed", "^Authentication failed for user: " + _NAME + "$", "failure", "other", None, _WEB),
        Rule(
            "locked", "^Blocked account login attempt for user: " + _NAME + _FROM + "$", "refused", "locked", None, _WEB
        ),
        Rule(
            "disabled", "^Disabled user attempted login: " + _NAME + _FROM + "$", "challenged", "disabled", None, _WEB
        ),
        Rule(
            "mfa_asked",
            "^MFA required but no code provided for user: " + _NAME + _FROM + "$",
            "challenged",
            "mfa",
            None,
            _SECOND,
        ),
        Rule(
            "mfa_wrong",
            "^(?:Invalid MFA code|Replay MFA code detected) for user: " + _NAME + _FROM + "$",
            "challenged",
            "mfa",
            None,
            _SECOND,
        ),
        Rule(
            "login",
            "^Login successful for user: " + _NAME + _FROM + r"(?: \(desktop: [a-z]+\))?$",
            "success",
            None,
            None,
            _WEB,
        ),
        Rule("token", "^(?:Issued [A-Z]+ token|Refreshed [A-Z]+ token|Token refresh|Login attempt for user).*$"),
    ),
    envelopes=(
        Envelope(
            "stirlingpdf",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8},[0-9]{3}) [A-Z]+ +"
            r"[A-Za-z0-9.]+\.(?:AuthController|CustomAuthenticationFailureHandler) \[[^\]]*\] )",
            iso,
            program="stirling-pdf",
        ),
    ),
    lacks="Before 2 it does not tell which name was tried, and it never tells where an unknown name was tried from.",
)
