r"""Stalwart's text log, as a file or in the journal: its events ``auth.*`` and ``security.*``.

Source: its list of events and the text tracer (crates/trc). The connection's keys, the address among them, stand
before those of the event, which a client fills.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_KEYS = r"(?:[A-Za-z-]+ = (?:\"[^\"]*\"|[^\", ]*), )*?"
_NAME = r"(?:, .*?account(?:Name|-name) = \"(?P<user_name>[^\"]*)\")?(?:, .*)?$"
_PORT = r"local(?:Port|-port) = (?P<service>143|993|110|995|25|465|587|4190|443|80|8080), "
_IP = r"remote(?:Ip|-ip) = (?P<src_ip>[0-9A-Fa-f.:]+)(?:, remote(?:Port|-port) = (?P<src_port>[0-9]+))?"


def _event(name: str, event: str, outcome: str, reason: str | None) -> tuple[Rule, Rule]:
    """At a port that tells the service, and at any."""
    head = rf"^[^()]*\({event}\) " + _KEYS
    return (
        Rule(name, head + _PORT + _IP + _NAME, outcome, reason),
        Rule(name + "_anywhere", head + _IP + _NAME, outcome, reason, constants={"service": "mail"}),
    )


_RULES = (
    *_event("failed", r"auth\.failed", "failure", "bad_password"),
    *_event("login", r"auth\.success", "success", None),
    *_event("second_factor", r"auth\.(?:missing-totp|missing-mfa|mfa-required)", "challenged", "mfa"),
    *_event("limited", r"(?:auth\.too-many-attempts|limit\.too-many-auth[a-z-]*)", "refused", "policy"),
    *_event("backend", r"auth\.error", "refused", "backend"),
    Rule("ban", r"^[^()]*\(security\.[a-z-]+\).*$"),
    Rule("other", r"^[^()]*\((?:[b-z][a-z-]*|a[a-tv-z][a-z-]*)\.[a-z0-9.-]+\).*$"),
)

FORMAT = Format(
    name="stalwart",
    title="Stalwart",
    group="mail",
    programs=("stalwart", "stalwart-mail", "stalwart-mail-server"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "stalwart-log",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z) "
            r"(?:TRACE|DEBUG|INFO|WARN|ERROR) +)[A-Z][^()]* \([a-z-]+\.[a-z0-9.-]+\) ",
            iso,
            program="stalwart",
        ),
    ),
    values={
        "service": {
            **dict.fromkeys(("143", "993"), "imap"),
            **dict.fromkeys(("110", "995"), "pop3"),
            **dict.fromkeys(("25", "465", "587"), "smtp"),
            **dict.fromkeys(("443", "80", "8080"), "web"),
            "4190": "sieve",
        }
    },
    lacks="It does not tell wrong passwords from unknown names; its JSON output is not read.",
)
