"""Apereo CAS: its audit trail as single lines between ``|`` or as JSON, in cas_audit.log and cas.log.

Sources: inspektr-audit (``AbstractStringAuditTrailManager``: when, application, what, action, who, client, server, and
since 7 user agent and place) and CAS' documentation of audits. ``what`` and ``who`` hold the name as typed, and nothing
is escaped: of a line with more bars neither name nor address is told. The usual trail of several lines has its name and
its address on lines of their own and cannot be read.
"""

from collections.abc import Mapping

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}
_IP = "[0-9A-Fa-f.:]+"
_WHEN = r"^[^\x7c]*\x7c[^\x7c]*\x7c"
_TAIL = rf"\x7c(?P<user_name>[^\x7c]*)\x7c(?P<src_ip>{_IP})\x7c{_IP}$"
# What the client calls itself is no address, else these would be a name's bars and the line of seven fields.
_AGENT = r"\x7c[0-9A-Fa-f.:]*[^0-9A-Fa-f.:\x7c][^\x7c]*\x7c[^\x7c]*"
_MORE = _TAIL.removesuffix("$") + _AGENT + "$"
_FACTOR = r"[^\x7c]*(?:Token|(?:Duo|WebAuthn|U2F|YubiKey|Authy)[A-Za-z]*)Credential[^\x7c]*\x7c"


def _both(
    name: str, what: str, action: str, outcome: str, reason: str | None, *, second: bool = False
) -> tuple[Rule, Rule]:
    """The line with seven fields, and the one with more."""
    constants: Mapping[str, str | bool] = _SECOND if second else _WEB
    return (
        Rule(name, _WHEN + what + action + _TAIL, outcome, reason, None, constants),
        Rule(name + "_7", _WHEN + what + action + _MORE, outcome, reason, None, constants),
    )


_RULES = (
    Rule(
        "nameless",
        rf"{_WHEN}[^\x7c]*username(?:=|: )(?P<user_name>[^\x7c,\])]*)[^\x7c]*\x7cAUTHENTICATION_FAILED\x7caudit:unknown"
        rf"\x7c(?P<src_ip>{_IP})\x7c{_IP}(?:{_AGENT})?$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    *_both("factor_failed", _FACTOR, "AUTHENTICATION_FAILED", "challenged", "mfa", second=True),
    *_both("failed", r"[^\x7c]*\x7c", "AUTHENTICATION_FAILED", "failure", "bad_password"),
    *_both("sign_in", r"[^\x7c]*\x7c", "AUTHENTICATION_SUCCESS", "success", None),
    *_both("throttled", r"[^\x7c]*\x7c", "THROTTLED_LOGIN_ATTEMPT", "refused", "policy"),
    # The client's own text holds a bar, before the address or behind it.
    Rule("odd", rf"{_WHEN}.*\x7cAUTHENTICATION_FAILED\x7c.*(?P<user_name>)$", "failure", "other", None, _WEB),
    Rule(
        "other",
        rf"{_WHEN}[^\x7c]*\x7c[A-Z0-9_]*(?:TICKET|TRIGGERED|SERVICE|SAML|OIDC|OAUTH|CONSENT|LOGOUT)[A-Z0-9_]*\x7c.*$",
    ),
)

_CASES = (
    Case(
        "json_factor_failed",
        {
            "action": "^AUTHENTICATION_FAILED$",
            "what": "^.*(?:Token|Duo|WebAuthn|U2F|YubiKey|Authy)[A-Za-z]*Credential.*$",
        },
        "challenged",
        "mfa",
        None,
        _SECOND,
    ),
    Case("json_failed", {"action": "^AUTHENTICATION_FAILED$"}, "failure", "bad_password", None, _WEB),
    Case("json_sign_in", {"action": "^AUTHENTICATION_SUCCESS$"}, "success", None, None, _WEB),
    Case("json_throttled", {"action": "^THROTTLED_LOGIN_ATTEMPT$"}, "refused", "policy", None, _WEB),
    Case("json_other", {"action": "^[A-Z][A-Z0-9_]*$"}),
)

FORMAT = Format(
    name="cas",
    title="Apereo CAS",
    group="identity",
    programs=("cas",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "cas-audit",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}) [A-Z]+ +"
            r"\[org\.apereo\.inspektr\.[A-Za-z0-9_.]+\] - )[^ ]",
            iso,
            program="cas",
        ),
    ),
    records=(
        Record(
            fields={
                "time": ("whenIso", "timestamp"),
                "user_name": ("who", "principal"),
                "src_ip": "clientIpAddress",
                "action": ("action", "actionPerformed"),
                "what": ("what", "resourceOperatedUpon"),
                "client": "userAgent",
            },
            cases=_CASES,
            marks=('"clientIpAddress"', '"who"'),
        ),
    ),
    lacks="Its usual trail of several lines is not read; it does not tell a wrong password from an unknown user.",
)
