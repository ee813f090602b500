r"""ftpd of FreeBSD, NetBSD, macOS, inetutils and netkit, and wu-ftpd (source: ftpd.c and ftpcmd.y of each).

Most write the client's name where it has one. The person's name goes last. Anonymous sign-ins are none.
"""

from serjeant.collect.format import ADDRESS_OR_NAME, Format, Rule

_FTP = {"service": "ftp"}
_WU = r"[^ \[\]]* ?\[(?P<src_ip>[0-9A-Fa-f.:]+)\]"
_HOST = ADDRESS_OR_NAME

_RULES = (
    Rule(
        "wrong_wu", "^failed login from " + _WU + "(?:, (?P<user_name>.*))?$", "failure", "bad_password", "daemon", _FTP
    ),
    Rule(
        "wrong", "^FTP LOGIN FAILED FROM " + _HOST + ", (?P<user_name>.*)$", "failure", "bad_password", "daemon", _FTP
    ),
    Rule(
        "wrong_reason",
        r"^FTP LOGIN FAILED \([^()]*\) FROM (?:" + _HOST + r"|[^ ]+ \[[^\]]*\]), (?P<user_name>.*)$",
        "failure",
        "bad_password",
        "daemon",
        _FTP,
    ),
    Rule(
        "refused_wu",
        r"^FTP LOGIN REFUSED \([^()]*\) FROM " + _WU + ", (?P<user_name>.*)$",
        "failure",
        "policy",
        "daemon",
        _FTP,
    ),
    Rule("refused", "^FTP LOGIN REFUSED FROM " + _HOST + ", (?P<user_name>.*)$", "failure", "policy", "daemon", _FTP),
    Rule("right_wu", "^FTP LOGIN FROM " + _WU + ", (?P<user_name>.*)$", "success", None, "daemon", _FTP),
    Rule("right", r"^FTP LOGIN FROM " + _HOST + " as (?P<user_name>.*)$", "success", None, "daemon", _FTP),
    # Tells of attempts that were told before.
    Rule("repeated", "^repeated login failures from .*$"),
    Rule(
        "other",
        r"^(?:ANONYMOUS FTP LOGIN |connection from |connect from |lost connection|FTP session closed|User .* timed out|"
        r"get |put |GET |PUT |exiting on signal|getpeername|ACCESS DENIED|USER |PASS |QUIT|deleted |"
        r"FTPD: |accept|bind|listen|signal|timed out).*$",
    ),
)

FORMAT = Format(
    name="ftpd",
    title="ftpd of the BSDs and Linux",
    group="hosts",
    programs=("ftpd", "in.ftpd", "wu-ftpd", "tnftpd", "lukemftpd"),
    rules=_RULES,
    lacks="It tells a host's name in the place of its address where it has one, and not whether an account exists.",
)
