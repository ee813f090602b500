"""F5 BIG-IP: the management interfaces' audit (httpd and sshd by PAM), and Access Policy Manager (APM).

Sources: BIG-IP /var/log/audit, /var/log/secure, /var/log/apm; messages 01070417, 01490010, 01490500, 01490102,
01490106.

APM tells of one session in several lines: the address (01490500), the name (01490010), the server's verdict
(01490106) and the policy's (01490102, 01490005). The session's eight digits join them.
"""

from serjeant.collect.format import Format, Rule

_CODE = "^(?:[0-9a-f]{8}:[0-9]: )?"
_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_AUDIT = "(?:AUDIT - (?:user [^ ]* - )?(?:RAW: )?)?"
_WHO = r"User=(?P<user_name>.*) tty=[^ ]* host=(?:" + _IP + "|[^ ]*) "
_SESSION = _CODE + r"(?:/[^ :]*:[^ :]*:)?(?P<session_uid>[0-9A-Za-z+/]{8,}): "
_WHEN = r' \(start="[^"]*" end="[^"]*"\)\.?$'
_VPN = {"service": "vpn"}
_WEB = {"service": "web"}
_SSH = {"service": "ssh"}

_RULES = (
    Rule("ssh_failed", _CODE + _AUDIT + r"sshd\([a-z_]+\): " + _WHO + r"failed to login after (?P<count>[0-9]+) "
r"attempts?" + _WHEN,
        "failure", "bad_password", None, _SSH),
    Rule("web_failed", _CODE + _AUDIT + r"[a-z]+\([a-z_]+\): " + _WHO + r"failed to login after "
r"(?P<count>[0-9]+) attempts?" + _WHEN,
        "failure", "bad_password", None, _WEB),
    # What ends has an end; a login has none yet.
    Rule("ended", _CODE + _AUDIT + r'[a-z]+\([a-z_]+\): [Uu]ser=.* attempts=[0-9]+ start="[^"]*" end="[^"]*".*$'),
    Rule("ssh_success", _CODE + _AUDIT + r"sshd\([a-z_]+\): [Uu]ser=(?P<user_name>[^ ()]*)(?:\([^ ]*\))? "
r".*host=(?:" + _IP + r'|[^ ]*) attempts=[0-9]+ start="[^"]*"\.?$',
        "success", None, None, _SSH),
    Rule("web_success", _CODE + _AUDIT + r"[a-z]+\([a-z_]+\): [Uu]ser=(?P<user_name>[^ ()]*)(?:\([^ ]*\))? "
r".*host=(?:" + _IP + r'|[^ ]*) attempts=[0-9]+ start="[^"]*"\.?$',
        "success", None, None, _WEB),
    Rule("rest_failed", _CODE + r"AUDIT - user (?P<user_name>.*?) - (?:.* )?(?:login failed|[Aa]uthentication "
r"failed).*$",
        "failure", "bad_password", None, _WEB),
    Rule("server_failed", _SESSION + r"[A-Z][A-Za-z]+ (?:module|[Aa]gent): authentication with "
r"'(?P<user_name>.*)' failed.*$",
        "failure", "bad_password", "auth", _VPN),
    Rule("server_unknown", _SESSION + r"[A-Z][A-Za-z]+ (?:module|[Aa]gent): query with '(?P<user_name>.*)' failed.*$",
        "failure", "unknown_account", "auth", _VPN),
    Rule("policy_denied", _SESSION + "(?:Access policy result: (?:Logon_Deny|Denied)|Following rule '[^']*' "
"from item '[^']*' to ending 'Deny').*$",
        "refused", "other", "probe", _VPN),
    Rule("policy_allowed", _SESSION + "Access policy result: (?:Full|Network_Access|WebTop|LTM|App_Tunnel|"
"[A-Z][A-Za-z_]*).*$",
        "success", None, "daemon", _VPN),
    Rule("named", _SESSION + "Username '(?P<user_name>.*)'$", "refused", "other", "probe", _VPN),
    Rule("from", _SESSION + "(?:New session from client IP|Received client info .* Client IP:?) " + _IP + " .*$",
        "refused", "other", "probe", _VPN),
    Rule("apm", _SESSION.replace("?P<session_uid>", "?:")
        + "(?:Session |Received |Executed |Following |Retry |ACL |Assigned |Client |PPP |AD |"
"LDAP |RADIUS |Tunnel |Hostname|"
        "[A-Z][A-Za-z]+ [Aa]gent|[A-Z][A-Za-z]+ module|Connectivity|Deleted|Logged|Evaluating|Let).*$"),
    Rule("audit", _CODE + "(?:AUDIT - |Pool |Node |Monitor |Rule |Connection |Virtual |SNMP|Clock|No members|"
"Inet|Certificate|Per-invocation).*$"),
)  # fmt: skip

FORMAT = Format(
    name="f5",
    title="F5 BIG-IP",
    group="network",
    programs=("httpd", "mcpd", "apmd", "tmm", "tmm1", "tmm2", "tmm3", "sshd", "apd", "tmsh", "icrd_child", "restjavad"),
    rules=_RULES,
    lacks="Whether a policy turned somebody away because of the password is told only where the server's verdict is.",
)
