r"""Froxlor's log in syslog.

Source: lib/Froxlor/FroxlorLogger.php, index.php. The address stands left of the name.
"""

from serjeant.collect.format import Format, Rule

_HEAD = r"^\[Login Action (?P<src_ip>[0-9A-Fa-f.:]+)\] "
_WEB = {"service": "web"}

FORMAT = Format(
    name="froxlor",
    title="Froxlor",
    programs=("Froxlor", "froxlor"),
    rules=(
        Rule(
            "unknown",
            _HEAD + r"Unknown user '?(?P<user_name>.*?)'? tried to login\.?$",
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        Rule(
            "failed",
            _HEAD + r"User '?(?P<user_name>.*?)'? tried to login with wrong password\.?$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "factor",
            _HEAD + r"User '?(?P<user_name>.*?)'? (?:entered wrong|tried to login with wrong) "
            r"(?:2fa|code).*$",
            "challenged",
            "mfa",
            constants={"service": "web", "is_mfa": True},
        ),
        Rule("other", r"^\[(?:[A-Za-z ]+) [0-9A-Za-z.:_-]+\] .*$"),
    ),
    gives=("time", "user_name", "src_ip", "dst_host", "service", "outcome", "reason", "is_mfa"),
    lacks="It does not tell successful sign-ins.",
)
