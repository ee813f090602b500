r"""TrueNAS: its audit log in syslog, JSON behind ``@cee:`` (source: TrueNAS's auditing documentation).

What was typed stands in ``event_data``, a text that is JSON itself; names in it are escaped.
"""

import polars as pl

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_SIGN_IN = {"event": "^AUTHENTICATION$"}


def _typed(rows: pl.DataFrame) -> pl.DataFrame:
    typed = pl.col("data").str.extract(r'"username": ?"((?:[^"\\]|\\.)*)"').str.replace_all(r'\\(["\\])', "$1")
    return rows.with_columns(user_name=pl.coalesce(typed, "user_name"))


_CASES = (
    Case("right", {**_SIGN_IN, "fine": "^true$"}, "success"),
    Case("code", {**_SIGN_IN, "fine": "^false$", "data": "^(?s:.)*(?:OTP|two.?factor)(?s:.)*$"}, "failure", "mfa"),
    Case("expired", {**_SIGN_IN, "fine": "^false$", "data": "^(?s:.)*[Ee]xpired(?s:.)*$"}, "failure", "expired"),
    Case("locked", {**_SIGN_IN, "fine": "^false$", "data": "^(?s:.)*[Ll]ocked(?s:.)*$"}, "failure", "locked"),
    Case("wrong", {**_SIGN_IN, "fine": "^false$"}, "failure", "bad_password"),
    Case("other", {"event": "^[A-Z_]+$"}),
)

FORMAT = Format(
    name="truenas",
    title="TrueNAS",
    group="hosts",
    records=(
        Record(
            fields={
                "time": "TNAUDIT.time",
                "user_name": "TNAUDIT.user",
                "src_ip": "TNAUDIT.addr",
                "service": "TNAUDIT.svc",
                "event": "TNAUDIT.event",
                "fine": "TNAUDIT.success",
                "data": "TNAUDIT.event_data",
            },
            cases=_CASES,
            marks=('"TNAUDIT"',),
            derive=_typed,
        ),
    ),
    values={"service": {"MIDDLEWARE": "web", "SMB": "smb", "SUDO": "sudo"}, "user_name": {".UNAUTHENTICATED": ""}},
    lacks="It does not tell whether an account exists.",
)
