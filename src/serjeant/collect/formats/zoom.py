"""Zoom's sign-in and sign-out activity: the report of its API and the console's CSV, and webhooks.

Source: Zoom's API reference ("Get sign In / sign out activity report", ``user.signed_in``). Zoom logs no failures.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_CASES = (
    Case("sign_in", {"event": r"^(?:Sign in|user\.signed_in)$"}, "success", None, None, _WEB),
    Case("sign_out", {"event": r"^(?:Sign out|user\.signed_out)$"}),
)

FORMAT = Format(
    name="zoom",
    title="Zoom sign-in activity",
    group="cloud",
    records=(
        Record(
            fields={
                "time": "Time",
                "user_name": ("Email", "User"),
                "src_ip": "IP Address",
                "client": "Client Type",
                "event": ("Activity", "Type"),
            },
            cases=_CASES,
            kind="csv",
            marks=("Email", "Time", "IP Address", "Client Type"),
        ),
        Record(
            fields={
                "time": "time",
                "user_name": "email",
                "src_ip": "ip_address",
                "client": "client_type",
                "event": "type",
            },
            cases=_CASES,
            marks=('"client_type"', '"ip_address"', '"email"', '"type"'),
        ),
        Record(
            fields={
                "time": ("payload.object.date_time", "event_ts"),
                "user_name": ("payload.object.email", "payload.object.id"),
                "client": "payload.object.client_type",
                "event": "event",
            },
            cases=_CASES,
            marks=('"event"', '"payload"', '"account_id"'),
        ),
    ),
    lacks="It tells of no sign-in that failed.",
)
