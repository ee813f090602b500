"""GLPI's event log (files/_log/event.log): the line of an event, without a stamp of its own.

Source: src/Auth.php, src/Toolbox.php (``logInFile``), which writes the stamp into the line before. So the line says
something only where a shipper or a container gave it a time.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import missing

_WEB = {"service": "web"}
_IP = r" from IP (?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)$"

FORMAT = Format(
    name="glpi",
    title="GLPI",
    group="apps",
    programs=("glpi",),
    rules=(
        Rule(
            "wrong",
            r"^\[login\] [0-9]: Failed login for (?P<user_name>.*)" + _IP,
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule("login", r"^\[login\] [0-9]: (?P<user_name>.*) log in" + _IP, "success", None, None, _WEB),
        Rule("other", r"^\[(?:inventory|tracking|setup|document|cron|plugin|notification|system)\] [0-9]: .*$"),
    ),
    envelopes=(
        Envelope(
            "glpi",
            r"^(?P<header>(?P<stamp>))\[login\] [0-9]: (?:Failed login for .*|.* log in) from IP [0-9A-Fa-f.:]+$",
            missing,
            program="glpi",
        ),
    ),
    lacks="Its own file tells when in another line, which is not read together with it.",
)
