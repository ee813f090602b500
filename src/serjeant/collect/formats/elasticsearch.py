"""Elasticsearch's security audit log (``_audit.json``, 6.5 and later).

Source: Elastic's documentation of audit event types and their attributes. An event of a realm tells of one place where
the user was looked for; ``authentication_failed`` is the verdict. Each request authenticates anew.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_API = {"service": "api"}

FORMAT = Format(
    name="elasticsearch",
    title="Elasticsearch audit log",
    group="data",
    records=(
        Record(
            fields={
                "time": ("timestamp", "@timestamp"),
                "user_name": ('"user.name"', "user.name"),
                "src_ip": ('"origin.address"', "origin.address"),
                "auth_protocol": ('"authentication.type"', "authentication.type"),
                "action": ('"event.action"', "event.action"),
                "origin": ('"origin.type"', "origin.type"),
            },
            cases=(
                Case("nobody", {"action": "^authentication_failed$", "user_name": "^$"}),
                Case("failed", {"action": "^authentication_failed$"}, "failure", "bad_password", None, _API),
                Case("login", {"action": "^authentication_success$"}, "success", None, None, _API),
                Case("other", {"action": "^[a-z_]+$"}),
            ),
            marks=('"event.action"', '"origin.address"'),
        ),
    ),
    lacks="It does not tell whether the name exists; each request of a client is a success of its own.",
)
