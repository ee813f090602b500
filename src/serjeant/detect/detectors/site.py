"""T1, site: a cumulative sum over the whole site finds that somebody guesses at all, however many addresses he uses.

Counted are *I4*: first-contact failures on real accounts from orphan sources, hour by hour (Javed & Paxson 2013: ask of
the site first, of the sources second; detection notes 4.2). What rises so far above the usual that nearly all of it is
the guesser's, is laid at the door of the addresses that did it, though each of them tried one account only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import special, stats

from serjeant.detect import epochs
from serjeant.detect.contacts import HEALS, vouching
from serjeant.detect.detector import Detector
from serjeant.detect.epochs import Epoch
from serjeant.detect.evidence import Evidence as Tables
from serjeant.model.finding import Evidence, Finding

_HOUR = 3600
_MOST_HOURS = 400 * 24  # one line with a stamp of 1970 must not make half a million hours
_CERTAIN = 0.9
_CLEAR = 0.1
_CHANCE = 1e-5
_SETTLED = timedelta(hours=20)
_SEVERAL = 3
"""Accounts that a source fails on for each that it gets into, where it is a guesser's."""
_TOOL = ("service", "client")
_KIND = ("known", "several", *_TOOL)
"""What addresses have in common: whether most of the names exist, whether it was more than one, and the tool."""


@dataclass(frozen=True, slots=True)
class Settings(epochs.Settings):
    """When the site is under attack, and when a crowd of addresses is the attacker's."""

    pure: float = field(default=0.99, metadata={"help": "least share of a crowd of addresses that is beyond the usual"})


def find(tables: Tables, settings: Settings) -> list[Finding]:
    """One finding for each epoch, and one for each tool whose addresses can be told from the usual ones in it."""
    tried = tables.contacts.filter(pl.col("failed") & pl.col("orphan"))
    events = tried.filter("known")
    if not len(events) or tables.first is None or tables.last is None:
        return []
    end = int(tables.last.timestamp()) // _HOUR
    start = max(int(tables.first.timestamp()) // _HOUR, end - _MOST_HOURS)
    counts = _by_hour(events, start, end)
    found = epochs.epochs(counts, settings)
    crowd = _sources(tables, start) if found else pl.DataFrame()
    findings = []
    for each in found:
        findings.append(_finding(events, counts, start, each))
        findings += _crowd(crowd, found, each, start, len(counts), settings)
    return findings


def _by_hour(events: pl.DataFrame, start: int, end: int) -> npt.NDArray[np.float64]:
    size = end - start + 1
    at = (events["time"].dt.epoch("s") // _HOUR - start).to_numpy()
    return np.bincount(at[(at >= 0) & (at < size)], minlength=size).astype(np.float64)


def _finding(events: pl.DataFrame, counts: npt.NDArray[np.float64], start: int, epoch: Epoch) -> Finding:
    inside = events.filter(pl.col("time").is_between(_time(start + epoch.first), _time(start + epoch.last + 1)))
    seen = int(counts[epoch.first : epoch.alarm + 1].sum())
    hours = epoch.alarm - epoch.first + 1
    says = f"{seen:,} first tries failed in {hours} h from addresses new to us; {epoch.expected:.0f} expected"
    return Finding(
        "site",
        "T1110.003",
        inside["time"].min(),  # type: ignore[arg-type]
        inside["time"].max(),  # type: ignore[arg-type]
        _time(start + epoch.alarm + 1) + HEALS,
        evidence=(Evidence("site", says, {"seen": seen, "expected": round(epoch.expected, 2), "hours": hours}),),
    )


def _sources(tables: Tables, start: int) -> pl.DataFrame:
    """Sources that are nobody's, once for each day on which they failed on somebody new.

    Nobody signs in from them; or they fail on several accounts for each that they get into, as guessers do, and nobody
    had signed in there well before.

    :return: ``source, hour, time`` and the columns of ``_KIND``
    """
    tried = tables.contacts.filter("failed")
    wanted = vouching(tables.pairs).join(tried.select("source").unique(), on="source", how="semi")
    by_source = wanted.group_by("source").agg(
        bad=pl.col("user").filter((pl.col("fail") > 0) & (pl.col("ok") == 0)).n_unique(),
        good=pl.col("user").filter(pl.col("ok") > 0).n_unique(),
        settled=(pl.col("first_ok").min() < pl.col("first_fail").min() - _SETTLED).fill_null(value=False),
    )
    nobodys = by_source.filter((pl.col("good") * _SEVERAL <= pl.col("bad")) & ~pl.col("settled"))
    once = (
        tried.join(nobodys, on="source", how="semi")
        .group_by("source", pl.col("time").dt.date().alias("day"))
        .agg(pl.col("time").min(), real=pl.col("known").sum(), names=pl.len(), several=pl.col("user").n_unique() > 1)
        .with_columns(known=2 * pl.col("real").sum().over("source") > pl.col("names").sum().over("source"))
        .with_columns(pl.col("several").any().over("source"))
    )
    cells = tables.cells.join(once.select("source").unique(), on="source", how="semi")
    tools = cells.sort("hour", "service", "client").group_by("source").agg(pl.col("service", "client").first())
    return once.join(tools, on="source", how="left").with_columns(
        pl.col("service", "client").fill_null(""), hour=pl.col("time").dt.epoch("s") // _HOUR - start
    )


def _crowd(
    crowd: pl.DataFrame, found: Sequence[Epoch], epoch: Epoch, start: int, hours: int, settings: Settings
) -> list[Finding]:
    """The kinds of addresses of which nearly none are to be expected in this epoch, the clearest first.

    As many kinds as leave the share of others among them below ``1 - pure``, at 90 % confidence.
    """
    quiet = np.ones(hours, np.bool_)
    for each in found:
        quiet[each.first : each.last + 1] = False
    clean = int(quiet.sum())
    inside = crowd.filter(pl.col("hour").is_between(epoch.first, epoch.last))
    if clean < settings.learn_hours or not len(inside):
        return []
    usual = crowd.filter(pl.Series(quiet[np.clip(crowd["hour"].to_numpy(), 0, hours - 1)]))
    kinds = inside.group_by(_KIND).agg(seen=pl.col("source").n_unique())
    lasted = (epoch.last - epoch.first + 1) / clean
    before = _usual(usual, kinds)
    kinds = kinds.join(before, on=_KIND).with_columns(expected=pl.col("before") * lasted)
    # A kind that may well be others' gains nothing from standing beside one that is not.
    kinds = kinds.filter(pl.col("expected") <= _CLEAR * pl.col("seen"))
    kinds = kinds.sort(pl.col("expected") / pl.col("seen"), *_KIND)
    expected, seen = kinds["expected"].cum_sum().to_numpy(), kinds["seen"].cum_sum().to_numpy()
    most = stats.gamma.ppf(_CERTAIN, 0.5 + expected)
    pure = np.flatnonzero(1 - most / seen >= settings.pure)
    if not len(pure):
        return []
    told = kinds.head(int(pure[-1]) + 1)
    theirs = inside.join(told.select(_KIND), on=_KIND, how="semi")
    usual_now = told.group_by(_TOOL).agg(rate=pl.col("expected").sum() / (epoch.last - epoch.first + 1))
    alarm = _time(start + epoch.alarm + 1) + HEALS
    others = float(expected[pure[-1]])
    says = (
        f"{theirs['source'].n_unique():,} addresses, each on its own too little to judge, tried in the same way; "
        f"{others:.1f} expected"
    )
    figures = {"addresses": theirs["source"].n_unique(), "others_expected": round(others, 2)}
    evidence = (Evidence("site", says, figures),)
    return [
        Finding(
            "site",
            "T1110.003",
            part["time"].min(),  # type: ignore[arg-type]
            part["time"].max(),  # type: ignore[arg-type]
            max(alarm, _beyond(part, epoch.first)),
            sources=tuple(part["source"].unique().sort().to_list()),
            evidence=evidence,
        )
        for _, part in theirs.join(usual_now, on=_TOOL).group_by(_TOOL, maintain_order=True)
    ]


def _beyond(theirs: pl.DataFrame, first: int) -> datetime:
    """When there were more with one tool than chance gives, once in so many epochs; a second crew may come later."""
    seen = theirs.sort("time").unique("source", keep="first", maintain_order=True)
    mean = (seen["hour"].to_numpy() - first + 1) * seen["rate"].to_numpy()
    sure = np.flatnonzero(special.gammainc(np.arange(1, len(seen) + 1), mean) <= _CHANCE)
    when = seen["time"][int(sure[0]) if len(sure) else -1]
    return when + HEALS  # type: ignore[no-any-return]


def _usual(usual: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
    """How many of each kind there were while it was quiet: ``before`` beside the columns of ``_KIND``.

    Of kinds that were not seen as many are to be expected as were the only ones of theirs (Good 1953, after Turing),
    all of them together; of those whose tool was not seen, as many as were the only ones of their tool.
    """
    by_kind = usual.group_by(_KIND).agg(before=pl.len())
    by_tool = usual.group_by(_TOOL).agg(tool_before=pl.len())
    table = kinds.select(_KIND).join(by_kind, on=_KIND, how="left").join(by_tool, on=_TOOL, how="left")
    new_tool, new_kind = pl.col("tool_before").is_null(), pl.col("before").is_null()
    once_tool, once_kind = int((by_tool["tool_before"] == 1).sum()) + 0.5, int((by_kind["before"] == 1).sum()) + 0.5
    return table.select(
        *_KIND,
        before=pl.when(new_tool)
        .then(once_tool / pl.max_horizontal(new_tool.sum(), 1))
        .when(new_kind)
        .then(once_kind / pl.max_horizontal((new_kind & ~new_tool).sum(), 1))
        .otherwise("before"),
    )


def _time(hour: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(hours=hour)


DETECTOR = Detector(
    "site",
    "T1",
    "T1110.003",
    Settings,
    find,
    "Blind in the first three days of logs, and to addresses that others of us use; which of many one-shot addresses "
    "are the attacker's is known as a share only.",
)
