"""T4, depth: one account is tried with many passwords, or from many addresses.

Counted are different guesses, never repetitions: a forgotten device costs nothing. Only sources that nobody signs in
from count, and of those the ones too small to be judged by themselves. Where the logs do not tell guesses apart, only a rate that no device reaches speaks. (Distinct counting as
in weakforced's policy; thresholds from the detection notes 4.2, the rate is ours.)
"""

from collections.abc import Iterator
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

    guesses_day: int = field(default=30, metadata={"help": "different guesses in 24 hours"})
    guesses_week: int = field(default=60, metadata={"help": "different guesses in 7 days"})
    sources_day: int = field(default=25, metadata={"help": "new failing sources in 24 hours, without a success"})
    rate_day: int = field(default=400, metadata={"help": "failures in a day from one source, guesses not told apart"})


def find(tables: Tables, settings: Settings) -> list[Finding]:
    """One finding for each account and rule."""
    tried = tables.contacts.filter(pl.col("failed") & pl.col("orphan") & pl.col("small"))
    wrong = tables.guesses.join(tried.select("user", "source").unique(), on=["user", "source"], how="semi")
    guesses = wrong.group_by("user", "guess").agg(time=pl.col("first_t").min())
    return [
        *_guesses(guesses, wrong, settings.guesses_day, timedelta(days=1)),
        *_guesses(guesses, wrong, settings.guesses_week, timedelta(days=7)),
        *_sources(tried.filter("known"), settings.sources_day),
        *_fast(tables, tried, settings.rate_day),
    ]


def _guesses(guesses: pl.DataFrame, wrong: pl.DataFrame, least: int, within: timedelta) -> list[Finding]:
    found = []
    for user, when, last, count, sources in _reaches(guesses, wrong, least, within):
        hours = int(within / timedelta(hours=1))
        says = f"{count} different wrong passwords on one account, {least} of them within {hours} hours"
        found.append(_finding(user, when, last, sources, says, {"guesses": count, "hours": hours}))
    return found


def _sources(tried: pl.DataFrame, least: int) -> list[Finding]:
    found = []
    for user, when, last, count, sources in _reaches(tried, tried, least, timedelta(days=1)):
        says = f"{count} addresses that nobody signs in from failed on one account, {least} of them within a day"
        found.append(_finding(user, when, last, sources, says, {"sources": count}))
    return found


def _fast(tables: Tables, tried: pl.DataFrame, least: int) -> list[Finding]:
    fast = tables.pairs.filter((pl.col("guessed") == 0) & (pl.col("fail") >= least)).join(
        tried, on=["user", "source"], how="semi"
    )
    return [
        _finding(
            user, last, last, (source,), f"{fail} failures on one account from one address in a day", {"failures": fail}
        )
        for user, source, last, fail in fast.select("user", "source", "last_fail", "fail").iter_rows()
    ]


def _reaches(
    events: pl.DataFrame, where: pl.DataFrame, least: int, within: timedelta
) -> Iterator[tuple[str, datetime, datetime, int, tuple[str, ...]]]:
    """Users with ``least`` events within a span: (user, when first so, last event, events in all, sources)."""
    spans = events.sort("user", "time").with_columns(
        ago=pl.when(pl.col("user") == pl.col("user").shift(least - 1)).then(pl.col("time").shift(least - 1))
    )
    hits = spans.filter(pl.col("time") - pl.col("ago") <= within).group_by("user").agg(when=pl.col("time").min())
    sources = where.join(hits, on="user", how="semi").group_by("user").agg(sources=pl.col("source").unique().sort())
    table = (
        events.join(hits, on="user")
        .group_by("user")
        .agg(pl.col("when").first(), last=pl.col("time").max(), count=pl.len())
        .join(sources, on="user")
        .sort("when", "user")
    )
    for user, when, last, count, theirs in table.iter_rows():
        yield user, when, last, count, tuple(theirs)


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
