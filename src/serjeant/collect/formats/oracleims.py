r"""Oracle (Sun) Messaging Server's connection log of its MTA (mail.log_current in XML, ``LOG_CONNECTION``).

Attributes are quoted with quotes escaped; the connection (``tr``) stands before what a client says.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_CLIENT = (
    r"^<co (?:[a-z]{2}=\"[^\"]*\" )*tr=\"TCP\|[^|\"]*\|[0-9]+\|(?P<src_ip>[0-9A-Fa-f.:]+)\|(?P<src_port>[0-9]+)\" "
    r"(?:[a-z]{2}=\"[^\"]*\" )*?"
)
_USER = r"(?: us=\"(?P<user_name>[^\"]*)\")?(?: [a-z]{2}=\"[^\"]*\")*/>$"
_SMTP = {"service": "smtp"}

FORMAT = Format(
    name="oracleims",
    title="Oracle Messaging Server",
    group="mail",
    programs=("oracleims",),
    rules=(
        Rule("failed", _CLIENT + r"mi=\"Bad password\"" + _USER, "failure", "bad_password", constants=_SMTP),
        Rule("unknown", _CLIENT + r"mi=\"No such user\"" + _USER, "failure", "unknown_account", constants=_SMTP),
        Rule("login", _CLIENT + r"mi=\"Authentication successful[^\"]*\"" + _USER, "success", constants=_SMTP),
        Rule("other", "^<co .*$"),
    ),
    envelopes=(
        Envelope("oracleims-log", r"^(?P<header>)<co ts=\"(?P<stamp>[^\"]*)\" pi=\"", iso, program="oracleims"),
    ),
    lacks="It tells of SMTP only: its IMAP and POP servers log elsewhere.",
)
