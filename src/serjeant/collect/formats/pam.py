r"""What PAM's modules say for programs that do not tell of a password themselves (su, sudo, login, gdm, Cockpit …).

Sources: the modules' own ``pam_syslog`` texts (Linux-PAM's pam_unix, pam_tally2, pam_faillock, pam_listfile,
pam_access, pam_userdb; the modules of sssd, winbind, nslcd and of Russ Allbery). The service stands in
``pam_unix(SERVICE:auth):``.

What was typed stands in ``ruser=`` (FTP daemons, Dovecot) or ``user=``. Both are read only where they hold no ``=``, so
that none can imitate another field; names with one are left unparsed. Where a domain's module says that the password
was right, pam_unix has complained of it before: it knows local accounts only. So the two are witnesses apart, and what
programs say themselves (format ``login``) is a probe beside them. Dovecot's PAM lines come under the tag ``auth``, not
asked here, since its login processes tell of the same attempts.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import ADDRESS_OR_NAME, Format, Rule
from serjeant.collect.time import bsd, iso

_SERVICE = r"\((?P<service>[^:() ]{1,40}):auth\): "
_ACCOUNT = r"\((?P<service>[^:() ]{1,40}):account\): "
# Daemons that tell of the attempt themselves.
_SPEAKERS = (
    "sshd|vsftpd|proftpd|pure-ftpd|ftp|ftpd|samba|xrdp-sesman|openvpn|rsh|rlogin|danted|sockd|webmin|usermin|httpd|"
    "apache2|nginx"
)
_BESIDE = r"\((?P<service>" + _SPEAKERS + r"):auth\): "
_TYPED_BESIDE = r"\((?P<service>vsftpd|proftpd|pure-ftpd|ftp|ftpd):auth\): "
_TYPED = r"\((?P<service>dovecot|pop3|imap|smtp):auth\): "
_UNIX = "^pam_unix2?"
_OTHERS = "^pam_(?:sss|ldap|krb5|radius|winbind|systemd_home|aad|himmelblau|ad|centrifydc|lsass|oddjob|sm)"
_WHO = r"logname=[^ =]* uid=[0-9]+ euid=[0-9]+ tty=[^ =]* "
_FAILED = "(?:(?P<count>[0-9]{1,6}) more )?authentication failures?; " + _WHO
_USER = "ruser=[^=]* rhost=" + ADDRESS_OR_NAME + " {1,2}user=(?P<user_name>[^=]+)$"
_RUSER = "ruser=(?P<user_name>[^=]*) rhost=" + ADDRESS_OR_NAME + " {0,2}(?:user=)?$"
_NOBODY = "ruser=[^=]* rhost=" + ADDRESS_OR_NAME + " {0,2}(?:user=)?$"
# Where old releases tell of the module in the program's tag, the terminal must not be sshd's.
_TTY = r"tty=(?:/dev/[0-9a-z/]+|tty[0-9a-zS]*|pts/[0-9]+|:[0-9]+(?:\.[0-9]+)?|console)? "
_BARE = "logname=[^ =]* uid=[0-9]+ euid=[0-9]+ " + _TTY + "ruser=[^=]* rhost=" + ADDRESS_OR_NAME
_PEOPLE = (
    "login|remote|gdm|gdm3|gdm-password|gdm-smartcard|gdm-fingerprint|lightdm|sddm|kdm|kde|xdm|lxdm|slim|mdm|greetd|"
    "cockpit|vlock"
)
_SESSION = r"^pam_[a-z0-9_]+\((?P<service>" + _PEOPLE + r"):session\): session opened for user "


def _wrong(name: str, pattern: str, witness: str = "auth") -> Rule:
    return Rule(name, pattern, "failure", "bad_password", witness)


def _nobody(name: str, pattern: str, witness: str = "auth") -> Rule:
    return Rule(name, pattern, "failure", "unknown_account", witness)


def _right(name: str, pattern: str, witness: str = "auth") -> Rule:
    return Rule(name, pattern, "success", None, witness)


_RULES = (
    Rule(
        "not_people",
        r"^pam_[a-z0-9_]+\((?:crond?|atd?|anacron|systemd-user|runuser|runuser-l|[a-z0-9-]+-(?:greeter|autologin)|"
        r"gdm-launch-environment|passwd|chfn|chsh|chpasswd|usermod|useradd|newusers)(?::[a-z]+)?\): .*$",
    ),
    _wrong("unix_beside", _UNIX + _BESIDE + _FAILED + _USER, "pam"),
    _nobody("unix_typed_beside", _UNIX + _TYPED_BESIDE + _FAILED + _RUSER, "pam"),
    _nobody("unix_nobody_beside", _UNIX + _BESIDE + _FAILED + _NOBODY, "pam"),
    Rule(
        "module_beside",
        r"^pam_(?:sss|ldap|krb5|radius|winbind|userdb|pwdfile|tally2?|faillock)\((?:" + _SPEAKERS + r"):auth\): .*$",
    ),
    _wrong("unix", _UNIX + _SERVICE + _FAILED + _USER, "daemon"),
    _nobody("unix_typed", _UNIX + _TYPED + _FAILED + _RUSER, "daemon"),
    _nobody("unix_nobody", _UNIX + _SERVICE + _FAILED + _NOBODY, "daemon"),
    _wrong("module", _OTHERS + _SERVICE + "[Aa]uthentication failure; " + _WHO + _USER),
    # Its logname is the name that was typed.
    _wrong(
        "krb5",
        "^pam_krb5"
        + _SERVICE
        + "authentication failure; logname=(?P<user_name>[^=]*) uid=[0-9]+ euid=[0-9]+ tty=[^ =]* ruser=[^=]* rhost="
        + ADDRESS_OR_NAME
        + "$",
    ),
    _nobody("module_nobody", _OTHERS + _SERVICE + "authentication failure; " + _WHO + _NOBODY),
    _right("module_right", _OTHERS + _SERVICE + "authentication success; " + _WHO + _USER),
    _right("krb5_right", "^pam_krb5" + _SERVICE + "user (?P<user_name>[^ ]*) authenticated as [^ ]*$"),
    _wrong(
        "denied",
        "^pam_(?:winbind|userdb|pwdfile)"
        + _SERVICE
        + r"user ['`](?P<user_name>.*)' denied access \(incorrect password(?: or invalid membership)?\)$",
    ),
    _right("granted", "^pam_(?:winbind|userdb)" + _SERVICE + "user ['`](?P<user_name>.*)' granted access$"),
    _wrong(
        "ldap_bind",
        r'^pam_ldap: error trying to bind as user "(?:uid|cn)=(?P<user_name>[^,"]*),[^"]*" \(Invalid credentials\)$',
    ),
    # The account step comes after the password step.
    Rule(
        "account_expired",
        "^pam_(?:unix|sss|krb5|ldap)"
        + _ACCOUNT
        + r"account (?P<user_name>.*) has expired \((?:account expired|failed to change password)\)$",
        "challenged",
        "expired",
        "auth",
    ),
    Rule(
        "account_denied",
        "^pam_sss" + _ACCOUNT + r"Access denied for user (?P<user_name>.*): [0-9]+ \([A-Za-z' ]+\)$",
        "challenged",
        "policy",
        "auth",
    ),
    Rule(
        "account_access",
        "^pam_access"
        + _ACCOUNT
        + "access denied for user `(?P<user_name>[^'`]*)' from `(?:"
        + ADDRESS_OR_NAME
        + "|/dev/[^ '`]*|[^ '`]*)'$",
        "challenged",
        "policy",
        "auth",
    ),
    # The other modules are asked all the same, and say what became of it.
    Rule(
        "tally",
        "^pam_tally2?" + _SERVICE + r"user (?P<user_name>.*) \([0-9]+\) tally [0-9]+, deny [0-9]+$",
        "refused",
        "locked",
        "probe",
    ),
    Rule(
        "faillock",
        "^pam_faillock"
        + _SERVICE
        + "Consecutive login failures for user (?P<user_name>.*) account temporarily locked$",
        "refused",
        "locked",
        "probe",
    ),
    Rule(
        "listfile",
        "^pam_listfile" + _SERVICE + "Refused user (?P<user_name>.*) for service [^ ]*$",
        "refused",
        "policy",
        "daemon",
    ),
    _right("session", _SESSION + r"(?P<user_name>[^()]*)(?:\(uid=[0-9]+\))? by [^()]*\(uid=[0-9]+\)$", "daemon"),
    # Root is not asked for a password.
    _right(
        "su_session",
        r"^pam_[a-z0-9_]+\((?P<service>su|su-l):session\): session opened for user "
        r"(?P<user_name>[^()]*)(?:\(uid=[0-9]+\))? by [^()]*\(uid=[1-9][0-9]*\)$",
        "daemon",
    ),
    Rule("code", "^Invalid verification code for (?P<user_name>.*)$", "failure", "mfa", "auth", {"is_mfa": True}),
    _wrong("bare", r"^(?:\(pam_unix\) )?authentication failure; " + _BARE + " {1,2}user=(?P<user_name>[^=]+)$"),
    _nobody("bare_nobody", r"^(?:\(pam_unix\) )?authentication failure; " + _BARE + "(?P<user_name>) {0,2}$"),
    Rule("bare_other", r"^(?:check pass; user unknown|session (?:opened|closed) for user .*|bad username \[.*)$"),
    Rule("other_step", r"^pam_[a-z0-9_]+\([^)]*:(?:session|chauthtok|setcred)\): .*$"),
    Rule(
        "beside",
        r"^pam_[a-z0-9_]+\([^)]*:(?:auth|account)\): (?:check pass; user unknown|auth could not identify password for|"
        r"conversation failed|received for user |requirement |getting password|request wbcLogonUser|pam_get_item|"
        r"internal module error|password for user |expired password for user |username |unexpected response|"
        r"pam_sm_|Permission to |access denied: tty|user \[|bad username|error |unrecognized option|"
        r"unable to |cannot |Unable to |Cannot |failed to |Failed to |account .* has password changed).*$",
    ),
    Rule("module_other", r"^(?:gkr-pam|pam_(?:kwallet5?|ecryptfs|systemd|lastlog|env|limits|mount|motd|warn))[(:].*$"),
)

_CONSOLE = (
    "login gdm gdm3 gdm-password gdm-smartcard gdm-fingerprint lightdm sddm kdm kde xdm lxdm slim mdm greetd vlock "
    "xscreensaver gnome-screensaver cinnamon-screensaver mate-screensaver i3lock swaylock kscreensaver polkit-1 other"
)
_NAMED = {
    **dict.fromkeys(_CONSOLE.split(), "console"),
    **dict.fromkeys(("vsftpd", "proftpd", "pure-ftpd", "ftpd"), "ftp"),
    **dict.fromkeys(("cockpit", "webmin", "usermin", "webui", "httpd", "nginx", "cups", "openmediavault"), "web"),
    **dict.fromkeys(("dovecot", "courier"), "mail"),
    "openvpn": "vpn",
    "doas": "sudo",
    "pop3d": "pop3",
    "imapd": "imap",
    "su-l": "su",
    "sudo-i": "sudo",
    "sshd": "ssh",
    "samba": "smb",
    "xrdp-sesman": "rdp",
    "remote": "telnet",
}
_PROGRAMS = (
    "login su su-l sudo sudo-i doas gdm gdm3 gdm-password gdm-fingerprint gdm-smartcard gdm-session-worker "
    "lightdm sddm sddm-helper kdm kdm_greet xdm lxdm slim mdm greetd vlock physlock kcheckpass "
    "kscreenlocker_greet xscreensaver gnome-screensaver-dialog cinnamon-screensaver mate-screensaver-dialog "
    "i3lock swaylock polkitd polkit-agent-helper-1 pkexec cockpit-session cockpit-ws cockpit-tls webmin "
    "usermin vsftpd proftpd pure-ftpd ftpd in.ftpd smbd samba xrdp-sesman xrdp-sesexec cupsd httpd nginx "
    "remote rlogin rsh rexec openvpn sockd danted omv-engined synoscgi_SYNO.API.Auth_* wu-ftpd"
)
_GDM = r" (?P<host>[^ ]+) (?P<program>gdm-[a-z]+)\](?:\[(?P<pid>[0-9]+)\])?: )pam_"

FORMAT = Format(
    name="pam",
    title="PAM modules (su, sudo, login, display managers, Cockpit, FTP servers)",
    group="hosts",
    programs=tuple(_PROGRAMS.split()),
    rules=_RULES,
    # Display managers write their tag with a bracket that was never opened.
    envelopes=(
        Envelope(
            "gdm",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2})" + _GDM,
            bsd,
            program="gdm-password",
        ),
        Envelope(
            "gdm-iso",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]+(?:Z|[+-][0-9]{2}:?[0-9]{2}))" + _GDM,
            iso,
            program="gdm-password",
        ),
    ),
    values={"service": _NAMED},
    lacks="It seldom tells an address; a success of sudo it does not tell, nor names of people whom no account has "
    "(except to FTP and mail servers), nor names that hold an equals sign.",
)
