r"""SonarQube's ``web.log``, as text or JSON, where the logger ``auth.event`` is at DEBUG.

Source: AuthenticationEventImpl.java, CredentialsLocalAuthentication.java, LogbackJsonLayout.java. The fields stand in
brackets, the name last, behind the address; a forwarding header, which the client may write, stands between them. Where
either holds brackets, only what stands left of both is told.
"""

from collections.abc import Iterator

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, dated

_FROM = r"\[method\x7c(?P<auth_protocol>[A-Z_0-9]*)\]\[provider\x7c[^\[\]]*\]\[IP\x7c(?P<src_ip>[0-9A-Fa-f.:]*)\x7c"
_TAIL = _FROM + r"(?P<forwarded>[^\[\]]*)\]\[login\x7c(?P<user_name>[^\[\]]*)\]$"
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%Y.%m.%d %H:%M:%S", clock)


def _kinds() -> Iterator[tuple[str, str, str, str | None]]:
    """What a message says, and its meaning."""
    yield "login", "^login success " + _TAIL, "success", None
    for name, cause, outcome, reason in (
        ("wrong", "[Ww]rong password", "failure", "bad_password"),
        ("unknown", "No active user for login", "failure", "unknown_account"),
        ("disabled", r"[^\[\]]*(?:[Dd]isabled|[Dd]eactivated|not active)[^\[\]]*", "failure", "disabled"),
        ("expired", r"[^\[\]]*expired[^\[\]]*", "failure", "expired"),
        ("failed", r"[^\[\]]*", "failure", "other"),
    ):
        yield name, r"^login failure \[cause\x7c" + cause + r"\]" + _TAIL, outcome, reason
    yield "odd", r"^login failure \[cause\x7c[^\[\]]*\]" + _FROM + ".*(?P<user_name>)$", "failure", "other"


FORMAT = Format(
    name="sonarqube",
    title="SonarQube",
    group="apps",
    programs=("sonarqube",),
    rules=(
        *(Rule(name, pattern, outcome, reason, None, _WEB) for name, pattern, outcome, reason in _kinds()),
        Rule("logout", r"^logout (?:success|failure) .*$"),
    ),
    envelopes=(
        Envelope(
            "sonarqube",
            r"^(?P<header>(?P<stamp>[0-9]{4}\.[0-9]{2}\.[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) [A-Z]+ "
            r"+web\[[^\]]*\]\[auth\.event\] )",
            _time,
            program="sonarqube",
        ),
    ),
    records=(
        Record(
            fields={"time": ("instant", "timestamp", "date"), "logger": "logger", "says": "message"},
            cases=(
                *(
                    Case("json_" + name, {"logger": r"^auth\.event$", "says": pattern}, outcome, reason, None, _WEB)
                    for name, pattern, outcome, reason in _kinds()
                ),
                Case("json_other", {"logger": r"^auth\.event$"}),
            ),
            marks=('"logger"', '"auth.event"', '"message"'),
        ),
    ),
    lacks="Nothing is logged unless that logger is set to DEBUG; of LDAP it does not tell whether the name exists.",
)
