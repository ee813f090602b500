r"""ClickHouse's server log.

Source: src/Access/AccessControl.cpp (``authenticate``). The address stands left of the name. That a user is unknown is
hidden from the client, not from the log.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_HEAD = (
    r"^Access(?:Control)?(?:\([a-z ]+\))?: from: \[?(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?, user: "
    r"(?P<user_name>.*): "
)
_DB = {"service": "database"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%Y.%m.%d %H:%M:%S%.f", clock)


FORMAT = Format(
    name="clickhouse",
    title="ClickHouse",
    group="data",
    programs=("clickhouse-server", "clickhouse"),
    rules=(
        Rule(
            "unknown",
            _HEAD + r"Authentication failed: Code: 192\. DB::Exception: .*$",
            "failure",
            "unknown_account",
            constants=_DB,
        ),
        Rule(
            "address",
            _HEAD + r"Authentication failed: Code: 195\. DB::Exception: .*$",
            "refused",
            "policy",
            constants=_DB,
        ),
        Rule("failed", _HEAD + r"Authentication failed.*$", "failure", "bad_password", constants=_DB),
        Rule(
            "other",
            r"^(?:TCP|HTTP|MySQL|Postgre|Server|Dynamic|ContextAccess|executeQuery|Memory|"
            r"Application)[A-Za-z-]*.*$",
        ),
    ),
    envelopes=(
        Envelope(
            "clickhouse",
            r"^(?P<header>(?P<stamp>[0-9]{4}\.[0-9]{2}\.[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+) \[ [0-9]+ \] "
            r"\{[^{}]*\} <[A-Z][a-z]+> )",
            _time,
            program="clickhouse-server",
        ),
    ),
    lacks="It does not tell successful sign-ins, which are in its table session_log.",
)
