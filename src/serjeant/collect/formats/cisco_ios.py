"""Cisco IOS, IOS XE, IOS XR and NX-OS: ``%SEC_LOGIN-4-LOGIN_FAILED: …``.

Sources: Cisco IOS XE System Message Guide (SEC_LOGIN, SSH), IOS XR System Error Message Reference (SECURITY-LOGIN).

A name stands before the address, and what follows the address nobody chooses, so the last address is the true one.
``SSH2_USERAUTH`` (``ip ssh logging events``) tells of the same login again.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd, iso, month_first, year_first

_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_AT = r"(?: at [0-9]{2}:[0-9]{2}:[0-9]{2}[^\[\]]*)?$"
_WHERE = r" ?\[user: ?(?P<user_name>.*)\] \[Source: ?(?:" + _IP + r"|[^\[\]]*)\] \[localport: ?[0-9]+\]"
_LOGIN = {"service": "console"}
_SSH = {"service": "ssh"}
_WEB = {"service": "web"}
_CAUSE = r" \[Reason: ?"

_RULES = (
    Rule(
        "unknown",
        "^%SEC_LOGIN-4-LOGIN_FAILED: Login failed" + _WHERE + _CAUSE + r"Invalid (?:login|user[a-z]*)[^\[\]]*\]" + _AT,
        "failure",
        "unknown_account",
        None,
        _LOGIN,
    ),
    Rule(
        "failed",
        "^%SEC_LOGIN-4-LOGIN_FAILED: Login failed" + _WHERE + r"(?: \[Reason: ?[^\[\]]*\])?" + _AT,
        "failure",
        "bad_password",
        None,
        _LOGIN,
    ),
    Rule("success", "^%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success" + _WHERE + _AT, "success", None, None, _LOGIN),
    Rule(
        "ssh_failed",
        "^%SSH-5-SSH2_USERAUTH: User '(?P<user_name>.*)' authentication for SSH2 Session from "
        + _IP
        + r" \(tty = [0-9]+\) using crypto cipher '[^']*'(?:, hmac '[^']*')? Failed$",
        "failure",
        "bad_password",
        None,
        _SSH,
    ),
    Rule(
        "ssh_success",
        "^%SSH-5-SSH2_USERAUTH: User '(?P<user_name>.*)' authentication for SSH2 Session from "
        + _IP
        + r" \(tty = [0-9]+\) using crypto cipher '[^']*'(?:, hmac '[^']*')? Succeeded$",
        "success",
        None,
        None,
        _SSH,
    ),
    Rule(
        "web_failed",
        "^%WEBSERVER-5-LOGIN_FAILED: Login Un-?[Ss]uccessful from host " + _IP + " by user "
"'(?P<user_name>.*?)'(?: using crypto cipher '[^']*')?$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule(
        "web_success",
        "^%WEBSERVER-5-LOGIN_PASSED: Login Successful from host " + _IP + " by user '(?P<user_name>.*?)'(?: "
"using crypto cipher '[^']*')?$",
        "success",
        None,
        None,
        _WEB,
    ),
    Rule(
        "xr_failed",
        "^%SECURITY-LOGIN-[0-7]-AUTHEN_FAILED : Failed authentication attempt by user '(?P<user_name>.*)' from '(?:"
        + _IP
        + r"|[^']*)' on '[^']*'[^']*$",
        "failure",
        "bad_password",
        None,
        _LOGIN,
    ),
    Rule(
        "xr_success",
        "^%SECURITY-LOGIN-[0-7]-AUTHEN_SUCCESS : Successfully authenticated user '(?P<user_name>.*)' from '(?:"
        + _IP
        + r"|[^']*)' on '[^']*'[^']*$",
        "success",
        None,
        None,
        _LOGIN,
    ),
    Rule(
        "nexus_failed",
        "^%(?:AUTHPRIV|AUTH|DAEMON)-[0-7]-SYSTEM_MSG: pam_aaa:Authentication failed for user (?P<user_name>.*) from "
        + _IP
        + r" - [a-z_]+\[[0-9]+\]$",
        "failure",
        "bad_password",
        None,
        _LOGIN,
    ),
    Rule(
        "nexus_unknown",
        "^%(?:AUTHPRIV|AUTH|DAEMON)-[0-7]-SYSTEM_MSG: pam_aaa:Authentication failed from "
        + _IP
        + r" - [a-z_]+\[[0-9]+\]$",
        "failure",
        "bad_password",
        None,
        _LOGIN,
    ),
    Rule(
        "quiet",
        r"^%SEC_LOGIN-1-QUIET_MODE_ON: Still timeleft for watching failures is [0-9]+ secs, \[user: .*$",
    ),
    Rule("quiet_off", "^%SEC_LOGIN-5-QUIET_MODE_OFF: .*$"),
    Rule("beside", "^%(?:SSH|SYS|PARSER|AUTHMGR|DOT1X|MAB|AAA|AAAA|LOGIN|HTTP|WEBUI|DMI|AUTHPRIV|AUTH|DAEMON|"
        "SECURITY-SSHD|SECURITY-LOGIN)-[0-7]-(?:SSH2?_(?:SESSION|CLOSE)|LOGOUT|CFGLOG_[A-Z]+|CONFIG_[A-Z]+|"
"RESTART|START|"
        "SUCCESS|FAIL|AAAMASTER[A-Z]*|INFO_[A-Z]+|SYSTEM_MSG): .*$"),
)  # fmt: skip

_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
_DAY = "[A-Z][a-z]{2} {1,2}[0-9]{1,2} "
_KIND = "%(?:SEC_LOGIN|SSH|WEBSERVER|SECURITY-LOGIN|SECURITY-SSHD|AUTHPRIV|AUTH|DAEMON)-[0-7]-[A-Z0-9_]+ ?: "
_REST = "[^%]{0,80}?)" + _KIND

FORMAT = Format(
    name="cisco_ios",
    title="Cisco IOS, IOS XE, IOS XR and NX-OS",
    group="network",
    programs=("cisco_ios",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "cisco-ios-year",
            "^(?P<header>[^%]{0,120}?(?P<stamp>" + _DAY + "[0-9]{4} " + _CLOCK + ")" + _REST,
            month_first,
            program="cisco_ios",
        ),
        Envelope(
            "cisco-nxos",
            "^(?P<header>[^%]{0,120}?(?P<stamp>[0-9]{4} " + _DAY + _CLOCK + ")" + _REST,
            year_first,
            program="cisco_ios",
        ),
        Envelope(
            "cisco-ios-iso",
            "^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T"
            + _CLOCK
            + "(?:Z|[+-][0-9]{2}:[0-9]{2})?) (?P<host>[^ %]+)"
            + _REST,
            iso,
            program="cisco_ios",
        ),
        Envelope(
            "cisco-ios-relayed",
            "^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>" + _DAY + _CLOCK + ") (?P<host>[^ %:]+) " + _REST,
            bsd,
            program="cisco_ios",
        ),
        Envelope(
            "cisco-ios",
            "^(?P<header>[^%]{0,60}?(?P<stamp>" + _DAY + _CLOCK + ")" + _REST,
            bsd,
            program="cisco_ios",
        ),
    ),
    lacks="It does not always tell whether a login came by SSH, Telnet or the console; stamps without a year are the "
    "device's own, and a device without a clock makes them up.",
)
