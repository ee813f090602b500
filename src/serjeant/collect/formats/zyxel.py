"""Zyxel USG, ATP and ZyWALL: the category ``User`` of their logs, by syslog.

Source: ZyWALL/USG Log Reference (User logs).
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import bsd

_ADMIN = {"service": "console"}

_CASES = (
    Case(
        "locked", {"msg": "^Failed login attempt .*(?:lockout|locked|too many).*$"}, "refused", "locked", None, _ADMIN
    ),
    Case("wrong", {"msg": "^Failed login attempt .*$"}, "failure", "bad_password", None, _ADMIN),
    Case("success", {"msg": "^[A-Z][A-Za-z-]* .* from .* has logged in .*$"}, "success", None, None, _ADMIN),
    Case("other", {"msg": "^.*$"}),
)


def _named(found: pl.DataFrame) -> pl.DataFrame:
    """The account that a note tells is the one that was tried; the field ``user`` may say ``unknown``."""
    return found.with_columns(user_name=pl.coalesce(pl.col("note").str.extract("^Account: (.*)$"), "user_name"))


FORMAT = Format(
    name="zyxel",
    title="Zyxel USG and ZyWALL",
    group="network",
    programs=("zyxel",),
    envelopes=(
        Envelope(
            "zyxel",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) "
            r'(?P<host>[^ =]+) )src="[^"]*" '
            r'dst="[^"]*" msg="',
            bsd,
            program="zyxel",
        ),
    ),
    records=(
        Record(
            kind="logfmt",
            fields={"user_name": "user", "src_ip": "src", "msg": "msg", "note": "note"},
            cases=_CASES,
            marks=('src="', 'msg="', 'cat="User"'),
            derive=_named,
        ),
    ),
    lacks="It calls a wrong password and an unknown name alike, and does not tell which service a user came by.",
)
