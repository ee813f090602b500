"""VNC servers: x11vnc and TightVNC (libvncserver), RealVNC, vino.

Sources: libvncserver/auth.c, x11vnc's log, RealVNC's ``Connections`` messages.

The protocol's own password has no user; RealVNC's names the account of the system.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_IP = r"\[?(?:::ffff:)?(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*?)\]?"
_BEGIN = r"^(?:[A-Za-z]+: )?"
_VNC = {"service": "vnc"}

_RULES = (
    Rule(
        "wrong",
        _BEGIN + "[Aa]uthentication failed from " + _IP + "$",
        "failure",
        "bad_password",
        None,
        _VNC,
    ),
    Rule(
        "rejected",
        "^Connections: (?:rejected|disconnected|closed): " + _IP + r"::(?P<src_port>[0-9]+)(?: \([A-Z]+\))? "
r"?\(?:? ?[^()]*[Aa]uthentication fail[^()]*\)?$",
        "failure",
        "bad_password",
        None,
        _VNC,
    ),
    Rule(
        "success",
        "^Connections: authenticated: " + _IP + r"::(?P<src_port>[0-9]+)(?: \([A-Z]+\))?, as (?P<user_name>.*) "
r"\([a-z,]+\)$",
        "success",
        None,
        None,
        _VNC,
    ),
    Rule("other", "^(?:Connections: (?:connected|disconnected|closed|accepted)|Got connection|Client Protocol|"
"rfb|Protocol version|"
        "Listening|Other|client_count|SConnection|Enabling|Using|VNCSConnST).*$"),
)  # fmt: skip


def _dated(stamps: pl.Series, clock: Clock) -> pl.Series:
    """Two digits or four of a year, the day first."""
    return dated(stamps.str.replace("/([0-9]{2}) ", "/20$1 "), "%d/%m/%Y %H:%M:%S", clock)


FORMAT = Format(
    name="vnc",
    title="VNC servers",
    group="hosts",
    programs=("x11vnc", "Xvnc", "vncserver-x11", "Xtightvnc", "vino-server", "vncserver", "tigervnc"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "vnc",
            r"^(?P<header>(?P<stamp>[0-9]{2}/[0-9]{2}/[0-9]{2,4} [0-9]{2}:[0-9]{2}:[0-9]{2}) )(?:[A-Za-z]+: )?"
            "(?:[Aa]uthentication failed from |Got connection from )",
            _dated,
            program="x11vnc",
        ),
    ),
    lacks="Most servers know one password and no user, and do not tell when it was right.",
)
