"""Palo Alto Networks PAN-OS: the SYSTEM, GLOBALPROTECT and AUTHENTICATION logs as CSV by syslog.

Source: PAN-OS Administrator's Guide, Syslog Field Descriptions.

One wrong password of a GlobalProtect user is told by the authentication daemon (SYSTEM, auth) and by the portal or
gateway; lines of one address are joined as witnesses, so the address is the session. What a user typed may hold a
whole imitated line, but what the firewall writes behind it is not the user's choice, so the last address is the true
one.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_FIELD = r'(?:"(?:[^"]|"")*"|[^,"]*),'
_NAME = r'"?(?P<user_name>[^,"]*)"?,'
_IP = r"(?P<session_uid>(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*))"
_AUTH = "^SYSTEM,auth," + 3 * _FIELD
_TAIL = r'\.?"?,[0-9]+,0x[0-9a-f]+,[^"]*$'
_WHY = r"auth-fail,.*[Ff]ailed authentication for user '(?P<user_name>.*)'\. +Reason: "
_FROM = r".*From: ?" + _IP + _TAIL
_GP = "^SYSTEM,globalprotect," + 3 * _FIELD + "globalprotect(?:gateway|portal)-auth-"
_LOGIN = r'.*Login from: ?"?' + _IP + r'"?,(?: Source region: [^,]*,)? User name: (?P<user_name>[^,"]*?)\.?[,"].*$'
_EVENT = "^GLOBALPROTECT," + 4 * _FIELD + "(?:gateway|portal)-(?:auth|login)," + 3 * _FIELD + _NAME + 2 * _FIELD
_ADDRESS = (
    r"(?:" + _IP.replace("{1,3}){3}|", r"{1,3}){3}|").replace("(?P<session_uid>", "(?P<session_uid>") + r"|[^,]*),"
)
_STATUS = _ADDRESS + 9 * _FIELD
_VPN = {"service": "vpn"}
_WEB = {"service": "web"}


def _failed(name: str, outcome: str, reason: str, why: str) -> Rule:
    told = {"is_mfa": True} if reason == "mfa" else {}
    return Rule(name, _AUTH + _WHY + why + _FROM, outcome, reason, "auth", {**_WEB, **told})


_RULES = (
    _failed("locked", "failure", "locked", "[^.']*[Ll]ocked"),
    _failed("expired", "challenged", "expired", "[^.']*[Ee]xpired"),
    _failed("second", "challenged", "mfa", "[^.']*(?:MFA|[Mm]ulti-?factor|[Cc]hallenge|OTP)"),
    _failed("not_allowed", "failure", "policy", "User is not in allow"),
    _failed(
        "backend", "refused", "backend", "[^.']*(?:[Tt]imed? ?out|not reachable|[Uu]nreachable|No response|server is)"
    ),
    _failed("unknown", "failure", "unknown_account", "[^.']*(?:not found|does not exist|[Uu]nknown user)"),
    _failed("wrong", "failure", "bad_password", ""),
    Rule(
        "wrong_nowhere",
        _AUTH + _WHY + ".*$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule(
        "right",
        _AUTH + r"auth-success,.*[Aa]uthenticated for user '(?P<user_name>.*)'\." + _FROM,
        "success",
        None,
        "probe",
        _WEB,
    ),
    Rule("vpn_wrong", _GP + "fail," + _LOGIN, "failure", "bad_password", "daemon", _VPN),
    Rule("vpn", _GP + "succ," + _LOGIN, "success", None, "daemon", _VPN),
    Rule("event_wrong", _EVENT + _STATUS + 3 * _FIELD + "failure,.*$", "failure", "bad_password", "daemon", _VPN),
    Rule("event", _EVENT + _STATUS + 3 * _FIELD + "success,.*$", "success", None, "daemon", _VPN),
    Rule(
        "page_wrong",
        "^AUTHENTICATION,"
        + 4 * _FIELD
        + _IP
        + ","
        + _NAME
        + ".*(?:auth-fail|[Aa]uthentication failed|[Ff]ailed auth).*$",
        "failure",
        "bad_password",
        "pam",
        _WEB,
    ),
    Rule(
        "page",
        "^AUTHENTICATION," + 4 * _FIELD + _IP + "," + _NAME + ".*(?:auth-success|[Aa]uthentication succe).*$",
        "success",
        None,
        "probe",
        _WEB,
    ),
    Rule(
        "auth_beside",
        _AUTH + "(?:auth-(?:server|lockout|request)[a-z-]*|saml-[a-z-]+|general|[a-z-]*challenge[a-z-]*),.*$",
    ),
    Rule("vpn_beside", "^SYSTEM,globalprotect," + 3 * _FIELD + "globalprotect[a-z]*-(?:[b-z]|agent)[a-z-]*,.*$"),
    Rule("event_beside", "^GLOBALPROTECT," + 4 * _FIELD + "(?:gateway|portal)-(?:[b-z]|agent)[a-z-]*,.*$"),
    Rule("system", "^SYSTEM,(?:[b-fh-z]|g[a-km-z])[a-z0-9-]*,.*$"),
    Rule(
        "traffic", "^(?:TRAFFIC|THREAT|CONFIG|HIPMATCH|HIP-MATCH|USERID|IPTAG|DECRYPTION|CORRELATION|TUNNEL|SCTP),.*$"
    ),
)


def _dated(stamps: pl.Series, clock: Clock) -> pl.Series:
    return iso(stamps.str.replace_all("/", "-", literal=True), clock)


FORMAT = Format(
    name="panos",
    title="Palo Alto Networks PAN-OS and GlobalProtect",
    group="network",
    programs=("panos",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "panos",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?:[A-Z][a-z]{2} [ 0-9][0-9] (?:[0-9]{4} )?[0-9]{2}:[0-9]{2}:[0-9]{2} "
            r"(?P<host>[^ ,]+) (?:- )*|[^,]{0,120} )?[0-9]+,(?P<stamp>[0-9]{4}[/-][0-9]{2}[/-][0-9]{2}[ "
            r"T][0-9]{2}:[0-9]{2}"
            r":[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?),[^,]*,)"
            "(?:SYSTEM|GLOBALPROTECT|AUTHENTICATION|TRAFFIC|THREAT|CONFIG|HIPMATCH|HIP-MATCH|USERID|IPTAG|DECRYPTION|"
            "CORRELATION|TUNNEL|SCTP),",
            _dated,
            program="panos",
        ),
    ),
    lacks="GlobalProtect's own lines do not tell why a login failed, and attempts of one address within ten "
    "minutes are "
    "counted by the log that tells of most of them.",
)
