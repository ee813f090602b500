"""T4, depth: one account is tried with many passwords, or from many addresses.

Counted are different guesses, never repetitions: a forgotten device costs nothing. Only sources that nobody signs in
from count, and of those the ones too small to be judged by themselves. Where the logs do not tell guesses apart, only a
rate that no device reaches speaks. (Distinct counting as in weakforced's policy; the thresholds are ours, see
``docs/decisions/0001-detection-thresholds.md``.)
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import polars as pl

from serjeant.detect.contacts import HEALS
from serjeant.detect.detector import Detector
from serjeant.detect.evidence import Evidence as Tables
from serjeant.model.finding import Evidence, Finding

_PART: Final = 0.1
"""What the crew's addresses try in the middle, of which a bystander tries less than this part."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one account may see."""

    guesses_day: int = field(default=30, metadata={"help": "different guesses in 24 hours"})
    guesses_week: int = field(default=60, metadata={"help": "different guesses in 7 days"})
    sources_day: int = field(default=25, metadata={"help": "new failing sources in 24 hours, without a success"})
    rate_hour: int = field(
        default=150, metadata={"help": "failures in an hour from one source, guesses not told apart"}
    )
    rate_day: int = field(default=400, metadata={"help": "failures in a day from one source, guesses not told apart"})


def find(tables: Tables, settings: Settings) -> list[Finding]:
    """One finding for each account and rule."""
    tried = tables.contacts.filter(pl.col("failed") & pl.col("orphan") & pl.col("small"))
    wrong = tables.guesses.join(tried.select("user", "source").unique(), on=["user", "source"], how="semi")
    wrong = wrong.rename({"first_t": "time"})
    guesses = wrong.group_by("user", "guess").agg(pl.col("time").min())
    return [
        *_guesses(guesses, wrong, settings.guesses_day, timedelta(days=1)),
        *_guesses(guesses, wrong, settings.guesses_week, timedelta(days=7)),
        *_sources(tried.filter("known"), settings.sources_day),
        *_fast(tables, tried, settings.rate_day),
        *_faster(tables, tried, settings.rate_hour),
    ]


def _guesses(guesses: pl.DataFrame, wrong: pl.DataFrame, least: int, within: timedelta) -> list[Finding]:
    found = []
    for user, began, when, last, count, sources in _reaches(guesses, wrong, least, within):
        hours = int(within / timedelta(hours=1))
        says = f"{count} different wrong passwords on one account, {least} of them within {hours} hours"
        found.append(_finding(user, (began, when, last), sources, says, {"guesses": count, "hours": hours}))
    return found


def _sources(tried: pl.DataFrame, least: int) -> list[Finding]:
    found = []
    for user, began, when, last, count, sources in _reaches(tried, tried, least, timedelta(days=1)):
        says = f"{count} addresses that nobody signs in from failed on one account, {least} of them within a day"
        found.append(_finding(user, (began, when, last), sources, says, {"sources": count}))
    return found


def _fast(tables: Tables, tried: pl.DataFrame, least: int) -> list[Finding]:
    fast = tables.pairs.filter((pl.col("guessed") == 0) & (pl.col("fail") >= least)).join(
        tried, on=["user", "source"], how="semi"
    )
    return [
        _finding(
            user,
            (first, last, last),
            (source,),
            f"{fail} failures on one account from one address in a day",
            {"failures": fail},
        )
        for user, source, first, last, fail in fast.select("user", "source", "first_fail", "last_fail", "fail")
        .sort("last_fail", "user", "source")
        .iter_rows()
    ]


def _faster(tables: Tables, tried: pl.DataFrame, least: int) -> list[Finding]:
    """Two devices that ask every minute make 120 in an hour; what makes more is none."""
    untold = tables.pairs.filter((pl.col("guessed") == 0) & (pl.col("fail") > 0)).join(
        tried, on=["user", "source"], how="semi"
    )
    most = untold.group_by("source").agg(
        pl.col("user").sort_by("fail", "user").last(), pl.col("first_fail").min(), pl.col("last_fail").max()
    )
    hours = (
        tables.cells.join(most, on="source")
        .group_by("source", "hour")
        .agg(pl.col("fail").sum(), pl.col("^(user|.*_fail)$").first())
    )
    fast = (
        hours.filter(pl.col("fail") >= least).sort("source", "hour").unique("source", keep="first", maintain_order=True)
    )
    return [
        _finding(
            user,
            (first, datetime.fromtimestamp(3600 * (hour + 1), UTC), last),
            (source,),
            f"{fail} failures within an hour from one address, nearly all on one account",
            {"failures": fail},
        )
        for source, hour, fail, user, first, last in fast.select(
            "source", "hour", "fail", "user", "first_fail", "last_fail"
        ).iter_rows()
    ]


def _reaches(
    events: pl.DataFrame, where: pl.DataFrame, least: int, within: timedelta
) -> Iterator[tuple[str, datetime, datetime, datetime, int, tuple[str, ...]]]:
    """Users with ``least`` events within a span.

    Only what lies between the begin of the first such span and the end of the last one is told of: a slip weeks before
    is nobody's guess.

    :return: (user, first event, when ``least`` were reached, last event, events, sources)
    """
    spans = events.sort("user", "time").with_columns(
        ago=pl.when(pl.col("user") == pl.col("user").shift(least - 1)).then(pl.col("time").shift(least - 1))
    )
    hits = (
        spans.filter(pl.col("time") - pl.col("ago") <= within)
        .group_by("user")
        .agg(began=pl.col("ago").min(), when=pl.col("time").min(), last=pl.col("time").max())
    )
    inside = pl.col("time").is_between("began", "last")
    # Who slips on his own account meanwhile tries once or twice where others try all day.
    each = where.join(hits, on="user").filter(inside).group_by("user", "source").agg(pl.col("fail").sum())
    least_of = pl.col("fail").median().over("user") * _PART
    sources = each.filter(pl.col("fail") >= least_of).group_by("user").agg(pl.col("source").unique().sort())
    counts = events.join(hits, on="user").filter(inside).group_by("user").agg(count=pl.len())
    table = hits.join(counts, on="user").join(sources, on="user").sort("when", "user")
    for user, began, when, last, count, theirs in table.iter_rows():
        yield user, began, when, last, count, tuple(theirs)


def _finding(
    user: str,
    span: tuple[datetime, datetime, datetime],
    sources: tuple[str, ...],
    says: str,
    figures: dict[str, int],
) -> Finding:
    began, when, last = span
    return Finding(
        "depth",
        "T1110.001",
        began,
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
