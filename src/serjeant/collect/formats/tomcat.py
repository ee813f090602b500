r"""Apache Tomcat's own log, as text or JSON: accounts that its LockOutRealm locked, and what its realms say at FINE.

Sources: org/apache/catalina/realm/LockOutRealm.java, RealmBase.java, JNDIRealm.java and their LocalStrings, JULI's
OneLineFormatter and JsonFormatter. Its access log is of the format ``http``. What one thread tells is one attempt.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, dated

_HEAD = r"^(?:[A-Z]+:? )?(?:\[(?P<session_uid>[^\[\]]*)\] )?(?:org\.apache\.catalina\.[A-Za-z.]+ )?"
_LOCKED = r"An attempt was made to authenticate the locked user [\[\"](?P<user_name>.*)[\]\"]$"
_FAILED = r"Username \[?(?P<user_name>.*?)\]? NOT successfully authenticated$"
_LOGIN = r"Username \[?(?P<user_name>.*?)\]? successfully authenticated$"
_CLASS = r"^org\.apache\.catalina\.(?:realm|core|authenticator)\..*$"
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%d-%b-%Y %H:%M:%S%.f", clock)


FORMAT = Format(
    name="tomcat",
    title="Apache Tomcat",
    group="web",
    programs=("tomcat", "tomcat*", "catalina"),
    rules=(
        Rule("locked", _HEAD + _LOCKED, "refused", "locked", "daemon", _WEB),
        Rule("failed", _HEAD + _FAILED, "failure", "bad_password", "auth", _WEB),
        Rule("login", _HEAD + _LOGIN, "success", None, "auth", _WEB),
        Rule("other", r"^[A-Z]+ \[[^\]]*\] org\.apache\.(?:catalina|coyote|tomcat|jasper)\.[A-Za-z.0-9$]+ .*$"),
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
    records=(
        Record(
            fields={"time": "time", "session_uid": "thread", "class": "class", "says": "message"},
            cases=(
                Case("json_locked", {"class": _CLASS, "says": "^" + _LOCKED}, "refused", "locked", "daemon", _WEB),
                Case("json_failed", {"class": _CLASS, "says": "^" + _FAILED}, "failure", "bad_password", "auth", _WEB),
                Case("json_login", {"class": _CLASS, "says": "^" + _LOGIN}, "success", None, "auth", _WEB),
                Case("json_other", {"class": r"^org\.apache\.(?:catalina|coyote|tomcat|jasper)\..*$"}),
            ),
            marks=('"time"', '"thread"', '"class"', '"message"'),
        ),
    ),
    lacks="It does not tell addresses, nor attempts on accounts that are not locked unless its realms log at FINE.",
)
