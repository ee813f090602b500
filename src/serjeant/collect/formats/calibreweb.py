"""Calibre-Web's own log file or its standard error (source: cps/web.py, cps/usermanagement.py, cps/logger.py).

The address is what ``X-Forwarded-For`` says where a request has that header: it may be a list, of which the first is
meant, and a client that reaches the server without a proxy can write it as it likes.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_WHERE = r"^[A-Z]+ +\{[A-Za-z0-9_.]+:[0-9]+\} "
_IP = (
    r'" IP-address: (?P<forwarded>(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:, [0-9A-Fa-f.:]+)*?)'
    r"(?:, (?P<peer>[0-9A-Fa-f.:]+))?$"
)
_NAME = '"(?P<user_name>.*)'

FORMAT = Format(
    name="calibreweb",
    title="Calibre-Web",
    group="apps",
    programs=("calibre-web", "cps"),
    rules=(
        Rule("wrong", _WHERE + "Login failed for user " + _NAME + _IP, "failure", "bad_password", None, _WEB),
        Rule(
            "wrong_ldap",
            _WHERE + "LDAP Login failed for user " + _NAME + _IP,
            "failure",
            "bad_password",
            None,
            {"service": "web", "auth_protocol": "ldap"},
        ),
        Rule(
            "wrong_opds",
            _WHERE + "OPDS Login failed for user " + _NAME + _IP,
            "failure",
            "bad_password",
            None,
            {"service": "web", "auth_protocol": "basic"},
        ),
        Rule("login", _WHERE + r"You are now logged in as: '(?P<user_name>.*)'$", "success", None, None, _WEB),
        Rule(
            "login_ldap",
            _WHERE + r"(?:Local Fallback Login as|You are now logged in by LDAP as): '(?P<user_name>.*)'$",
            "success",
            None,
            None,
            _WEB,
        ),
        Rule("reset", _WHERE + "Password reset for user .*$"),
        Rule(
            "other",
            r"^(?:DEBUG|INFO|WARN|ERROR) +\{(?:cps|cps\.(?:server|tasks|updater|db|ub|helper)[a-z_.]*):[0-9]+\} .*$",
        ),
    ),
    envelopes=(
        Envelope(
            "calibreweb",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8},[0-9]{3})\] +)"
            r"(?:DEBUG|INFO|WARN|ERROR|CRIT) +\{cps[A-Za-z0-9_.]*:[0-9]+\} ",
            iso,
            program="calibre-web",
        ),
    ),
    lacks="It does not tell where a success came from, and without ``trusted_proxies`` a forged X-Forwarded-For passes "
    "for the client.",
)
