"""Log shippers and containers: JSON around each line, and the runtimes' own framing.

Sources: systemd's JSON export (systemd.io/JOURNAL_EXPORT_FORMATS), Docker's json-file and journald drivers, Kubernetes'
CRI log format, the output of Fluent Bit, Vector and Filebeat, ``docker compose logs``, Azure Monitor's table Syslog,
the event log OpenSSH/Operational of Windows.
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
        container=("CONTAINER_NAME",),
    ),
    Wrapping(
        "windows-openssh",
        ('"payload"', '"OpenSSH'),
        ("Event.EventData.payload", "EventData.payload", "winlog.event_data.payload", "event_data.payload"),
        time=("Event.System.TimeCreated.#attributes.SystemTime", "System.TimeCreated.SystemTime", "@timestamp"),
        host=("Event.System.Computer", "System.Computer", "winlog.computer_name", "computer_name", "host.name"),
        program=("Event.EventData.process", "EventData.process", "winlog.event_data.process", "event_data.process"),
        pid=("Event.System.Execution.#attributes.ProcessID", "winlog.process.pid", "process_id"),
    ),
    Wrapping(
        "windows-openssh-xml",
        ("payload", "OpenSSH"),
        ("EventData.payload",),
        time=("System.TimeCreated.@SystemTime",),
        host=("System.Computer",),
        program=("EventData.process",),
        pid=("System.Execution.@ProcessID",),
        kind="xml",
    ),
    Wrapping(
        "azure-syslog",
        ('"SyslogMessage"',),
        ("SyslogMessage",),
        time=("EventTime", "TimeGenerated"),
        host=("HostName", "Computer"),
        program=("ProcessName",),
        pid=("ProcessID",),
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
        pid=("process.pid", '"process.pid"'),
        container=("process.name", '"process.name"'),
    ),
    Wrapping("docker-json", ('"log"', '"stream"', '"time"'), ("log",), time=("time",)),
    Wrapping(
        "vector",
        ('"message"', '"source_type"'),
        ("message",),
        time=("timestamp",),
        host=("host", "hostname"),
        program=("appname", "SYSLOG_IDENTIFIER"),
        pid=("procid", "_PID"),
        container=("container_name", "kubernetes.container_name"),
    ),
    Wrapping(
        "filebeat",
        ('"message"', '"@timestamp"'),
        ("message", "event.original"),
        time=("@timestamp",),
        host=("host.name", "host.hostname", "agent.hostname"),
        program=(
            "log.syslog.appname",
            "syslog.appname",
            "syslog.identifier",
            "journald.custom.syslog_identifier",
            "process.name",
        ),
        pid=("log.syslog.procid", "process.pid", "process.id"),
        container=("container.name", "kubernetes.container.name"),
    ),
    # Filebeat has an object "log" of its own.
    Wrapping(
        "fluent-bit",
        ('"log"',),
        ("log",),
        time=("@timestamp", "timestamp", "date", "time"),
        host=("kubernetes.host", "host", "hostname"),
        program=("ident",),
        container=("kubernetes.container_name", "container_name"),
    ),
    Wrapping(
        "message",
        ('"message"',),
        ("message",),
        time=("timestamp", "time", "date"),
        host=("host", "hostname"),
        program=("program", "appname", "app-name", "ident"),
        pid=("pid", "procid"),
        container=("tag",),
    ),
)
