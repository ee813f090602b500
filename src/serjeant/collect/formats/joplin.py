"""Joplin Server's application log, bare or as its process manager PM2 passes it on.

Source: packages/server/src/middleware/routeHandler.ts, routes/api/sessions.ts, routes/index/login.ts. Applications
sign in at ``/api/sessions``, where a wrong password is told by the error and again by the line of the request;
people at ``/login``, which has the line of the request only.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_API = {"service": "api"}
_IP = r"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)"
_SIZE = r": [0-9.]+ [kKMG]?i?B: POST "
_TOOK = r" \([0-9]+ms\)$"

FORMAT = Format(
    name="joplin",
    title="Joplin Server",
    group="apps",
    programs=("joplin", "joplin-server"),
    rules=(
        Rule(
            "wrong_api",
            r"^(?:\[error\] )?App: 403: POST /api/sessions: "
            + _IP
            + r': Invalid [a-z ]+(?:: \{"email":"(?P<user_name>.*)"\})?$',
            "failure",
            "bad_password",
            None,
            _API,
        ),
        Rule(
            "limited_api",
            r"^(?:\[error\] )?App: 429: POST /api/sessions: " + _IP + ": .*$",
            "refused",
            "locked",
            None,
            _API,
        ),
        Rule("login_api", "^App: " + _IP + _SIZE + r"/api/sessions \(200\)" + _TOOK, "success", None, None, _API),
        Rule("wrong", "^App: " + _IP + _SIZE + r"/login \(40[013]\)" + _TOOK, "failure", "bad_password", None, _WEB),
        Rule("limited", "^App: " + _IP + _SIZE + r"/login \(429\)" + _TOOK, "refused", "locked", None, _WEB),
        Rule("login", "^App: " + _IP + _SIZE + r"/login \((?:200|30[23])\)" + _TOOK, "success", None, None, _WEB),
        Rule(
            "request",
            r"^App: (?:[0-9A-Fa-f.:]+: [0-9.]+ [A-Za-z]*B: )?[A-Z]+ /[^ ]*(?: \([0-9]+(?:ms)?\))+$",
        ),
        Rule(
            "other",
            r"^(?:\[[a-z]+\] )?(?:TaskService|EmailService|App: Starting|App: Running|db|MustacheService).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "joplin",
            r"^(?P<header>(?:[0-9:]{8} )?(?:[0-9]+\|app +\| )?(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}): )"
            r"(?:\[[a-z]+\] )?App: (?:[0-9]{3}: [A-Z]+ /|[0-9A-Fa-f.:]+: [0-9.]+ [A-Za-z]*B: [A-Z]+ /)",
            iso,
            program="joplin",
        ),
    ),
    lacks="It tells the name of a failure at its interface for applications only.",
)
