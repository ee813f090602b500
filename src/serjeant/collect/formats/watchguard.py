"""WatchGuard Firebox: Mobile VPN and firewall users (admd), and its administrators (sessiond, wgagent).

Source: Fireware Log Message Catalog (1100-0004, 1100-0005, 3E00-0002, 3E00-0004).
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd

_ID = r'^(?:msg_id="[0-9A-F-]+" )?'
_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_KIND = "Authentication of (?:[A-Za-z0-9 _-]+ )?user "
_USER = r"\[(?P<user_name>.*)@[^@\[\] ]*\] from " + _IP
_VPN = {"service": "vpn"}
_ADMIN = {"service": "console"}


def _rejected(name: str, outcome: str, reason: str, why: str) -> Rule:
    return Rule(name, _ID + _KIND + _USER + " was rejected, " + why, outcome, reason, None, _VPN)


_RULES = (
    _rejected("policy", "refused", "policy", "[^@]*(?:group|limit|not allowed|license|already)[^@]*$"),
    _rejected("unknown", "failure", "unknown_account", "(?:user (?:isn't|is not|does not|doesn't)|no such user|"
"unknown)[^@]*$"),
    _rejected("locked", "failure", "locked", "[^@]*lock[^@]*$"),
    _rejected("backend", "refused", "backend", "[^@]*(?:server|time)[^@]*$"),
    _rejected("wrong", "failure", "bad_password", "[^@]*$"),
    Rule("success", _ID + _KIND + _USER + " was accepted[^@]*$", "success", None, None, _VPN),
    Rule("admin_wrong", _ID + "(?:Management user|Device Management user) (?P<user_name>.*?)(?:@[^@ ]*)? from " + _IP
        + r" log ?in attempt was rejected[A-Za-z -]*\.?$", "failure", "bad_password", None, _ADMIN),
    Rule("admin", _ID + "(?:Management user|Device Management user) (?P<user_name>.*?)(?:@[^@ ]*)? "
"from " + _IP + r" logged in[A-Za-z -]*\.?$",
        "success", None, None, _ADMIN),
    Rule("session", _ID + "(?:SSL VPN|Mobile VPN|Firewall|IKEv2|L2TP|Management|PPTP).* (?:logged out|logged in|"
"disconnected|timed out).*$"),
    Rule("lock", _ID + "(?:Account|User) .*(?:locked|unlocked).*$"),
)  # fmt: skip

FORMAT = Format(
    name="watchguard",
    title="WatchGuard Firebox",
    group="network",
    programs=("admd", "sessiond", "wgagent", "watchguard"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "watchguard",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) "
            r"(?P<host>[^ ]+) "
            r"(?:[^ ]+ )?(?:\([0-9T:-]+\) )?(?:admd|sessiond|wgagent|wrapper)\[?[0-9]*\]?: )(?:msg_id=|"
            r"Authentication of )",
            bsd,
            program="admd",
        ),
    ),
    lacks="A firewall user, a VPN user and a portal user are all told as VPN.",
)
