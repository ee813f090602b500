r"""TheHive (4 and 5): its access log, which tells of sign-ins by the answer only.

Source: Scalligraph's AccessLogFilter.scala and TheHive's logback configuration.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_FILTER = (
    r"^(?:\[[a-zA-Z]+\] )?(?:from )?[a-z.]+AccessLogFilter (?:in [^ ]+ )?\[[^\]]*\] (?P<src_ip>[0-9A-Fa-f.:]+) POST "
)
_LOGIN = _FILTER + r"/(?:[^ ?]*/)?api/(?:v[0-9]/)?login(?:\?[^ ]*)? took [0-9]+ms and returned "
_BYTES = r"(?: [0-9]+ bytes)?(?P<user_name>)$"
_WEB = {"service": "web"}

FORMAT = Format(
    name="thehive",
    title="TheHive",
    group="apps",
    programs=("thehive",),
    rules=(
        Rule("failed", _LOGIN + "401" + _BYTES, "failure", "bad_password", constants=_WEB),
        Rule("asked", _LOGIN + "402" + _BYTES, "challenged", "mfa", constants={"service": "web", "is_mfa": True}),
        Rule("refused", _LOGIN + "(?:403|429)" + _BYTES, "refused", "policy", constants=_WEB),
        Rule("login", _LOGIN + "20[0-9]" + _BYTES, "success", constants=_WEB),
        Rule("other", r"^(?:\[[a-zA-Z]+\] )?(?:from )?[a-z.]+AccessLogFilter .*$"),
    ),
    envelopes=(
        Envelope(
            "thehive",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}) )"
            r"\[[A-Z]+\] from [a-z.]+AccessLogFilter ",
            iso,
            program="thehive",
        ),
    ),
    lacks="It does not tell names.",
)
