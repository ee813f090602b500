"""privacyIDEA: its audit, as the logger audit writes it (JSON): one object for each request.

Source: privacyidea/lib/auditmodules (base.py, loggeraudit.py) and the API's ``/validate/check`` and ``/auth``. A PIN
or password and a one-time password are checked together: that the second alone was wrong stands in ``info``.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_TRY = r"^(?:POST|GET) /(?:validate/(?:check|radiuscheck|samlcheck)|auth)$"
_NO = "^(?:0|false|False)$"
_WEB = {"service": "web"}

_CASES = (
    Case(
        "asked_for_factor",
        {"action": _TRY, "verdict": "^CHALLENGE$"},
        "challenged",
        "mfa",
        None,
        {"service": "web", "is_mfa": True},
    ),
    Case("sign_in", {"action": _TRY, "ok": "^(?:1|true|True)$"}, "success", None, None, _WEB),
    Case(
        "factor_failed",
        {"action": _TRY, "ok": _NO, "why": "^.*wrong otp value.*$"},
        "challenged",
        "mfa",
        None,
        {"service": "web", "is_mfa": True},
    ),
    Case(
        "locked",
        {"action": _TRY, "ok": _NO, "why": "^.*(?:[Ff]ailcounter exceeded|locked|[Mm]aximum).*$"},
        "refused",
        "locked",
        None,
        _WEB,
    ),
    Case(
        "unknown",
        {"action": _TRY, "ok": _NO, "why": "^.*(?:does not exist|no tokens? |not found|unknown user).*$"},
        "failure",
        "unknown_account",
        None,
        _WEB,
    ),
    Case(
        "denied",
        {"action": _TRY, "ok": _NO, "why": "^.*(?:policy|not allowed|disabled).*$"},
        "refused",
        "policy",
        None,
        _WEB,
    ),
    Case("wrong", {"action": _TRY, "ok": _NO}, "failure", "bad_password", None, _WEB),
    Case("other_request", {"action": "^(?:POST|GET|PUT|DELETE|PATCH) /.*$"}),
)

FORMAT = Format(
    name="privacyidea",
    title="privacyIDEA audit",
    group="identity",
    records=(
        Record(
            fields={
                "time": ("timestamp", "date", "startdate"),
                "user_name": ("user", "administrator"),
                "src_ip": "client",
                "client": "user_agent",
                "action": "action",
                "ok": "success",
                "why": ("info", "action_detail"),
                "verdict": "authentication",
            },
            cases=_CASES,
            marks=('"action"', '"privacyidea_server"'),
        ),
    ),
    lacks="The address is that of the service that asked, unless that passes on its client's.",
)
