"""qBittorrent's log of its web interface (source: src/webui/api/authcontroller.cpp, src/base/logger.cpp).

An address that was banned is turned away before its password is looked at; the line calls it a failure all the same.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_FAILED = "^WebAPI login failure. Reason: "
_IP = "IP: (?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[^ ,]+)?"
_NAME = ", username: (?P<user_name>.*)$"

FORMAT = Format(
    name="qbittorrent",
    title="qBittorrent",
    group="home",
    programs=("qbittorrent", "qbittorrent-nox"),
    rules=(
        Rule(
            "wrong",
            _FAILED + "invalid credentials, attempt count: [0-9]+, " + _IP + _NAME,
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule("banned", _FAILED + "IP has been banned, " + _IP + _NAME, "failure", "locked", None, _WEB),
        Rule(
            "login",
            "^WebAPI login success. " + _IP + "(?:, username: (?P<user_name>.*))?$",
            "success",
            None,
            None,
            _WEB,
        ),
        Rule(
            "other",
            r"^(?:qBittorrent|Web UI|WebUI|Using|Trying to listen|Successfully listening|Detected external|Added).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "qbittorrent",
            r"^(?P<header>\([NIWC]\) (?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}) - )WebAPI login ",
            iso,
            program="qbittorrent",
        ),
    ),
    lacks="It is read where qBittorrent speaks English, and it does not tell the name of a success.",
)
