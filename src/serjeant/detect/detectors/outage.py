"""T0, outage: tells which failures were set aside because people failed who never do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from serjeant.detect.detector import Detector
from serjeant.detect.evidence import Evidence as Tables
from serjeant.detect.tables import BIN_SECONDS
from serjeant.model.finding import Evidence, Finding

_SOME = 30
"""Failures of an outage of ten minutes or more that are worth a line; fewer are a device or two."""
_MANY = 100
"""The same of five minutes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """None: the thresholds stand where the tables are made (``detect.outages``), since all evidence rests on them."""


def find(tables: Tables, settings: Settings) -> list[Finding]:
    """One finding for each run of bins that are out, where it is worth a line."""
    out = tables.bins.filter("outage").sort("bin")
    runs = out.with_columns(run=(pl.col("bin").diff().fill_null(1) > 2).cum_sum())
    found = runs.group_by("run", maintain_order=True).agg(
        first=pl.col("bin").min(), last=pl.col("bin").max(), fail=pl.col("familiar_fail").sum()
    )
    told = found.filter((pl.col("fail") >= _MANY) | ((pl.col("last") > pl.col("first")) & (pl.col("fail") >= _SOME)))
    return [_finding(first, last, fail) for _, first, last, fail in told.iter_rows()]


def _finding(first: int, last: int, fail: int) -> Finding:
    start = datetime.fromtimestamp(first * BIN_SECONDS, UTC)
    end = datetime.fromtimestamp((last + 1) * BIN_SECONDS, UTC)
    says = (
        f"{fail} times people failed from where they otherwise sign in, {start:%d %b %H:%M}–{end:%H:%M} UTC: "
        "an outage, not guessing"
    )
    return Finding(
        "outage",
        "",
        start,
        end,
        end,
        evidence=(Evidence("outage", says, {"failures": fail, "minutes": int((end - start) / timedelta(minutes=1))}),),
    )


DETECTOR = Detector(
    "outage",
    "T0",
    "",
    Settings,
    find,
    "Guessing during an outage is not counted until the outage ends.",
)
