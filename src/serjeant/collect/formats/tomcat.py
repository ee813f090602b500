r"""Apache Tomcat's own log: accounts that its LockOutRealm locked. Its access log is of the format ``http``.

Source: org/apache/catalina/realm/LockOutRealm.java, java.util.logging's OneLineFormatter.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%d-%b-%Y %H:%M:%S%.f", clock)


FORMAT = Format(
    name="tomcat",
    title="Apache Tomcat",
    programs=("tomcat", "catalina"),
    rules=(
        Rule(
            "locked",
            r"^(?:[A-Z]+ )?(?:\[[^\]]*\] )?(?:org\.apache\.catalina\.realm\.LockOutRealm\.[A-Za-z]+ )?"
            r"An attempt was made to authenticate the locked user \[?\"?(?P<user_name>.*?)\"?\]?$",
            "refused",
            "locked",
            constants={"service": "web"},
        ),
        Rule("other", r"^[A-Z]+ \[[^\]]*\] org\.apache\.(?:catalina|coyote|tomcat|jasper)\.[A-Za-z.0-9]+ .*$"),
    ),
    envelopes=(
        Envelope(
            "tomcat",
            r"^(?P<header>(?P<stamp>[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}) )"
            r"[A-Z]+ \[[^\]]*\] org\.apache\.(?:catalina|coyote|tomcat|jasper)\.",
            _time,
            program="tomcat",
        ),
    ),
    gives=("time", "user_name", "service", "outcome", "reason"),
    lacks="It tells neither addresses nor attempts on accounts that are not locked.",
)
