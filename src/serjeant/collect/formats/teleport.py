r"""Teleport's audit events, one JSON object each (source: Teleport's audit event reference, ``user.login``).

A local user's password and second factor are one step, so a failure does not tell which of them was wrong.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_LOGIN = {"event": r"^user\.login$"}
_WRONG = {**_LOGIN, "fine": "^false$"}
_WEB = {"service": "web"}

_CASES = (
    Case("right", {**_LOGIN, "fine": "^true$"}, "success", None, None, _WEB),
    Case(
        "locked",
        {**_WRONG, "why": "^.*(?:locked|too many (?:incorrect|failed)|is in force|lockout).*$"},
        "refused",
        "locked",
        None,
        _WEB,
    ),
    Case(
        "unknown",
        {**_WRONG, "why": "^.*(?:not found|does not exist|unknown user).*$"},
        "failure",
        "unknown_account",
        None,
        _WEB,
    ),
    Case(
        "policy",
        {**_WRONG, "why": "^.*(?:no roles|not allowed|is disabled|mapped to any|not permitted).*$"},
        "refused",
        "policy",
        None,
        _WEB,
    ),
    Case("wrong", _WRONG, "failure", "bad_password", None, _WEB),
    Case("other", {"event": r"^[a-z_]+(?:\.[a-z_]+)*$"}),
)

FORMAT = Format(
    name="teleport",
    title="Teleport",
    group="network",
    records=(
        Record(
            fields={
                "time": "time",
                "event": "event",
                "fine": "success",
                "user_name": "user",
                "src_ip": ('"addr.remote"', "addr.remote"),
                "client": "user_agent",
                "auth_protocol": "method",
                "why": ("error", "message"),
            },
            cases=_CASES,
            marks=('"event"', '"ei"', '"code"', '"uid"'),
        ),
    ),
    lacks="It does not tell a wrong password from a wrong second factor.",
)
