"""Ivanti (Pulse, Juniper) Connect Secure: its standard log and WELF (``id=firewall … vpn=…``), by syslog or exported.

Source: Ivanti Connect Secure log messages (AUT24326, AUT24327, AUT24414, AUT24803, AUT23457 and their like).

A wrong password is told twice: ``Primary authentication failed`` knows which factor it was, and ``Login failed using
auth server`` follows. The lines of one address are joined as witnesses, so the address is the session. A login is
complete at ``Login succeeded``; the single factors that succeed before it are not counted. The name stands between
the address and the message, and both ends of the line are the appliance's. Since 22.x the name follows its network
(``Default Network::``) and the roles are followed by the session's number.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

_IP = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*"
_WHO = (
    r"^\[(?P<session_uid>(?P<src_ip>"
    + _IP
    + r"))\] (?:- )?(?:Default Network::)?(?P<user_name>.*)\([^()]*\)\[[^\[\]]*\](?:\[[0-9a-f]*\])? - "
    r"(?:[A-Z]{3}[0-9]+: )?"
)
_ANYONE = r"^\[[^ \]]*\] (?:- )?.*\([^()]*\)\[.*\] - (?:[A-Z]{3}[0-9]+: )?"
_REASON = r"Login failed(?: using auth server .*)?\. +Reason: "
_VPN: dict[str, str | bool] = {"service": "vpn"}
_MFA: dict[str, str | bool] = {"service": "vpn", "is_mfa": True}

_SAID = (
    ("primary_wrong", "failure", "bad_password", "auth", "Primary authentication failed for .*$"),
    ("second_wrong", "challenged", "mfa", "auth", "Secondary authentication failed for .*$"),
    ("account_locked", "failure", "locked", "daemon", _REASON + "(?:Account ?[Ll]ocked|.*[Ll]ocked ?[Oo]ut).*$"),
    ("account_disabled", "failure", "disabled", "daemon", _REASON + "(?:Account ?[Dd]isabled|.*disabled).*$"),
    ("password_expired", "challenged", "expired", "daemon", _REASON + ".*(?:Expired|expired|PasswordChange).*$"),
    ("second_denied", "challenged", "mfa", "daemon", _REASON + "(?:.*[Tt]oken|.*[Ss]econdary|.*TOTP).*$"),
    ("no_roles", "challenged", "policy", "daemon", _REASON + "(?:No ?Roles?|.*[Hh]ost ?[Cc]hecker).*$"),
    ("restricted", "refused", "policy", "daemon", _REASON + "(?:IP ?Denied|.*[Rr]estriction|.*[Cc]ertificate).*$"),
    ("limited", "refused", "policy", "daemon", _REASON + "(?:.*[Ll]imit|.*[Ss]ession).*$"),
    ("no_server", "refused", "backend", "daemon", _REASON + "(?:.*[Uu]nreachable|.*[Tt]imed? ?[Oo]ut|.*Server).*$"),
    ("failed", "failure", "bad_password", "daemon", _REASON + ".*$"),
    ("succeeded", "success", None, "daemon", "(?:[A-Z][a-z]+ l|L)ogin succeeded for .*$"),
)

_RULES = (
    *(
        Rule(name, _WHO + says, outcome, reason, witness, _MFA if reason == "mfa" else _VPN)
        for name, outcome, reason, witness, says in _SAID
    ),
    Rule("beside", _ANYONE + "(?:(?:Primary|Secondary) authentication successful|Active Directory authentication).*$"),
    Rule(
        "realm",
        _ANYONE + "(?:Testing |[A-Z][A-Za-z ]* restrictions |Host Checker |Remote address |Number of concurrent|"
        "User Accounts|Session |Logout |VPN Tunneling|Radius Accounting|User Record|Key Exchange|WebRequest|WebSocket|"
        "Connect|Closed|Request to connect|Sending |SSL negotiation|Transport|Network Connect|System |"
        'Connection from|Handshake |Starting |HTML5 |"rdp" connection |Max session ).*$',
    ),
)

_MESSAGE = "^(?:[A-Z]{3}[0-9]+: )?"
_CASES = (
    Case(
        "welf_primary", {"msg": _MESSAGE + "Primary authentication failed.*$"}, "failure", "bad_password", "auth", _VPN
    ),
    Case("welf_second", {"msg": _MESSAGE + "Secondary authentication failed.*$"}, "challenged", "mfa", "auth", _MFA),
    Case("welf_locked", {"msg": _MESSAGE + _REASON + ".*[Ll]ock.*$"}, "failure", "locked", "daemon", _VPN),
    Case("welf_disabled", {"msg": _MESSAGE + _REASON + ".*[Dd]isabled.*$"}, "failure", "disabled", "daemon", _VPN),
    Case("welf_no_roles", {"msg": _MESSAGE + _REASON + "No ?Roles.*$"}, "challenged", "policy", "daemon", _VPN),
    Case("welf_failed", {"msg": _MESSAGE + _REASON + ".*$"}, "failure", "bad_password", "daemon", _VPN),
    Case("welf_succeeded", {"msg": _MESSAGE + "(?:[A-Z][a-z]+ l|L)ogin succeeded.*$"}, "success", None, "daemon", _VPN),
    Case("welf_other", {"msg": "^(?:[A-Z]{3}[0-9]+: )[A-Za-z].*$"}),
)

FORMAT = Format(
    name="ivanti",
    title="Ivanti (Pulse) Connect Secure",
    group="network",
    programs=("PulseSecure", "Pulse", "Juniper", "ive", "IVE", "Ivanti", "pulse_secure", "PulseConnectSecure"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "ivanti-syslog",
            r"^(?P<header>[^\[\]]{0,120}?(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
            r"(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})) [^ \[\]]+ [A-Za-z_-]+:? (?:- )*"
            r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} - (?P<host>[^ \[\]]+) - )"
            r"\[(?:" + _IP + r")\] ",
            iso,
            program="PulseSecure",
        ),
        Envelope(
            "ivanti-standard",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) - (?P<host>[^ ]+) - )"
            r"\[(?:" + _IP + r")\] ",
            iso,
            program="PulseSecure",
        ),
    ),
    records=(
        Record(
            kind="logfmt",
            fields={
                "time": "time",
                "user_name": "user",
                "src_ip": "src",
                "session_uid": "src",
                "dst_host": ("vpn", "fw"),
                "client": "agent",
                "msg": "msg",
            },
            cases=_CASES,
            marks=("id=firewall", " vpn=", " realm=", "msg="),
        ),
    ),
    lacks="It does not tell whether the account exists, and attempts of one address within ten minutes are counted by "
    "the message that tells of most of them.",
)
