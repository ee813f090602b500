"""Windows' Security events (provider Microsoft-Windows-Security-Auditing), in whatever form they were collected.

EVTX (unfolded to JSON), event XML, winlogbeat, NXLog, Fluent Bit, Wazuh, Sentinel's SecurityEvent. Source: Microsoft's
pages of the events 4624, 4625, 4768, 4771, 4776 and 6273, [MS-ERREF] for status codes, RFC 4120 for Kerberos' errors.

*The password was right* where NTLM says disabled, expired, must change, hours, workstation or smart card: it judges
the password first. Kerberos' 0x12 and 0x17 come before the password is looked at (anybody who asks for a name gets
them), so they tell nothing; its 0x25 means that the sealed time could be opened, with the right key. A ticket (4768)
without pre-authentication was given to somebody who proved nothing, and is no sign-in. Successes of services and
scheduled tasks (types 4, 5) are the machine's own; their failures are kept, since a stale password there locks people
out. What sshd asks of Windows (4625) is its own attempt once more (witness ``pam``, joined by its process number).

*Counted once*: 4776 and 4625 of one host tell of one attempt, and are joined by host, workstation and name. What a
member and its domain controller each say of one attempt cannot be joined, and counts on both.
"""

from dataclasses import replace

import polars as pl

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, dated, moment

_SAYS = {
    "success": ("success", None, "0"),
    "wrong": ("failure", "bad_password", "c000006a c000006d c0000380 k18 r16"),
    "unknown": ("failure", "unknown_account", "c0000064 k6 r8"),
    "failed": ("failure", "other", ""),  # and whatever nobody knows
    "failed_disabled": ("failure", "disabled", "r34"),
    "failed_expired": ("failure", "expired", "r33 r35"),
    "disabled": ("challenged", "disabled", "c0000072"),
    "expired": ("challenged", "expired", "c0000071 c0000224 c0000193"),
    "restricted": ("challenged", "policy", "c000006e c000006f c0000070 c000015b"),
    "second_factor": ("challenged", "mfa", "c00002fa r21"),
    "wrong_clock": ("challenged", "other", "k25"),
    "locked": ("refused", "locked", "c0000234 c0000381 k12 r36"),
    "refused_expired": ("refused", "expired", "k17"),
    "not_allowed": ("refused", "policy", "c0000413 c0000388 c0000418 c0000022 kc k1d r32 r37 r48 r49 r64 r65 r66"),
    "no_server": (
        "refused",
        "backend",
        "c000005e c0000133 c000018a c000018b c000018c c000018d c0000192 c00000dc c000019b c00002ee r3 r4 r5 r7",
    ),
    "turned_away": ("refused", "other", "k"),
}
_VERDICTS = {code: name for name, (_, _, codes) in _SAYS.items() for code in codes.split()}
_ASKED = {"k7", "k19", "k34", "k44"}  # not refused: asked for more, or sent elsewhere

_KNOWN = {
    "no_person": "machines, and the system's own names",
    "started": "services and tasks",
    "unproven": "a ticket for a name",
    "asked": "asked for more",
    "other_event": "tells of no attempt of its own",
    "other_source": "not of the Security log",
}
_CASES = tuple(Case(name, {"what": f"^{name}$"}) for name in _KNOWN) + tuple(
    Case(name, {"what": f"^{name}$"}, outcome, reason) for name, (outcome, reason, _) in _SAYS.items()
)

_DATA = (
    "user_name=TargetUserName src_ip=IpAddress src_port=IpPort service=LogonType status=Status "
    "substatus=SubStatus sid=TargetUserSid process=LogonProcessName auth_protocol=AuthenticationPackageName "
    "exe=ProcessName pid=ProcessId preauth=PreAuthType client=WorkstationName workstation=Workstation "
    "subject=SubjectUserName station=CallingStationID why=ReasonCode"
)
_PLACES = {
    "4624": "user_name=5 sid=4 service=8 process=9 auth_protocol=10 client=11 pid=16 exe=17 src_ip=18 src_port=19",
    "4625": "user_name=5 sid=4 status=7 substatus=9 service=10 process=11 auth_protocol=12 client=13 pid=17 exe=18 "
    "src_ip=19 src_port=20",
    "4768": "user_name=0 sid=2 status=6 preauth=8 src_ip=9 src_port=10",
    "4771": "user_name=0 sid=1 status=4 preauth=5 src_ip=6 src_port=7",
    "4776": "user_name=1 workstation=2 status=3",
}
"""Where Fluent Bit, which gives the values without their names, has them."""


def _pairs(text: str) -> dict[str, str]:
    return dict(each.split("=") for each in text.split())


_PEOPLE_NOT = r"^(?:.*[$]|anonymous logon|system|local service|network service|iusr|(?:dwm|umfd)-[0-9]+|sshd_[0-9]+)$"
_SYSTEM_SID = r"^S-1-5-(?:7|18|19|20|90-.*|96-.*)$"
_SECURITY = ["Microsoft-Windows-Security-Auditing", "Security", "Microsoft-Windows-Eventlog", ""]
_PROGRAMS = {
    "sshd.exe": "ssh",
    "w3wp.exe": "web",
    "microsoft.exchange.imap4.exe": "imap",
    "microsoft.exchange.pop3.exe": "pop3",
    "edgetransport.exe": "smtp",
    "msexchangefrontendtransport.exe": "smtp",
    "sqlservr.exe": "database",
}
_TYPES = {"2": "console", "7": "console", "8": "web", "10": "rdp", "11": "console", "12": "rdp", "13": "console"}
_EVENTS = {"4768": "kerberos", "4771": "kerberos", "4776": "ntlm", "6272": "radius", "6273": "radius"}


def _code(name: str) -> pl.Expr:
    """``0xC000006A`` as ``c000006a``; zero and nothing as the empty text."""
    return pl.col(name).fill_null("").str.to_lowercase().str.strip_prefix("0x").str.strip_chars_start("0")


def _judged(found: pl.DataFrame) -> pl.DataFrame:
    """What each event says, and of whom."""
    found = found.select(pl.col(pl.String).str.strip_chars().replace(["-", ""], None))
    radius = pl.col("id").is_in(["6272", "6273"])
    found = found.with_columns(
        pl.col("id").fill_null(""),
        user_name=pl.when(radius).then("subject").otherwise("user_name"),
        src_ip=pl.when(radius).then("station").otherwise("src_ip"),
        client=pl.coalesce("client", "workstation"),
        exe=pl.col("exe").str.extract(r"([^\\/]+)$").str.to_lowercase(),
        provider=pl.coalesce("provider", "channel").fill_null(""),
        type=pl.col("service").str.extract("^([0-9]+)").fill_null(""),
    )
    local = pl.col("src_ip").is_in(["::1", "127.0.0.1", "::ffff:127.0.0.1", "::"])
    found = found.with_columns(
        src_ip=pl.when(~local).then("src_ip"),
        src_port=pl.when(pl.col("src_port") != "0").then("src_port"),
        code=pl.when(pl.col("id") == "6273")
        .then("r" + pl.col("why").fill_null(""))
        .when(pl.col("id").is_in(["4768", "4771"]))
        .then("k" + _code("status"))
        .when(_code("substatus") != "")
        .then(_code("substatus"))
        .otherwise(_code("status")),
    )
    return found.with_columns(what=_what(), service=_service(), auth_protocol=_protocol()).with_columns(_session())


def _what() -> pl.Expr:
    event, code, name = pl.col("id"), pl.col("code"), pl.col("user_name")
    verdict = code.replace_strict(_VERDICTS, default="failed", return_dtype=pl.String)
    kerberos = code.replace_strict(_VERDICTS, default="turned_away", return_dtype=pl.String)
    succeeds = ((event == "4776") & (code == "")) | ((event == "4768") & (code == "k")) | event.is_in(["4624", "6272"])
    attempt = event.is_in(["4624", "4625", "4768", "4771", "4776", "6272", "6273"])
    nobody = name.str.to_lowercase().str.contains(_PEOPLE_NOT) | pl.col("sid").str.contains(_SYSTEM_SID)
    # To find out who somebody is, sshd lets Windows make a token of him without a password.
    own = pl.col("type").is_in(["0", "4", "5", "9"]) | pl.col("process").is_in(["sshd", "Authz"])
    return (
        pl.when(pl.col("provider") == "OpenSSH")
        .then(None)
        .when(~pl.col("provider").is_in(_SECURITY))
        .then(pl.when(pl.col("message").is_null()).then(pl.lit("other_source")))
        .when(~attempt)
        .then(pl.when(pl.col("provider") != "").then(pl.lit("other_event")))
        .when(nobody | (succeeds & name.is_null()))
        .then(pl.lit("no_person"))
        .when((event == "4624") & own)
        .then(pl.lit("started"))
        .when((event == "4768") & succeeds & (pl.col("preauth") == "0"))
        .then(pl.lit("unproven"))
        .when(succeeds)
        .then(pl.lit("success"))
        .when(code.is_in(_ASKED))
        .then(pl.lit("asked"))
        .when(event.is_in(["4768", "4771"]))
        .then(kerberos)
        .otherwise(verdict)
    )


def _service() -> pl.Expr:
    kind, process = pl.col("type"), pl.col("process").fill_null("")
    return (
        pl.coalesce(
            pl.col("id").replace_strict(_EVENTS, default=None, return_dtype=pl.String),
            pl.col("exe").replace_strict(_PROGRAMS, default=None, return_dtype=pl.String),
        )
        .fill_null(pl.when(kind.is_in(["4", "5"])).then(pl.lit("service")))
        .fill_null(pl.when((kind == "7") & pl.col("src_ip").is_not_null()).then(pl.lit("rdp")))
        .fill_null(kind.replace_strict(_TYPES, default=None, return_dtype=pl.String))
        .fill_null(pl.when(process.is_in(["CHAP", "IAS"])).then(pl.lit("radius")))
        .fill_null(pl.when((pl.col("exe") == "lsass.exe") & (process == "Advapi")).then(pl.lit("ldap")))
        .fill_null(pl.lit("smb"))
    )


def _protocol() -> pl.Expr:
    package = pl.col("auth_protocol").str.replace("^MICROSOFT_AUTHENTICATION_PACKAGE_V1_0$", "ntlm")
    service = pl.col("id").replace_strict(_EVENTS, default=None, return_dtype=pl.String)
    return pl.when(service.is_in(["kerberos", "ntlm"])).then(service).otherwise(package)


def _session() -> list[pl.Expr]:
    """How the events that tell of one attempt find each other."""
    logon, ntlm, ssh = pl.col("id").is_in(["4624", "4625"]), pl.col("id") == "4776", pl.col("exe") == "sshd.exe"
    number = pl.col("pid").str.to_lowercase()
    hexadecimal = number.str.strip_prefix("0x").str.to_integer(base=16, strict=False).cast(pl.String)
    process = pl.when(number.str.starts_with("0x")).then(hexadecimal).otherwise(number)
    named = pl.concat_str("dst_host", "client", "user_name", separator="\\").str.to_lowercase()
    return [
        pl.when(logon & ssh)
        .then(pl.concat_str("dst_host", process, separator=":"))
        .when(logon | ntlm)
        .then(named)
        .alias("session_uid"),
        pl.when(logon & ssh)
        .then(pl.lit("pam"))
        .when(logon)
        .then(pl.lit("auth"))
        .when(ntlm)
        .then(pl.lit("daemon"))
        .alias("witness"),
    ]


def _by_place(found: pl.DataFrame) -> pl.DataFrame:
    """Values that come without names."""
    places = {event: _pairs(told) for event, told in _PLACES.items()}
    return _judged(
        found.with_columns(
            pl.coalesce(
                pl.lit(None, pl.String),
                *(
                    pl.when(pl.col("id") == event).then(f"s{place[field]}")
                    for event, place in places.items()
                    if field in place
                ),
            ).alias(field)
            for field in _pairs(_DATA)
        )
    )


def _portal(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``6/5/2026, 9:12:33.123 AM``, as Azure's portal exports, or ISO 8601."""
    american = stamps.str.contains("/", literal=True).fill_null(value=False)
    if not american.any():
        return moment(stamps, clock)
    told = dated(stamps.set(~american, None), "%m/%d/%Y, %I:%M:%S%.f %p", clock)
    return told.fill_null(moment(stamps.set(american, None), clock))


_JSON = """
id: Event.System.EventID.#text, Event.System.EventID, System.EventID.Value, System.EventID, EventID
provider: Event.System.Provider.#attributes.Name, System.Provider.Name, ProviderName, SourceName, EventSourceName
channel: Event.System.Channel, System.Channel, Channel
time: Event.System.TimeCreated.#attributes.SystemTime, System.TimeCreated.SystemTime, EventTime, TimeCreated, TimeGenerated
dst_host: Event.System.Computer, System.Computer, Computer, Hostname
message: Message, message
"""  # noqa: E501 - one line a field
_BEATS = """
id: winlog.event_id, event_id, event.code
provider: winlog.provider_name, source_name, event.provider
channel: winlog.channel, log_name
time: @timestamp
dst_host: winlog.computer_name, computer_name, host.name
message: message
"""
_DOTTED = """
id: "winlog.event_id", "event.code"
provider: "winlog.provider_name", "event.provider"
channel: "winlog.channel"
time: @timestamp
dst_host: "winlog.computer_name", "host.name"
message: message
"""
_WAZUH = """
id: data.win.system.eventID, win.system.eventID
provider: data.win.system.providerName, win.system.providerName
channel: data.win.system.channel, win.system.channel
time: data.win.system.systemTime, win.system.systemTime
dst_host: data.win.system.computer, win.system.computer
message: message
"""
_XML = """
id: System.EventID
provider: System.Provider.@Name
channel: System.Channel
time: System.TimeCreated.@SystemTime
dst_host: System.Computer
message: System.NoMessage
"""
_TABLE = """
id: EventID
provider: EventSourceName
channel: Channel
time: TimeGenerated [UTC], TimeGenerated
dst_host: Computer
message: NoMessage
"""


def _record(system: str, marks: tuple[str, ...], data: tuple[str, ...], kind: str = "json") -> Record:
    """One way in which events are written.

    :param system: the paths of what each event says of itself
    :param data: where its values are; ``{}``: their names
    """
    fields: dict[str, str | tuple[str, ...]] = {}
    for field, name in _pairs(_DATA).items():
        names = (name, "TargetAccount", "Account") if field == "user_name" else (name,)
        if system is _WAZUH:
            names = (name[0].lower() + name[1:],)
        fields[field] = tuple(prefix.format(each) for each in names for prefix in data)
    for line in system.strip().splitlines():
        field, _, paths = line.partition(": ")
        fields[field] = tuple(paths.split(", "))
    return Record(fields, _CASES, kind, marks, _portal, _judged)


def _inserts() -> Record:
    named = _record(_JSON, ('"StringInserts"', '"EventID"'), ("StringInserts.{}",))
    places = {f"s{place}": f"StringInserts[{place}]" for place in range(21)}
    return replace(named, fields={**named.fields, **places}, derive=_by_place)


FORMAT = Format(
    name="windows",
    title="Windows Security events",
    group="windows",
    records=(
        _inserts(),
        _record(_JSON, ('"EventID"',), ("Event.EventData.{}", "EventData.{}", "{}")),
        _record(_BEATS, ('"event_data"',), ("winlog.event_data.{}", "event_data.{}")),
        _record(_DOTTED, ('"winlog.event_data.',), ('"winlog.event_data.{}"',)),
        _record(_WAZUH, ('"win"', '"eventID"'), ("data.win.eventdata.{}", "win.eventdata.{}")),
        _record(_XML, ("<EventID",), ("EventData.{}",), "xml"),
        _record(_TABLE, ("EventID", "IpAddress"), ("{}",), "csv"),
    ),
    lacks="An attempt that a member and its domain controller both tell of counts on both; 4776 has no address.",
)
