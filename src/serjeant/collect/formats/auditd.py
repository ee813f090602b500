r"""The Linux audit log: /var/log/audit/audit.log, ausearch, and audispd's or the journal's copy in syslog.

Sources: audit-userspace's list of record types, Linux-PAM's pam_audit.c, OpenSSH's audit-linux.c. ``USER_AUTH`` is the
sign-in: PAM writes it for each password, whatever the program is. ``USER_LOGIN`` and ``USER_ERR`` (sshd, login, gdm)
tell of the same process and are probes. So are the accounting and the credentials of programs that ask a person who he
is (su, sudo, login): they show that he was let in, also where no password was asked. Other accounting (cron's every
minute) and sessions are no sign-ins. The process's number is the session. A name that holds anything but plain
characters is in hexadecimal, so none can imitate a field.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import moment

_HEAD = r"^(?:node=[^ ]+ )?(?:type=)?"
_STAMP = r"(?: msg=audit\([0-9.]+:[0-9]+\):)? (?:user )?pid=(?P<session_uid>[0-9]+) [^'\"]*msg='"
_GRANTORS = r"(?: grantors=[^ '\"]*)?"
_ACCT = r' acct="?(?P<user_name>[^ "]*)"?'
_ID = r"(?: id=[0-9]+| uid=[0-9]+)?"
_EXE = (
    r' exe="(?:[^ "]*/)?(?P<service>[^ "/]+)" hostname=[^ ]* addr=(?:(?P<src_ip>[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]*)|[^ ]*)'
)
_ASKING = _EXE.replace('[^ "/]+)" hostname', 'su|sudo|sudoedit|doas|chfn|chsh|passwd|login)" hostname')
# The names of numbers stand behind a control character, which rsyslog writes as "#035" and others drop.
_NAMES = r"(?:(?:[\x1d# ]|[A-Z]+=).*)?$"
_RES = r" terminal=[^ ]* res=%s'?" + _NAMES
_DONE, _FAILED = _RES % "success", _RES % "failed"
_PAM = r"(?:op=)?PAM:(?: ?authentication)"
_KEYS = r"op=(?:pubkey|pubkey_auth|hostbased|gssapi|key|none|hostkey)"

_RULES = (
    Rule("right", _HEAD + "USER_AUTH" + _STAMP + _PAM + _GRANTORS + _ACCT + _EXE + _DONE, "success", None, "auth"),
    Rule(
        "wrong",
        _HEAD + "USER_AUTH" + _STAMP + _PAM + _GRANTORS + _ACCT + _EXE + _FAILED,
        "failure",
        "bad_password",
        "auth",
    ),
    # sshd without PAM, and what older ones add to PAM's word.
    Rule(
        "keys", _HEAD + r"USER_AUTH(?: msg=audit[^ ]*)? [^']*msg='" + _KEYS + r"[ ,].*res=(?:success|failed)'?" + _NAMES
    ),
    Rule(
        "right_sshd",
        _HEAD + "USER_AUTH" + _STAMP + "op=[a-z-]+(?: [a-z]+)?" + _ACCT + _EXE + _DONE,
        "success",
        None,
        "probe",
    ),
    Rule(
        "wrong_sshd",
        _HEAD + "USER_AUTH" + _STAMP + "op=[a-z-]+(?: [a-z]+)?" + _ACCT + _EXE + _FAILED,
        "failure",
        "bad_password",
        "probe",
    ),
    Rule(
        "login_wrong",
        _HEAD + "USER_LOGIN" + _STAMP + "(?:op=)?login" + _ID + _ACCT + _EXE + _FAILED,
        "failure",
        "bad_password",
        "probe",
    ),
    Rule(
        "login_wrong_id",
        _HEAD + "USER_LOGIN" + _STAMP + "(?:op=)?login" + _ID + _EXE + _FAILED,
        "failure",
        "other",
        "probe",
    ),
    # The names of numbers stand at the end, where they are written at all.
    Rule(
        "login_named",
        _HEAD
        + "USER_LOGIN"
        + _STAMP
        + "(?:op=)?login"
        + _ID
        + _EXE
        + r' terminal=[^ ]* res=success\'?(?:\x1d|#035| )(?:[A-Z]+="[^"]*" )*ID="(?P<user_name>[^"]*)"(?: .*)?$',
        "success",
        None,
        "probe",
    ),
    Rule(
        "login",
        _HEAD + "USER_LOGIN" + _STAMP + "(?:op=)?login" + _ID + "(?:" + _ACCT + ")?" + _EXE + _DONE,
        "success",
        None,
        "probe",
    ),
    Rule(
        "unknown",
        _HEAD + "USER_ERR" + _STAMP + r"(?:op=)?PAM:(?: ?bad_ident)" + _GRANTORS + _ACCT + _EXE + _FAILED,
        "failure",
        "unknown_account",
        "probe",
    ),
    # An account step that fails comes after the right password.
    Rule(
        "account_refused",
        _HEAD + "USER_ACCT" + _STAMP + r"(?:op=)?PAM:(?: ?accounting)" + _GRANTORS + _ACCT + _EXE + _FAILED,
        "challenged",
        "policy",
        "auth",
    ),
    Rule(
        "let_in",
        _HEAD
        + "(?:USER_ACCT|CRED_(?:ACQ|REFR|DISP))"
        + _STAMP
        + "(?:op=)?PAM:(?: ?accounting| ?setcred)"
        + _GRANTORS
        + _ACCT
        + _ASKING
        + _DONE,
        "success",
        None,
        "probe",
    ),
    Rule(
        "other",
        r"^(?:node=[^ ]+ )?(?:type=)?(?:[A-TV-Z][A-Z0-9_]+|UNKNOWN\[[0-9]+\]|UR[A-Z]+|USER|USER_(?:A[CV][A-Z_]*|"
        r"[B-DF-KM-Z][A-Z_]*|END|L(?:OGOUT|ABEL[A-Z_]*)))(?: msg=audit\(| pid=).*$",
    ),
)

_CONSOLE = (
    "login gdm gdm3 gdm-session-worker lightdm sddm sddm-helper kdm xdm lxdm agetty polkit-agent-helper-1 passwd chfn "
    "chsh unix_chkpwd kscreenlocker_greet gnome-screensaver-dialog xscreensaver vlock systemd-executor"
)
_SERVICES = {
    **dict.fromkeys(_CONSOLE.split(), "console"),
    **dict.fromkeys(("sshd", "sshd-session", "sshd-auth"), "ssh"),
    **dict.fromkeys(("vsftpd", "proftpd", "pure-ftpd", "in.ftpd", "ftpd"), "ftp"),
    **dict.fromkeys(("cockpit-session", "cockpit-ws", "httpd", "php-fpm", "perl"), "web"),
    **dict.fromkeys(("xrdp-sesman", "xrdp-sesexec"), "rdp"),
    **dict.fromkeys(("saslauthd", "auth", "dovecot-auth"), "mail"),
    "smbd": "smb",
    "openvpn": "vpn",
}

FORMAT = Format(
    name="auditd",
    title="Linux audit log",
    group="hosts",
    programs=("audispd", "audisp-syslog", "auditd", "audit", "tag_audit_log", "audit_log"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "audit",
            r"^(?P<header>)(?:node=(?P<host>[^ ]+) )?type=[A-Z0-9_\[\]]+ "
            r"msg=audit\((?P<stamp>[0-9]{9,10}\.[0-9]{3}):[0-9]+\): ",
            moment,
            program="audispd",
        ),
    ),
    values={
        # "?", "(unknown user)", "(unknown)", "(invalid user)"
        "user_name": dict.fromkeys(
            ("?", "28756E6B6E6F776E207573657229", "28756E6B6E6F776E29", "28696E76616C6964207573657229"), ""
        ),
        "service": _SERVICES,
    },
    lacks="It does not tell names of people whom no account has; names with spaces stay in hexadecimal; "
    "where sshd writes a log of its own, it tells of the same attempts again.",
)
