r"""Kerio Connect's security log (security.log); every line ends with the address, or opens with it."""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_SERVICE = r"^(?P<service>[A-Z][A-Za-z0-9/ ]*): "
_FROM = r"\.? Attempt from IP address (?P<src_ip>[0-9A-Fa-f.:]+?)\.?$"


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%d/%b/%Y %H:%M:%S", clock)


FORMAT = Format(
    name="kerio",
    title="Kerio Connect",
    group="mail",
    programs=("kerio", "mailserver", "kerio-connect"),
    rules=(
        Rule(
            "unknown",
            _SERVICE + r"User (?P<user_name>.*) doesn't exist" + _FROM,
            "failure",
            "unknown_account",
        ),
        Rule("failed", _SERVICE + "Invalid password for user (?P<user_name>.*?)" + _FROM, "failure", "bad_password"),
        Rule(
            "locked",
            _SERVICE + "(?:Account|User) (?P<user_name>.*?) (?:is|has been) (?:locked|blocked)[a-z ]*" + _FROM,
            "failure",
            "locked",
        ),
        Rule(
            "sasl_failed",
            r"^Failed (?P<service>[A-Z0-9]+) login from (?P<src_ip>[0-9A-Fa-f.:]+?)"
            r"(?: with SASL method (?P<auth_protocol>[^ .]+))?\.?$",
            "failure",
            "bad_password",
        ),
        Rule(
            "administration",
            r"^Administration login into [A-Za-z ]+ from (?P<src_ip>[0-9A-Fa-f.:]+) failed: IP address not allowed$",
            "refused",
            "policy",
            constants={"service": "web"},
        ),
        Rule(
            "other",
            r"^(?:SMTP Spam attack|IP address |Relay attempt|Attempt to deliver|Message |Client |Directory |"
            r"Connection |"
            r"SMTP: (?:Connection|Attempt|Message|Client)|Found virus|Greylist).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "kerio-security",
            r"^(?P<header>\[(?P<stamp>[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2})\] )"
            r"(?:[A-Z][A-Za-z0-9/ ]*: (?:User |Invalid password|Account )|Failed [A-Z0-9]+ login from |"
            r"Administration login )",
            _time,
            program="kerio",
        ),
    ),
    values={
        "service": {
            "IMAP": "imap",
            "IMAP4": "imap",
            "POP3": "pop3",
            "SMTP": "smtp",
            "LDAP": "ldap",
            "HTTP/WebMail": "web",
            "HTTP/WebAdmin": "web",
            "HTTP/ActiveSync": "web",
            "HTTP/WebDAV": "web",
            "HTTP/CalDAV": "web",
            "HTTP/CardDAV": "web",
            "HTTP": "web",
            "XMPP": "xmpp",
        }
    },
    lacks="It does not tell sign-ins that worked, and no name of a SASL sign-in that failed.",
)
