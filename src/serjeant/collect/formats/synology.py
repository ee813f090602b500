r"""Synology DSM: what its log centre forwards by syslog, and /var/log/synolog/synoconn.log.

Sources: DSM's connection log (``User [NAME] from [ADDRESS] failed to log in via [SERVICE] …``). PAM's lines of the same
attempts, under ``synoscgi_SYNO.API.Auth_…``, are read by the format ``pam``; they name nobody.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_FROM = (
    r"^User \[(?P<user_name>.*)\] from \[(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?"
    r"(?:\([^\[\]]*\))?\] "
)
_VIA = r"(?:via|to) \[(?P<service>[^\[\]]*)\](?: via \[[^\[\]]*\])?"


def _when(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2026/06/05 09:12:33``."""
    return dated(stamps, "%Y/%m/%d %H:%M:%S", clock)


_RULES = (
    Rule(
        "code",
        _FROM
        + "failed to (?:log in|sign in) "
        + _VIA
        + r" due to (?:[^\[\]]*(?:2-factor|2FA|two-factor|OTP)[^\[\]]*)$",
        "challenged",
        "mfa",
        None,
        {"is_mfa": True},
    ),
    Rule(
        "disabled",
        _FROM + "failed to (?:log in|sign in) " + _VIA + r" due to [^\[\]]*(?:disabled|expired|inactive)[^\[\]]*$",
        "failure",
        "disabled",
    ),
    Rule(
        "wrong",
        _FROM + "failed to (?:log in|sign in) " + _VIA + r"(?: due to [^\[\]]*)?\.?$",
        "failure",
        "bad_password",
    ),
    Rule("right_via", _FROM + "(?:logged in|signed in) successfully " + _VIA + r"\.?$", "success"),
    Rule("right", _FROM + "(?:logged in|signed in) " + _VIA + r" successfully(?: via \[[^\[\]]*\])?\.?$", "success"),
    Rule("blocked", r"^Host \[[^\[\]]*\] (?:was blocked|has been blocked|failed to connect) .*$"),
    Rule(
        "other",
        r"^User \[.*\] (?:from \[[^\[\]]*\] )?(?:logged out|signed out|via \[|accessed|has (?:been|logged out)|was |"
        r"changed|created|deleted|enabled|disabled|set |unmounted).*$",
    ),
)

_SERVICES = {
    **dict.fromkeys(("DSM", "SRM", "File Station", "WebDAV", "Synology Drive", "Photos", "Web Portal"), "web"),
    **dict.fromkeys(("CIFS", "SMB", "Windows File Service", "Samba"), "smb"),
    **dict.fromkeys(("FTP", "FTPS", "SFTP", "TFTP"), "ftp"),
    "AFP": "afp",
    "SSH": "ssh",
    "Telnet": "telnet",
    "VPN": "vpn",
    "rsync": "rsync",
    "Rsync": "rsync",
}

FORMAT = Format(
    name="synology",
    title="Synology DSM",
    group="hosts",
    programs=("Connection", "System", "synoconn", "WinFileService", "FileStation", "Log_Center"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "synoconn",
            r"^(?P<header>(?:info|warn|warning|err|error)\t(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8})\t[^\t]*:\t)"
            r"(?:User \[|Host \[)",
            _when,
            program="synoconn",
        ),
    ),
    values={"service": _SERVICES},
    lacks="It does not tell whether an account exists.",
)
