r"""Z-Push, ActiveSync for IMAP servers and Kopano: its error log (lib/core/zpush.php, lib/log/filelog.php)."""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_LEVEL = r"^(?:\[ *[0-9]+\] )?(?:\[ ?[A-Z]+\] )?(?:\[[^\[\]]*\] )?"


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%d/%m/%Y %H:%M:%S", clock)


FORMAT = Format(
    name="zpush",
    title="Z-Push",
    group="mail",
    programs=("z-push", "zpush", "Z-Push"),
    rules=(
        Rule(
            "failed",
            _LEVEL + r"IP: (?P<src_ip>[0-9A-Fa-f.:]+) failed to authenticate user '(?P<user_name>.*)'$",
            "failure",
            "bad_password",
            constants={"service": "web"},
        ),
        Rule("other", _LEVEL + r"(?:Request|Version|Statistics|Sync|Ping|Folder|Provisioning|StatusException).*$"),
    ),
    envelopes=(
        Envelope(
            "zpush-log",
            r"^(?P<header>(?P<stamp>[0-9]{2}/[0-9]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}) )\[ *[0-9]+\] \[ ?[A-Z]+\] "
            r"(?:\[[^\[\]]*\] )?IP: ",
            _time,
            program="z-push",
        ),
    ),
    lacks="It does not tell sign-ins that worked; the server behind it tells of each attempt too.",
)
