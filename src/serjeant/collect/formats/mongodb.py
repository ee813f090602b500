r"""MongoDB: JSON log of 4.4 and later, text log before, and the audit log (JSON).

Sources: src/mongo/db/auth and src/mongo/db/commands/authentication_commands.cpp (log ids 20249, 20250, 5286306,
5286307), MongoDB's manual on log messages and on the audit message format. In the text log the name stands left of
the address.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

_DB = {"service": "database"}
_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|\[?[0-9A-Fa-f]*:[0-9A-Fa-f.:]*?\]?):(?P<src_port>[0-9]+)"
_WHO = r"(?P<user_name>.*) on [^ ]* from client \[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?(?::(?P<src_port>[0-9]{1,5}))?"
_FAILED = "^(?P<auth_protocol>[A-Za-z0-9-]+) authentication failed for " + _WHO
_BAD = {"event": "^(?:Authentication failed|Failed to authenticate)$"}
_WRONG = {"type": "^authenticate$"}

FORMAT = Format(
    name="mongodb",
    title="MongoDB",
    group="data",
    programs=("mongod", "mongos", "mongodb"),
    rules=(
        Rule("unknown", _FAILED + r" ?; UserNotFound:[^;]*$", "failure", "unknown_account", constants=_DB),
        Rule("failed", _FAILED + r" ?; [^;]*$", "failure", "bad_password", constants=_DB),
        Rule(
            "login",
            r"^Successfully authenticated as principal " + _WHO + "$",
            "success",
            constants=_DB,
        ),
        # Before 4.2 it told no address.
        Rule(
            "login_nowhere",
            r"^Successfully authenticated as principal (?P<user_name>.*) on [^ ]*$",
            "success",
            constants=_DB,
        ),
        Rule("other", r"^(?:Unauthorized: |not authorized on |connection accepted|end connection|received client).*$"),
    ),
    envelopes=(
        Envelope(
            "mongodb",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}"
            r"(?:Z|[+-][0-9]{2}:?[0-9]{2})) [DIWEF] {1,2}(?:ACCESS|NETWORK|COMMAND|-) +\[[^\]]*\] +)",
            iso,
            program="mongod",
        ),
    ),
    records=(
        Record(
            fields={
                "time": "t.$date",
                "user_name": ("attr.user", "attr.principalName"),
                "src_ip": ("attr.client", "attr.remote"),
                "auth_protocol": "attr.mechanism",
                "event": "msg",
                "error": "attr.error",
                "component": "c",
            },
            cases=(
                Case("json_unknown", {**_BAD, "error": r"^UserNotFound.*$"}, "failure", "unknown_account", None, _DB),
                Case(
                    "json_restricted",
                    {**_BAD, "error": r"^AuthenticationRestrictionUnmet.*$"},
                    "refused",
                    "policy",
                    None,
                    _DB,
                ),
                Case("json_failed", _BAD, "failure", "bad_password", None, _DB),
                Case(
                    "json_login",
                    {"event": "^(?:Authentication succeeded|Successfully authenticated)$"},
                    "success",
                    None,
                    None,
                    _DB,
                ),
                Case("json_other", {"component": "^[A-Z_-]+$"}),
            ),
            marks=('"t"', '"s"', '"c"', '"ctx"', '"msg"'),
        ),
        Record(
            fields={
                "time": ("ts.$date", "ts"),
                "user_name": "param.user",
                "src_ip": "remote.ip",
                "src_port": "remote.port",
                "auth_protocol": "param.mechanism",
                "type": "atype",
                "result": "result",
            },
            cases=(
                Case("audit_login", {**_WRONG, "result": "^0$"}, "success", None, None, _DB),
                Case("audit_unknown", {**_WRONG, "result": "^11$"}, "failure", "unknown_account", None, _DB),
                Case("audit_failed", _WRONG, "failure", "bad_password", None, _DB),
                Case("audit_other", {"type": "^.+$"}),
            ),
            marks=('"atype"', '"remote"', '"result"'),
        ),
    ),
    lacks="A client that tries ahead of time (speculative authentication) may be told of twice.",
)
