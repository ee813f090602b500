"""Cloudflare Access' authentication log: the API's access requests and Logpush.

Source: Cloudflare One's documentation, "Access authentication logs" and the Logpush data set ``access_requests``. An
identity provider judged the person before; Access says only whether its policy let that person in.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_CASES = (
    Case("sign_in", {"event": "^login$", "allowed": "^true$"}, "success", None, None, _WEB),
    Case("kept_out", {"event": "^login$", "allowed": "^false$"}, "refused", "policy", None, _WEB),
    Case("other_event", {"event": "^[a-z_]+$"}),
)

FORMAT = Format(
    name="cloudflare_access",
    title="Cloudflare Access",
    group="identity",
    records=tuple(
        Record(
            fields={
                "time": ("created_at", "CreatedAt"),
                "user_name": ("user_email", "Email"),
                "src_ip": ("ip_address", "IPAddress"),
                "dst_host": ("app_domain", "AppDomain"),
                "auth_protocol": ("connection", "Connection"),
                "session_uid": ("ray_id", "RayID"),
                "event": ("action", "Action"),
                "allowed": ("allowed", "Allowed"),
            },
            cases=_CASES,
            marks=marks,
        )
        for marks in (('"app_domain"', '"allowed"', '"action"'), ('"AppDomain"', '"Allowed"', '"Action"'))
    ),
    lacks="It tells nothing of passwords: an identity provider judges them.",
)
