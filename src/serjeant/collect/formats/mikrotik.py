"""MikroTik RouterOS: winbox, web, ssh, telnet, api, ftp; PPP (PPTP, L2TP, SSTP, PPPoE, OpenVPN) and the hotspot.

Source: RouterOS manual, Log (topics ``system,error,critical`` and ``system,info,account``).

By syslog a message comes without a program: its topics stand where the program would. A name stands before the
address, and what follows the address is the router's.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, bsd, dated, iso

_TOPICS = r"^(?:[a-z0-9!-]+(?:,[a-z0-9!-]+)+:? )?(?:[A-Za-z0-9_.-]+: )?"
_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_PPP = r"(?:<(?:" + _IP + r"|[^<>]*)>: )?"
_CONSOLE = {"service": "console"}
_VPN = {"service": "vpn"}
_WEB = {"service": "web"}
_VIA = (
    " via (?:winbox|web|ssh|telnet|api|api-ssl|rest-api|ftp|dude|mac-telnet|mac-winbox|www|www-ssl|romon|btest|local)"
)

# These have no address: what looks like one is part of the name.
_VIA_IP = _VIA.replace("|mac-telnet|mac-winbox", "").replace("|local", "")

_RULES = (
    Rule(
        "wrong",
        _TOPICS + "login failure for user (?P<user_name>.*) from " + _IP + _VIA_IP + "$",
        "failure",
        "bad_password",
        None,
        _CONSOLE,
    ),
    Rule(
        "wrong_nearby",
        _TOPICS + "login failure for user (?P<user_name>.*?)(?: from [0-9A-F:]{17})?" + _VIA + "$",
        "failure",
        "bad_password",
        None,
        _CONSOLE,
    ),
    Rule(
        "success",
        _TOPICS + "user (?P<user_name>.*) logged in from " + _IP + _VIA_IP + "$",
        "success",
        None,
        None,
        _CONSOLE,
    ),
    Rule(
        "success_nearby",
        _TOPICS + "user (?P<user_name>.*?) logged in(?: from [0-9A-F:]{17})?" + _VIA + "$",
        "success",
        None,
        None,
        _CONSOLE,
    ),
    Rule(
        "ppp_wrong",
        _TOPICS + _PPP + "user (?P<user_name>.*) authentication failed(?: - .*)?$",
        "failure",
        "bad_password",
        None,
        _VPN,
    ),
    Rule(
        "ppp_success",
        _TOPICS + r"(?P<user_name>.*) logged in, [0-9A-Fa-f.:]+ from " + _IP + "$",
        "success",
        None,
        None,
        _VPN,
    ),
    Rule(
        "hotspot_wrong",
        _TOPICS + r"(?P<user_name>.*) \(" + _IP + r"\): login failed: [^()]*$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule("hotspot_success", _TOPICS + r"(?P<user_name>.*) \(" + _IP + r"\): logged in$", "success", None, None, _WEB),
    Rule("logged_out", _TOPICS + r".* logged out(?: from .*|, .*|:.*)?$"),
    Rule("hotspot_other", _TOPICS + r".* \([0-9A-Fa-f.:]+\): (?:trying to log in|logged out|login by).*$"),
    Rule("topics", r"^(?:firewall|dhcp|interface|wireless|caps|dns|script|route|ipsec|bridge|lte|ntp|snmp|wireguard|"
        r"system,info|ppp,debug|l2tp,debug|pptp,debug)(?:[,: ]).*$"),
)  # fmt: skip

_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_BSD = "[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}"
_BODY = "(?:system|pptp|l2tp|sstp|ovpn|pppoe|ppp|hotspot|account|ipsec|manager)(?:,[a-z0-9!-]+)+:? "
_HOST = "(?: (?P<host>[^ ,]+))? )"


def _dated(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%b/%d/%Y %H:%M:%S", clock)


FORMAT = Format(
    name="mikrotik",
    title="MikroTik RouterOS",
    group="network",
    programs=("mikrotik", "MikroTik", "routeros", "RouterOS"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "mikrotik",
            "^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>" + _BSD + ")" + _HOST + _BODY,
            bsd,
            program="mikrotik",
        ),
        Envelope(
            "mikrotik-iso",
            "^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>" + _ISO + ")" + _HOST + _BODY,
            iso,
            program="mikrotik",
        ),
        Envelope(
            "mikrotik-file",
            "^(?P<header>(?P<stamp>[a-z]{3}/[0-9]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}) )" + _BODY,
            _dated,
            program="mikrotik",
        ),
    ),
    lacks="It does not tell whether the account exists; PPP tells a wrong password without the address, unless the "
    "interface is called after it.",
)
