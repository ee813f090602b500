"""PingOne's audit events (JSON) and PingFederate's audit.log (fields between ``|``).

Sources: the PingOne platform API, "Audit Activities"; PingFederate's administrator's guide, "Security audit logging",
and the pattern of its log4j2.xml: time | tracking id | event | subject | address | application | connection |
protocol | host | role | status | adapter | description | response time. The subject is as typed and may hold ``|``:
what stands right of it is counted from the end.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}
_FACTOR = r"^(?:OTP|MFA|DEVICE|TOTP|FIDO2|PUSH|SMS|EMAIL|ONE_TIME_PASSCODE|MULTI_FACTOR)[A-Z0-9_.]*"

_CASES = (
    Case("password_right", {"event": r"^PASSWORD\.CHECK_SUCCEEDED$"}, "success", None, None, _WEB),
    Case("password_wrong", {"event": r"^PASSWORD\.CHECK_FAILED$"}, "failure", "bad_password", None, _WEB),
    Case("factor_failed", {"event": _FACTOR + r"(?:CHECK_FAILED|FAILED|DENIED)$"}, "challenged", "mfa", None, _SECOND),
    Case(
        "factor_failed_status",
        {"event": _FACTOR + "(?:CHECK[A-Z_]*|AUTHENTICATION)$", "result": "^FAILED$"},
        "challenged",
        "mfa",
        None,
        _SECOND,
    ),
    Case(
        "sign_in", {"event": "^AUTHENTICATION$", "result": "^(?:SUCCESS|success|Success)$"}, "success", None, None, _WEB
    ),
    Case("locked", {"event": "^AUTHENTICATION$", "said": "^.*(?:locked|LOCKED).*$"}, "refused", "locked", None, _WEB),
    Case("failed", {"event": "^AUTHENTICATION$"}, "failure", "bad_password", None, _WEB),
    Case("denied", {"event": r"^USER\.ACCESS_DENIED$"}, "refused", "policy", None, _WEB),
    Case("other_event", {"event": r"^[A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)?$"}),
)

_LEFT = r"^(?:tid:[^\x7c]*| *)\x7c "
_WHO = r"\x7c ?(?P<user_name>.*)\x7c ?(?P<src_ip>[0-9A-Fa-f.:]+) *\x7c"
_BETWEEN = (
    r"[^\x7c]*\x7c[^\x7c]*\x7c[^\x7c]*\x7c[^\x7c]*\x7c[^\x7c]*\x7c *"  # application, connection, protocol, host, role
)
_RIGHT = r" *\x7c[^\x7c]*\x7c[^\x7c]*(?:\x7c[^\x7c]*)?$"  # adapter, description, response time

_RULES = (
    Rule(
        "federate_failed",
        _LEFT + "AUTHN_ATTEMPT" + _WHO + _BETWEEN + "failure" + _RIGHT,
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule(
        "federate_sign_in", _LEFT + "AUTHN_ATTEMPT" + _WHO + _BETWEEN + "success" + _RIGHT, "success", None, None, _WEB
    ),
    Rule(
        "federate_oauth_failed",
        _LEFT + "OAuth" + _WHO + _BETWEEN + "failure" + _RIGHT,
        "failure",
        "other",
        None,
        {"service": "api"},
    ),
    Rule("federate_other", _LEFT + r"[A-Za-z_]+\x7c.*$"),
)

FORMAT = Format(
    name="ping",
    title="PingOne and PingFederate",
    group="identity",
    programs=("pingfederate",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "pingfederate-audit",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}) ?\| ?)"
            r"(?:tid:[^|]*| *)\| [A-Za-z_]+\|",
            iso,
            program="pingfederate",
        ),
    ),
    records=(
        Record(
            fields={
                "time": ("recordedAt", "createdAt"),
                "user_name": ("actors.user.name", "resources[0].name"),
                "src_ip": ("source.ipAddress", "actors.user.ipAddress", "actors.client.ipAddress"),
                "client": ("source.userAgent", "actors.client.name"),
                "event": "action.type",
                "result": "result.status",
                "said": "result.description",
            },
            cases=_CASES,
            marks=('"recordedAt"', '"action"'),
        ),
    ),
    lacks="PingFederate does not say why an attempt failed; a line whose description holds a | is not read.",
)
