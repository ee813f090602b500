"""T2, source: a sequential test says of each source whether it guesses.

First contacts of a source with account after account: people mostly succeed (θ0 = 0.85), guessers hardly ever
(θ1 = 0.02). Each failing account adds 1.88, each succeeding one takes 3.75, accounts that succeeded earlier are
credit (capped, so that an owned account cannot buy silence). Flagged at ln(0.99 / 1e-5) = 11.5: seven different
accounts without a success. An address from which nobody ever signed in is looked at for longer than others.
Method: TRW (Jung et al. 2004) on logins; detection notes 4.2.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from serjeant.detect.contacts import HEALS
from serjeant.detect.detector import Detector
from serjeant.detect.evidence import Evidence as Tables
from serjeant.detect.sequential import windowed
from serjeant.model.codes import pair
from serjeant.model.finding import Evidence, Finding


@dataclass(frozen=True, slots=True)
class Settings:
    """The two hypotheses, as what each contact adds."""

    failing: float = field(default=1.88, metadata={"help": "added by an account that fails"})
    succeeding: float = field(default=-3.75, metadata={"help": "added by an account that succeeds"})
    unknown: float = field(
        default=1.0, metadata={"help": "added by a name that is no account, unless people sign in there"}
    )
    credit_cap: float = field(default=20.0, metadata={"help": "most credit that earlier successes give"})
    shared: int = field(
        default=20, metadata={"help": "earlier succeeding accounts that make a source a shared one, not judged here"}
    )
    threshold: float = field(default=11.5, metadata={"help": "flagged at this sum"})
    window_hours: int = field(default=48, metadata={"help": "contacts older than this no longer count"})
    at_once: int = field(
        default=12, metadata={"help": "failing accounts, beyond those that outweigh successes, that need no waiting"}
    )
    stranger_days: int = field(default=14, metadata={"help": "the same, in days, while nobody ever signed in there"})


def find(tables: Tables, settings: Settings) -> list[Finding]:
    """One finding for each flagged source."""
    # A device that asks with an old password fails wherever it goes, and many move at once where all clients do.
    events = _able(tables.contacts.filter(~(pl.col("failed") & pl.col("forgotten"))), settings)
    if not len(events):
        return []
    failed, known = events["failed"].to_numpy(), events["known"].to_numpy()
    scores = np.where(failed, np.where(known, settings.failing, settings.unknown), settings.succeeding)
    sums, begins, of_source = windowed(events["source"], events["time"], scores, timedelta(hours=settings.window_hours))
    # An account gives credit once, however often it comes back.
    fresh = np.zeros(len(events), np.bool_)
    fresh[~failed] = events.filter(~pl.col("failed")).select(pair().is_first_distinct()).to_series().to_numpy()
    credit = np.concatenate([[0], np.cumsum(fresh)])
    earlier = credit[begins] - credit[of_source]
    # Where people sign in, a name that is no account is a person's slip.
    slips = np.concatenate([[0.0], np.cumsum(np.where(failed & ~known, settings.unknown, 0.0))])
    good = np.concatenate([[0], np.cumsum(~failed)])
    inside = good[1:] - good[begins]
    sums = sums - np.where(earlier + inside > 0, slips[1:] - slips[begins], 0.0)
    sums[earlier >= settings.shared] = 0.0
    sums = sums - np.minimum(settings.credit_cap, -settings.succeeding * earlier)
    # Where nobody ever got in there is nothing to weigh against, so that a slow one is looked at for longer.
    new = failed & known & events.select(pair().is_first_distinct()).to_series().to_numpy()
    slow, slow_begins, _ = windowed(
        events["source"], events["time"], np.where(new, settings.failing, 0.0), timedelta(days=settings.stranger_days)
    )
    slow[good[1:] > good[of_source]] = 0.0
    begins = np.where(slow > sums, slow_begins, begins)
    sums = np.maximum(sums, slow)
    flagged = events.with_columns(sum=pl.Series(sums), began=events["time"].gather(begins)).filter(
        pl.col("sum") >= settings.threshold
    )
    # Seven that did not heal are known after ten minutes; twelve that failed, beyond all that got in, at once.
    at_once = np.flatnonzero(sums >= settings.at_once * settings.failing)
    early = events[at_once].group_by("source").agg(early=pl.col("time").min())
    flagged = flagged.join(early, on="source", how="left").with_columns(
        sufficed=pl.min_horizontal(pl.col("time") + HEALS, "early")
    )
    when = flagged.group_by("source").agg(
        detected=pl.col("sufficed").min(), first=pl.col("began").min(), llr=pl.col("sum").max()
    )
    # A shared address had honest days before; only what belongs to the guessing is told of.
    since = events.join(when, on="source").filter(pl.col("time") >= pl.col("first"))
    table = since.group_by("source").agg(
        pl.col("first").first(),
        pl.col("time").max().alias("last"),
        pl.col("detected").first(),
        pl.col("llr").first(),
        fails=pl.col("user").filter("failed").n_unique(),
        goods=pl.col("user").filter(~pl.col("failed")).n_unique(),
    )
    columns = ("source", "first", "last", "detected", "fails", "goods", "llr")
    return [_finding(*row) for row in table.sort("detected", "source").select(columns).iter_rows()]


def _able(contacts: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Those of sources that fail often enough to reach the threshold."""
    most = pl.when("known").then(settings.failing).otherwise(max(settings.failing, settings.unknown))
    able = (
        contacts.filter("failed").group_by("source").agg(most=most.sum()).filter(pl.col("most") >= settings.threshold)
    )
    return contacts.join(able.select("source"), on="source", how="semi", maintain_order="left")


def _finding(
    source: str, first: datetime, last: datetime, detected: datetime, fails: int, goods: int, llr: float
) -> Finding:
    says = f"{source} failed on {fails:,} accounts and succeeded on {goods or 'none'}"
    figures = {"failing_accounts": fails, "succeeding_accounts": goods, "llr": round(llr, 1)}
    evidence = (Evidence("source", says, figures),)
    return Finding("source", "T1110.003", first, last, detected, sources=(source,), evidence=evidence)


DETECTOR = Detector(
    "source",
    "T2",
    "T1110.003",
    Settings,
    find,
    "Needs seven accounts from one address within two days: one-shot addresses and guessers inside a shared address "
    "stay below it, and an address from which 20 accounts signed in before is not judged.",
)
