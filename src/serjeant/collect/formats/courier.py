r"""Courier's IMAP, POP3 and ESMTP servers, and SqWebMail.

Sources: imap/imaplogin.c, imap/pop3login.c, imap/capability.c, tcpd, courier/module.esmtp. The address follows the
name and closes the line, so the last ``, ip=[…]`` is the true one. What ``cmd:`` quotes may be a password.
"""

from serjeant.collect.format import Format, Rule

_INFO = "^(?:INFO: |DEBUG: |ERR: )?"
_USER = "user=(?P<user_name>.*)"
_IP = r", ip=\[(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)\](?:, port=\[(?P<src_port>[0-9]*)\])?"
_PROTOCOL = r", protocol=(?P<service>[A-Za-z0-9]+)(?:, stls=[0-9])?$"
_MAIL = {"service": "mail"}

_RULES = (
    Rule("failed_protocol", _INFO + "LOGIN FAILED, " + _USER + _IP + _PROTOCOL, "failure", "bad_password"),
    Rule("failed", _INFO + "LOGIN FAILED, " + _USER + _IP + "$", "failure", "bad_password", constants=_MAIL),
    Rule(
        "failed_method",
        _INFO + r"LOGIN FAILED(?:, method=(?P<auth_protocol>[^ ,]+))?" + _IP + r"(?:, protocol=[A-Z0-9]+)?$",
        "failure",
        "bad_password",
        constants=_MAIL,
    ),
    Rule("login_protocol", _INFO + "LOGIN, " + _USER + _IP + _PROTOCOL, "success"),
    Rule("login", _INFO + "LOGIN, " + _USER + _IP + r"(?:, stls=[0-9])?$", "success", constants=_MAIL),
    Rule(
        "smtp_failed",
        r"^error,relay=(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:,port=(?P<src_port>[0-9]+))?(?:,ident=[^ ,\"]*)?"
        r",msg=\"535[^\"]*\""
        r"(?:,cmd: .*)?$",
        "failure",
        "bad_password",
        constants={"service": "smtp"},
    ),
    Rule(
        "other",
        _INFO + r"(?:LOGOUT|DISCONNECTED|TIMEOUT|Connection|Disconnected|Maximum connection limit|chdir |error,relay=|"
        r"started,ip=|newmsg,|couriertls: |ip=\[|authentication error: ).*$",
    ),
)

FORMAT = Format(
    name="courier",
    title="Courier mail server",
    group="mail",
    programs=(
        "imapd",
        "imapd-ssl",
        "pop3d",
        "pop3d-ssl",
        "imaplogin",
        "pop3login",
        "courier-imapd",
        "courier-pop3d",
        "courier-imaps",
        "courier-pop3s",
        "courierimapd",
        "courierpop3d",
        "courierimaplogin",
        "courierpop3login",
        "couriertcpd",
        "courieresmtpd",
        "courieresmtpd-ssl",
        "courieresmtpd-msa",
        "esmtpd",
        "webmaild",
        "sqwebmaild",
        "sqwebmail",
    ),
    rules=_RULES,
    values={
        "service": {"IMAP": "imap", "POP3": "pop3", "HTTP": "web", "SMTP": "smtp", "IMAPS": "imap", "POP3S": "pop3"}
    },
    lacks="It does not tell wrong passwords from unknown names, nor which name a failed SASL sign-in used.",
)
