"""Seafile's web interface, seahub.log (source: seahub/auth/views.py).

It tells of a failure when there were too many: with the name it is the last of them, without it the page was asked for
once more.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_WHERE = r"^\[[A-Z]+\] seahub\.auth\.[a-z_.]+:[0-9]+ [a-z_]+ Login attempt limit reached, "
_IP = r"ip: (?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+), +attem[pts]+: [0-9]+$"

FORMAT = Format(
    name="seafile",
    title="Seafile",
    group="apps",
    programs=("seahub", "seafile"),
    rules=(
        Rule(
            "wrong",
            _WHERE + "(?:try freeze the user, )?(?:username|email/username): (?P<user_name>.*), " + _IP,
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule("limited", _WHERE + _IP, "refused", "locked", None, _WEB),
        Rule("other", r"^\[[A-Z]+\] (?:seahub\.(?:[b-z]|a[a-tv-z])|django|celery)[a-z0-9_.]*:[0-9]+ .*$"),
    ),
    envelopes=(
        Envelope(
            "seafile",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8},[0-9]{3}) )\[[A-Z]+\] seahub\.auth\.",
            iso,
            program="seahub",
        ),
    ),
    lacks="It tells nothing of a failure before the limit, and of no success.",
)
