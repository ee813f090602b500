"""Audiobookshelf: its console and its daily log files, which are JSON lines.

Source: server/Logger.js, server/Auth.js, server/auth/LocalAuthStrategy.js, server/utils/rateLimiterFactory.js.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_WHO = r"\[(?:Local|Oidc)?Auth\] "
_IP = r"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)"
_FAILED = _WHO + r'Failed login attempt for username "(?P<user_name>.*)" from ip ' + _IP
_LOGGED_IN = _WHO + r'User "(?P<user_name>.*)" logged in from ip ' + _IP + "$"
_LIMITED = r"\[RateLimiter\] Rate limit exceeded - IP: " + _IP + ", Endpoint: POST /login, User-Agent: (?P<client>.*)$"
_LEVEL = "(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL|NOTE): "
_FILE = r"(?: \([^()]*\))?$"

# What stands in the last parentheses, our name for it, outcome, reason.
_WHY = (
    ("wrong", "Invalid password", "failure", "bad_password"),
    ("unknown", "User not found", "failure", "unknown_account"),
    ("inactive", "User is not active", "failure", "disabled"),
    ("no_password", "(?:Root user|User) has no password set[^()]*", "failure", "policy"),
)
_RULES = (
    *(
        Rule(name, "^" + _LEVEL + _FAILED + r" \(" + says + r"\)" + _FILE, outcome, reason, None, _WEB)
        for name, says, outcome, reason in _WHY
    ),
    Rule("login", "^" + _LEVEL + _LOGGED_IN.removesuffix("$") + _FILE, "success", None, None, _WEB),
    Rule("rate_limited", "^" + _LEVEL + _LIMITED, "refused", "locked", None, _WEB),
    Rule(
        "other", r"^(?:TRACE|DEBUG|INFO): \[(?:Server|Socket|Database|Watcher|Scan|Logger|TokenManager)[A-Za-z]*\] .*$"
    ),
)
_CASES = (
    *(
        Case(name + "_json", {"says": "^" + _FAILED + r" \(" + says + r"\)$"}, outcome, reason, None, _WEB)
        for name, says, outcome, reason in _WHY
    ),
    Case("login_json", {"says": "^" + _LOGGED_IN}, "success", None, None, _WEB),
    Case("rate_limited_json", {"says": "^" + _LIMITED}, "refused", "locked", None, _WEB),
    Case(
        "other_json",
        {"level": "^(?:TRACE|DEBUG|INFO)$", "says": r"^\[(?:Server|Socket|Database|Watcher)[A-Za-z]*\] .*$"},
    ),
)

FORMAT = Format(
    name="audiobookshelf",
    title="Audiobookshelf",
    group="home",
    programs=("audiobookshelf",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "audiobookshelf",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}(?:\.[0-9]{3})?)\] )"
            + _LEVEL
            + r"\[(?:(?:Local|Oidc)?Auth\] (?:Failed login|User \")|RateLimiter\] Rate limit)",
            iso,
            program="audiobookshelf",
        ),
    ),
    records=(
        Record(
            fields={"time": "timestamp", "says": "message", "level": "levelName"},
            cases=_CASES,
            marks=('"timestamp"', '"source"', '"levelName"', '"level"'),
            time=iso,
        ),
    ),
    lacks="It tells of local accounts only; who comes by OpenID is not logged as a sign-in.",
)
