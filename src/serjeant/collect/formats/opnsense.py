"""OPNsense: the web interface's audit log (sshd, OpenVPN and strongSwan have formats of their own).

Sources: src/etc/inc/authgui.inc, src/opnsense/mvc/app/library/OPNsense/Auth.

What the authenticators say (``user alice could not authenticate for …``) bears no address; for the web interface
it stands beside the line that does, so it is not counted.
"""

from serjeant.collect.format import Format, Rule

_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)(?:%[0-9A-Za-z_.-]+)?"
_PAGE = r"^(?:[^ ]*\.php|/[^ ]*): "
_WEB = {"service": "web"}

_RULES = (
    Rule(
        "wrong",
        _PAGE + "Web GUI authentication error for '(?P<user_name>.*)' from " + _IP + "$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule(
        "success",
        _PAGE + "Successful login for user '(?P<user_name>.*)' from:? " + _IP + "$",
        "success",
        None,
        None,
        _WEB,
    ),
    Rule(
        "beside",
        "^(?:[^ ]*: )?user .* (?:authenticated successfully|could not authenticate|failed authentication) for .*$",
    ),
    Rule(
        "page", _PAGE + "(?:Session timed out|User logged out|user .* changed configuration|plugins_|ROUTING|New ).*$"
    ),
    Rule("config", "^(?:user .* changed configuration|action allowed|action denied|config-event).*$"),
)

FORMAT = Format(
    name="opnsense",
    title="OPNsense",
    group="network",
    programs=("audit", "opnsense", "api"),
    rules=_RULES,
    lacks="It does not tell whether the account exists, nor who failed at services other than the web interface.",
)
