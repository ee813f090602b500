r"""phpMyAdmin, where ``$cfg['AuthLog']`` is syslog or a file.

Source: libraries/classes/Logging.php. The address stands last.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, month_first

_FROM = r" from (?P<src_ip>[0-9A-Fa-f.:]+)$"
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return month_first(stamps, clock)


FORMAT = Format(
    name="phpmyadmin",
    title="phpMyAdmin",
    group="apps",
    programs=("phpMyAdmin", "phpmyadmin"),
    rules=(
        Rule(
            "denied",
            r"^user denied: (?P<user_name>.*) \((?:allow-denied|root-denied|no-activity|captcha-denied)\)" + _FROM,
            "refused",
            "policy",
            constants=_WEB,
        ),
        Rule(
            "failed",
            r"^user denied: (?P<user_name>.*) \([a-z-]+\)" + _FROM,
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule("failed_bare", r"^user denied: (?P<user_name>.*)" + _FROM, "failure", "bad_password", constants=_WEB),
        Rule("login", r"^user authenticated: (?P<user_name>.*)" + _FROM, "success", constants=_WEB),
    ),
    envelopes=(
        Envelope(
            "phpmyadmin",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}): phpmyadmin: )",
            _time,
            program="phpmyadmin",
        ),
    ),
    lacks="It does not tell whether the name exists; successful sign-ins need AuthLogSuccess.",
)
