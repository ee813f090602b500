"""Log shippers and containers: JSON around each line, and the runtimes' own framing.

Sources: systemd's JSON export (systemd.io/JOURNAL_EXPORT_FORMATS), Docker's json-file driver, Kubernetes' CRI log
format, the output of Fluent Bit, Vector and Filebeat, ``docker compose logs``.
"""

from serjeant.collect.envelope import Envelope, Wrapping
from serjeant.collect.time import iso

_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"

ENVELOPES = (
    Envelope("cri", "^(?P<header>(?P<stamp>" + _ISO + ") (?:stdout|stderr) [FP] )", iso, inner=True),
    Envelope(
        "docker-compose",
        r"^(?P<header>(?P<program>[a-z0-9][a-z0-9_.-]*) +\| )(?P<stamp>(?:" + _ISO + ")?)",
        iso,
        inner=True,
    ),
)

WRAPPINGS = (
    Wrapping(
        "journal-json",
        ('"MESSAGE"', '"__REALTIME_TIMESTAMP"'),
        ("MESSAGE",),
        time=("_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP"),
        host=("_HOSTNAME",),
        program=("SYSLOG_IDENTIFIER", "_COMM"),
        pid=("_PID", "SYSLOG_PID"),
    ),
    # A document of Elasticsearch, as elasticdump and the search API write it.
    Wrapping("elastic-hit", ('"_source"',), ("_source",)),
    # Elastic's integrations keep the line as it was where they are told to.
    Wrapping(
        "elastic-original",
        ('"original"', '"@timestamp"'),
        ("event.original", '"event.original"'),
        time=("@timestamp",),
        host=("host.name", '"host.name"'),
        program=("process.name", '"process.name"'),
        pid=("process.pid", '"process.pid"'),
    ),
    Wrapping("docker-json", ('"log"', '"stream"', '"time"'), ("log",), time=("time",)),
    Wrapping(
        "fluent-bit",
        ('"log"',),
        ("log",),
        time=("@timestamp", "timestamp", "date", "time"),
        host=("kubernetes.host", "host", "hostname"),
        program=("kubernetes.container_name", "ident", "container_name"),
    ),
    Wrapping(
        "vector",
        ('"message"', '"source_type"'),
        ("message",),
        time=("timestamp",),
        host=("host", "hostname"),
        program=("appname", "SYSLOG_IDENTIFIER", "container_name"),
        pid=("procid",),
    ),
    Wrapping(
        "filebeat",
        ('"message"', '"@timestamp"'),
        ("message", "event.original"),
        time=("@timestamp",),
        host=("host.name", "host.hostname", "agent.hostname"),
        program=("process.name", "journald.custom.syslog_identifier", "syslog.appname", "container.name"),
        pid=("process.pid", "process.id"),
    ),
    Wrapping(
        "message",
        ('"message"',),
        ("message",),
        time=("timestamp", "time", "date"),
        host=("host", "hostname"),
        program=("program", "appname", "app-name", "ident", "tag"),
        pid=("pid", "procid"),
    ),
)
