r"""Froxlor's log in syslog and in its own file.

Sources: index.php, lib/Froxlor/FroxlorLogger.php. Until 0.10 the address stands left of the name; since then (Monolog)
it is the user of an object that ends the line. The latest versions tell no name. Of second factors it tells only when
there were too many wrong codes.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_OLD = r"^\[Login Action (?P<src_ip>[0-9A-Fa-f.:]+)\] "
_NEW = r"^froxlor\.[A-Z]+: "
_END = r"\.? \{\"source\":\"login\",\"action\":\"?50\"?,\"user\":\"(?P<src_ip>[0-9A-Fa-f.:]+)\"\} \[\] ?$"
_UNKNOWN = "Unknown user(?: '?(?P<user_name>.*?)'?)? tried to login"
_WRONG = "User(?: '?(?P<user_name>.*?)'?)? tried to login with wrong password"
_CODE = "User '?(?P<user_name>.*?)'? entered wrong 2fa code.*?"
_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}

FORMAT = Format(
    name="froxlor",
    title="Froxlor",
    group="web",
    programs=("Froxlor", "froxlor"),
    rules=(
        Rule("unknown", _NEW + _UNKNOWN + _END, "failure", "unknown_account", constants=_WEB),
        Rule("failed", _NEW + _WRONG + _END, "failure", "bad_password", constants=_WEB),
        Rule("code", _NEW + _CODE + _END, "challenged", "mfa", constants=_SECOND),
        Rule("old_unknown", _OLD + _UNKNOWN + r"\.?$", "failure", "unknown_account", constants=_WEB),
        Rule("old_failed", _OLD + _WRONG + r"\.?$", "failure", "bad_password", constants=_WEB),
        Rule("old_code", _OLD + _CODE + r"\.?$", "challenged", "mfa", constants=_SECOND),
        Rule(
            "other",
            r"^(?:\[(?:Admin|Reseller|User|Customer|Cron|Cronjob|System|Unknown)[A-Za-z ]* [^\]]*\] "
            r"|froxlor\.[A-Z]+: .*\{\"source\":\"(?:user|reseller|admin|cron|unknown)\",).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "froxlor",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
            r"(?:Z|[+-][0-9]{2}:[0-9]{2})?)\] )froxlor\.[A-Z]+: ",
            iso,
            program="froxlor",
        ),
    ),
    lacks="It does not tell successful sign-ins; the latest versions do not tell the name.",
)
