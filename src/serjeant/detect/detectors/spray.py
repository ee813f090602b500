"""T6, spray: one wrong password on many accounts, whatever addresses it comes from.

Where the log tells guesses apart across accounts, equal fingerprints on different accounts are equal passwords, or
chance: 16 bits make that one in 65,536. This is the one test that does not rest on how a source behaves, so that it
joins addresses that are used once. What people share among themselves (the password that the help desk hands out) is
learnt from the weeks before. (Microsoft found sprays so in 2018, by equal hashes; detection notes 4.2, T6 b.)
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from serjeant.detect.contacts import HEALS
from serjeant.detect.detector import Detector
from serjeant.detect.evidence import Evidence as Tables
from serjeant.detect.tables import WITHIN
from serjeant.model.finding import Evidence, Finding

_Ints = NDArray[np.int64]
_Flags = NDArray[np.bool_]

_TAGS: Final = 65_536
_SEVERAL: Final = 3
"""Addresses that a spray comes from, unless it is wide: one person tries his own password on some mailboxes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How many accounts may fail with one password."""

    chance: float = field(default=1e-6, metadata={"help": "false alarms that chance may give in a window, all tags"})
    accounts: int = field(default=5, metadata={"help": "least number of accounts with the same wrong password"})
    wide: int = field(default=20, metadata={"help": "accounts that suffice where it all comes from one or two sources"})
    days: int = field(default=7, metadata={"help": "the window"})
    memory_days: int = field(default=28, metadata={"help": "days before the window that teach which guesses are usual"})


def find(tables: Tables, settings: Settings) -> list[Finding]:
    """One finding for each password that was sprayed."""
    tried = _tried(tables)
    if not len(tried):
        return []
    sprayed = _sprayed(tried.unique(["user", "guess"], keep="first", maintain_order=True), settings)
    theirs = tried.join(sprayed, on="guess").filter(pl.col("time").is_between("began", "last"))
    by_source = theirs.group_by("source").agg(users=pl.col("user").n_unique(), sprayed=pl.len())
    theirs = theirs.join(by_source, on="source").join(tried.group_by("source").agg(all=pl.len()), on="source")
    # A single account that opens later from there is its owner's, who had the password wrong as many have; so is one
    # that saw other guesses rather.
    accused = (pl.col("users") >= _SEVERAL) | (
        pl.col("orphan") & ((pl.col("users") > 1) | (~pl.col("opened") & (2 * pl.col("sprayed") >= pl.col("all"))))
    )
    told = theirs.group_by("guess").agg(
        pl.col("began", "when", "expected").first(),
        pl.col("time").max().alias("last"),
        users=pl.col("user").n_unique(),
        places=pl.col("source").n_unique(),
        sources=pl.col("source").filter(accused).unique().sort(),
    )
    return [_finding(row) for row in told.sort("when", "guess").iter_rows(named=True) if row["sources"]]


def _tried(tables: Tables) -> pl.DataFrame:
    """What was tried on each account from each source that failed there: ``user, source, guess, time, orphan, opened``.

    In order of time. ``orphan``: nobody signed in from there by then; ``opened``: the account did at some time.
    """
    failed = tables.contacts.filter(pl.col("failed") & pl.col("known"))
    failed = failed.group_by("user", "source").agg(pl.col("orphan").all())
    opened = tables.used.select("user", "source", opened=True)
    across = tables.guesses.filter(~pl.col("guess").cast(pl.String).str.starts_with(WITHIN))
    return (
        across.group_by("user", "source", "guess")
        .agg(time=pl.col("first_t").min())
        .join(failed, on=["user", "source"])
        .join(opened, on=["user", "source"], how="left")
        .with_columns(pl.col("opened").fill_null(value=False))
        .sort("time", "user", "source", "guess")
    )


def _sprayed(tries: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The guesses that too many accounts saw.

    :param tries: the first try of each (user, guess), in order of time
    :return: ``guess, began, when, last, expected``: ``when`` it was too many first, and how many were ``expected`` by
        then; ``last``: when it was too many last
    """
    window, memory = _us(timedelta(days=settings.days)), _us(timedelta(days=settings.memory_days))
    whole = tries["time"].dt.timestamp("us").to_numpy()
    n = np.arange(1, len(whole) + 1) - np.searchsorted(whole, whole - window, "right")
    ordered = tries.with_columns(n=pl.Series(n), serial=pl.col("guess").rank("dense").cast(pl.Int64)).sort(
        "guess", "time", maintain_order=True
    )
    times = ordered["time"].dt.timestamp("us").to_numpy()
    # One sorted axis for all guesses: each has a stretch of its own.
    axis = times - whole[0] + ordered["serial"].to_numpy() * (int(whole[-1] - whole[0]) + 2 * (window + memory))
    begins = np.searchsorted(axis, axis - window, "right")
    count = np.arange(1, len(axis) + 1) - begins
    past = begins - np.searchsorted(axis, axis - window - memory, "right")
    taught = np.clip(times - whole[0] - window, 0, memory)
    ratio = window / np.maximum(taught, window / 7)
    expected = ordered["n"].to_numpy() / _TAGS
    many = special.gammainc(count, expected) <= settings.chance / _TAGS
    unusual = many & ((past == 0) | (special.betainc(count, past + 1, ratio / (1 + ratio)) <= settings.chance / _TAGS))
    fresh = ordered.select(pl.struct("guess", "source").is_first_distinct().cast(pl.Int64)).to_series().to_numpy()
    places = np.cumsum(fresh) - np.concatenate([[0], np.cumsum(fresh)])[begins]
    many &= (places >= _SEVERAL) | (count >= settings.wide)
    least = _least(times, count, taught < window, times[-1] if len(times) else 0, window, settings)
    alarm = many & unusual & (count >= least)
    if alarm.any():
        # What is usual is learnt from before the first alarm only.
        least = _least(times, count, taught < window, times[begins[alarm]].min(), window, settings)
    told = ordered.with_columns(
        began=ordered["time"].gather(begins),
        expected=pl.Series(expected + past * ratio),
        alarm=pl.Series(many & unusual & (count >= least)),
        still=pl.Series(many & (count >= least)),
    )
    first = (
        told.filter("alarm")
        .sort("time")
        .group_by("guess")
        .agg(pl.col("began", "expected").first(), when=pl.col("time").first())
    )
    last = told.filter("still").group_by("guess").agg(last=pl.col("time").max())
    return first.join(last, on="guess")


def _least(times: _Ints, count: _Ints, young: _Flags, until: int, window: int, settings: Settings) -> _Ints:
    """How many accounts a guess must be tried on: twice as many as any was that is usual, within bounds.

    People choose alike: what some of them share when a password runs out was never seen before.

    :param young: there is no earlier window to learn from
    :param until: what came later does not teach
    """
    order = np.argsort(times, kind="stable")
    most = np.concatenate([[0], np.maximum.accumulate(count[order])])
    usual = 2 * most[np.searchsorted(times[order], np.minimum(times - window, until), "right")]
    usual[young] = np.maximum(usual[young], 2 * settings.accounts)
    bounded: _Ints = np.clip(usual, settings.accounts, settings.wide)
    return bounded


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def _finding(row: dict[str, object]) -> Finding:
    began, when, last = row["began"], row["when"], row["last"]
    if not (isinstance(began, datetime) and isinstance(when, datetime) and isinstance(last, datetime)):
        raise TypeError("times were expected")
    sources = row["sources"]
    if not isinstance(sources, list):
        raise TypeError("sources were expected")
    users, places, expected = int(str(row["users"])), int(str(row["places"])), float(str(row["expected"]))
    says = (
        f"the same wrong password on {users:,} accounts from {places:,} addresses, where {expected:.2g} were expected"
    )
    figures = {"accounts": users, "sources": places, "expected": round(expected, 4)}
    return Finding(
        "spray",
        "T1110.003",
        began,
        last,
        when + HEALS,
        sources=tuple(sources),
        evidence=(Evidence("spray", says, figures),),
    )


DETECTOR = Detector(
    "spray",
    "T6",
    "T1110.003",
    Settings,
    find,
    "Needs logs that tell one guess from another across accounts, and a password that is tried on five of them.",
)
