"""Mealie's log (source: mealie/routes/auth/auth.py, mealie/core/logger/logconf.prod.json).

A wrong password is told by one line at ERROR, and by the line of the request, which is known and not counted. The
address is the first of ``X-Forwarded-For`` where a request has that header, whoever wrote it.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_IP = r"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)"
_ASKED = r'"POST /api/auth/token(?:\?[^ "]*)? HTTP/[0-9.]+"$'

FORMAT = Format(
    name="mealie",
    title="Mealie",
    group="apps",
    programs=("mealie",),
    rules=(
        Rule("wrong", "^Incorrect username or password from " + _IP + "$", "failure", "bad_password", None, _WEB),
        Rule("locked", "^User is locked out from " + _IP + "$", "refused", "locked", None, _WEB),
        Rule("login", r"^\[\[?" + _IP + r"\]?:(?P<src_port>[0-9]+)\] 200 OK " + _ASKED, "success", None, None, _WEB),
        Rule("request", r'^\[[^ ]+\] [0-9]{3} [A-Za-z -]+ ".*"$'),
        Rule(
            "other",
            r"^(?:Found user but |\[OIDC\] |Welcome|Database|running|Started|Waiting|Scheduler).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "mealie",
            r"^(?P<header>(?:DEBUG|INFO|WARNING|ERROR) +(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}) - )"
            r"(?:Incorrect username or password from |User is locked out from |Found user but |"
            r'\[[^ ]+\] [0-9]{3} [A-Za-z -]+ "[A-Z]+ /)',
            iso,
            program="mealie",
        ),
    ),
    lacks="It does not tell which name was tried, and a forged X-Forwarded-For passes for the client.",
)
