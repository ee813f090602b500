"""Citrix NetScaler (ADC) and Gateway: ``AAA LOGIN_FAILED``, ``SSLVPN LOGIN`` and the administrators' commands.

Source: NetScaler Syslog Message Reference (AAA, AAATM, SSLVPN, GUI, CLI, API).

A name stands before the address, and a browser's name behind it; both are the client's choice. A browser with spaces
or a quote in its name could imitate an address, so such a line is read without one.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_NUMBER = r" [0-9]+ [0-9]+ : +"
# Newer builds tell what a proxy in front of them said, or a client that imitates one.
_PROXIED = r"(?: - X-Forwarded-For_ip(?: (?P<forwarded>[0-9A-Za-z.:, ]*))?)?"
_FAILED = "^(?:AAA|AAATM|SSLVPN) LOGIN_FAILED" + _NUMBER + "User (?P<user_name>.*) - Client_ip " + _IP + _PROXIED
_AGENT = r'(?: - Browser(?:_type)? (?:"(?P<client>[^"]*)"|[^ "]*))?$'
_REASON = ' - Failure_reason "[^"]*'
_COMMAND = (
    "^(?:GUI|UI|CLI|API|NITRO) CMD_EXECUTED" + _NUMBER + ("User (?P<user_name>.*?) - (?:ADM_User [^ ]* - )?Remote_ip ")
)
# What was typed is starred out, between quotes of its own.
_LOGIN = r' - Command "login [^"]*(?:"\*+")?" - Status '
_VPN: dict[str, str | bool] = {"service": "vpn"}
_MFA: dict[str, str | bool] = {"service": "vpn", "is_mfa": True}
_ADMIN: dict[str, str | bool] = {"service": "console"}


def _why(name: str, outcome: str, reason: str, words: str) -> Rule:
    told = _MFA if reason == "mfa" else _VPN
    return Rule(name, _FAILED + _REASON + "(?:" + words + r')[^"]*"' + _AGENT, outcome, reason, None, told)


_RULES = (
    _why("locked", "failure", "locked", "[Ll]ocked"),
    _why("disabled", "failure", "disabled", "[Dd]isabled"),
    _why("expired", "challenged", "expired", "[Ee]xpired|change"),
    _why("unknown", "failure", "unknown_account", "[Nn]ot found|[Uu]nknown"),
    _why("second", "challenged", "mfa", "OTP|[Ss]econd|[Tt]oken"),
    _why("policy", "refused", "policy", "[Pp]olicy|[Ll]icense|[Mm]ax|not allowed|EPA"),
    _why("backend", "refused", "backend", "[Tt]ime|[Cc]onnect|unreachable|not responding"),
    Rule("wrong", _FAILED + "(?:" + _REASON + '")?' + _AGENT, "failure", "bad_password", None, _VPN),
    Rule(
        "wrong_nowhere",
        "^(?:AAA|AAATM|SSLVPN) LOGIN_FAILED" + _NUMBER + "User (?P<user_name>.*?) - Client_ip .*$",
        "failure",
        "bad_password",
        None,
        _VPN,
    ),
    Rule(
        "right",
        "^(?:AAATM|SSLVPN|AAA) LOGIN" + _NUMBER + r"(?:Context .* - SessionId: ?[0-9]+ ?- )?User (?P<user_name>.*) - "
r"Client_ip "
        + _IP + _PROXIED + r' - Nat_ip "?[^"-]*"? - Vserver [^ ]* - Browser_type "(?P<client>[^"]*)"(?: - [A-Za-z_()]+ '
r'(?:"[^"]*"|[A-Za-z]+))*$',
        "success",
        None,
        None,
        _VPN,
    ),
    Rule(
        "right_nowhere",
        "^(?:AAATM|SSLVPN|AAA) LOGIN" + _NUMBER + r"(?:Context .* - SessionId: ?[0-9]+ ?- )?User "
r"(?P<user_name>.*?) - Client_ip .*$",
        "success",
        None,
        None,
        _VPN,
    ),
    Rule("admin", _COMMAND + _IP + _LOGIN + '"Success"$', "success", None, None, _ADMIN),
    Rule("admin_wrong", _COMMAND + _IP + _LOGIN + '"ERROR: [^"]*"$', "failure", "bad_password", None, _ADMIN),
    Rule("command", r"^(?:GUI|UI|CLI|API|NITRO|SHELL) (?:CMD_EXECUTED|[A-Z_]+) [0-9]+ [0-9]+ : .*$"),
    Rule("session", "^(?:SSLVPN|AAA|AAATM) (?:LOGOUT|HTTPREQUEST|TCPCONN[A-Z_]*|TCPCONNSTAT|UDPFLOWSTAT|"
"NONHTTP[A-Z_]*|ICA[A-Z_]*|"
        "STA[A-Z_]*|CLISEC_[A-Z_]+|EXTRACTED_GROUPS|REMOVE_[A-Z]+|HTTP_RESOURCEACCESS_DENIED|Message) .*$"),
    Rule("traffic", "^(?:TCP|SSLLOG|EVENT|SNMP|SSL|ICA|PITBOSS|ROUTING|CACHE|LB|DR|APPFW|ACL|UDP|RNAT) [A-Za-z_]+ .*$"),
)  # fmt: skip


def _dated(stamps: pl.Series, clock: Clock) -> pl.Series:
    return iso(stamps.str.replace("^([0-9]{2})/([0-9]{2})/([0-9]{4}):", "$3-$1-$2 "), clock)


FORMAT = Format(
    name="citrix",
    title="Citrix NetScaler and Gateway",
    group="network",
    programs=("citrix", "netscaler"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "citrix",
            r'^(?P<header>[^"]{0,120}?(?P<stamp>[0-9]{2}/[0-9]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2}(?: (?:GMT|UTC))?)'
            r"(?: [A-Z]{3,4})? +(?:(?P<host>[^ ]+) )?(?:[0-9]+-)?PPE-[0-9]+ : (?:[a-z0-9_-]+ )?)[A-Z]+ [A-Za-z_]+ "
            r"[0-9]+ [0-9]+ ?:",
            _dated,
            program="citrix",
        ),
    ),
    lacks="The reason is the authentication server's word; dates are read as month/day/year, which is the default.",
)
