"""Kasm Workspaces: the manager's JSON log.

Source: Kasm's documentation of its logs; the metric's name says what became of an attempt, the name typed stands in
the message. ``request_ip`` is the chain of forwarding proxies, which a client may begin as it likes: the address that
the last proxy but one wrote counts.
"""

from collections.abc import Mapping

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}
_FROM = r"^(?P<forwarded>(?:.*?, ?)??(?P<src_ip>[0-9A-Fa-f.:]+))(?:, ?(?P<peer>[0-9A-Fa-f.:]+))?$"
_WHO = r"^[^()]*\((?P<user_name>.*)\)[^()]*$"


def _case(name: str, metric: str, outcome: str, reason: str | None, *, second: bool = False) -> tuple[Case, Case]:
    """With a name in the message, and without."""
    constants: Mapping[str, str | bool] = _SECOND if second else _WEB
    where = {"metric": rf"^account\.login\.{metric}$", "from": _FROM}
    return (
        Case(name, {**where, "said": _WHO}, outcome, reason, None, constants),
        Case(name + "_nameless", where, outcome, reason, None, constants),
    )


_CASES = (
    *_case("sign_in", "success[a-z]*", "success", None),
    *_case("unknown", "failed_invalid_user", "failure", "unknown_account"),
    *_case("wrong", "failed_invalid_password", "failure", "bad_password"),
    *_case(
        "factor_failed",
        "failed_(?:[a-z_]*(?:2fa|two_factor|mfa|totp|otp|webauthn|token)[a-z_]*)",
        "challenged",
        "mfa",
        second=True,
    ),
    *_case("locked", "failed_[a-z_]*lock[a-z_]*", "refused", "locked"),
    *_case("disabled", "failed_[a-z_]*disabled[a-z_]*", "failure", "disabled"),
    *_case("failed", "failed[a-z_]*", "failure", "other"),
    Case("other_event", {"metric": r"^[a-z_]+\.[a-z_.]+$"}),
)

FORMAT = Format(
    name="kasm",
    title="Kasm Workspaces",
    group="network",
    records=(
        Record(
            fields={
                "time": "timestamp",
                "client": "user_agent",
                "metric": "metric_name",
                "said": "message",
                "from": "request_ip",
            },
            cases=_CASES,
            marks=('"metric_name"', '"request_ip"', '"levelname"'),
        ),
    ),
    lacks="Behind more than two proxies of its own the address is that of a proxy.",
)
