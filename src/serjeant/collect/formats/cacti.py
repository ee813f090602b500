"""Cacti's log, cacti.log (source: lib/auth.php, auth_login.php), in the shapes of date that it offers.

Whether an account is enabled is looked at before its password.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated, iso

_WEB = {"service": "web"}
_FAILED = "^AUTH:? LOGIN FAILED: [A-Za-z ]*Login Failed for user "
_WHO = "'?(?P<user_name>.*?)'? from IP Address '?(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f:]+(?:[.][0-9]+){0,3})'?"


def _either(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2026-06-05 09:12:33``, ``2026/06/05 …``, ``06/05/2026 …``."""
    plain = stamps.str.replace_all("/", "-", literal=True)
    return iso(plain, clock).fill_null(dated(plain, "%m-%d-%Y %H:%M:%S", clock))


FORMAT = Format(
    name="cacti",
    title="Cacti",
    group="apps",
    programs=("cacti", "Cacti"),
    rules=(
        Rule("disabled", _FAILED + _WHO + "[,.]? account disabled[.]?$", "failure", "disabled", None, _WEB),
        Rule("locked", _FAILED + _WHO + "[,.]? (?:account|user) (?:is )?locked[.]?$", "refused", "locked", None, _WEB),
        Rule("wrong", _FAILED + _WHO + "[,.]?(?: [A-Za-z ]+[.]?)?$", "failure", "bad_password", None, _WEB),
        Rule(
            "login",
            "^AUTH:? LOGIN: (?:[A-Za-z]+ )?User '(?P<user_name>.*?)' [Aa]uthenticated"
            "(?: from IP Address '?(?P<src_ip>[0-9A-Fa-f.:]+?)'?[.]?)?$",
            "success",
            None,
            None,
            _WEB,
        ),
        Rule("other", "^(?:SYSTEM|POLLER|CMDPHP|SPINE|WEBUI|BOOST|THOLD|DSSTATS).*$"),
    ),
    envelopes=(
        Envelope(
            "cacti",
            r"^(?P<header>(?P<stamp>"
            r"(?:[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}|[0-9]{2}[-/][0-9]{2}[-/][0-9]{4}) [0-9:]{8}) - )"
            r"AUTH:? LOGIN(?: FAILED)?: ",
            _either,
            program="cacti",
        ),
    ),
    lacks="It does not tell whether a name exists.",
)
