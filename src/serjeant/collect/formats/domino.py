r"""HCL (Lotus) Domino's console log: SMTP, IMAP, POP3, LDAP and web sign-ins.

Source: HCL's page on the log messages of Internet authentication. Stamps follow the server's own region; the ones with
two digits first are read as day, month, year, since a message tells of no other. The address stands behind the name and
before words that no name can come after.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated, iso

_TASK = r"^(?P<service>[A-Za-z0-9]+)(?: Server)?(?: \[[0-9A-Fa-f:-]+\])?:? "
_IP = r"\[?(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)\]?"
_KIND = r"(?:(?:SMTP|IMAP|POP3|LDAP|HTTP) Server(?: \[[^\]]*\])?:? |(?:smtp|imap|pop3|ldap|http): )"
_HEAD = r"(?:\[[0-9A-F]+:[0-9A-F]+-[0-9A-F]+\] )?"
_CLOCK = "[0-9]{2}:[0-9]{2}:[0-9]{2}"


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%d-%m-%Y %H:%M:%S", clock)


FORMAT = Format(
    name="domino",
    title="HCL (Lotus) Domino",
    group="mail",
    programs=("domino",),
    rules=(
        Rule(
            "failed",
            _TASK + "Authentication failed for user (?P<user_name>.*) ; connecting host " + _IP + "$",
            "failure",
            "bad_password",
        ),
        Rule(
            "failed_internet",
            _TASK + "(?P<user_name>.*) " + _IP + " authentication failure using internet password$",
            "failure",
            "bad_password",
        ),
        Rule("other", "^(?:(?:SMTP|IMAP|POP3|LDAP|HTTP) Server|smtp|imap|pop3|ldap|http).*$"),
    ),
    envelopes=(
        Envelope(
            "domino",
            "^(?P<header>" + _HEAD + "(?P<stamp>[0-9]{2}-[0-9]{2}-[0-9]{4} " + _CLOCK + ") +)" + _KIND,
            _time,
            program="domino",
        ),
        Envelope(
            "domino-iso",
            "^(?P<header>" + _HEAD + "(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} " + _CLOCK + ") +)" + _KIND,
            iso,
            program="domino",
        ),
    ),
    values={"service": {"SMTP": "smtp", "IMAP": "imap", "POP3": "pop3", "LDAP": "ldap", "HTTP": "web", "http": "web"}},
    lacks="It does not tell sign-ins that worked, nor whether a name exists.",
)
