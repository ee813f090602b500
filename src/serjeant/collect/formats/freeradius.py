"""FreeRADIUS 2 and 3: the server's log (radius.log) with ``auth = yes``, the linelog module's messages, and syslog.

Source: src/main/auth.c (``rad_authlog``): ``Login incorrect (why): [name/password] (from client nas port 0 cli who)``.

With ``auth_badpass`` or ``auth_goodpass`` the password stands behind the name's slash, and both are what the client
sent. It is in no group. A name ends at its first slash there, so a name with a slash is cut. ``cli`` is the
Calling-Station-Id: for a VPN the client's address, in a wireless network its MAC address, and any text at all where the
network device lets the client choose it.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

# What happens in a virtual server is indented.
_BEGIN = r"^(?:\([0-9]+\) +)?(?:[A-Za-z]+: +)?(?:\([0-9]+\) +)?"
_ADDRESS = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.[0-9.]+)?)"
_MAC = r"[0-9A-Fa-f]{2}(?:[:-]?[0-9A-Fa-f]{2}){5}[^ ()]*"
# The last parentheses are the server's; "via TLS tunnel" is an attempt inside another one, told again outside.
_TAIL = r"\(from client [^ ()]* port [0-9]+(?: cli (?:" + _MAC + "|" + _ADDRESS + r"|[^ ()]*))?(?: via [^()]*)?\).*$"
_WHO = r"\[(?P<user_name>[^/]*)(?:/.*)?\] " + _TAIL
_ANY = r"(?:[^\[]|\[0x[0-9A-Fa-f]+\])*"
_WHY = r"Login incorrect \((?:[^()]*: )?"
_TUNNEL = r"\(from client [^ ()]* port [0-9]+(?: cli [^()]*)? via [^()]*\).*$"
_RADIUS = {"service": "radius"}


def _login(name: str, outcome: str, reason: str | None, says: str) -> Rule:
    return Rule(name, _BEGIN + says + _WHO, outcome, reason, None, _RADIUS)


def _why(words: str) -> str:
    return _WHY + _ANY + "(?:" + words + ")" + _ANY + ": "


_RULES = (
    Rule("inner", _BEGIN + "(?:Login OK|Login incorrect|Invalid user)" + _ANY + r"\[.*\] " + _TUNNEL),
    _login("accepted", "success", None, "Login OK: "),
    _login(
        "unknown",
        "failure",
        "unknown_account",
        _why('[Uu]ser not found|No such user|No Auth-Type found|does not exist|No "known good" password'),
    ),
    _login("locked", "failure", "locked", _why("locked|Locked|LOCKED")),
    _login("disabled", "failure", "disabled", _why("disabled|Disabled|DISABLED")),
    _login("expired", "challenged", "expired", _why("expired|Expired|[Mm]ust change password")),
    _login(
        "policy",
        "refused",
        "policy",
        _why(
            "outside allowed|logon hours|[Cc]alling-[Ss]tation|already logged in|Simultaneous-Use|not allowed|"
            "Rejected by "
        ),
    ),
    _login("backend", "refused", "backend", _why("Home Server [^s]|timed out|Failed to connect|No response")),
    # Nobody came as far as a password.
    _login(
        "handshake",
        "refused",
        "other",
        _why("TLS Alert|TLS [Aa]ccept|No mutually acceptable|EAP session|eap_tls: |No EAP|Failed continuing EAP"),
    ),
    _login("wrong", "failure", "bad_password", "Login incorrect(?: " + _ANY + ")?: "),
    _login("invalid", "failure", "unknown_account", "Invalid user(?: " + _ANY + ")?: "),
    _login("several", "refused", "policy", "Multiple logins(?: " + _ANY + ")?: "),
    # The messages of mods-available/linelog.
    Rule("linelog_accepted", "^Accepted user: (?P<user_name>.*)$", "success", None, None, _RADIUS),
    Rule("linelog_rejected", "^Rejected user: (?P<user_name>.*)$", "failure", "bad_password", None, _RADIUS),
    Rule("linelog_challenge", "^(?:Sent challenge|Accounting-|Connected user|Disconnected user|Disconnect-|CoA-).*$"),
    Rule(
        "server",
        _BEGIN
        + r"(?:Ready to process|Ignoring |rlm_[a-z_]+|Loaded |Signalled|Exiting|Received |Sending |Need |Closing |"
        r"Opening |Discarding |WARNING|ERROR|[a-z_]+: |[a-z_]+ \([a-z0-9_]+\): |Core dumps|HUP|Shutting|Info|Error|"
        r"Dropping |Unresponsive|Marking |Reply |Request |Module|Adding |Listening|Could not|TLS|SSL|Threads).*$",
    ),
)


def _dated(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%a %b %e %H:%M:%S %Y", clock)


FORMAT = Format(
    name="freeradius",
    title="FreeRADIUS",
    group="network",
    programs=("radiusd", "freeradius", "radius", "freeradius3"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "freeradius-file",
            "^(?P<header>(?P<stamp>[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}) ?: )"
            r"(?:Auth|Info|Error|Warning|Proxy|Debug|Acct|INFO|ERROR|WARN): ",
            _dated,
            program="radiusd",
        ),
    ),
    lacks="Whether an address is told depends on the network device, which may let the client choose it; a name is cut "
    "at its first slash, since a password may follow. Where a tunnel holds another name, only the one outside "
    "it is read.",
)
