"""Serjeant's own logins, as ``serjeant logins`` writes them: CSV, JSON lines, Parquet; and the days of a lake.

Fingerprints of guesses are not among them, nor the account, which is found anew from the name that was typed. The lines
from which a lake made its logins tell of the same attempts once more, and are passed over.
"""

from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect import normalised
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, moment

_COLUMNS = (
    *("time", "user_name", "src_ip", "src_port", "dst_host", "service", "auth_protocol", "is_mfa", "session_uid"),
    *("client", "count"),
)
_FIELDS = {**{name: name for name in _COLUMNS}, "ours": "outcome", "our_reason": "reason", "line_of": "log_uid"}
_CASES = (Case("line", {"line_of": "^.+$"}), *normalised.CASES)


def _judged(found: pl.DataFrame) -> pl.DataFrame:
    return found.with_columns(what=normalised.own(pl.col("ours"), pl.col("our_reason")))


def _unmarked(found: pl.DataFrame) -> pl.DataFrame:
    """Without the mark that keeps a spreadsheet from taking a value for a formula (``report.writers.table``)."""
    return _judged(found.with_columns(pl.all().str.strip_prefix("'")))


def _utc(stamps: pl.Series, clock: Clock) -> pl.Series:
    return moment(stamps, Clock(ZoneInfo("UTC"), clock.year))


FORMAT = Format(
    name="serjeant",
    title="Serjeant's own logins (serjeant logins)",
    group="normalised",
    records=(
        Record(_FIELDS, _CASES, "csv", ("time", "user_name", "outcome", "log_offset"), _utc, _unmarked),
        Record(_FIELDS, _CASES, "json", ('"outcome"', '"log_offset"'), _utc, _judged),
    ),
    lacks="It tells what the logs told; which guesses were alike is not written out.",
)
