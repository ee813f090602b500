"""T5, enumeration: a source that tries names which are no accounts is looking for those that are.

Sequential test over the names of a source: unknown ones add 2.30, known ones take 0.64 (θ0 = 0.05, θ1 = 0.5);
detection notes 4.2. Names that are nearly one of the source's own accounts are typing errors and do not count.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from serjeant.detect.contacts import HEALS
from serjeant.detect.detector import Detector
from serjeant.detect.evidence import Evidence as Tables
from serjeant.detect.sequential import windowed
from serjeant.model.codes import in_order, pair
from serjeant.model.finding import Evidence, Finding


@dataclass(frozen=True, slots=True)
class Settings:
    """When a source counts as enumerating."""

    unknown: float = field(default=2.30, metadata={"help": "added by a name that is no account"})
    known: float = field(default=-0.64, metadata={"help": "added by an account"})
    threshold: float = field(default=11.5, metadata={"help": "flagged at this sum"})
    names: int = field(default=10, metadata={"help": "least number of unknown names"})
    share: float = field(default=0.5, metadata={"help": "least share of unknown names"})
    window_hours: int = field(default=48, metadata={"help": "names older than this no longer count"})


def find(tables: Tables, settings: Settings) -> list[Finding]:
    """One finding for each flagged source."""
    events = _names(tables, settings.names)
    events = events.filter(~(_near_own_account(events) & ~pl.col("known")))
    if not len(events):
        return []
    unknown = (~events["known"]).to_numpy()
    sums, begins, _ = windowed(
        events["source"],
        events["time"],
        np.where(unknown, settings.unknown, settings.known),
        timedelta(hours=settings.window_hours),
    )
    strange = np.concatenate([[0], np.cumsum(unknown)])
    in_window = np.arange(1, len(unknown) + 1) - begins
    many = strange[1:] - strange[begins]
    hit = (sums >= settings.threshold) & (many >= settings.names) & (many >= settings.share * in_window)
    when = events.filter(pl.Series(hit)).group_by("source").agg(detected=pl.col("time").min())
    table = (
        events.join(when, on="source")
        .group_by("source")
        .agg(
            pl.col("time").min().alias("first"),
            pl.col("time").max().alias("last"),
            pl.col("detected").first(),
            names=pl.col("user").n_unique(),
            unknown=(~pl.col("known")).sum(),
        )
    )
    return [
        _finding(source, first, last, detected, names, unknown)
        for source, first, last, detected, names, unknown in table.sort("detected", "source").iter_rows()
    ]


def _names(tables: Tables, least: int) -> pl.DataFrame:
    """The names of each source: accounts on every day on which they are used, a name that is no account once."""
    strange = tables.pairs.select("source", "user", new=~pl.col("known") & (pl.col("fail") > 0) & (pl.col("ok") == 0))
    names = strange.filter("new").select("source", pair().alias("pair")).unique("pair")
    unknown = names.group_by("source").len().filter(pl.col("len") >= least)
    tried = tables.pairs.select("source", "user", "known", "first_fail", "first_t", "fail", "ok")
    events = (
        tried.join(unknown, on="source", how="semi")
        .filter((pl.col("fail") > 0) | (pl.col("ok") > 0))
        .select("source", "user", "known", time=pl.coalesce("first_fail", "first_t"), failed=pl.col("ok") == 0)
        .sort("user")
    )
    events = in_order(events, "source", time="time")
    return events.filter(pl.col("known") | pair().is_first_distinct())


def _near_own_account(events: pl.DataFrame) -> pl.Expr:
    """Names that differ in their last letters only from an account that signs in from the source."""
    stem = pl.col("user").cast(pl.String).str.head(4)
    own = events.filter(pl.col("known") & ~pl.col("failed")).select("source", stem=stem).unique()
    keys = own.select(key=pl.col("source") + "\0" + pl.col("stem"))["key"].implode()
    return (pl.col("source") + "\0" + stem).is_in(keys)


def _finding(source: str, first: datetime, last: datetime, detected: datetime, names: int, unknown: int) -> Finding:
    says = f"{source} tried {unknown} names that are no accounts, of {names} in all"
    evidence = (Evidence("enumeration", says, {"names": names, "unknown": unknown}),)
    return Finding("enumeration", "T1589.001", first, last, detected + HEALS, sources=(source,), evidence=evidence)


DETECTOR = Detector(
    "enumeration",
    "T5",
    "T1589.001",
    Settings,
    find,
    "Needs logs (or a directory) that tell unknown names from wrong passwords, and ten names from one address.",
)
