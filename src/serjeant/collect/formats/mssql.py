r"""Microsoft SQL Server: ERRORLOG (Windows and Linux), and its events in the application log.

Sources: Microsoft's page on error 18456 and its states, sys.messages (18451 to 18488). The address stands last, in
brackets that a name cannot close again behind it. A login that fails only on its database, or whose password has
expired, had the right password.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

_IP = r"(?:(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*)(?:%[0-9A-Za-z]+)?|[^\[\] ]*|<[a-z ]+>)"
_CLIENT = r" ?\[CLIENT: " + _IP + r"\]$"
_FAILED = "^Login failed for (?:user|login) '(?P<user_name>.*)'"
_WHY = _FAILED + r"\. +Reason: "
_DB = {"service": "database"}

_TEXTS: tuple[tuple[str, str, str, str | None], ...] = (
    ("unknown", _WHY + r"Could not find a (?:login|user) matching the name provided\.", "failure", "unknown_account"),
    ("wrong", _WHY + r"Password did not match that for the (?:login|user) provided\.", "failure", "bad_password"),
    ("disabled", _WHY + r"The account is disabled\.", "failure", "disabled"),
    ("locked", _FAILED + r" because the account is currently locked out\..*", "failure", "locked"),
    ("expired", _WHY + r"The password of the account (?:has expired|must be changed)\.", "challenged", "expired"),
    ("no_database", _WHY + r"Failed to open the (?:explicitly specified database|database).*", "challenged", "policy"),
    ("denied", _WHY + r"(?:Token-based|Login-based) server access validation failed.*", "refused", "policy"),
    ("not_now", _FAILED + r"\. +(?:Only administrators|Server is in|Reason: Server is).*", "refused", "backend"),
    ("failed", _FAILED + r"(?:\. .*|\.)?", "failure", "other"),
    (
        "untrusted",
        r"^Login failed\. The login is from an untrusted domain and cannot be used with .*\.",
        "failure",
        "policy",
    ),
    ("login", r"^Login succeeded for user '(?P<user_name>.*)'\. Connection(?: made using|: ).*\.", "success", None),
)
_INSIDE = r" ?\[CLIENT: (?P<src_ip>[0-9A-Fa-f.:]*)[^\]]*\][ \r\n]*$"
_EVENTS = tuple(
    Case("event_" + name, {"message": text + _INSIDE}, outcome, reason, None, _DB)
    for name, text, outcome, reason in _TEXTS
)

FORMAT = Format(
    name="mssql",
    title="Microsoft SQL Server",
    group="data",
    programs=("sqlservr", "mssql-server", "MSSQLSERVER"),
    rules=(
        *(
            Rule(name, text + _CLIENT, outcome, reason, constants=_DB)
            if "P<user_name>" in text
            else Rule(name, text + _CLIENT.replace("$", "(?P<user_name>)$"), outcome, reason, constants=_DB)
            for name, text, outcome, reason in _TEXTS
        ),
        Rule(
            "other",
            "^(?:Error: |Length specified|SSPI handshake|The login packet|Starting up|Recovery|Server |"
            "Logging|SQL Trace|"
            "Clearing|This instance|Setting database|Database |Using |A connection |Could not connect|"
            "Network error).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "mssql",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{2}) "
            r"(?:Logon|Server|Backup|Audit|spid[0-9]+s?) +)",
            iso,
            program="sqlservr",
        ),
    ),
    records=(
        Record(
            fields={
                "time": "System.TimeCreated.@SystemTime",
                "dst_host": "System.Computer",
                "message": "RenderingInfo.Message",
                "event": "System.EventID",
            },
            cases=_EVENTS,
            kind="xml",
            marks=("MSSQL", "EventID"),
        ),
        Record(
            fields={
                "time": ("@timestamp", "winlog.time_created", "EventTime"),
                "dst_host": ("winlog.computer_name", "host.name", "Hostname"),
                "message": ("message", "Message"),
            },
            cases=_EVENTS,
            marks=("MSSQL", "[CLIENT: "),
        ),
    ),
    lacks="Of logins with a Windows account from elsewhere it does not tell the name; successful ones it "
    "tells only where "
    "login auditing is set to both.",
)
