"""Deluge's web interface (source: deluge/ui/web/auth.py, deluge/log.py); it has a password and no names."""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso, missing

_WEB = {"service": "web"}
_WHERE = r"^\[[A-Z]+ *\](?: ?\[deluge[a-z._]* *:[0-9]+ *\]| [0-9:]{8} auth:[0-9]+) "
_IP = r" \(ClientIP (?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)\)$"

FORMAT = Format(
    name="deluge",
    title="Deluge",
    group="home",
    programs=("deluge-web", "deluge"),
    rules=(
        Rule("wrong", _WHERE + "Login failed" + _IP, "failure", "bad_password", None, _WEB),
        Rule("login", _WHERE + "Login success" + _IP, "success", None, None, _WEB),
        Rule(
            "other",
            r"^\[[A-Z]+ *\] ?\[deluge\.(?:core|config|log|ui\.web\.(?:server|json))[a-z._]* *:[0-9]+ *\] .*$",
        ),
    ),
    envelopes=(
        Envelope(
            "deluge",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8},[0-9]{3}) )"
            r"\[[A-Z]+ *\] ?\[deluge[a-z._]* *:[0-9]+ *\] Login (?:failed|success) \(ClientIP ",
            iso,
            program="deluge-web",
        ),
        # 1.3 tells the hour only.
        Envelope(
            "deluge-old",
            r"^(?P<header>(?P<stamp>))\[[A-Z]+ *\] [0-9:]{8} auth:[0-9]+ Login (?:failed|success) \(ClientIP ",
            missing,
            program="deluge-web",
        ),
    ),
    lacks="It has no user names, and 1.3 does not tell the day.",
)
