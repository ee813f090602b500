r"""Axigen's log (everything.txt, default.txt): ``Authentication error`` of its services.

Source: Axigen's articles on brute-force protection. The address stands in other lines of the session.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_SAYS = (
    r"^(?P<service>SMTP-IN|IMAP|POP3|WEBMAIL|WEBADMIN|CALDAV|ACTIVESYNC|CLI|REMINDER):(?P<session_uid>[0-9A-Za-z+/]+): "
    r"Authentication error for user '(?P<user_name>.*)': "
)

FORMAT = Format(
    name="axigen",
    title="Axigen",
    group="mail",
    programs=("axigen",),
    rules=(
        Rule("unknown", _SAYS + "Account not found[^':]*$", "failure", "unknown_account"),
        Rule("failed", _SAYS + "Invalid password[^':]*$", "failure", "bad_password"),
        Rule("disabled", _SAYS + "Account (?:is )?(?:disabled|suspended)[^':]*$", "failure", "disabled"),
        Rule("locked", _SAYS + "Account (?:is )?(?:locked|blocked)[^':]*$", "failure", "locked"),
        Rule("failed_otherwise", _SAYS + ".*$", "failure", "other"),
        Rule("other", r"^[A-Z][A-Z-]+:[0-9A-F]{8}: (?:[Cc]losing|[Nn]ew|Connection|SSL|<<|>>|[Mm]essage|Mail).*$"),
    ),
    envelopes=(
        Envelope(
            "axigen-log",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}) [0-9]{2} "
            r"(?P<host>[^ ]+) )[A-Z][A-Z-]+:[0-9A-Za-z+/]{8,9}: ",
            iso,
            program="axigen",
        ),
    ),
    values={
        "service": {
            "SMTP-IN": "smtp",
            "IMAP": "imap",
            "POP3": "pop3",
            "WEBMAIL": "web",
            "WEBADMIN": "web",
            "CALDAV": "web",
            "ACTIVESYNC": "web",
            "CLI": "console",
        }
    },
    lacks="The line of a failure does not tell the client's address.",
)
