"""T3, egress: behind an address that many of us use, somebody guesses.

An office, a campus or a carrier's gateway has its own usual: so many people an hour fail there on an account that they
have not used there lately, and do not get in later either. What rises far above that is a guesser's (the same sum of
likelihood ratios as ``site``; detection notes 4.2). The address is told as a shared one: nothing is offered against it.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from serjeant.detect import epochs
from serjeant.detect.contacts import HEALS
from serjeant.detect.detector import Detector
from serjeant.detect.evidence import Evidence as Tables
from serjeant.model.finding import Evidence, Finding

_HOUR = 3600
_LATER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Settings(epochs.Settings):
    """When a shared address carries a guesser."""

    shared: int = field(
        default=20, metadata={"help": "accounts that must sign in at an address for it to be a shared one"}
    )
    rises: int = field(
        default=24, metadata={"help": "hours within which it must rise: bad days of a house come slowly"}
    )
    accounts: int = field(default=12, metadata={"help": "least number of accounts that fail in such a span"})


def find(tables: Tables, settings: Settings) -> list[Finding]:
    """One finding for each span in which a shared address carries a guesser."""
    if tables.first is None or tables.last is None:
        return []
    start, end = (int(moment.timestamp()) // _HOUR for moment in (tables.first, tables.last))
    tried = _tried(tables, settings)
    found = []
    for (source,), part in tried.group_by("source", maintain_order=True):
        if part["user"].n_unique() < settings.accounts:
            continue
        at = part["time"].dt.epoch("s").to_numpy() // _HOUR - start
        counts = np.bincount(at, minlength=end - start + 1).astype(np.float64)
        found += [
            finding
            for epoch in epochs.epochs(counts, settings)
            if (finding := _finding(str(source), part, start, epoch, settings)) is not None
        ]
    return sorted(found, key=lambda each: (each.detected_at, each.sources))


def _tried(tables: Tables, settings: Settings) -> pl.DataFrame:
    """First contacts that failed at shared addresses and did not get in there on the day after: user, source, time."""
    shared = tables.residents.filter(pl.col("n") >= settings.shared).select("source")
    failed = tables.contacts.filter(pl.col("failed") & pl.col("known")).join(shared, on="source", how="semi")
    signed_in = tables.pairs.join(failed, on=["user", "source"], how="semi").filter(pl.col("ok") > 0)
    healed = (
        failed.select("user", "source", "time")
        .join(signed_in.select("user", "source", "first_ok"), on=["user", "source"])
        .filter(pl.col("first_ok").is_between(pl.col("time"), pl.col("time") + _LATER))
    )
    return failed.join(healed, on=["user", "source", "time"], how="anti").sort("source", "time", "user")


def _finding(source: str, part: pl.DataFrame, start: int, epoch: epochs.Epoch, settings: Settings) -> Finding | None:
    opens, closes = (_time(start + hour) for hour in (epoch.first, epoch.last + 1))
    inside = part.filter((pl.col("time") >= opens) & (pl.col("time") < closes))
    users = inside["user"].unique().sort().to_list()
    if len(users) < settings.accounts or epoch.alarm - epoch.first >= settings.rises:
        return None
    nth: datetime = inside.unique("user", keep="first", maintain_order=True)["time"].to_list()[settings.accounts - 1]
    hours = epoch.alarm - epoch.first + 1
    seen = inside.filter(pl.col("time") < _time(start + epoch.alarm + 1))["user"].n_unique()
    says = f"{seen:,} accounts failed in {hours} h behind {source}, shared by many; {epoch.expected:.1f} expected"
    times: list[datetime] = inside["time"].to_list()
    return Finding(
        "egress",
        "T1110.003",
        times[0],
        times[-1],
        max(_time(start + epoch.alarm + 1), nth) + HEALS,
        sources=(source,),
        accounts=tuple(users),
        evidence=(Evidence("egress", says, {"accounts": len(users), "expected": round(epoch.expected, 2)}),),
    )


def _time(hour: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(hours=hour)


DETECTOR = Detector(
    "egress",
    "T3",
    "T1110.003",
    Settings,
    find,
    "Blind to guesses at accounts that signed in at that address lately, and to a guesser who keeps below a few an "
    "hour there; what he got into is not told from what its people did.",
)
