r"""Argo CD's server log (``key=value`` or JSON).

Sources: util/session/sessionmanager.go, util/session/ratelimiter.go, util/oidc/oidc.go and the gRPC interceptors'
lines. A wrong password has a line of its own, with the name; the finished call tells of a success (without a name)
and of what was found wrong after the password was right.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_CREATE = {"rpc": r"^session\.SessionService$", "method": "^Create$"}
_DENIED = {**_CREATE, "code": "^Unauthenticated$"}
_SSO = r"^Web login successful\. Claims: \{"


def _said(name: str, message: str, outcome: str, reason: str | None) -> Case:
    return Case(name, {"message": message}, outcome, reason, None, _WEB)


_CASES = (
    _said("failed", r"^User (?P<user_name>.*) failed login [0-9]+ time\(s\)$", "failure", "bad_password"),
    _said("locked", r"^User (?P<user_name>.*) had too many failed logins \([0-9]+\)$", "refused", "locked"),
    _said("crowded", "^(?P<user_name>)Exceeded number of concurrent login requests$", "refused", "policy"),
    # What stands inside a claim has its quotes escaped.
    _said("sso", _SSO + r'(?:.*,)?"email":"(?P<user_name>[^"\\]+)".*$', "success", None),
    _said("sso_subject", _SSO + r'(?:.*,)?"sub":"(?P<user_name>[^"\\]+)".*$', "success", None),
    Case("login", {**_CREATE, "code": "^OK$"}, "success", None, None, {**_WEB, "user_name": ""}),
    Case(
        "disabled",
        {**_DENIED, "why": "^(?:.* desc = )?Account (?P<user_name>.*) is disabled$"},
        "challenged",
        "disabled",
        None,
        _WEB,
    ),
    Case(
        "not_allowed",
        {**_DENIED, "why": "^(?:.* desc = )?Account (?P<user_name>.*) does not have [a-zA-Z]+ capability$"},
        "challenged",
        "policy",
        None,
        _WEB,
    ),
    # The other failures have lines of their own.
    Case("call", {"rpc": r"^[a-zA-Z.0-9]+Service$"}),
)
_FIELDS = {
    "time": "time",
    "message": "msg",
    "rpc": '"grpc.service"',
    "method": '"grpc.method"',
    "code": '"grpc.code"',
    "why": "error",
}

FORMAT = Format(
    name="argocd",
    title="Argo CD",
    group="apps",
    programs=("argocd-server", "argocd"),
    records=(
        Record(fields=_FIELDS, cases=_CASES, marks=('"level"', '"msg"', '"time"')),
        Record(
            fields={name: path.strip('"') for name, path in _FIELDS.items()},
            cases=_CASES,
            kind="logfmt",
            marks=("time=", "level=", "msg="),
        ),
    ),
    lacks="It does not tell addresses, nor the names of those who sign in with a password.",
)
