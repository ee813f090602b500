"""ntfy's log at level DEBUG, JSON or text (source: server/server.go, server/errors.go, log/event.go).

Each request shows its name and password anew; 40101 is a wrong one, 40301 what nobody or this account may see, 42909
too many wrong ones. Successes are told of no request by itself. In text the fields are sorted by name, so that what the
client chose (``http_path``) stands before ``visitor_ip``.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, iso

_API = {"service": "api"}
_CLOSED = r"^Connection closed with HTTP [0-9]+ \(ntfy error [0-9]+\)$"
_TEXT = r"^[A-Z]+ Connection closed with HTTP [0-9]+ \(ntfy error "
_FIELDS = r"\) \(.*, visitor_ip=(?P<src_ip>[0-9A-Fa-f.:]+)(?:, visitor_[a-z_]+=[^,()]*)*\)$"


def _slashed(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``2026/06/05 09:12:33``."""
    return iso(stamps.str.replace_all("/", "-", literal=True), clock)


FORMAT = Format(
    name="ntfy",
    title="ntfy",
    group="apps",
    programs=("ntfy",),
    rules=(
        Rule("wrong", _TEXT + "40101" + _FIELDS, "failure", "bad_password", None, _API),
        Rule("forbidden", _TEXT + "40301" + _FIELDS, "failure", "policy", None, _API),
        Rule("limited", _TEXT + "42909" + _FIELDS, "refused", "locked", None, _API),
        Rule(
            "other",
            r"^(?:TRACE|DEBUG|INFO) (?:HTTP |Access to topic|Authentication failed|Stats|Listening|Published).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "ntfy",
            r"^(?P<header>(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8}) )[A-Z]+ Connection closed with HTTP "
            r"[0-9]{3} \(ntfy error ",
            _slashed,
            program="ntfy",
        ),
    ),
    records=(
        Record(
            fields={
                "time": "time",
                "says": "message",
                "code": "error_code",
                "account": "user_name",
                "user_name": "user_name",
                "src_ip": "visitor_ip",
            },
            cases=(
                Case("wrong_json", {"says": _CLOSED, "code": "^40101$"}, "failure", "bad_password", None, _API),
                # Somebody who is signed in asks for more than is theirs.
                Case("no_access_json", {"says": _CLOSED, "code": "^40301$", "account": "^.+$"}),
                Case("forbidden_json", {"says": _CLOSED, "code": "^40301$"}, "failure", "policy", None, _API),
                Case("limited_json", {"says": _CLOSED, "code": "^42909$"}, "refused", "locked", None, _API),
                Case(
                    "other_json",
                    {"says": "^(?:HTTP |Access to topic |Authentication failed|Connection closed|Stats|Listening ).*$"},
                ),
            ),
            marks=('"time"', '"level"', '"message"', '"tag"'),
        ),
    ),
    lacks="It does not tell which name was tried, and says all this at level DEBUG only.",
)
