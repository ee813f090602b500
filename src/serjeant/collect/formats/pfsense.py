"""pfSense: the web configurator and the captive portal (sshd, OpenVPN and IPsec have formats of their own).

Sources: /etc/inc/auth.inc (``log_auth``), /etc/inc/captiveportal.inc (``captiveportal_logportalauth``).
"""

from serjeant.collect.format import Format, Rule

_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)(?:%[0-9A-Za-z_.-]+)?"
_PAGE = r"^(?:[^ ]*\.php|/[^ ]*): "
_ZONE = "^(?:Zone: [^ ]* - )?"
_MAC = r", (?:[0-9A-Fa-f:]{17}|unknown|no_mac)?, "
_WEB = {"service": "web"}

_RULES = (
    Rule(
        "wrong",
        _PAGE + r"webConfigurator authentication error for user '(?P<user_name>.*)' from: ?" + _IP + r"(?: "
r"\([^()']*\))?$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule(
        "success",
        _PAGE + r"Successful login for user '(?P<user_name>.*)' from: ?" + _IP + r"(?: \([^()']*\))?$",
        "success",
        None,
        None,
        _WEB,
    ),
    Rule(
        "portal_success",
        _ZONE + "(?:ACCEPT|USER LOGIN): (?P<user_name>.*)" + _MAC + _IP + "$",
        "success",
        None,
        None,
        _WEB,
    ),
    Rule(
        "portal_wrong",
        _ZONE + "FAILURE: (?P<user_name>.*)" + _MAC + _IP + "(?:, [^,]*)?$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule("portal_other", _ZONE + "(?:DISCONNECT|LOGOUT|TIMEOUT|IDLE TIMEOUT|SESSION TIMEOUT|CONCURRENT LOGIN|"
"Voucher).*$"),
    Rule("page", _PAGE + "(?:Session timed out|User logged out|Configuration|Beginning|Creating|New alert|The command|"
        "Reloading|Resyncing|rc\\.|Gateway|Default gateway|Removing|Forcefully|Starting|Stopping|Restart|Saved|"
"Change).*$"),
)  # fmt: skip

FORMAT = Format(
    name="pfsense",
    title="pfSense",
    group="network",
    programs=("php-fpm", "php", "php-cgi", "logportalauth"),
    rules=_RULES,
    lacks="It does not tell whether the account exists.",
)
