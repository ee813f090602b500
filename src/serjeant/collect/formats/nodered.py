"""Node-RED with ``audit: true``: objects behind its usual header, or bare.

Source: packages/node_modules/@node-red/editor-api/lib/auth/strategies.js, @node-red/util/lib/log.js.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, bsd

_WEB = {"service": "web"}


def _day_first(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``5 Jun 09:12:33``."""
    return bsd(stamps.str.replace("^([0-9]{1,2}) ([A-Z][a-z]{2}) ", "$2 $1 "), clock)


FORMAT = Format(
    name="nodered",
    title="Node-RED",
    group="apps",
    programs=("node-red", "Node-RED", "nodered"),
    envelopes=(
        # The object tells the year too.
        Envelope(
            "nodered",
            r'^(?P<header>(?P<stamp>[0-9]{1,2} [A-Z][a-z]{2} [0-9:]{8}) - \[audit\] )\{.*"event":"auth\.',
            _day_first,
            program="node-red",
        ),
    ),
    records=(
        Record(
            fields={
                "time": "timestamp",
                "event": "event",
                "user_name": ("username", "user.username", "user"),
                "src_ip": "ip",
                "client": "client",
            },
            cases=(
                Case("wrong", {"event": r"^auth\.login\.fail\.credentials$"}, "failure", "bad_password", None, _WEB),
                Case(
                    "limited", {"event": r"^auth\.login\.fail\.too-?many-?attempts$"}, "refused", "locked", None, _WEB
                ),
                Case("not_allowed", {"event": r"^auth\.login\.fail\.permissions$"}, "challenged", "policy", None, _WEB),
                Case("login", {"event": r"^auth\.login$"}, "success", None, None, _WEB),
                Case(
                    "other",
                    {"event": r"^(?:auth\.|permission\.|api\.|comms\.|flows\.|nodes\.|settings\.|library\.).*$"},
                ),
            ),
            marks=('"event"', '"level"', '"timestamp"'),
        ),
    ),
    lacks="It does not tell where a sign-in came from, unless a proxy of its own adds that.",
)
