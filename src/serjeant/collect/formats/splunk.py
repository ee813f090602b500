r"""Splunk Enterprise: ``audit.log`` and ``splunkd.log`` (UiAuth).

Source: Splunk's documentation of audit events. Both files tell of a sign-in on the web; the audit log tells of those by
REST too. A name may hold spaces; the address stands right of it, and right of the user agent, which is quoted.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_AUDIT = r"^AuditLogger - Audit:\[timestamp=[^,]*, user=(?P<user_name>.*), action=login attempt, info="
_TAIL = (
    r"(?:[ ,].*?useragent=\"(?P<client>.*)\" clientip=(?P<src_ip>[0-9A-Fa-f.:]+)[^\"=]*(?: "
    r"method=[^\"]*)?)?\]\[[^\]]*\]$"
)
_UI = r"^UiAuth - user=(?P<user_name>.*) action=login status="
_CLIENT = r" .*?useragent=\"(?P<client>.*)\" clientip=(?P<src_ip>[0-9A-Fa-f.:]+)[^\"]*$"
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%m-%d-%Y %H:%M:%S%.f %z", clock)


FORMAT = Format(
    name="splunk",
    title="Splunk",
    programs=("splunk", "splunkd"),
    rules=(
        Rule("audit_login", _AUDIT + "succeeded" + _TAIL, "success", constants=_WEB),
        Rule("audit_failed", _AUDIT + "failed" + _TAIL, "failure", "bad_password", constants=_WEB),
        # The audit log tells of these once more, but is not always collected.
        Rule("ui_login", _UI + "success" + _CLIENT, "success", constants=_WEB),
        Rule("ui_failed", _UI + "failure" + _CLIENT, "failure", "bad_password", constants=_WEB),
        Rule("audit_other", r"^AuditLogger - Audit:\[timestamp=.*$"),
        Rule("ui_other", r"^UiAuth - user=.* action=(?:logout|[a-z]+out|session).*$"),
    ),
    envelopes=(
        Envelope(
            "splunk",
            r"^(?P<header>(?P<stamp>[0-9]{2}-[0-9]{2}-[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} "
            r"[+-][0-9]{4}) [A-Z]+ +)"
            r"(?:AuditLogger|UiAuth)(?: \[[^\]]*\])? - ",
            _time,
            program="splunk",
        ),
    ),
    gives=("time", "user_name", "src_ip", "client", "service", "outcome", "reason"),
    lacks="It does not tell whether the name exists; where both logs are read, a sign-in on the web is told of twice.",
)
