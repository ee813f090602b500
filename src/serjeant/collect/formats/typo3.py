r"""TYPO3's log of the backend's and the frontend's sign-ins (FileWriter or syslog).

Source: typo3/sysext/core/Classes/Authentication/AbstractUserAuthentication.php and BackendUserAuthentication.php,
Log/Writer/FileWriter.php. The address stands left of the name.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_HEAD = r"^(?:\[[A-Z]+\] )?(?:request=\"[^\"]*\" )?(?:component=\"[^\"]*\": )?"
_IP = r"(?P<src_ip>[0-9A-Fa-f.:]+)(?: \([^()]*\))?"
_TAIL = r"(?: - \{.*\})?$"
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%a, %d %b %Y %H:%M:%S %z", clock)


FORMAT = Format(
    name="typo3",
    title="TYPO3",
    programs=("TYPO3", "typo3"),
    rules=(
        Rule(
            "failed",
            _HEAD + "Login-attempt from " + _IP + r"(?:,| for) username '(?P<user_name>.*)', password not "
            r"accepted!" + _TAIL,
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "unknown",
            _HEAD + "Login-attempt from " + _IP + r"(?:,| for) username '(?P<user_name>.*)' not found!" + _TAIL,
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        Rule(
            "failed_otherwise",
            _HEAD + "Login-attempt from " + _IP + r"(?:,| for) username '(?P<user_name>.*)'.*$",
            "failure",
            "other",
            constants=_WEB,
        ),
        Rule(
            "login",
            _HEAD + r"User (?P<user_name>[^ ]+) logged in from " + _IP + _TAIL,
            "success",
            constants=_WEB,
        ),
        Rule(
            "other",
            r"^\[[A-Z]+\] request=\"[^\"]*\" component=\"[^\"]*\": (?:Core|User .* logged out|"
            r"Data|Record).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "typo3",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} "
            r"[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}) )"
            r"\[[A-Z]+\] request=\"",
            _time,
            program="typo3",
        ),
    ),
    gives=("time", "user_name", "src_ip", "service", "outcome", "reason"),
    lacks="Most of what it knows of sign-ins it keeps in its database (sys_log).",
)
