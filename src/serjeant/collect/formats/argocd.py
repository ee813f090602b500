"""Argo CD's server log (``key=value`` or JSON).

Source: util/session/sessionmanager.go. Names are told only of sign-ins that failed; the log has no addresses.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_SERVICE = {"rpc": r"^session\.SessionService$", "method": "^Create$"}
_CASES = (
    Case(
        "failed",
        {"message": r"^User (?P<user_name>.*) failed login [0-9]+ time\(s\)$"},
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Case(
        "locked", {"message": r"^User (?P<user_name>.*) had too many failed logins.*$"}, "refused", "locked", None, _WEB
    ),
    Case("login", {**_SERVICE, "code": "^OK$"}, "success", None, None, {**_WEB, "user_name": ""}),
    # A line of its own tells of each failure, with the name.
    Case("call", {"rpc": r"^[a-zA-Z.0-9]+$"}),
)
_FIELDS = {"time": "time", "message": "msg", "rpc": '"grpc.service"', "method": '"grpc.method"', "code": '"grpc.code"'}

FORMAT = Format(
    name="argocd",
    title="Argo CD",
    records=(
        Record(fields=_FIELDS, cases=_CASES, marks=('"level"', '"msg"', '"time"')),
        Record(
            fields={name: path.strip('"') for name, path in _FIELDS.items()},
            cases=_CASES,
            kind="logfmt",
            marks=("time=", "level=", "msg="),
        ),
    ),
    gives=("time", "user_name", "service", "outcome", "reason"),
    lacks="It does not tell addresses, nor the names of those who succeed.",
)
