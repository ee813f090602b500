r"""PostgreSQL's server log: text with any usual ``log_line_prefix``, ``csvlog`` and ``jsonlog``, also syslog.

Sources: src/backend/libpq/auth.c (``auth_failed``, ``ClientAuthentication``), utils/init/miscinit.c, postinit.c,
tcop/postmaster.c, utils/error/elog.c, csvlog.c, jsonlog.c.

Where the prefix holds no address (Debian's does not), ``connection received`` tells it, as another witness of the same
process; alone it is a connection that nobody signed in on. A prefix may hold the user's name too, which may look like
an address: an address is believed only where the name has none of the marks that stand around one.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

_STAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})? ?(?:[A-Z]{2,5}|[+-][0-9]{2,4})?"
_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*)(?:%[0-9a-z]+)?"
_PID = r"\[[0-9A-Za-z.+/]+\]"
_SYSLOG = r"^(?:\[[0-9]+-[0-9]+\] )?"
_KEYS = r"(?:[a-z]+=[^,= \"]*,)*(?:[a-z]+=[^,=\"]*,)?(?:client|host|remote|addr|h|r)="
_WITH = (
    _SYSLOG
    + "(?:"
    + _STAMP
    + "(?: ?: ?| )(?:"
    + _PID
    + r":? ?(?:\[[0-9-]+\] )?:?)?(?:"
    + _KEYS
    + ")?)?"
    + _IP
    + r"(?:\((?P<src_port>[0-9]+)\))?[ :,][^\"]*?(?:FATAL|LOG):  "
)
_BARE = (
    _SYSLOG + r"(?:[^ \"]* ?" + _STAMP + r"[: -]*(?:[^\" ]*?\[(?P<session_uid>[0-9A-Za-z.+/]+)\])?.*?)?(?:FATAL|LOG):  "
)
_SESSION = _SYSLOG + "(?:" + _STAMP + r"[: -]*\[(?P<session_uid>[0-9A-Za-z.+/]+)\].*?)LOG:  "
_PLAIN_NAME = r"(?P<user_name>[^ :,()\"]*)"
_ANY_NAME = "(?P<user_name>.*)"
_DB = {"service": "database"}
_GUESSED = r"(?:password |LDAP |PAM |RADIUS |BSD )"
_OTHERWISE = r"(?:[A-Za-z]+ |\"[a-z]+\" )?"

_CSV = (
    r"^"
    + _STAMP
    + r",\"(?P<user_name>(?:[^\"]|\"\")*)\",(?:\"(?:[^\"]|\"\")*\")?,[0-9]*,\""
    + _IP
    + r":(?P<src_port>[0-9]+)\",(?P<session_uid>[0-9A-Za-z.+/]*),[0-9]*,\"[^\"]*\",[^,]*,[^,]*,[0-9]*,(?:FATAL|LOG),"
)


def _both(
    name: str, before: str, after: str, outcome: str, reason: str | None, any_name: str = _ANY_NAME
) -> tuple[Rule, Rule]:
    """One rule for an address in the prefix, one for none."""
    return (
        Rule(name, _WITH + before + _PLAIN_NAME + after, outcome, reason, constants=_DB),
        Rule(name + "_bare", _BARE + before + any_name + after, outcome, reason, "daemon", _DB),
    )


_TEXT = (
    *_both("failed", _GUESSED + 'authentication failed for user \\"', '\\"$', "failure", "bad_password"),
    *_both("failed_otherwise", _OTHERWISE + 'authentication failed for user \\"', '\\"(?:: .*)?$', "failure", "other"),
    *_both("unknown", 'role \\"', '\\" does not exist$', "failure", "unknown_account"),
    *_both("no_login", 'role \\"', '\\" is not permitted to log in$', "failure", "disabled"),
    *_both("too_many", 'too many connections for role \\"', '\\"$', "refused", "policy"),
    Rule(
        "no_entry",
        r"^.*?FATAL:  (?:no pg_hba\.conf entry|pg_hba\.conf rejects) (?:for |connection for )?(?:replication )?"
        r"(?:connection )?(?:from )?host \""
        + _IP
        + r"\", user \"(?P<user_name>.*?)"
        + r"\"(?:, (?:database|SSL|no |GSS).*)?$",
        "refused",
        "policy",
        constants=_DB,
    ),
    *_both(
        "authorized",
        "(?:replication )?connection authorized: user=",
        r"(?: database=.*?| application_name=.*?)?(?: SSL enabled.*| GSS .*)?$",
        "success",
        None,
        "(?P<user_name>.*?)",
    ),
    Rule(
        "received_again", _WITH.replace("?P<src_ip>", "?:").replace("?P<src_port>", "?:") + "connection received: .*$"
    ),
    Rule(
        "received",
        _SESSION + "connection received: host=" + _IP + r"(?: port=(?P<src_port>[0-9]+))?$",
        "refused",
        "other",
        "probe",
        _DB,
    ),
    Rule(
        "other",
        r"^.*?(?:LOG|WARNING|ERROR|DETAIL|HINT|STATEMENT|NOTICE|CONTEXT|QUERY|INFO|LOCATION|DEBUG[1-5]?):  .*$",
    ),
    Rule(
        "other_end",
        r"^.*?(?:FATAL|PANIC):  (?:terminating |the database system |sorry, |remaining |database \"|connection to |"
        r"canceling |unsupported |invalid |unrecognized |expected |permission denied for database |could not |"
        r"no PostgreSQL user name|lock file |data directory |configuration file |password is too long|SSL ).*$",
    ),
)
_TABLE = (
    Rule("csv_failed", _CSV + r"28P01,\"[^\"]*authentication failed.*$", "failure", "bad_password", constants=_DB),
    Rule(
        "csv_unknown",
        _CSV + r"28000,\"role \"\".*\"\" does not exist\",.*$",
        "failure",
        "unknown_account",
        constants=_DB,
    ),
    Rule("csv_no_login", _CSV + r"28000,\"role .* not permitted to log in\",.*$", "failure", "disabled", constants=_DB),
    Rule("csv_no_entry", _CSV + r"28000,\"(?:no pg_hba|pg_hba).*$", "refused", "policy", constants=_DB),
    Rule("csv_failed_otherwise", _CSV + r"28000,\".*authentication failed.*$", "failure", "other", constants=_DB),
    Rule(
        "csv_authorized", _CSV + r"00000,\"(?:replication )?connection authorized: .*$", "success", None, constants=_DB
    ),
    Rule(
        "csv_other", "^" + _STAMP + r",(?:\"|,).*,(?:LOG|ERROR|WARNING|FATAL|PANIC|NOTICE|INFO|DEBUG),[0-9A-Z]{5},.*$"
    ),
)
_FATAL = {"level": "^FATAL$"}

FORMAT = Format(
    name="postgresql",
    title="PostgreSQL",
    group="data",
    programs=("postgres", "postgresql", "postmaster"),
    rules=_TEXT + _TABLE,
    envelopes=(
        Envelope(
            "postgresql",
            r"^(?P<header>)(?:[0-9A-Fa-f.:]+(?:\([0-9]+\))? )?(?P<stamp>"
            + _STAMP
            + r")(?:[ :,-]|\[).*?(?:FATAL|LOG|ERROR|WARNING|DETAIL|HINT|STATEMENT|NOTICE|PANIC|CONTEXT|QUERY|INFO):  ",
            iso,
            program="postgresql",
        ),
        Envelope(
            "postgresql-csv",
            r"^(?P<header>)(?P<stamp>" + _STAMP + r"),(?:\"(?:[^\"]|\"\")*\")?,(?:\"(?:[^\"]|\"\")*\")?,[0-9]*,"
            r"(?:\"[^\"]*\")?,[0-9A-Za-z.+/]*,[0-9]*,",
            iso,
            program="postgresql",
        ),
    ),
    records=(
        Record(
            fields={
                "time": "timestamp",
                "user_name": "user",
                "src_ip": "remote_host",
                "src_port": "remote_port",
                "session_uid": "session_id",
                "level": "error_severity",
                "code": "state_code",
                "message": "message",
            },
            cases=(
                Case("json_failed", {**_FATAL, "code": "^28P01$"}, "failure", "bad_password", None, _DB),
                Case(
                    "json_unknown",
                    {**_FATAL, "code": "^28000$", "message": '^role ".*" does not exist$'},
                    "failure",
                    "unknown_account",
                    None,
                    _DB,
                ),
                Case(
                    "json_no_login",
                    {**_FATAL, "code": "^28000$", "message": "^role .* is not permitted to log in$"},
                    "failure",
                    "disabled",
                    None,
                    _DB,
                ),
                Case(
                    "json_no_entry",
                    {**_FATAL, "code": "^28000$", "message": r"^(?:no pg_hba\.conf|pg_hba\.conf).*$"},
                    "refused",
                    "policy",
                    None,
                    _DB,
                ),
                Case("json_failed_otherwise", {**_FATAL, "code": "^28000$"}, "failure", "other", None, _DB),
                Case(
                    "json_authorized",
                    {"message": "^(?:replication )?connection authorized: .*$"},
                    "success",
                    None,
                    None,
                    _DB,
                ),
                Case("json_other", {"level": "^[A-Z0-9]+$"}),
            ),
            marks=('"error_severity"', '"message"', '"timestamp"'),
        ),
    ),
    values={"user_name": {"[unknown]": ""}},
    lacks="Its text log tells the address only where log_line_prefix holds %h or %r, or log_connections is on; of a "
    "name that imitates a prefix it does not tell the address. Successful sign-ins need log_connections.",
)
