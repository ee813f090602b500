"""Syncthing's log of its web interface (source: lib/api/api_auth.go: ``emitLoginAttempt``).

Behind the address its port may follow; a success is an event of its interface only.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_WEB = {"service": "web"}
_WRONG = r"^(?:\[[A-Z0-9]{5}\] )?(?:INFO|WARNING|WRN|INF): Wrong credentials supplied during API authorization from "


def _slashed(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2026/06/05 09:12:33``."""
    return iso(stamps.str.replace_all("/", "-", literal=True), clock)


FORMAT = Format(
    name="syncthing",
    title="Syncthing",
    group="apps",
    programs=("syncthing",),
    rules=(
        Rule(
            "wrong",
            _WRONG + r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?::[0-9]+)?$",
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule(
            "wrong_v6",
            _WRONG + r"\[?(?P<src_ip>[0-9A-Fa-f:]+(?:\.[0-9]+)*)(?:%[^\]]*)?(?:\]:[0-9]+|\])?$",
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule(
            "other",
            r"^(?:\[[A-Z0-9]{5}\] )?(?:INFO|VERBOSE): (?:GUI|Device|Established|Lost|Ready|Completed|TCP|My ID).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "syncthing",
            r"^(?P<header>(?:\[[A-Z0-9]{5}\] )?(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8}(?:\.[0-9]+)?) )"
            r"(?:INFO|WARNING): Wrong credentials supplied during API authorization from ",
            _slashed,
            program="syncthing",
        ),
    ),
    lacks="It tells neither the name nor of any success.",
)
