"""Navidrome's log, ``key=value`` (source: server/auth.go, server/middlewares.go, server/subsonic/middlewares.go).

A wrong password at the web page is told twice: by ``Unsuccessful login``, which has the name, and by the line of the
request, which has the address; ``requestId`` is theirs both. Players (Subsonic) show who they are with each request,
so of them only failures are told.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_API = {"service": "api", "auth_protocol": "subsonic"}
_LOGIN = r"^HTTP: POST [a-z]+://[^ ]*/auth/login(?:\?.*)?$"
_FIELDS = {
    "time": "time",
    "says": "msg",
    "status": "httpStatus",
    "auth": "auth",
    "error": "error",
    "user_name": "username",
    "src_ip": "remoteAddr",
    "client": "userAgent",
    "session_uid": "requestId",
}

FORMAT = Format(
    name="navidrome",
    title="Navidrome",
    group="home",
    programs=("navidrome",),
    records=(
        Record(
            fields=_FIELDS,
            cases=(
                Case(
                    "wrong_request", {"says": _LOGIN, "status": "^40[13]$"}, "failure", "bad_password", "daemon", _WEB
                ),
                Case("limited", {"says": _LOGIN, "status": "^429$"}, "refused", "locked", "daemon", _WEB),
                Case("login", {"says": _LOGIN, "status": "^200$"}, "success", None, "daemon", _WEB),
                Case("request", {"says": "^HTTP: [A-Z]+ .*$"}),
            ),
            kind="logfmt",
            marks=(" msg=", " httpStatus=", " remoteAddr="),
        ),
        Record(
            fields=_FIELDS,
            cases=(Case("wrong", {"says": "^Unsuccessful login$"}, "failure", "bad_password", "auth", _WEB),),
            kind="logfmt",
            marks=('msg="Unsuccessful login"', " username="),
        ),
        Record(
            fields=_FIELDS,
            cases=(
                Case(
                    "unknown_subsonic",
                    {"says": "^API: Invalid login$", "error": "^data not found$"},
                    "failure",
                    "unknown_account",
                    None,
                    _API,
                ),
                Case("wrong_subsonic", {"says": "^API: Invalid login$"}, "failure", "bad_password", None, _API),
            ),
            kind="logfmt",
            marks=('msg="API: Invalid login"', " remoteAddr="),
        ),
    ),
    lacks="It does not tell the name of who signed in, nor where from unless requests are logged.",
)
