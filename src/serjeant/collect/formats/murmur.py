"""Mumble's server (murmur): clients that the server rejects.

Source: src/murmur/Messages.cpp (``Server::msgAuthenticate``).
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_HEAD = r"^[0-9]+ => <[0-9]+:"
_REJECTED = _HEAD + r"(?P<user_name>.*)\(-?[0-9]+\)> Rejected connection from "
_IP = r"\[?(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*?)\]?:(?P<src_port>[0-9]+): "
_VOICE = {"service": "voice"}

_RULES = (
    Rule(
        "wrong",
        _REJECTED + _IP + "(?:Invalid server password|Wrong certificate or password for existing user)$",
        "failure",
        "bad_password",
        None,
        _VOICE,
    ),
    Rule("refused", _REJECTED + _IP + "[A-Z][A-Za-z -]*$", "refused", "policy", None, _VOICE),
    Rule("success", _HEAD + r"(?P<user_name>.*)\(-?[0-9]+\)> Authenticated$", "success", None, None, _VOICE),
    Rule("other", r"^[0-9]+ => (?:<[0-9]+:.*> (?:New connection|Client version|Connection closed|Timeout|Moved|"
r"Starting|CELT|Disconnect)|"
        "Server|Announcing|Not registering|Stopped|Registration|CELT).*$"),
)  # fmt: skip

FORMAT = Format(
    name="murmur",
    title="Mumble server (murmur)",
    group="chat",
    programs=("murmurd", "mumble-server", "murmur"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "murmur",
            r"^(?P<header><[A-Z]>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}) "
            r")[0-9]+ => ",
            iso,
            program="murmurd",
        ),
    ),
    lacks="A success is told without the address.",
)
