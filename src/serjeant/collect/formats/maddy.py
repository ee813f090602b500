r"""maddy mail server: ``authentication failed`` of its SMTP and IMAP endpoints (internal/auth/sasl.go).

Behind the message stands a JSON object with sorted keys: quotes in values are escaped.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_TEXT = r"\"(?:[^\"\\]|\\.)*\""
_SAYS = (
    r"authentication failed(?:\t|#011| +)\{(?:" + _TEXT + ":(?:" + _TEXT + r"|[^\",]*),)*?"
    r"\"src_ip\":\"\[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?(?::(?P<src_port>[0-9]{1,5}))?\""
    r"(?:,\"(?:[a-tv-z]|u[a-rt-z])[a-z_]*\":(?:" + _TEXT + r"|[^\",]*))*?"
    r"(?:,\"username\":\"(?P<user_name>(?:[^\"\\]|\\.)*)\")?(?:,.*)?\}$"
)

FORMAT = Format(
    name="maddy",
    title="maddy",
    group="mail",
    programs=("maddy",),
    rules=(
        Rule(
            "smtp_failed",
            "^(?:smtp|submission|lmtp)[^ ]*: " + _SAYS,
            "failure",
            "bad_password",
            constants={"service": "smtp"},
        ),
        Rule("failed", "^[a-z_./-]+: " + _SAYS, "failure", "bad_password", constants={"service": "mail"}),
        Rule(
            "other",
            r"^(?:smtp|submission|imap|lmtp|queue|remote|target[a-z./]*|check[a-z./]*|tls|config)[^ ]*: "
            r"(?:incoming|RCPT|MAIL|DATA|accepted|delivered|TLS|message|aborted|reset|no |will |not |dns).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "maddy-log",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z) )"
            r"[a-z_./-]+: authentication failed\t\{",
            iso,
            program="maddy",
        ),
    ),
    lacks="It does not tell sign-ins that worked.",
)
