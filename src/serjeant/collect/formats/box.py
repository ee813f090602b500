"""Box's enterprise events (``admin_logs``): one JSON object an event.

Source: Box's reference of the events resource, "Enterprise Events". The one who signs in stands as the source; who is
not known yet is the creator only.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}

FORMAT = Format(
    name="box",
    title="Box enterprise events",
    group="cloud",
    records=(
        Record(
            fields={
                "time": "created_at",
                "user_name": ("source.login", "created_by.login", "source.name"),
                "src_ip": "ip_address",
                "session_uid": "session_id",
                "event": "event_type",
            },
            cases=(
                Case("sign_in", {"event": "^(?:LOGIN|ADMIN_LOGIN)$"}, "success", None, None, _WEB),
                Case("failed", {"event": "^FAILED_LOGIN$"}, "failure", "bad_password", None, _WEB),
                Case("untrusted", {"event": "^DEVICE_TRUST_CHECK_FAILED$"}, "refused", "policy", None, _WEB),
                Case("other_event", {"event": "^[A-Z0-9_]+$"}),
            ),
            marks=('"event_type"', '"created_by"', '"type"'),
        ),
    ),
    lacks="It does not tell why a sign-in failed.",
)
