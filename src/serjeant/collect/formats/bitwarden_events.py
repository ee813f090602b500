"""Bitwarden's event logs of organisations (Public API): one JSON object an event.

Source: Bitwarden's documentation, "Event logs". 1000 is a sign-in, 1005 one with a wrong password, 1006 one whose
second factor was wrong. Users are named by id.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}

_CASES = (
    Case("sign_in", {"event": "^1000$"}, "success", None, None, _WEB),
    Case("wrong", {"event": "^1005$"}, "failure", "bad_password", None, _WEB),
    Case("factor_failed", {"event": "^1006$"}, "challenged", "mfa", None, {"service": "web", "is_mfa": True}),
    Case("other_event", {"event": "^[12][0-9]{3}$"}),
)

FORMAT = Format(
    name="bitwarden_events",
    title="Bitwarden organisation events",
    group="cloud",
    records=(
        Record(
            fields={
                "time": "date",
                "user_name": ("actingUserEmail", "actingUserName", "actingUserId"),
                "src_ip": "ipAddress",
                "event": "type",
            },
            cases=_CASES,
            marks=('"actingUserId"', '"ipAddress"', '"type"'),
        ),
    ),
    lacks="It names users by id, and knows attempts on members of the organisation only.",
)
