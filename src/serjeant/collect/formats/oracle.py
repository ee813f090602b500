r"""Oracle Database's audit trails in syslog.

They are the standard one (``AUDIT_SYSLOG_LEVEL``), that of administrators, and the unified one
(``UNIFIED_AUDIT_SYSTEMLOG``).

Source: Oracle's Database Security Guide and Database Reference: fields as ``NAME:[length] "text"``, without the length
in the unified trail and in releases before 11. Nothing is escaped, and RE2 cannot count: so fields are read in the
order in which Oracle writes them, and of a line in which a client's text holds a quote no address is told. Return code
1017 is a wrong name or password; with 28001 the password was right and must be changed, with 28002 it will have to be.
"""

from collections.abc import Iterator

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd, iso

_DB = {"service": "database"}
_LENGTH = r"(?:LENGTH ?: ?['\"][0-9]+['\"] )?"
_SIZE = r" ?:(?:\[[0-9]+\])? ?"
_TEXT = _SIZE + r"['\"][^'\"]*['\"]"


def _field(name: str, value: str) -> str:
    return name + _SIZE + r"['\"]" + value + r"['\"] ?"


_NAME = r"(?P<user_name>[^'\"]*)"
_TCP = r"\(ADDRESS=\(PROTOCOL=[a-z]+\)\(HOST=(?P<src_ip>[0-9A-Fa-f.:]+)\)(?:\(PORT=(?P<src_port>[0-9]+)\))?\)"
_STANDARD = (
    "^"
    + _LENGTH
    + "(?:(?:SESSIONID|ENTRYID|STATEMENT)"
    + _TEXT
    + " ){1,3}"
    + _field("USERID", _NAME)
    + "(?:(?:USERHOST|TERMINAL)"
    + _TEXT
    + " ){0,2}"
    + _field("ACTION", "100")
    + "RETURNCODE"
    + _SIZE
    + r"['\"]"
)
_COMMENT = (
    r"['\"](?: COMMENT\$TEXT ?:(?:\[[0-9]+\])? ?['\"](?:[^'\"]*; ?Client address: " + _TCP + r"|[^'\"]*)[^'\"]*['\"])?"
    r"(?: (?:OS\$USERID|DBID|PRIV\$USED|SES\$TID|CURRENT_USER|CLIENT\$ID|LOGOFF\$[A-Z]+)" + _TEXT + ")* ?$"
)
_SYS_HEAD = "^" + _LENGTH + _field("ACTION", "CONNECT") + _field("DATABASE USER", _NAME)
_SYS = (
    _SYS_HEAD + "(?:(?:PRIVILEGE|CLIENT USER|CLIENT TERMINAL)" + _TEXT + " ){0,3}" + r"STATUS ?:(?:\[[0-9]+\])? ?['\"]"
)
_SYS_TAIL = (
    r"['\"](?: (?:DBID|SESSIONID|USERHOST)"
    + _TEXT
    + r")*(?: CLIENT ADDRESS ?:\[[0-9]+\] ['\"](?:"
    + _TCP
    + r")?['\"])?"
    r"(?: (?:ACTION NUMBER|CURRENT_USER)" + _TEXT + ")* ?$"
)
_UNIFIED = (
    "^"
    + _LENGTH
    + r"(?:(?:TYPE|DBID|SESID|CLIENTID|ENTRYID|STMTID):\"[^\"]*\" )+DBUSER:\"(?P<user_name>[^\"]*)\" CURUSER:\"[^\"]*\""
    r" ACTION:\"100\" RETCODE:\""
)
_UNIFIED_TAIL = r"\"(?: (?:SCHEMA|OBJNAME|PDB_GUID):\"[^\"]*\")* ?$"


def _codes(prefix: str, head: str, tail: str) -> Iterator[Rule]:
    for name, codes, outcome, reason in (
        ("login", "(?:0|28002|28011)", "success", None),
        ("failed", "(?:1017|1005|1004)", "failure", "bad_password"),
        ("locked", "28000", "refused", "locked"),
        ("expired", "28001", "challenged", "expired"),
        ("no_right", "(?:1045|1031|1035)", "challenged", "policy"),
        ("failed_otherwise", "-?[0-9]+", "failure", "other"),
    ):
        yield Rule(prefix + name, head + codes + tail, outcome, reason, None, _DB)


_HEAD = r"Oracle (?:Unified )?Audit\[(?P<pid>[0-9]+)\]: (?:\[ID [0-9]+ [a-z0-9.]+\] )?)(?:LENGTH|SESSIONID|ACTION|TYPE)"

FORMAT = Format(
    name="oracle",
    title="Oracle Database audit trail",
    group="data",
    programs=("Audit", "oracle", "oracle_audit", "Oracle", "Oracle Audit", "Oracle Unified Audit"),
    rules=(
        *_codes("", _STANDARD, _COMMENT),
        *_codes("sys_", _SYS, _SYS_TAIL),
        *_codes("unified_", _UNIFIED, _UNIFIED_TAIL),
        Rule(
            "odd",
            "^"
            + _LENGTH
            + r".*?(?:USERID|DBUSER) ?:(?:\[[0-9]+\])? ?\"(?P<user_name>[^\"]*)\".* ACTION ?:(?:\[3\])? ?\"100\""
            r" RET.*$",
            "failure",
            "other",
            None,
            _DB,
        ),
        Rule("sys_odd", _SYS_HEAD + ".*$", "failure", "other", None, _DB),
        Rule("other", "^" + _LENGTH + r"(?:SESSIONID|ACTION|TYPE) ?:.*$"),
    ),
    envelopes=(
        Envelope(
            "oracle-audit",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>[A-Z][a-z]{2} {1,2}[0-9]{1,2} [0-9]{2}:[0-9]{2}:[0-9]{2}) "
            r"(?:(?P<host>[^ ]+) )?(?:journal: |\[[a-z0-9.]+\] )?" + _HEAD,
            bsd,
            program="oracle",
        ),
        Envelope(
            "oracle-audit-iso",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
            r"(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?) (?:(?P<host>[^ ]+) )?(?:journal: )?" + _HEAD,
            iso,
            program="oracle",
        ),
    ),
    lacks="It does not tell whether the name exists; the unified trail does not tell the address, nor does any of a "
    "line whose texts hold quotes.",
)
