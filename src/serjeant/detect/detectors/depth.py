"""T4, depth: one account is tried with many passwords, or from many addresses.

Counted are different guesses, never repetitions: a forgotten device costs nothing. Only sources that nobody signs in
from count. Where the logs do not tell guesses apart, only a rate that no device reaches speaks. (Distinct counting as
in weakforced's policy; thresholds from the detection notes 4.2, the rate is ours.)
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from serjeant.detect.contacts import HEALS
from serjeant.detect.detector import Detector
from serjeant.detect.evidence import Evidence as Tables
from serjeant.model.finding import Evidence, Finding


@dataclass(frozen=True, slots=True)
class Settings:
    """What one account may see."""

    guesses_day: int = field(default=10, metadata={"help": "different guesses in 24 hours"})
    guesses_week: int = field(default=20, metadata={"help": "different guesses in 7 days"})
    sources_day: int = field(default=5, metadata={"help": "new failing sources in 24 hours, without a success"})
    rate_day: int = field(default=400, metadata={"help": "failures in a day from one source, guesses not told apart"})


def find(tables: Tables, settings: Settings) -> list[Finding]:
    """One finding for each account and rule."""
    orphans = tables.contacts.filter(pl.col("failed") & pl.col("orphan")).select("user", "source").unique()
    return [
        *_many_guesses(tables, orphans, settings),
        *_many_sources(tables, settings),
        *_fast(tables, orphans, settings),
    ]


def _many_guesses(tables: Tables, orphans: pl.DataFrame, settings: Settings) -> list[Finding]:
    wrong = tables.guesses.join(orphans, on=["user", "source"], how="semi")
    first = wrong.group_by("user", "guess").agg(time=pl.col("first_t").min()).sort("user", "time")
    found: list[Finding] = []
    for days, least in ((1, settings.guesses_day), (7, settings.guesses_week)):
        hit = _reaches(first, least, timedelta(days=days))
        for user, when, last, count in hit.iter_rows():
            sources = tuple(sorted(wrong.filter(pl.col("user") == user)["source"].unique()))
            says = f"{count} different wrong passwords on one account, {least} of them within {days * 24} hours"
            found.append(_finding(user, when, last, sources, says, {"guesses": count, "hours": days * 24}))
    return found


def _many_sources(tables: Tables, settings: Settings) -> list[Finding]:
    tried = tables.contacts.filter(pl.col("failed") & pl.col("orphan") & pl.col("known")).sort("user", "time")
    found: list[Finding] = []
    for user, when, last, count in _reaches(tried, settings.sources_day, timedelta(days=1)).iter_rows():
        sources = tuple(sorted(tried.filter(pl.col("user") == user)["source"].unique()))
        says = f"{count} addresses that nobody signs in from failed on one account, {settings.sources_day} within a day"
        found.append(_finding(user, when, last, sources, says, {"sources": count}))
    return found


def _fast(tables: Tables, orphans: pl.DataFrame, settings: Settings) -> list[Finding]:
    fast = tables.pairs.join(orphans, on=["user", "source"], how="semi").filter(
        (pl.col("guessed") == 0) & (pl.col("fail") >= settings.rate_day)
    )
    rows = fast.select("user", "source", "first_fail", "last_fail", "fail").iter_rows()
    return [
        _finding(user, last, last, (source,), f"{fail} failures on one account from one address in a day", {"failures": fail})
        for user, source, _, last, fail in rows
    ]


def _reaches(events: pl.DataFrame, least: int, within: timedelta) -> pl.DataFrame:
    """Users with ``least`` events within a span: (user, when first, last event, events in all)."""
    spans = events.with_columns(ago=pl.col("time").shift(least - 1).over("user"))
    hits = spans.filter(pl.col("time") - pl.col("ago") <= within).group_by("user").agg(when=pl.col("time").min())
    return (
        events.join(hits, on="user")
        .group_by("user")
        .agg(pl.col("when").first(), last=pl.col("time").max(), count=pl.len())
        .sort("when", "user")
    )


def _finding(
    user: str, when: datetime, last: datetime, sources: tuple[str, ...], says: str, figures: dict[str, int]
) -> Finding:
    return Finding(
        "depth",
        "T1110.001",
        when,
        last,
        when + HEALS,
        sources=sources,
        accounts=(user,),
        evidence=(Evidence("depth", says, figures),),
    )


DETECTOR = Detector(
    "depth",
    "T4",
    "T1110.001",
    Settings,
    find,
    "Without guess fingerprints only many addresses or hundreds of failures a day on one account are seen.",
)
