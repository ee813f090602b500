"""OCSF Authentication (class 3002): JSON of any shipper, and the rows of Amazon Security Lake's Parquet.

Source: schema.ocsf.io 1.0 to 1.6. A logon, a Kerberos ticket (activity 3) and a pre-authentication that failed (6) are
attempts to sign in; logoffs and service tickets are none. ``status_id`` says whether, ``status_detail`` and
``status_code`` why, in the words of whoever was there first. A status *challenge* means that a second factor is asked
for, and so that the password counted as right.
"""

from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect import normalised
from serjeant.collect.fields import Paths
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, moment
from serjeant.model import ocsf

_CASES = (
    Case("other_class", {"what": "^other_class$"}),
    Case("logoff", {"what": "^logoff$"}),
    Case("ticket", {"what": "^ticket$"}),
    Case("other_activity", {"what": "^other_activity$"}),
    *normalised.CASES,
    Case("no_verdict", {"what": "^no_verdict$"}),
)

_FIELDS: Paths = {
    **ocsf.PLACES,
    "written": "time",
    "ours": ocsf.OURS["outcome"],
    "our_reason": ocsf.OURS["reason"],
    "product": "metadata.product.name",
    "class": "class_uid",
    "activity": ("activity_id", "activity_name"),
    "type": "type_uid",
    "result": ("status_id", "status"),
    "status": "status",
    "code": "status_code",
    "detail": "status_detail",
    "error": ("api.response.error_message", "api.response.error"),
    "protocol": "auth_protocol_id",
    "logon": ("logon_type_id", "logon_type"),
}

_ACTIVITIES = {
    **dict.fromkeys(("1", "3", "logon", "authentication ticket"), "attempt"),
    **dict.fromkeys(("6", "preauth"), "preauth"),
    **dict.fromkeys(("2", "logoff"), "logoff"),
    **dict.fromkeys(("4", "5", "service ticket request", "service ticket renew"), "ticket"),
}
_RESULTS = {
    **dict.fromkeys(("1", "success"), "success"),
    **dict.fromkeys(("2", "failure", "fail", "failed", "denied", "deny"), "failure"),
    **dict.fromkeys(("challenge", "challenged"), "challenge"),
}
_LOGONS = {"2": "console", "7": "console", "10": "rdp", "11": "console", "12": "rdp", "13": "console"}
_PROTOCOLS = {str(number): ours for ours, (number, _) in ocsf.PROTOCOLS.items()}


def _judged(found: pl.DataFrame) -> pl.DataFrame:
    def word(name: str) -> pl.Expr:
        return pl.col(name).fill_null("").str.to_lowercase()

    found = found.with_columns(
        doing=word("activity").replace_strict(_ACTIVITIES, default="other_activity", return_dtype=pl.String),
        # A name that AWS hides is none.
        user_name=pl.col("user_name").replace("HIDDEN_DUE_TO_SECURITY_REASONS", None),
        done=pl.coalesce(
            word(name).replace_strict(_RESULTS, default=None, return_dtype=pl.String) for name in ("result", "status")
        ),
        why=pl.concat_str("detail", "code", "error", separator=" ", ignore_nulls=True),
        time=pl.when(pl.col("time").str.contains("^[0-9]{4}-")).then("time").otherwise(pl.coalesce("written", "time")),
        # The product tells what was signed in to only where nothing else does, and our own name tells nothing.
        service=pl.coalesce(
            pl.when(pl.col("service").ne_missing(pl.col("product"))).then("service"),
            pl.col("logon").replace_strict(_LOGONS, default=None, return_dtype=pl.String),
            pl.when(pl.col("product") != ocsf.PRODUCT).then("product"),
        ),
        auth_protocol=pl.coalesce(
            "auth_protocol", pl.col("protocol").replace_strict(_PROTOCOLS, default=None, return_dtype=pl.String)
        ),
    )
    found = found.with_columns(theirs=normalised.verdict(found["done"], found["why"], found["user_name"]))
    theirs = pl.col("theirs")
    second = pl.col("is_mfa").str.to_lowercase().is_in(["true", "1"])
    by_us = pl.col("product") == ocsf.PRODUCT
    return found.with_columns(
        what=pl.when(pl.col("class") != str(ocsf.CLASS))
        .then(pl.lit("other_class"))
        .when(pl.col("doing").is_in(["logoff", "ticket", "other_activity"]))
        .then("doing")
        .when((pl.col("doing") == "preauth") & (pl.col("done") != "failure"))
        .then(pl.lit("ticket"))
        .when(pl.col("done") == "challenge")
        .then(pl.lit("challenged_mfa"))
        # Where a second factor took part, either may have been wrong.
        .when((theirs == "failure_other") & second & ~by_us)
        .then(pl.lit("failure_mfa"))
        .otherwise(
            pl.coalesce(
                pl.when(by_us).then(normalised.own(pl.col("ours"), pl.col("our_reason"))),
                theirs,
                pl.lit("no_verdict"),
            )
        )
    )


def _utc(stamps: pl.Series, clock: Clock) -> pl.Series:
    return moment(stamps, Clock(ZoneInfo("UTC"), clock.year))


FORMAT = Format(
    name="ocsf",
    title="OCSF Authentication 3002 (Amazon Security Lake and others)",
    group="normalised",
    records=(Record(_FIELDS, _CASES, "json", ('"class_uid"',), _utc, _judged),),
    lacks="It tells what the log's first reader kept: often not whether the password was right where the rest failed.",
)
