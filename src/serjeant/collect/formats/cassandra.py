r"""Apache Cassandra's audit log, written as text; those of DataStax Enterprise, ecAudit and ScyllaDB (syslog).

Sources: org/apache/cassandra/audit/AuditLogEntry.java (``getLogString``), AuditLogManager.java, DataStax's page on the
format of its logs, ecAudit's README, ScyllaDB's audit_syslog_storage_helper.cc. In Cassandra's lines fields stand
between bars; at the end stands the name of a sign-in that failed, or any query, so only what is left of the first such
text is believed. A role that may not log in is told so after its password was found right. ecAudit does not tell who
got in: every attempt is told, and those that fail once more.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import missing, moment

_PREFIX = r"^(?:[A-Z]+ +\[[^\]]*\] [0-9T:., -]+ [A-Za-z0-9]+\.java:[0-9]+ - )?(?:LogMessage: )?"
_PEER = (
    r"\x7chost:[^\x7c]*\x7csource:(?:[^\x7c/]*/)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z]+)?"
    r"(?:\x7cport:(?P<src_port>[0-9]+))?\x7ctimestamp:[0-9]+\x7ctype:"
)
_ERROR = _PEER + r"LOGIN_ERROR\x7ccategory:AUTH\x7coperation:(?:LOGIN FAILURE; )?"
_UNKNOWN = _PREFIX + r"user:[^\x7c]*"
_NAMED = _PREFIX + r"user:(?P<user_name>[^\x7c]*)"
_DATASTAX = (
    _PREFIX + r"host:[^\x7c]*\x7csource:(?:[^\x7c/]*/)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z]+)?"
    r"\x7cuser:(?P<user_name>[^\x7c]*)(?:\x7cauthenticated:[^\x7c]*)?\x7ctimestamp:[0-9]+\x7ccategory:AUTH\x7ctype:"
)
_ECAUDIT = r"^client:'(?P<src_ip>[0-9A-Fa-f.:]+)'\x7cuser:'(?P<user_name>[^\x7c]*)'\x7cstatus:'FAILED'\x7coperation:'"
_SCYLLA = r'^node="[^"]*", category="AUTH", cl="[^"]*", error="'
_SCYLLA_WHO = (
    r'", keyspace="[^"]*", query="", client_ip="\[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?(?::[0-9]{1,5})?", '
    r'table="[^"]*", username="(?P<user_name>.*)"$'
)
_SCYLLA_OLD = (
    r'^"[^"]*", "AUTH", "[^"]*", "[^"]*", "[^"]*", "", "\[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?(?::[0-9]{1,5})?", '
    r'"(?P<user_name>.*)", "'
)
_DB = {"service": "database"}

FORMAT = Format(
    name="cassandra",
    title="Apache Cassandra, DataStax Enterprise, ScyllaDB",
    group="data",
    programs=("cassandra", "scylla-audit"),
    rules=(
        Rule(
            "failed",
            _UNKNOWN + _ERROR + "Provided username (?P<user_name>.*?) and/or password are incorrect(?:; .*)?$",
            "failure",
            "bad_password",
            constants=_DB,
        ),
        Rule(
            "not_permitted",
            _UNKNOWN + _ERROR + "(?P<user_name>.*?) is not permitted to log in(?:; .*)?$",
            "challenged",
            "disabled",
            constants=_DB,
        ),
        Rule(
            "not_from_here",
            _NAMED + _ERROR + "You do not have access (?:to this datacenter|from this IP).*$",
            "challenged",
            "policy",
            constants=_DB,
        ),
        Rule("trouble", _NAMED + _ERROR + "Unable to perform .*$", "refused", "backend", constants=_DB),
        Rule(
            "failed_unnamed",
            _NAMED + _PEER + r"LOGIN_ERROR\x7ccategory:AUTH(?:\x7coperation:[^\x7c]*)?$",
            "failure",
            "other",
            constants=_DB,
        ),
        Rule(
            "login",
            _NAMED + _PEER + r"LOGIN_SUCCESS\x7ccategory:AUTH(?:\x7coperation:[^\x7c]*)?$",
            "success",
            constants=_DB,
        ),
        Rule(
            "other",
            _PREFIX + r"user:[^\x7c]*\x7chost:[^\x7c]*\x7csource:[^\x7c]*\x7c.*type:[A-Z_]+\x7ccategory:[A-Z_]+.*$",
        ),
        Rule("datastax_failed", _DATASTAX + r"LOGIN_ERROR(?:\x7c.*)?$", "failure", "bad_password", constants=_DB),
        Rule("datastax_login", _DATASTAX + r"LOGIN(?:\x7c.*)?$", "success", constants=_DB),
        Rule(
            "datastax_other", _PREFIX + r"host:[^\x7c]*\x7csource:[^\x7c]*\x7cuser:[^\x7c]*\x7c(?:.*type:[A-Z_0-9]+).*$"
        ),
        Rule("ecaudit_failed", _ECAUDIT + "Authentication failed'$", "failure", "bad_password", constants=_DB),
        Rule("ecaudit_other", r"^client:'(?:[0-9A-Fa-f.:]+)'\x7cuser:'[^\x7c]*'\x7c.*$"),
        Rule("scylla_failed", _SCYLLA + "true" + _SCYLLA_WHO, "failure", "bad_password", constants=_DB),
        Rule("scylla_login", _SCYLLA + "false" + _SCYLLA_WHO, "success", constants=_DB),
        Rule("scylla_old_failed", _SCYLLA_OLD + 'true"$', "failure", "bad_password", constants=_DB),
        Rule("scylla_old_login", _SCYLLA_OLD + 'false"$', "success", constants=_DB),
        Rule(
            "scylla_other",
            r'^(?:node=)?"[^"]*", (?:category=)?"(?:QUERY|DDL|DML|DCL|ADMIN)", .*$',
        ),
    ),
    envelopes=(
        Envelope(
            "cassandra",
            "^(?P<header>)"
            + _PREFIX.removeprefix("^")
            + r"user:[^\x7c]*\x7chost:[^\x7c]*\x7csource:[^\x7c]*(?:\x7cport:[0-9]+)?"
            + r"\x7ctimestamp:(?P<stamp>[0-9]{13})\x7ctype:[A-Z_]+\x7ccategory:",
            moment,
            program="cassandra",
        ),
        Envelope(
            "datastax",
            "^(?P<header>)"
            + _PREFIX.removeprefix("^")
            + r"host:[^\x7c]*\x7csource:[^\x7c]*\x7cuser:[^\x7c]*(?:\x7cauthenticated:[^\x7c]*)?"
            r"\x7ctimestamp:(?P<stamp>[0-9]{13})\x7ccategory:[A-Z]+\x7ctype:",
            moment,
            program="cassandra",
        ),
        # It has the hour only.
        Envelope(
            "ecaudit",
            r"^(?P<header>(?P<stamp>[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}) - )client:'[0-9A-Fa-f.:]+'\x7cuser:'",
            missing,
            program="cassandra",
        ),
    ),
    values={"user_name": {"anonymous": "", "null": ""}},
    lacks="It does not tell whether the name exists.",
)
