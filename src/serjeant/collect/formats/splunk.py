r"""Splunk Enterprise: ``audit.log``, ``splunkd.log`` (UiAuth) and the older ``web_service.log``.

Source: Splunk's documentation of audit events. The audit log tells of sign-ins by REST too; those on the web stand in
both. Nothing is escaped. The address stands right of the name and of the user agent: the last one counts. The outcome
stands between these two; where a line tells two of them, a client wrote one, and it is *odd*.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated, iso

_AUDIT = r"^(?:AuditLogger(?: \[[^\]]*\])? - )?Audit:\[timestamp=[^,=]*, "
_ACTION = ", action=login attempt, info="
_ATTEMPT = _AUDIT + r"user=(?P<user_name>.*)" + _ACTION
_AGENT = r"(?:useragent=(?:\"(?P<client>.*)\"|[^\"]*) )?clientip=(?P<src_ip>[0-9A-Fa-f.:]+)\"?"
_MORE = r"(?: (?:method|session|reason)=[^ \[\]]*)*"
_TAIL = r"(?:[ ,].*?" + _AGENT + _MORE + r"|[ ,][^\[\]]*)? ?\](?:\[[^\]]*\])?$"
_UI_HEAD = r"^(?:(?:UiAuth|account):?[0-9]*(?: \[[^\]]*\])? - )?user="
_UI = _UI_HEAD + "(?P<user_name>.*) action=login status="
_CLIENT = " .*?" + _AGENT + _MORE + "$"
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%m-%d-%Y %H:%M:%S%.f %z", clock)


def _bare(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%m-%d-%Y %H:%M:%S%.f", clock)


FORMAT = Format(
    name="splunk",
    title="Splunk",
    group="data",
    programs=("splunk", "splunkd"),
    rules=(
        Rule(
            "audit_odd",
            _AUDIT
            + "user=(?P<user_name>[^,]*).*"
            + _ACTION
            + ".*"
            + _ACTION
            + "(?:failed|succeeded)(?:[ ,].*?"
            + _AGENT
            + _MORE
            + r"|.*)? ?\](?:\[[^\]]*\])?$",
            "failure",
            "other",
            None,
            _WEB,
        ),
        Rule("audit_login", _ATTEMPT + "succeeded" + _TAIL, "success", None, None, _WEB),
        Rule("audit_failed", _ATTEMPT + "failed" + _TAIL, "failure", "bad_password", None, _WEB),
        # The audit log tells of these once more, but is not always collected.
        Rule(
            "ui_odd",
            _UI_HEAD
            + "(?P<user_name>[^ ]*).* action=login status=.* action=login status=(?:success|failure)"
            + _CLIENT,
            "failure",
            "other",
            None,
            _WEB,
        ),
        Rule("ui_login", _UI + "success" + _CLIENT, "success", None, None, _WEB),
        Rule("ui_failed", _UI + "failure" + _CLIENT, "failure", "bad_password", None, _WEB),
        Rule("audit_other", _AUDIT + ".*$"),
        Rule("ui_other", r"^(?:UiAuth|account:)[^-]*- .*$"),
    ),
    envelopes=(
        Envelope(
            "splunk",
            r"^(?P<header>(?P<stamp>[0-9]{2}-[0-9]{2}-[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} "
            r"[+-][0-9]{4}) [A-Z]+ +)(?:AuditLogger|UiAuth)(?: \[[^\]]*\])? - ",
            _time,
            program="splunk",
        ),
        Envelope(
            "splunk-indexed",
            r"^(?P<header>)Audit:\[timestamp=(?P<stamp>[0-9]{2}-[0-9]{2}-[0-9]{4} "
            r"[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}), ",
            _bare,
            program="splunk",
        ),
        Envelope(
            "splunk-web",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}) [A-Z]+ +"
            r"\[[0-9a-f]+\] )account:[0-9]+ - ",
            iso,
            program="splunk",
        ),
    ),
    lacks="It does not tell whether the name exists; where both logs are read, a sign-in on the web is told of twice.",
)
