"""Grafana's log, as text (``key=value``) or JSON.

Sources: pkg/api/login.go, pkg/services/authn, pkg/services/contexthandler, pkg/middleware/loggermw. Which line tells of
a wrong password changed with time: ``Invalid username or password`` to version 9, ``Unauthorized`` in 9 and 10, the
finished request with an error's name since. A line of the service authn beside them is the same attempt.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_NOBODY = r"^.*(?:[Uu]ser not found|no user found|identity\.not-found).*$"
_LOCKED = r"^.*(?:too many consecutive|login-attempts|Login temporarily blocked).*$"
_DISABLED = r"^.*(?:user-disabled|user is disabled|user\.disabled|user disabled).*$"
_FORM = r"^.*(?:password-auth|[Ii]nvalid [Uu]sername or [Pp]assword).*$"
_TOLD = {"event": "^(?:Invalid [Uu]sername or [Pp]assword|Unauthorized)$"}
_FINISHED = {"event": "^Request Completed$", "status": "^40[13]$", "errorid": r"^password-auth\..*$"}


def _failures(prefix: str, where: dict[str, str]) -> tuple[Case, ...]:
    return (
        Case(prefix + "_unknown", {**where, "why": _NOBODY}, "failure", "unknown_account", None, _WEB),
        Case(prefix + "_locked", {**where, "why": _LOCKED}, "refused", "locked", None, _WEB),
        Case(prefix + "_disabled", {**where, "why": _DISABLED}, "failure", "disabled", None, _WEB),
        Case(prefix, {**where, "why": _FORM}, "failure", "bad_password", None, _WEB),
    )


_CASES = (
    Case("login", {"event": "^Successful Login$"}, "success", None, None, _WEB),
    *_failures("failed", _TOLD),
    *_failures("finished", _FINISHED),
    Case("other", {"event": "^.+$", "logger": "^[a-z.0-9_-]+$"}),
)
_FIELDS: dict[str, str | tuple[str, ...]] = {
    "time": "t",
    "user_name": ("User", "uname"),
    "src_ip": "remote_addr",
    "event": "msg",
    "why": ("error", "errorMessageID"),
    "status": "status",
    "errorid": "errorMessageID",
    "logger": "logger",
}

FORMAT = Format(
    name="grafana",
    title="Grafana",
    group="apps",
    records=(
        Record(fields=_FIELDS, cases=_CASES, kind="logfmt", marks=("logger=", "msg=", "t=")),
        Record(fields=_FIELDS, cases=_CASES, marks=('"logger"', '"msg"', '"level"', '"t"')),
    ),
    lacks="It does not tell the name of a sign-in that failed, nor the address of one that succeeded.",
)
