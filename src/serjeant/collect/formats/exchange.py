r"""Microsoft Exchange's protocol logs: of IMAP, POP and its SMTP receive connectors, with and without their header.

Source: Microsoft's pages on protocol logging. The columns left of command and parameters are the server's. What IIS
logs of Exchange is the format ``exchange_web``.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

_PORTS = {"143": "imap", "993": "imap", "110": "pop3", "995": "pop3", "25": "smtp", "465": "smtp", "587": "smtp"}
_SMTP = {"service": "smtp"}

_BOX = {
    "service": "^(?:143|993|110|995)$",
    "command": "^(?:login|authenticate|auth|pass|LOGIN|AUTHENTICATE|AUTH|PASS)$",
}
_NO = r"^.*(?:AuthFailed|LogonDenied|NO (?:LOGIN|AUTHENTICATE) failed|-ERR (?:Authentication|Logon) failure).*$"


def _box(rows: pl.DataFrame) -> pl.DataFrame:
    """The port tells the service."""
    return rows.with_columns(service=pl.col("server").str.extract(":([0-9]+)$"))


_BOXES = Record(
    kind="w3c",
    fields={
        "time": "dateTime",
        "session_uid": "sessionId",
        "server": "sIp",
        "service": "sIp",
        "src_ip": "cIp",
        "user_name": "user",
        "command": "command",
        "context": "context",
    },
    marks=("dateTime", "sessionId", "cIp", "command"),
    derive=_box,
    cases=(
        Case("box_login", _BOX | {"context": "^R=ok(?:;.*)?$"}, "success"),
        Case("box_limit", _BOX | {"context": "^.*ConnectionLimit.*$"}, "refused", "policy"),
        Case("box_backend", _BOX | {"context": "^.*(?:Proxy|Unavailable|Timeout).*$"}, "refused", "backend"),
        Case("box_failed", _BOX | {"context": _NO}, "failure", "bad_password"),
        Case("box_other"),
    ),
)


def _receive(rows: pl.DataFrame) -> pl.DataFrame:
    """A name stands among what else the server says of a session."""
    known = pl.col("context") == "authenticated"
    return rows.with_columns(user_name=pl.when(known).then("data"))


_RECEIVE = Record(
    kind="w3c",
    fields={
        "time": "date-time",
        "session_uid": "session-id",
        "src_ip": "remote-endpoint",
        "event": "event",
        "data": "data",
        "context": "context",
        "user_name": "data",
    },
    marks=("date-time", "connector-id", "session-id", "remote-endpoint", "event", "data"),
    derive=_receive,
    cases=(
        Case("receive_login", {"event": r"^\*$", "user_name": "^.+$"}, "success", constants=_SMTP),
        Case("receive_failed", {"event": "^>$", "data": "^535 .*$"}, "failure", "bad_password", constants=_SMTP),
        Case("receive_backend", {"event": "^>$", "data": "^454 4[.]7[.]0 .*$"}, "refused", "backend", constants=_SMTP),
        Case("receive_other"),
    ),
)

# The same without a header above them
_END = r"\[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?:(?P<src_port>[0-9]{1,5}),"
_FIELD = r"(?:\"(?:[^\"]|\"\")*\"|[^,\"]*),"
_LINE = (
    r"^(?P<session_uid>[0-9A-Za-z+/]{9,16}),[0-9]+,[^,]*:(?P<service>143|993|110|995),"
    + _END
    + r"(?P<user_name>[^,\"]*),[0-9]*,[0-9]*,[0-9]*,(?:login|authenticate|auth|pass|user),"
    + _FIELD
)
_SMTP_LINE = r"^[^,]+,(?P<session_uid>[0-9A-Za-z+/]{9,16}),[0-9]+,[^,]*:[0-9]{1,5}," + _END
_STAMP = r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z)"
_BETWEEN = r"[0-9A-Za-z+/]{9,16},[0-9]+,[^,]*:[0-9]{1,5},[^,]*:[0-9]{1,5},"

_RULES = (
    Rule("line_login", _LINE + r"\"?R=ok(?:[;,].*)?$", "success"),
    Rule("line_limit", _LINE + r".*ConnectionLimit.*$", "refused", "policy"),
    Rule("line_backend", _LINE + r".*(?:Proxy|Unavailable|Timeout).*$", "refused", "backend"),
    Rule("line_failed", _LINE + _NO.removeprefix("^"), "failure", "bad_password"),
    Rule("smtp_failed", _SMTP_LINE + r">,\"?535 .*$", "failure", "bad_password", constants=_SMTP),
    Rule("smtp_backend", _SMTP_LINE + r">,\"?454 4[.]7[.]0 .*$", "refused", "backend", constants=_SMTP),
    Rule("smtp_login", _SMTP_LINE + r"[*],(?P<user_name>[^,\"]+),authenticated,?$", "success", constants=_SMTP),
    Rule("line_other", r"^[0-9A-F]{16},[0-9]+,[^,]*:[0-9]{1,5},.*$"),
    Rule("smtp_other", r"^[^,]+,[0-9A-F]{16},[0-9]+,[^,]*:[0-9]{1,5},[^,]*,[-+<>*],.*$"),
)

FORMAT = Format(
    name="exchange",
    title="Microsoft Exchange",
    group="mail",
    programs=("exchange",),
    rules=_RULES,
    envelopes=(
        Envelope("exchange-box", "^(?P<header>" + _STAMP + ",)" + _BETWEEN, iso, program="exchange"),
        Envelope(
            "exchange-receive", "^(?P<header>" + _STAMP + ",)[^,]+," + _BETWEEN + "[-+<>*],", iso, program="exchange"
        ),
    ),
    records=(_BOXES, _RECEIVE),
    values={"service": _PORTS},
    lacks="A failure over SMTP names nobody; behind a load balancer the address is the balancer's.",
)
