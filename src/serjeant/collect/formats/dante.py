r"""Dante's SOCKS server (source: sockd's log of ``tcp/accept`` rules; auth_password.c, auth_pam.c).

The client's address and port, with a dot between them, stand before the reason, and the name in it.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd

_SOCKS = {"service": "socks"}
_BLOCKED = (
    r"^info: block\([0-9]+\): tcp/accept \]: (?:::ffff:)?(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|"
    r"[0-9A-Fa-f]*:[0-9A-Fa-f:]*)"
    r"\.(?P<src_port>[0-9]+) [0-9A-Fa-f.:]+: error after reading [0-9]+ bytes? in [0-9]+ seconds?: "
)

_RULES = (
    Rule(
        "nobody",
        _BLOCKED + r"could not access (?:user )?\"?(?P<user_name>.*?)\"?'s records in the system password file: .*$",
        "failure",
        "unknown_account",
        None,
        _SOCKS,
    ),
    Rule(
        "wrong",
        _BLOCKED + r"system password authentication failed for user \"?(?P<user_name>.*?)\"?$",
        "failure",
        "bad_password",
        None,
        _SOCKS,
    ),
    Rule(
        "wrong_pam",
        _BLOCKED + r"pam_authenticate\(\) for user \"?(?P<user_name>.*?)\"? failed: [A-Z][A-Za-z ]+$",
        "failure",
        "bad_password",
        None,
        _SOCKS,
    ),
    Rule(
        "other",
        r"^(?:info|warning|error|debug|notice|alert): (?:pass\(|block\([0-9]+\): (?:udp|icmp|hostid|tcp/(?:connect|"
        r"bind|"
        r"established))|block\([0-9]+\): tcp/accept [\[\]]: [^:]+: (?:blocked|error after reading [0-9]+ bytes? in "
        r"[0-9]+ "
        r"seconds?: (?:eof|.*reset|.*timed? ?out|.*expired|request from|unknown))|Dante/Server|dante/server|logoutput|"
        r"checkconfig|doprobe|io_|sockd|mother|child|server|rdns|shutdown).*$",
    ),
)

FORMAT = Format(
    name="dante",
    title="Dante SOCKS server",
    group="network",
    programs=("danted", "sockd"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "sockd",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}) \([0-9]+\.[0-9]+\) (?:sockd|"
            r"danted)\[(?P<pid>[0-9]+)\]: )",
            bsd,
            program="sockd",
        ),
    ),
    lacks="Of those who get in it tells each connection, so successes are left out.",
)
