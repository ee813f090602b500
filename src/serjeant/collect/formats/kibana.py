"""Kibana's audit log (ECS, JSON): ``user_login`` is a sign-in, all else is what people do in it.

Source: Elastic's documentation of Kibana's audit events. A failed attempt names the provider and not the user.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}

_CASES = (
    Case("sign_in", {"action": "^user_login$", "result": "^success$"}, "success", None, None, _WEB),
    Case("failed", {"action": "^user_login$", "result": "^failure$"}, "failure", "bad_password", None, _WEB),
    Case("other_event", {"action": "^[a-z][a-z0-9_]*$"}),
)

FORMAT = Format(
    name="kibana",
    title="Kibana audit log",
    group="data",
    records=(
        Record(
            fields={
                "time": "@timestamp",
                "user_name": "user.name",
                "src_ip": ("client.ip", "source.ip", "http.request.headers.x-forwarded-for"),
                "auth_protocol": "kibana.authentication_type",
                "action": "event.action",
                "result": "event.outcome",
            },
            cases=_CASES,
            marks=('"event"', '"kibana"', '"action"'),
        ),
    ),
    lacks="It does not name the user of a failed attempt, and before 8.3 no address.",
)
