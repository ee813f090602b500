r"""SnappyMail and RainLoop: the log of failures (``auth_logging``) with its default text, as a file or by syslog."""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

FORMAT = Format(
    name="snappymail",
    title="SnappyMail and RainLoop",
    group="mail",
    programs=("snappymail", "rainloop", "SnappyMail", "RainLoop"),
    rules=(
        Rule(
            "failed",
            r"^Auth failed: ip=(?P<src_ip>[0-9A-Fa-f.:]+) user=(?P<user_name>.*?)(?: host=[^ ]* port=[0-9]*)?$",
            "failure",
            "bad_password",
            constants={"service": "web"},
        ),
    ),
    envelopes=(
        Envelope(
            "snappymail-auth",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?: [A-Z]{2,5})?)\] )"
            r"Auth failed: ip=[0-9A-Fa-f.:]+ user=",
            iso,
            program="snappymail",
        ),
    ),
    lacks="It does not tell sign-ins that worked; the IMAP server tells of each attempt too.",
)
