"""Dovecot's own log files (``log_path = /var/log/dovecot.log``): no host; the process and a level open the message.

They stay in the message (``imap-login: Info: Login: …``); through syslog the level is missing there, so rules take
both.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.time import bsd, iso

_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"

_PROCESS = r"[a-z0-9-]+(?:\([^)]*\))?(?:<[^>]*>)*: (?:Debug|Info|Warning|Error|Fatal|Panic): "

ENVELOPES = (
    Envelope(
        "dovecot-file",
        r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) )" + _PROCESS,
        bsd,
        program="dovecot",
    ),
    Envelope("dovecot-file-iso", r"^(?P<header>(?P<stamp>" + _ISO + r") )" + _PROCESS, iso, program="dovecot"),
)
