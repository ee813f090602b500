r"""Apache Cassandra's (and ScyllaDB's) audit log, written as text.

Source: org/apache/cassandra/audit/AuditLogEntry.java (``getLogString``). Fields stand between bars, the name left of
the address; the last ``source`` before the kind of event is the true one.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import moment

_WHO = (
    r"^(?:[A-Z]+ +\[[^\]]*\] .*? - )?user:(?P<user_name>.*)\|host:[^|]*\|source:/?(?P<src_ip>[0-9A-Fa-f.:]+)"
    r"(?:\|port:(?P<src_port>[0-9]+))?\|timestamp:[0-9]+\|type:"
)
_DB = {"service": "database"}

FORMAT = Format(
    name="cassandra",
    title="Apache Cassandra",
    programs=("cassandra",),
    rules=(
        Rule("failed", _WHO + r"LOGIN_ERROR\|category:AUTH.*$", "failure", "bad_password", constants=_DB),
        Rule("login", _WHO + r"LOGIN_SUCCESS\|category:AUTH.*$", "success", constants=_DB),
        Rule("other", r"^(?:[A-Z]+ +\[[^\]]*\] .*? - )?user:.*\|type:[A-Z_]+\|category:[A-Z_]+.*$"),
    ),
    envelopes=(
        Envelope(
            "cassandra",
            r"^(?P<header>)(?:[A-Z]+ +\[[^\]]*\] .*? - )?user:.*\|host:[^|]*\|source:[^|]*(?:\|port:[0-9]+)?"
            r"\|timestamp:(?P<stamp>[0-9]{13})\|type:[A-Z_]+\|category:",
            moment,
            program="cassandra",
        ),
    ),
    values={"user_name": {"anonymous": "", "null": ""}},
    gives=("time", "user_name", "src_ip", "src_port", "service", "outcome", "reason"),
    lacks="It does not tell whether the name exists.",
)
