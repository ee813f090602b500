"""Miniflux: what its logger writes, ``key=value`` or JSON (``LOG_FORMAT=json``).

Source: internal/ui/login_check.go, internal/api/middleware.go, internal/googlereader/handler.go,
internal/fever/middleware.go. An application shows its key or password with each request, so its successes are none of
a person; that of Google Reader's ``ClientLogin`` is a sign-in.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_API = {"service": "api"}
_TRUE = "^true$"
_PROTOCOLS = r"^\[(?:API|GoogleReader|Fever)\] "


def _cases(kind: str) -> tuple[Case, ...]:
    return (
        # Nothing was tried.
        Case(
            "empty" + kind,
            {"says": r"^.*(?:Empty username or password|No API (?:key|Key) provided|No authentication headers).*$"},
        ),
        Case("invalid" + kind, {"says": "^(?:Validation error|.*Could not parse).*$"}),
        Case("trouble" + kind, {"failed": _TRUE, "says": r"^.*Unable to fetch.*$"}, "refused", "backend", None, _API),
        Case("wrong_api" + kind, {"failed": _TRUE, "says": _PROTOCOLS + ".*$"}, "failure", "bad_password", None, _API),
        Case(
            "unknown" + kind,
            {"failed": _TRUE, "error": "^store: unable to find this user: .*$"},
            "failure",
            "unknown_account",
            None,
            _WEB,
        ),
        Case("wrong" + kind, {"failed": _TRUE}, "failure", "bad_password", None, _WEB),
        Case("no_local" + kind, {"says": "^blocking local auth login attempt.*$"}, "refused", "policy", None, _WEB),
        Case(
            "login_reader" + kind,
            {"ok": _TRUE, "says": r"^\[GoogleReader\] User authenticated successfully$"},
            "success",
            None,
            None,
            _API,
        ),
        Case("request" + kind, {"ok": _TRUE, "says": _PROTOCOLS + ".*$"}),
        Case("login" + kind, {"ok": _TRUE}, "success", None, None, _WEB),
        Case("other" + kind, {"ip": "^.+$", "says": "^(?:Incoming request|Session not found|No .*|Redirecting .*)$"}),
    )


_FIELDS = {
    "time": "time",
    "says": "msg",
    "failed": "authentication_failed",
    "ok": "authentication_successful",
    "error": "error",
    "ip": "client_ip",
    "src_ip": "client_ip",
    "client": "user_agent",
    "user_name": "username",
}

FORMAT = Format(
    name="miniflux",
    title="Miniflux",
    group="apps",
    programs=("miniflux",),
    records=(
        Record(fields=_FIELDS, cases=_cases(""), kind="logfmt", marks=("time=", " msg=", " client_ip=")),
        Record(fields=_FIELDS, cases=_cases("_json"), marks=('"time"', '"msg"', '"client_ip"')),
    ),
    lacks="It does not tell whether a key of an application was nearly right, nor of each of its requests.",
)
