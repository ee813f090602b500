r"""rsync's daemon: syslog and its own log file (source: authenticate.c, clientserver.c).

The client's address stands in the first parentheses; only the server's own names are before it. The name goes last.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_RSYNC = {"service": "rsync"}
_FAILED = r"^auth failed on module [^()]* from [^ ()]* \((?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?\)"
_FOR = " for (?P<user_name>.*): "


def _when(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2026/06/05 09:12:33``."""
    return dated(stamps, "%Y/%m/%d %H:%M:%S", clock)


_RULES = (
    Rule(
        "nobody",
        _FAILED
        + _FOR
        + "(?:no matching rule|missing secret for user|no secret for user|unknown user|no secrets file)$",
        "failure",
        "unknown_account",
        None,
        _RSYNC,
    ),
    Rule("denied", _FAILED + _FOR + "denied by rule$", "refused", "policy", None, _RSYNC),
    Rule("wrong", _FAILED + _FOR + "[a-z][A-Za-z' ]+$", "failure", "bad_password", None, _RSYNC),
    Rule("wrong_nameless", _FAILED + "(?:: [A-Za-z ]+)?$", "failure", "bad_password", None, _RSYNC),
    Rule(
        "right",
        r"^rsync (?:on|to) .* from (?P<user_name>[^ @()]+)@[^ ()]* "
        r"\((?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?\)$",
        "success",
        None,
        None,
        _RSYNC,
    ),
    Rule(
        "other",
        "^(?:rsync (?:on|to|allowed|denied|error|warning)|rsync: |rsyncd version|connect from|building file list|sent |"
        "receiving file list|unknown module|module-list|name lookup|forward name|reverse name|max connections|"
        "params_|malformed|total|sender|daemon|@ERROR|ignoring|secrets file|open inet|transfer|file |delta|unable).*$",
    ),
)

FORMAT = Format(
    name="rsyncd",
    title="rsync daemon",
    group="hosts",
    programs=("rsyncd", "rsync"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "rsyncd",
            r"^(?P<header>(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8}) \[(?P<pid>[0-9]+)\] )"
            "(?:auth failed on module|rsync |connect from|building file list|rsyncd version|sent [0-9]+ bytes|name "
            "lookup)",
            _when,
            program="rsyncd",
        ),
    ),
    lacks="It tells names only from release 3.1 on.",
)
