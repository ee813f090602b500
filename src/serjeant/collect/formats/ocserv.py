"""OpenConnect server (ocserv), by syslog.

Sources: src/log.c (``worker[alice]: 192.0.2.7 …``, ``main[alice]:192.0.2.7:50112 …``), worker-auth.c, main.c
(``handle_script_exit``), sec-mod-auth.c.
"""

from serjeant.collect.format import Format, Rule

_IP = r"\[?(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*?)\]?"
_MAIN = r"^main(?:\[(?P<user_name>.*)\])?: ?" + _IP + "(?::(?P<src_port>[0-9]+))? "
_PLAIN = r"^main(?:\[.*\])?: ?" + _IP + "(?::(?P<src_port>[0-9]+))? "
_WORKER = r"^worker(?:\[[^\]]*\])?: " + _IP + " "
_VPN = {"service": "vpn"}

_RULES = (
    Rule(
        "worker_wrong",
        _WORKER + "failed authentication (?:attempt )?for (?:user )?'(?P<user_name>.*)'.*$",
        "failure",
        "bad_password",
        None,
        _VPN,
    ),
    Rule(
        "main_wrong",
        _PLAIN + "failed authentication attempt for user '(?P<user_name>.*)'$",
        "failure",
        "bad_password",
        None,
        _VPN,
    ),
    Rule("success", _MAIN + "user logged in$", "success", None, None, _VPN),
    Rule("old_success", _PLAIN + "user '(?P<user_name>[^']*)' (?:of group '[^']*' )?(?:authenticated|logged in)$",
        "success", None, None, _VPN),
    Rule("banned", "^main: ?(?:added|removed|checking) .*$"),
    Rule("beside", "^sec-mod: .*$"),
    Rule("worker", _WORKER.replace("(?P<src_ip>", "(?:") + "(?:[A-Zabd-z]|cannot|client|closing|connected|"
"configured|could|cstp|f[b-z]).*$"),
    Rule("main", r"^main(?:\[.*\])?: ?(?:[0-9A-Fa-f.:\[\]]+ )?(?:new user session|user disconnected|worker|"
r"sec-mod|initialized|processed|"
        "termination|reloading|listening|ocserv|setting|authenticated user|user of group|received|user session|pinged|"
        "assigning|selected|sending|running|.*cookie).*$"),
)  # fmt: skip

FORMAT = Format(
    name="ocserv",
    title="OpenConnect server (ocserv)",
    group="network",
    programs=("ocserv", "ocserv-main", "ocserv-worker"),
    rules=_RULES,
    lacks="It does not tell whether the account exists; the names of failed attempts are told only where the worker "
    "knows them.",
)
