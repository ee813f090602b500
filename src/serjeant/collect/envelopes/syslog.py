"""Syslog as daemons write it to files: RFC 3164, ISO stamps, RFC 5424; and ``journalctl -o short*``.

Sources: RFC 3164 section 4.1, RFC 5424 section 6, metalog, rsyslog's TraditionalFileFormat and FileFormat templates,
journalctl(1), macOS's log(1), FreeBSD's syslogd(8) ``-v``, OpenWrt's logread, svlogd(8).
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.time import bsd, iso, month_first, year_first, year_last

_PRIORITY = r"(?:<[0-9]{1,3}>)?"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
_DAY = r"[A-Z][a-z]{2} {1,2}[0-9]{1,2} "
_BSD = "(?P<stamp>" + _DAY + _CLOCK + ")"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]" + _CLOCK
_ISO = "(?P<stamp>" + _DATE + r"(?:Z|[+-][0-9]{2}:?[0-9]{2}| UTC| GMT)?)"
_FULL = "[A-Z][a-z]{2} (?P<stamp>" + _DATE + r" (?:[A-Z]{2,5}|[+-][0-9]{2,4}))"

_HOST = r" (?P<host>:*[^ :\[]+(?::+[^ :\[]+)*) "
# macOS writes the level behind the process: "sshd[81] <Info>: ".
_PROGRAM = r"(?P<program>[^ \[\]:()]+)(?:\([^ ()]*\))?(?:\[(?P<pid>[0-9]+)\](?:(?: <[A-Za-z]+>)?:)?|:) "
# Solaris writes the number, facility and severity of the message before it.
_ID = r"(?:\[ID [0-9]{1,9} [a-z0-9]{1,10}\.[a-z]{1,10}\] )?"
_SENDER = _HOST + _PROGRAM + _ID + ")"

ENVELOPES = (
    Envelope("syslog", "^(?P<header>" + _PRIORITY + _BSD + _SENDER, bsd),
    Envelope("syslog-iso", "^(?P<header>" + _PRIORITY + _ISO + _SENDER, iso),
    Envelope(
        "syslog-5424",
        r"^(?P<header><[0-9]{1,3}>1 "
        + _ISO
        + r" (?P<host>[^ ]+) (?P<program>[^ ]+) (?P<pid>[^ ]+) [^ ]+ (?:-|\[.*?[^\\]\](?:\[.*?[^\\]\])*) "
        + "(?:\ufeff)?)",
        iso,
    ),
    # macOS: log show --style syslog.
    Envelope(
        "macos-log",
        "^(?P<header>(?P<stamp>" + _DATE + r"[+-][0-9]{4})  (?P<host>[^ :\[]+) " + _PROGRAM + ")",
        iso,
    ),
    Envelope("journal-full", "^(?P<header>" + _FULL + _SENDER, iso),
    # Some write the facility before the host or behind it ("<auth.info>", "auth.info"), and some the host twice.
    Envelope(
        "syslog-facility",
        "^(?P<header>"
        + _PRIORITY
        + _BSD
        + r"(?: <[0-9a-z.]{1,20}>)?"
        + _HOST
        + r"(?:[^ :\[\]()<>]+ )?"
        + _PROGRAM
        + ")",
        bsd,
    ),
    Envelope("metalog", "^(?P<header>" + _BSD + r" \[(?P<program>[^ \[\]:()]+)\]:? )", bsd),
    Envelope("syslog-no-host", "^(?P<header>" + _PRIORITY + _BSD + " " + _PROGRAM + ")", bsd),
    Envelope(
        "syslog-month-year",
        "^(?P<header>" + _PRIORITY + "(?P<stamp>" + _DAY + "[0-9]{4} " + _CLOCK + "):?" + _SENDER,
        month_first,
    ),
    Envelope(
        "syslog-year-month",
        "^(?P<header>" + _PRIORITY + "(?P<stamp>[0-9]{4} " + _DAY + _CLOCK + ")" + _SENDER,
        year_first,
    ),
    Envelope(
        "logread",
        "^(?P<header>[A-Z][a-z]{2} (?P<stamp>"
        + _DAY
        + "[0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}) "
        + r"[a-z0-9]{1,10}\.[a-z]{1,10} "
        + _PROGRAM
        + ")",
        year_last,
    ),
    Envelope(
        "svlogd",
        r"^(?P<header>(?P<stamp>"
        + _DATE
        + r") [a-z0-9]+\.[a-z]+: (?:"
        + _DAY
        + _CLOCK
        + r" )?(?P<program>[^ \[\]:()]+)\[(?P<pid>[0-9]+)\]: +)",
        iso,
    ),
)
