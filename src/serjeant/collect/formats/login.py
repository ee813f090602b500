r"""login, su, sudo and doas in their own words: util-linux, shadow, BusyBox, the BSDs, Solaris, AIX.

Sources: util-linux login-utils/login.c and su-common.c, shadow's login.c and su.c, BusyBox loginutils, sudo's
logging.c, FreeBSD's login.c and su.c. PAM tells of the same attempts beside them (format ``pam``), with the same
process number.

Where PAM always speaks these lines are probes; the account is the one whose password was asked for: su's target, sudo's
caller. Whether somebody may run a command is no sign-in.
"""

from serjeant.collect.format import ADDRESS_OR_NAME, Format, Rule

_CONSOLE = {"service": "console"}
_SU = {"service": "su"}
_SUDO = {"service": "sudo"}
_FROM = "(?:" + ADDRESS_OR_NAME + r"|/dev/[0-9A-Za-z/]+|\(null\))"
_USER = "(?P<user_name>.*)"
_WHY = (
    "(?:Authentication failure|User not known to the underlying authentication module|Permission denied|"
    "Have exhausted maximum number of retries for service|Authentication service cannot retrieve authentication info|"
    "Authentication token (?:is no longer valid; new one required|manipulation error)|Success|System error|"
    "Error in service module|Cannot make/remove an entry for the specified session|Conversation error|Unknown user|"
    "Authentication information cannot be recovered|Insufficient credentials to access authentication data)"
)
_ON = "(?: on '[^ ']*')?(?: from '" + ADDRESS_OR_NAME + "')?"
_COMMAND = "(?: ; .*)?$"

_RULES = (
    Rule(
        "failed_login",
        "^FAILED LOGIN (?:[0-9]+|SESSION) FROM " + _FROM + " FOR " + _USER + ", " + _WHY + "$",
        "failure",
        "bad_password",
        "probe",
        _CONSOLE,
    ),
    Rule(
        "too_many",
        "^TOO MANY LOGIN TRIES \\([0-9]+\\) FROM " + _FROM + " FOR " + _USER + ", " + _WHY + "$",
        "failure",
        "bad_password",
        "probe",
        _CONSOLE,
    ),
    Rule(
        "failed_login_shadow",
        r"^FAILED LOGIN \([0-9]+\)" + _ON + " FOR '" + _USER + "', " + _WHY + "$",
        "failure",
        "bad_password",
        "probe",
        _CONSOLE,
    ),
    Rule("too_many_shadow", r"^TOO MANY LOGIN TRIES \([0-9]+\)(?: on '[^']*')?(?: from '[^']*')? FOR '.*'$"),
    Rule(
        "invalid_password_from",
        "^invalid password for '" + _USER + "' on '[^ ']*' from '" + ADDRESS_OR_NAME + "'$",
        "failure",
        "bad_password",
        "daemon",
        _CONSOLE,
    ),
    Rule(
        "invalid_password",
        "^invalid password for '" + _USER + "' on '[^ ']*'$",
        "failure",
        "bad_password",
        "daemon",
        _CONSOLE,
    ),
    Rule(
        "login_on",
        r"^(?:ROOT )?LOGIN ON [^ ]+ BY (?P<user_name>[^ ]*)(?: FROM " + ADDRESS_OR_NAME + ")?$",
        "success",
        None,
        "probe",
        _CONSOLE,
    ),
    Rule(
        "root_login",
        "^(?:ROOT LOGIN|root login)(?P<user_name>)(?: \\([^ ()]*\\))? +(?:ON|on) '?[^ ']+'?"
        "(?: (?:FROM|from) '?" + ADDRESS_OR_NAME + "'?)?$",
        "success",
        None,
        "probe",
        {**_CONSOLE, "user_name": "root"},
    ),
    Rule("dialup", "^DIALUP AT .*$"),
    Rule("login_bsd", "^login on [^ ]+ as (?P<user_name>[^ ]*)$", "success", None, "daemon", _CONSOLE),
    Rule(
        "failures_bsd",
        "^(?P<count>[0-9]{1,6}) LOGIN FAILURES? (?:ON [^ ,]+|FROM " + ADDRESS_OR_NAME + ")(?:, (?P<user_name>.*))?$",
        "failure",
        "bad_password",
        "daemon",
        _CONSOLE,
    ),
    Rule(
        "refused_bsd",
        # Whoever was let in may have these words in a name.
        "^LOGIN (?P<user_name>[^ ]*)"
        r" REFUSED(?: \([a-z A-Z]+\))? (?:ON [^ ]+|FROM " + ADDRESS_OR_NAME + r")(?: ON TTY [^ ]+)?$",
        "refused",
        "policy",
        "daemon",
        _CONSOLE,
    ),
    # su
    Rule("su_failed", r"^FAILED SU \(to (?P<user_name>[^()]*)\) .* on [^ ]+$", "failure", "bad_password", "probe", _SU),
    Rule("su_failed_shadow", r"^FAILED su for (?P<user_name>.*) by [^ ]+$", "failure", "bad_password", "probe", _SU),
    Rule(
        "su_failed_bsd",
        r"^BAD SU (?:from )?[^ ]+ to (?P<user_name>[^ ]*) (?:on|at) [^ ]+$",
        "failure",
        "bad_password",
        "probe",
        _SU,
    ),
    Rule(
        "su_failed_solaris",
        r"^(?:\[ID [0-9]+ [a-z0-9.]+\] )?'su (?P<user_name>.*)' failed for [^ ]+ on [^ ]+$",
        "failure",
        "bad_password",
        "daemon",
        _SU,
    ),
    Rule("su_by_root", r"^(?:\(to [^()]*\) root on|Successful su for .* by root$|root to [^ ]+ on).*$"),
    Rule("su", r"^\(to (?P<user_name>[^()]*)\) [^ ]+ on [^ ]+$", "success", None, "probe", _SU),
    Rule("su_shadow", r"^Successful su for (?P<user_name>.*) by [^ ]+$", "success", None, "probe", _SU),
    Rule(
        "su_bsd",
        r"^(?:from )?[^ :;=]+ to (?P<user_name>[^ ]+) (?:on|at) (?:/dev/|tty|pts|console)[^ ]*$",
        "success",
        None,
        "daemon",
        _SU,
    ),
    Rule(
        "su_solaris",
        r"^(?:\[ID [0-9]+ [a-z0-9.]+\] )?'su (?P<user_name>.*)' succeeded for [^ ]+ on [^ ]+$",
        "success",
        None,
        "daemon",
        _SU,
    ),
    Rule("su_beside", r"^(?:[+-] [^ ]+ [^ ]+:[^ ]+|pam_authenticate: .*)$"),
    # sudo and doas
    Rule(
        "sudo_failed",
        r"^ *(?P<user_name>[^ ]+) : (?:\(command continued\) )?(?P<count>[0-9]{1,4}) incorrect password attempts?"
        + _COMMAND,
        "failure",
        "bad_password",
        "probe",
        _SUDO,
    ),
    Rule(
        "sudo_account",
        r"^ *(?P<user_name>[^ ]+) : (?:account validation failure, is your account locked\?|Account or password is "
        r"expired, reset your password and try again|Password expired, contact your system administrator)" + _COMMAND,
        "challenged",
        "expired",
        "daemon",
        _SUDO,
    ),
    Rule(
        "sudo_command",
        r"^ *[^ ]+ : (?:TTY=|HOST=|PWD=|USER=|GROUP=|ENV=|command not allowed|user NOT |user not |NOT |"
        r"a password is required|no tty present|sorry, |unable to |PAM |problem with |\(command continued\)|"
        r"parse error|conversation failed|a terminal is required|timestamp ).*$",
    ),
    Rule("doas_failed", r"^failed auth for (?P<user_name>.*)$", "failure", "bad_password", "daemon", _SUDO),
    Rule("doas_command", r"^(?:[^ ]+ ran command |failed command for |command not permitted for ).*$"),
)

FORMAT = Format(
    name="login",
    title="login, su, sudo and doas",
    group="hosts",
    programs=("login", "su", "sudo", "doas"),
    rules=_RULES,
    values={"user_name": {"UNKNOWN": "", "(unknown)": ""}},
    lacks="It tells no address but that of a remote terminal, and not whether sudo's password was right.",
)
