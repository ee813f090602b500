r"""MySQL, MariaDB and Percona Server: error log of all versions (text and JSON), general log, audit plugins.

Sources: share/messages_to_clients.txt (``ER_ACCESS_DENIED_ERROR`` and its kin), sql/auth/sql_authentication.cc,
MariaDB's plugin/server_audit, Percona's audit_log plugin, MySQL Enterprise Audit's JSON. A name may hold quotes and
commas; the address follows it, and the last one is the true one. In the general log a ``Connect`` line stands before
the password is looked at.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import ADDRESS_OR_NAME, Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, dated, iso

_HEAD = r"^(?:\[[A-Z]+-[0-9]+\] \[[A-Za-z]+\] )?"
_WHO = r"Access denied for user '(?P<user_name>.*)'@'" + ADDRESS_OR_NAME + "'"
_PLAIN = _WHO.replace(".*", "[^']*")
_LEVEL = r"(?:[0-9]+ )?\[(?:Note|Warning|ERROR|System)\] (?:\[MY-[0-9]+\] \[[A-Za-z]+\] )?"
_DB = {"service": "database"}
_AUDIT = r"^(?:[^,]*,)(?P<user_name>.*)," + ADDRESS_OR_NAME + r",[0-9]+,[0-9]+,"
_INSIDE = r"^Access denied for user '(?P<user_name>.*)'@'(?P<src_ip>[0-9A-Fa-f.:]*)[^']*'"


def _short(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps.str.replace_all(" +", " "), "%y%m%d %H:%M:%S", clock)


def _compact(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%Y%m%d %H:%M:%S", clock)


def _spaced(stamps: pl.Series, clock: Clock) -> pl.Series:
    return iso(stamps.str.replace("  ", " 0", literal=True), clock)


_RULES = (
    Rule("failed", _HEAD + _WHO + r" \(using password: (?:YES|NO)\)$", "failure", "bad_password", constants=_DB),
    Rule(
        "locked",
        _HEAD + _WHO + r"\. Account is (?:locked|blocked for [^']*)\.?$",
        "refused",
        "locked",
        constants=_DB,
    ),
    Rule("no_database", _HEAD + _PLAIN + r" to database '[^']*'$", "challenged", "policy", constants=_DB),
    Rule("failed_otherwise", _HEAD + _PLAIN + r"(?: \([^()']*\))?$", "failure", "other", constants=_DB),
    # Of a name with quotes, or a database's, no address can be told.
    Rule("odd", _HEAD + "Access denied for user '.*(?P<user_name>)$", "failure", "other", constants=_DB),
    Rule(
        "host_blocked",
        _HEAD + r"Host '" + ADDRESS_OR_NAME + r"' is (?:blocked because|not allowed to connect).*(?P<user_name>)$",
        "refused",
        "policy",
        constants=_DB,
    ),
    Rule("audit_failed", _AUDIT + r"FAILED_CONNECT,[^,]*,[^,]*,[0-9]+$", "failure", "bad_password", constants=_DB),
    Rule("audit_login", _AUDIT + r"CONNECT,[^,]*,[^,]*,0$", "success", constants=_DB),
    Rule("audit_other", r"^[^,]*,.*,[0-9]+,[0-9]+,(?:DISCONNECT|QUERY|READ|WRITE|CHANGEUSER|[A-Z_]+),.*$"),
    Rule("connect", r"^(?:[^ ]+@[^ ]+ (?:on|as) .*)$"),
    Rule(
        "other",
        _HEAD + r"(?:Aborted connection|Got |InnoDB|Plugin|Server |IP address|Hostname|Shutdown|ready for|Buffer pool|"
        r"/usr|mysqld|mariadbd|Event Scheduler|Reading of all|X Plugin|CA certificate|Channel|A deprecated).*$",
    ),
)

FORMAT = Format(
    name="mysql",
    title="MySQL, MariaDB, Percona Server",
    group="data",
    programs=("mysqld", "mariadbd", "mysql", "mariadb", "mysql-server_auditing", "percona-audit"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "mysql",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
            r"(?:Z|[+-][0-9]{2}:[0-9]{2})?)[ \t]+" + _LEVEL + ")",
            iso,
            program="mysqld",
        ),
        Envelope(
            "mysql-general",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+"
            r"(?:Z|[+-][0-9]{2}:[0-9]{2}))[ \t]+[0-9]+ Connect[ \t]+)",
            iso,
            program="mysqld",
        ),
        Envelope(
            "mariadb",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [ 0-9][0-9]:[0-9]{2}:[0-9]{2}) " + _LEVEL + ")",
            _spaced,
            program="mysqld",
        ),
        Envelope(
            "mysql-old",
            r"^(?P<header>(?P<stamp>[0-9]{6} [ 0-9][0-9]:[0-9]{2}:[0-9]{2}) " + _LEVEL + ")",
            _short,
            program="mysqld",
        ),
        Envelope(
            "mariadb-audit",
            r"^(?P<header>(?P<stamp>[0-9]{8} [0-9]{2}:[0-9]{2}:[0-9]{2}),)[^,]*,.*,[0-9]+,[0-9]+,[A-Z_]+,",
            _compact,
            program="mysqld",
        ),
    ),
    records=(
        Record(
            fields={"time": "time", "message": "msg", "code": "err_code"},
            cases=(
                Case(
                    "json_failed",
                    {"message": _INSIDE + r" \(using password: (?:YES|NO)\)$"},
                    "failure",
                    "bad_password",
                    None,
                    _DB,
                ),
                Case("json_locked", {"message": _INSIDE + r"\. Account is .*$"}, "refused", "locked", None, _DB),
                Case("json_other", {"code": "^[0-9]+$"}),
            ),
            marks=('"err_code"', '"msg"', '"prio"'),
        ),
        Record(
            fields={
                "time": "audit_record.timestamp",
                "user_name": "audit_record.user",
                "src_ip": "audit_record.ip",
                "event": "audit_record.name",
                "status": "audit_record.status",
            },
            cases=(
                Case("percona_login", {"event": "^Connect$", "status": "^0$"}, "success", None, None, _DB),
                Case(
                    "percona_failed", {"event": "^Connect$", "status": "^1045$"}, "failure", "bad_password", None, _DB
                ),
                Case("percona_refused", {"event": "^Connect$", "status": "^[0-9]+$"}, "refused", "other", None, _DB),
                Case("percona_other", {"event": "^.+$"}),
            ),
            marks=('"audit_record"', '"name"', '"timestamp"'),
        ),
        Record(
            fields={
                "time": "timestamp",
                "user_name": ("login.user", "account.user"),
                "src_ip": ("login.ip", "account.host"),
                "class": "class",
                "event": "event",
                "status": "connection_data.status",
            },
            cases=(
                Case("enterprise_login", {"event": "^connect$", "status": "^0$"}, "success", None, None, _DB),
                Case(
                    "enterprise_failed",
                    {"event": "^connect$", "status": "^1045$"},
                    "failure",
                    "bad_password",
                    None,
                    _DB,
                ),
                Case("enterprise_refused", {"event": "^connect$", "status": "^[0-9]+$"}, "refused", "other", None, _DB),
                Case("enterprise_other", {"class": "^(?:audit|connection|general|table_access)$"}),
            ),
            marks=('"class"', '"event"', '"connection_id"', '"account"'),
        ),
    ),
    lacks="It does not tell whether the name exists; successful sign-ins need an audit plugin.",
)
