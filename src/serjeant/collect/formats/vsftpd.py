r"""vsftpd: its own log (``vsftpd_log_file`` or syslog; source: logging.c).

The name is the first thing in a line and the address is quoted behind it, so the last ``Client "ADDRESS"`` is the true
one. People whom ``userlist_deny`` bars never reach a password; the reply to their name is all that is told, and only
where ``log_ftp_protocol`` is set. PAM's lines come under the same process number (format ``pam``).
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_FTP = {"service": "ftp"}
_USER = r"^\[?(?P<user_name>.*?)\]? "
_CLIENT = r'Client "(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?"'


def _when(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``Fri Jun  5 09:12:33 2026``."""
    return dated(stamps.str.slice(4), "%b %e %H:%M:%S %Y", clock)


_RULES = (
    Rule("wrong", _USER + "FAIL LOGIN: " + _CLIENT + "$", "failure", "bad_password", "daemon", _FTP),
    Rule(
        "listed",
        _USER + "FAIL LOGIN: " + _CLIENT + r', "User is (?:not in the allow|in the deny) user list\."$',
        "failure",
        "policy",
        "daemon",
        _FTP,
    ),
    Rule("anonymous", r'^\[[^\]]*\] (?:OK|FAIL) LOGIN: Client "[^"]*", anon password ".*"$'),
    Rule("right", _USER + "OK LOGIN: " + _CLIENT + "$", "success", None, "daemon", _FTP),
    Rule(
        "barred",
        _USER + "FTP response: " + _CLIENT + r', "530 Permission denied\."$',
        "failure",
        "policy",
        "daemon",
        _FTP,
    ),
    Rule(
        "other",
        r"^(?:\[.*\] )?(?:CONNECT|FTP (?:response|command)|(?:OK|FAIL) (?:UPLOAD|DOWNLOAD|DELETE|MKDIR|RMDIR|RENAME|"
        r"CHMOD)|DEBUG): Client .*$",
    ),
)

FORMAT = Format(
    name="vsftpd",
    title="vsftpd",
    group="hosts",
    programs=("vsftpd",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "vsftpd",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]?[0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}) "
            r"\[pid (?P<pid>[0-9]+)\] )(?:\[|CONNECT: |DEBUG: |FTP )",
            _when,
            program="vsftpd",
        ),
    ),
    lacks="It does not tell whether an account exists.",
)
