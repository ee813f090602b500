"""Juniper Junos (SRX, EX, MX): logins told by the daemons' own tags, plain or structured (RFC 5424).

Source: Junos System Log Explorer (LOGIN_*, SSHD_LOGIN_FAILED, UI_LOGIN_EVENT, WEB_AUTH_*, FWAUTH_*,
DYNAMIC_VPN_AUTH_*).

A login by SSH is told by sshd as everywhere (``Failed password for …``) and by its tag besides; the tag is the one
that always comes, and where both are in the log the attempt is told twice.
"""

from collections.abc import Mapping

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_ANY = "(?:" + _IP + "|[^ ']*)"
_BEGIN = r"^(?:%[A-Z0-9_]+-[0-7](?:-[A-Z_]+)?: )?"
_CONSOLE = {"service": "console"}
_SSH = {"service": "ssh"}
_WEB = {"service": "web"}
_VPN = {"service": "vpn"}


def _said(name: str, outcome: str, reason: str | None, told: Mapping[str, str], says: str) -> Rule:
    return Rule(name, _BEGIN + says, outcome, reason, None, told)


# RFC 5424 with the fields alone, no sentence behind them.
_FIELD = r'(?: [A-Za-z0-9-]+="(?:[^"\\]|\\.)*")*'
_FIELDS = r"\[junos@[0-9.]+" + _FIELD

_RULES = (
    _said(
        "ssh_failed_fields",
        "failure",
        "bad_password",
        _SSH,
        "(?:SSHD_)?LOGIN_FAILED " + _FIELDS + ' username="(?P<user_name>.*)"'
        + ' source-address="' + _ANY.replace("[^ ']*", '[^"]*') + '"' + _FIELD + r"\](?: [^\"]*)?$",
    ),
    _said(
        "cli_fields",
        "success",
        None,
        _CONSOLE,
        "UI_LOGIN_EVENT " + _FIELDS + ' username="(?P<user_name>.*)" class-name="[^"]*"' + _FIELD
        + ' ssh-connection="(?:' + _IP + r' (?P<src_port>[0-9]+) [^"]*)?"' + _FIELD + r"\](?: [^\"]*)?$",
    ),
    Rule("fields_beside", r"^[A-Z][A-Z0-9_]+ \[junos@.*$"),
    _said(
        "ssh_failed",
        "failure",
        "bad_password",
        _SSH,
        "SSHD_LOGIN_FAILED: Login failed for user '?(?P<user_name>.*?)'? from host '?" + _ANY + "'?$",
    ),
    _said("failed", "failure", "bad_password", _CONSOLE, "LOGIN_FAILED: Login failed for user "
"'?(?P<user_name>.*?)'? from host '?" + _ANY + "'?$"),
    _said("wrong", "failure", "bad_password", _CONSOLE, "LOGIN_(?:PASSWORD_(?:NOT_ACCEPTED|INVALID)|"
"PAM_AUTHENTICATION_ERROR): .* user '?(?P<user_name>[^ ']+)'?.*$"),
    _said("unknown", "failure", "unknown_account", _CONSOLE, "LOGIN_PAM_USER_UNKNOWN: .* (?:user "
")?'?(?P<user_name>[^ ']+)'?.*$"),
    _said("success", "success", None, _CONSOLE, "LOGIN_(?:INFORMATION|ROOT): User '?(?P<user_name>.*?)'? logged "
"in (?:as root )?from host '?" + _ANY + "'? on device [^ ]+$"),
    _said(
        "cli",
        "success",
        None,
        _CONSOLE,
        "UI_LOGIN_EVENT: User '(?P<user_name>.*)' login, class '[^']*' \\[[0-9]+\\], ssh-connection "
"'(?:" + _IP + " (?P<src_port>[0-9]+) [^']*)?'(?:, client-mode '[^']*')?$",
    ),
    _said("web_failed", "failure", "bad_password", _WEB, r"WEB_AUTH_FAIL: Unable to authenticate .*client "
r"\((?:username )?(?P<user_name>.*)\)$"),
    _said("web_success", "success", None, _WEB, r"WEB_AUTH_SUCCESS: Authenticated .*client \((?:username "
r")?(?P<user_name>.*)\)$"),
    _said("firewall_failed", "failure", "bad_password", _WEB, r"FWAUTH_(?:FTP|HTTP|TELNET|"
r"WEBAUTH)_?(?:USER_)?(?:AUTH_)?FAIL[A-Z]*: (?:WebAuth user|User) (?P<user_name>.*?)(?: of group [^ ]*)? (?:at|from) "
        + _IP + r" (?:authentication failed|is rejected|rejected)\.?$"),
    _said("firewall_success", "success", None, _WEB, r"FWAUTH_(?:FTP|HTTP|TELNET|"
r"WEBAUTH)_?(?:USER_)?(?:AUTH_)?(?:ACCEPTED|SUCCESS): (?:WebAuth user|User) (?P<user_name>.*?)(?: of group [^ ]*)? "
r"(?:at|from) " + _IP + r" (?:accepted|is accepted|authentication succe[a-z]+)\.?$"),
    _said("vpn_failed", "failure", "bad_password", _VPN, "DYNAMIC_VPN_AUTH_FAIL: .* user '?(?P<user_name>[^ ,"
"']+)'?,? .*?" + _IP + "[^0-9]*$"),
    _said("vpn_success", "success", None, _VPN, "DYNAMIC_VPN_AUTH_OK: .* user '?(?P<user_name>[^ ,']+)'?,? "
".*?" + _IP + "[^0-9]*$"),
    Rule("beside", _BEGIN + "(?:UI_AUTH_EVENT|UI_LOGOUT_EVENT|UI_CMDLINE_READ_LINE|UI_[A-Z_]+|LOGIN_(?:ABORTED|"
"ATTEMPTS_THRESHOLD|LOCAL_PASSWORD|"
        "REFUSED|HOSTNAME_UNRESOLVED|MALFORMED_USER|PAM_(?:STOP|ERROR|MAX_RETRIES|NONLOCAL_USER)|"
"FAILED_[A-Z_]+)|WEB_[A-Z_]+|RT_[A-Z_]+|SNMP[A-Z_]+|"
        "KMD_[A-Z_]+|JTASK[A-Z_]+|LICENSE_[A-Z_]+|SSHD_LOGIN_ATTEMPTS_THRESHOLD)(?::| ).*$"),
)  # fmt: skip

FORMAT = Format(
    name="juniper",
    title="Juniper Junos",
    group="network",
    programs=("mgd", "login", "sshd", "httpd-gk", "httpd", "checklogin", "fwauthd", "jsscd", "RT_FLOW", "junos"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "junos-structured",
            r"^(?P<header>(?:<[0-9]{1,3}>)?1 (?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
            r"(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})) (?P<host>[^ ]+) [^ ]+ [^ ]+ )[A-Z][A-Z0-9_]+ \[junos@",
            iso,
            program="junos",
        ),
    ),
    lacks="The web interface tells no address.",
)
