"""Home Assistant's log (source: homeassistant/components/http/ban.py).

One line for each sign-in or request that showed something wrong; the name in front of the address is what its DNS says
and may be anything without spaces.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_COLOUR = r"(?:\x1b\[[0-9;]*m)?"
_FAILED = "^Login attempt or request with invalid authentication from "
_IP = r"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)"

FORMAT = Format(
    name="homeassistant",
    title="Home Assistant",
    group="home",
    programs=("homeassistant", "hass", "home-assistant"),
    rules=(
        Rule(
            "wrong",
            _FAILED
            + r"[^ ()]* \("
            + _IP
            + r"\)\.(?: Requested URL: '[^ ]*'\.)?(?: \((?P<client>.*)\))?"
            + _COLOUR
            + "$",
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule("wrong_old", _FAILED + _IP + _COLOUR + "$", "failure", "bad_password", None, _WEB),
        Rule("banned", "^(?:Banned IP |Not Found while trying to access ban).*$"),
    ),
    envelopes=(
        Envelope(
            "homeassistant",
            "^(?P<header>" + _COLOUR + r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}(?:\.[0-9]{3})?) "
            r"[A-Z]+ \([A-Za-z0-9_-]+\) \[homeassistant\.components\.http\.ban\] )",
            iso,
            program="homeassistant",
        ),
    ),
    lacks="It does not tell which name was tried, nor of a success, nor a password from a token.",
)
