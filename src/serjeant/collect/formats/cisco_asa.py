"""Cisco ASA and Firepower Threat Defense (and PIX, FWSM): ``%ASA-6-113015: …``.

Source: Cisco Secure Firewall ASA Series Syslog Messages.

One wrong password is told by AAA (113005, 113015), by the administrator's login (605004, 611102) or by the portal
(716039): the lines of one address are joined as witnesses, so the address is the session. A name that does not exist is
shown as ``*****`` (unless ``no logging hide username``): then there is none. 113004 and 113012 tell of a right password
without saying from where, so a VPN login may be told twice. Sessions that begin (113039, 722022) are probes:
with a certificate or SAML nothing else is said.
"""

from collections.abc import Mapping

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd, iso, month_first

_PRODUCT = "%(?:ASA|FTD|PIX|FWSM|ASASM)-"
_IP = r"(?P<session_uid>(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*))"
_USER = r"(?:\*+|(?P<user_name>.*?))"
_LAST = r"(?:\*+|(?P<user_name>.*))"
_PORT = "(?:/(?P<src_port>[0-9]+))?"
_END = r"(?: ?: user IP = " + _IP + ")?$"
_AAA = r"AAA user (?:authentication|authorization) Rejected ?: reason = "
_AT = "(?:server = +[^ ,]*|local database)(?: ?:|,) [Uu]ser = "
_FROM = " ?: " + _AT + _USER + _END
_VPN = {"service": "vpn"}
_CONSOLE = {"service": "console"}


def _said(name: str, number: str, verdict: str, told: Mapping[str, str], says: str) -> Rule:
    """The verdict is an outcome, a reason and a witness."""
    outcome, reason, witness = (word if word != "-" else None for word in verdict.split())
    pattern = "^" + _PRODUCT + "(?:[a-z]+-)?[0-7]-" + number + ": " + says
    return Rule(name, pattern, outcome or "", reason, witness, told)


def _passed(name: str, number: str, says: str) -> Rule:
    return Rule(name, "^" + _PRODUCT + "(?:[a-z]+-)?[0-7]-" + number + ": " + says)


_GROUP = "Group <[^<>]*> User <" + _LAST + "> IP <" + _IP + "> "
# Some versions, and relays that strip them, write no angle brackets.
_PLAIN = "Group [^ <>]+ User (?P<user_name>[^ <>].*) IP " + _IP + " "
_RULES = (
    _said("aaa_locked", "1130(?:05|15)", "failure locked auth", _VPN, _AAA + "[^:]*lock[^:]*" + _FROM),
    _said("aaa_expired", "1130(?:05|15)", "challenged expired auth", _VPN, _AAA + "[^:]*expired[^:]*" + _FROM),
    _said("aaa_unknown", "1130(?:05|15)", "failure unknown_account auth", _VPN,
        _AAA + "[^:]*(?:not found|No such user)[^:]*" + _FROM),
    _said("aaa_wrong", "1130(?:05|15)", "failure bad_password auth", _VPN, _AAA + "[^:]*" + _FROM),
    _said("aaa_right", "1130(?:04|12)", "success - -", _VPN,
        "AAA user authentication Successful ?: " + _AT + _USER + "$"),
    _said("aaa_backend", "11301[34]", "refused backend -", _VPN,
        "AAA (?:unable to complete|authentication server not accessible).*: user = " + _USER + "$"),
    _said("credentials_rejected", "11301[67]", "failure other auth", _VPN,
        "AAA credentials rejected ?: reason = [^:]*" + _FROM),
    _said("no_rights", "113021", "challenged policy -", _CONSOLE,
        r"Attempted console login failed\. User '?(?P<user_name>.*?)'? did NOT have appropriate Admin Rights\.?$"),
    _said("portal_right", "716038", "success - auth", _VPN,
        _GROUP + r"Authentication: successful, Session Type: [A-Za-z0-9 -]+\.?$"),
    _said("portal_wrong", "716039", "failure bad_password daemon", _VPN,
        _GROUP + r"Authentication: rejected, Session Type: [A-Za-z0-9 -]+\.?$"),
    _said("portal_blocked", "(?:716023|113029)", "refused policy -", _VPN,
        _GROUP + "Session could not be established[^<>]*$"),
    _said("limit_plain", "113029", "refused policy -", _VPN, _PLAIN + "Session could not be established[^<>]*$"),
    _said("session", "(?:113039|716001|722022)", "success - probe", _VPN,
        _GROUP + "(?:AnyConnect|WebVPN|TCP|UDP)[^<>]*$"),
    _said("session_plain", "113039", "success - probe", _VPN, _PLAIN + "AnyConnect parent session started[^<>]*$"),
    _said("login_denied", "605004", "failure bad_password pam", _CONSOLE,
        "Login denied from " + _IP + _PORT + r' to [^ ]*/(?:ssh|telnet|https?|asdm|[0-9a-z]+) for '
r'user "' + _USER + '"$'),
    _said("login_permitted", "605005", "success - daemon", _CONSOLE,
        "Login permitted from " + _IP + _PORT + r' to [^ ]* for user "' + _LAST + '"$'),
    _said("user_failed", "611102", "failure bad_password daemon", _CONSOLE,
        "User authentication failed: (?:IP(?: address)? ?[:=] ?" + _IP + ", )?(?:Uname|username): ?" + _USER + "$"),
    _said("user_succeeded", "611101", "success - probe", _CONSOLE,
        "User authentication succeeded: (?:IP(?: address)? ?[:=] ?" + _IP + ", )?(?:Uname|username): ?" + _USER + "$"),
    _said("enable_wrong", "308001", "failure bad_password -", _CONSOLE,
        r"(?:Console |.* )enable password incorrect for (?P<count>[0-9]+) tries \(from " + _IP + r"\)$"),
    _said("through_right", "109005", "success - -", {"service": "web"},
        "Authentication succeeded for user '?(?P<user_name>.*?)'? from " + _IP + _PORT + " to [^ ]* on "
"interface [^ ]*$"),
    _said("through_wrong", "109006", "failure bad_password -", {"service": "web"},
        "Authentication failed for user '?(?P<user_name>.*?)'? from " + _IP + _PORT + " to [^ ]* on interface [^ ]*$"),
    _said("ikev2_wrong", "751011", "failure bad_password daemon", _VPN,
        r"Local: ?[^ ]* Remote: ?\[?" + _IP + r"\]?:[0-9]+ Username: ?" + _USER + " Failed user authentication.*$"),
    _passed("aaa_beside", "113(?:00[1-36-9]|01[0189]|02[0-9]|03[0-8]|04[0-9])", ".*$"),
    _passed("session_beside", "(?:315011|315012|315013|6111(?:0[3-9])|109(?:00[1-47-9]|0[1-4][0-9])|60500[1-3])",
        ".*$"),
    _passed("vpn_beside", "(?:71[0-57-9]|716(?:002|0[1-24-9][0-9]|00[3-9])|72[013-9]|722(?:0[013-9][0-9])|"
"75[0-9])[0-9]*",
        ".*$"),
    _passed("firewall", "(?:[2-5][0-9]{5}|1(?:0[0-8]|1[0124-9])[0-9]{3}|6(?:0[0-46-9]|[2-9][0-9])[0-9]{3}|"
"7[3-9][0-9]{4})",
        ".*$"),
)  # fmt: skip

_HOST = "(?: (?P<host>[^ :%]+))?[^%]{0,60}?)"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
_DAY = "[A-Z][a-z]{2} {1,2}[0-9]{1,2} "
_LEVEL = "(?:[a-z]+-)?[0-7]-[0-9]{6}: "

FORMAT = Format(
    name="cisco_asa",
    title="Cisco ASA and Firepower Threat Defense",
    group="network",
    programs=("cisco_asa",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "cisco-asa-year",
            "^(?P<header>[^%]{0,120}?(?P<stamp>" + _DAY + "[0-9]{4} " + _CLOCK + ")" + _HOST + _PRODUCT + _LEVEL,
            month_first,
            program="cisco_asa",
        ),
        Envelope(
            "cisco-asa-iso",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?:1 )?(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T"
            + _CLOCK
            + "(?:Z|[+-][0-9]{2}:[0-9]{2})?)"
            + _HOST
            + _PRODUCT
            + _LEVEL,
            iso,
            program="cisco_asa",
        ),
        Envelope(
            "cisco-asa",
            r"^(?P<header>(?:<[0-9]{1,3}>)?:?(?P<stamp>" + _DAY + _CLOCK + ")" + _HOST + _PRODUCT + _LEVEL,
            bsd,
            program="cisco_asa",
        ),
    ),
    lacks="Names that do not exist are hidden unless the device is told to show them, and attempts of one "
    "address within "
    "ten minutes are counted by the line that tells of most of them.",
)
