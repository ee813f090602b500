"""Zulip's server.log: each sign-in, whatever way it goes (source: zproject/backends.py: ``log_auth_attempt``).

``outcome`` is ``success`` or ``failed``; why is in what follows, which Zulip wrote itself.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_TRIED = (
    r"^[A-Z]+ +(?:\[[^\]]*\] +)*Authentication attempt from (?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+): "
    r"subdomain=[^;]*;username=(?P<user_name>.*);outcome="
)
_DATA = r";return_data=\{(?:'[a-z_]+': (?:True|False|None|'[^']*'|[0-9]+)(?:, )?)*\}$"
_BECAUSE = r";return_data=\{(?:'[a-z_]+': (?:True|False|None|'[^']*'|[0-9]+), )*'"

FORMAT = Format(
    name="zulip",
    title="Zulip",
    group="chat",
    programs=("zulip", "zulip-server"),
    rules=(
        Rule("login", _TRIED + "success" + _DATA, "success", None, None, _WEB),
        Rule(
            "disabled",
            _TRIED + "failed" + _BECAUSE + "inactive_(?:user|realm)': True.*$",
            "failure",
            "disabled",
            None,
            _WEB,
        ),
        Rule(
            "expired",
            _TRIED + "failed" + _BECAUSE + "password_reset_needed': True.*$",
            "challenged",
            "expired",
            None,
            _WEB,
        ),
        Rule(
            "not_allowed",
            _TRIED + "failed" + _BECAUSE + "(?:[a-z]+_auth_disabled|invalid_subdomain)': True.*$",
            "failure",
            "policy",
            None,
            _WEB,
        ),
        Rule("wrong", _TRIED + "failed" + _DATA, "failure", "bad_password", None, _WEB),
        Rule(
            "other", r"^(?:DEBUG|INFO) +(?:\[[^\]]*\] +)*[0-9A-Fa-f.:]+ +(?:GET|POST|PATCH|PUT|DELETE|HEAD|OPTIONS) .*$"
        ),
    ),
    envelopes=(
        Envelope(
            "zulip",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{3}) )"
            r"[A-Z]+ +(?:\[[^\]]*\] +)*Authentication attempt from ",
            iso,
            program="zulip",
        ),
    ),
    lacks="It does not tell whether a name exists.",
)
