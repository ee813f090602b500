"""Apache Guacamole, as its web application logs it (Tomcat's output, catalina.out, a container, syslog).

Source: guacamole/.../rest/auth/AuthenticationService.java.

Behind a proxy the address is a list, ``[client, proxy]``, of which the first is what the header X-Forwarded-For says.
The default layout has a time and no date: such lines are read only where syslog or a container tells the day.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_WHO = (
    r"\[?(?P<forwarded>"
    + _IP
    + r"(?:%[0-9A-Za-z_.-]+)?(?:, [0-9A-Za-z.: -]*)*?)(?:, (?P<peer>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?)?\]?"
)
_THREAD = r"^(?:[0-9:.]{8,15} )?(?:\[[^\]]*\] )?(?:[A-Z]+ +)?(?:\[[^\]]*\] )?"
_CLASS = r"(?:o\.a\.g\.|org\.apache\.guacamole\.)[A-Za-z.]+ - "
_WEB = {"service": "web"}

_RULES = (
    Rule(
        "wrong",
        _THREAD + _CLASS + "Authentication attempt from " + _WHO + r' for user "(?P<user_name>.*)" failed\.$',
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule(
        "nameless",
        _THREAD + _CLASS + "Anonymous authentication attempt from " + _WHO + r" failed\.$",
        "failure",
        "other",
        None,
        _WEB,
    ),
    Rule(
        "success",
        _THREAD + _CLASS + r'User "(?P<user_name>.*)" successfully authenticated from ' + _WHO + r"\.$",
        "success",
        None,
        None,
        _WEB,
    ),
    Rule("other", _THREAD + _CLASS + "(?:User \".*\" (?:connected|disconnected)|Creating |Listening|Extension|"
"Reading|GUACAMOLE_|No |"
        "Successfully |Blocking |Unblocking|Authentication attempt blocked|Loading|Base |Tunnel).*$"),
)  # fmt: skip


def _stamps(stamps: pl.Series, clock: Clock) -> pl.Series:
    return iso(stamps.str.replace(",", ".", literal=True), clock)


FORMAT = Format(
    name="guacamole",
    title="Apache Guacamole",
    group="network",
    programs=("guacamole", "tomcat", "tomcat9", "tomcat10", "tomcat8", "catalina.sh"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "guacamole",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?(?:Z|"
            r"[+-][0-9:]+)?) )"
            r"(?:\[[^\]]*\] )?[A-Z]+ +(?:\[[^\]]*\] )?(?:o\.a\.g\.|org\.apache\.guacamole\.)",
            _stamps,
            program="guacamole",
        ),
    ),
    lacks="The address is what a proxy's X-Forwarded-For header says; without a proxy in front that drops what "
    "the client "
    "itself claims, the client chooses it. Why an attempt failed is not told.",
)
