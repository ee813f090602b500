r"""ZNC, an IRC bouncer: what its module adminlog writes, to its own file or to syslog (source: modules/adminlog.cpp).

The name stands in brackets before the address, which ends the line.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_IRC = {"service": "irc"}
_FROM = (
    r" from \[?(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)\]?(?::(?P<src_port>[0-9]{1,5}))?$"
)

FORMAT = Format(
    name="znc",
    title="ZNC",
    group="chat",
    programs=("znc",),
    rules=(
        Rule("failed", r"^\[(?P<user_name>.*)\] failed to login" + _FROM, "failure", "bad_password", constants=_IRC),
        Rule("login", r"^\[(?P<user_name>.*)\] connected to ZNC" + _FROM, "success", constants=_IRC),
        Rule("other", r"^\[.*\] (?:dis)?connected .*$"),
    ),
    envelopes=(
        Envelope(
            "znc-adminlog",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})\] )"
            r"\[.*\] (?:failed to login|connected to ZNC|disconnected from ZNC) from ",
            iso,
            program="znc",
        ),
    ),
    lacks="It does not tell whether the name exists.",
)
