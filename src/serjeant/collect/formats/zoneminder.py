r"""ZoneMinder's web log: its own file, syslog, and the web server's error log (source: web/includes/auth.php).

The client's address stands before the name, which is quoted to the end of the message.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_WEB = {"service": "web"}
_ADDRESS = r"\[?(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?"
_OWN = r"^(?:[a-z_]+(?:\[[0-9]+\])?[.:] ?)?(?:ERR|WAR|INF) \[" + _ADDRESS + r"\] \["
_APACHE = r"^\[client " + _ADDRESS + r"(?::[0-9]+)?\] (?:ERR|WAR|INF) \["
_AT = r"\](?: at [^ ]+ line [0-9]+)?$"
_REFERER = r"\](?:, referer: .*)?$"


def _when(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``06/05/26 09:12:33``, or ``06/05/26, 9:12:33 AM`` where PHP writes as its country does."""
    plain = stamps.str.replace_all("[,\u202f]", "", literal=False).str.replace("([0-9])([AP]M)$", "$1 $2")
    return dated(plain, "%m/%d/%y %H:%M:%S", clock).fill_null(dated(plain, "%m/%d/%y %I:%M:%S %p", clock))


def _apache(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``Fri Jun 05 09:12:33.123456 2026``."""
    return dated(stamps, "%a %b %e %H:%M:%S%.f %Y", clock)


def _both(name: str, says: str, outcome: str, reason: str | None) -> tuple[Rule, Rule]:
    return (
        Rule(name, _OWN + says + _AT, outcome, reason, None, _WEB),
        Rule(name + "_apache", _APACHE + says + _REFERER, outcome, reason, None, _WEB),
    )


_RULES = (
    *_both("wrong", 'Login denied for user "(?P<user_name>.*)"', "failure", "bad_password"),
    *_both("nobody", "Could not retrieve user (?P<user_name>.*) details", "failure", "unknown_account"),
    *_both("right", 'Login successful for user "(?P<user_name>.*)"', "success", None),
    Rule("other", r"^(?:[a-z_]+(?:\[[0-9]+\])?[.:] ?)?(?:ERR|WAR|INF|DB[0-9]|FAT|PNC) \[[^\[\]]*\] \[[^L].*$"),
)

_DAY = "[0-9]{2}/[0-9]{2}/[0-9]{2}"
_CLOCK = "[0-9]{1,2}:[0-9]{2}:[0-9]{2}"

FORMAT = Format(
    name="zoneminder",
    title="ZoneMinder",
    group="apps",
    programs=("web_php", "zm_web", "zoneminder"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "zoneminder",
            r"^(?P<header>(?P<stamp>" + _DAY + ",? " + _CLOCK + "(?:[ \u202f][AP]M)?)(?: [A-Z]{2,5})?" + r"\.[0-9]+ )"
            r"[a-z_]+\[[0-9]+\]\.[A-Z0-9]{3} \[",
            _when,
            program="web_php",
        ),
        Envelope(
            "zoneminder-apache",
            r"^(?P<header>\[(?P<stamp>[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}\.[0-9]+ [0-9]{4})\] "
            r"\[[a-z0-9:]+\] "
            r"\[pid [0-9]+(?::tid [0-9]+)?\] )\[client [^ ]+\] (?:ERR|WAR|INF) \[(?:Login |Could not retrieve user )",
            _apache,
            program="web_php",
        ),
    ),
    lacks="Where PHP writes the day before the month, days after the twelfth are not read.",
)
