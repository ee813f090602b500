r"""hMailServer's logs of SMTP, POP3 and IMAP: what the server answered, in quoted columns.

The columns before the answer are the server's own (kind, thread, session, time, address).
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso


def _line(kind: str) -> str:
    return (
        r"^\"(?P<service>" + kind + r")\"\t[0-9]+\t(?P<session_uid>[0-9A-Za-z+/]+)\t\"[0-9-]{10} [0-9:.]+\"\t"
        r"\"(?P<src_ip>[0-9A-Fa-f.:]+)\"\t\"SENT: "
    )


_RULES = (
    Rule("smtp_failed", _line("SMTPD") + "535 .*$", "failure", "bad_password"),
    Rule("smtp_login", _line("SMTPD") + "235 .*$", "success"),
    Rule("pop_failed", _line("POP3D") + "-ERR Invalid user name or password.*$", "failure", "bad_password"),
    Rule("pop_login", _line("POP3D") + "[+]OK Mailbox locked and ready.*$", "success"),
    Rule("imap_failed", _line("IMAPD") + "[^ ]* NO Invalid user name or password.*$", "failure", "bad_password"),
    Rule("imap_login", _line("IMAPD") + r"(?:[^ ]* OK LOGIN completed|[^ ]* OK AUTHENTICATE completed).*$", "success"),
    Rule("limited", _line("IMAPD|POP3D|SMTPD") + ".*Too many invalid logon attempts.*$", "refused", "locked"),
    Rule("other", r"^\"(?:SMTPD|SMTPC|POP3D|POP3C|IMAPD|TCPIP|APPLICATION|DEBUG|ERROR)\"\t.*$"),
)

FORMAT = Format(
    name="hmailserver",
    title="hMailServer",
    group="mail",
    programs=("hmailserver",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "hmailserver-log",
            r"^(?P<header>)\"(?:SMTPD|POP3D|IMAPD)\"\t[0-9]+\t[^\t]+\t"
            r"\"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3})\"\t\"[0-9A-Fa-f.:]+\"\t",
            iso,
            program="hmailserver",
        ),
    ),
    values={"service": {"SMTPD": "smtp", "POP3D": "pop3", "IMAPD": "imap"}},
    lacks="Names stand in other lines, for SMTP encoded, and are not read.",
)
