"""targets: whom a campaign goes for next: in what order it takes the accounts, or how long its list is.

In order: the next target is one of the few behind the last one, for the whole crew or for each of its sources. Else the
two halves of its work are two draws from one list, and what both drew tells its length (Chapman 1951; detection notes
4.5).
"""

from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.directory.directory import Directory
from serjeant.model.codes import in_order
from serjeant.model.finding import Evidence, Figure

_LEAST: Final = 30
_NEXT: Final = 0.02
"""Part of the directory that counts as *the next few*."""
_ORDERED: Final = 0.5
"""Share of the steps to one of the next few, where a random one is one in fifty."""
_AGAIN: Final = 7
"""Accounts that both halves must have in common, so that the estimate is no wild guess."""
_SURE: Final = 1.645

Ranks = npt.NDArray[np.int64]


def targets(pairs: pl.DataFrame, directory: Directory, last: datetime | None) -> Evidence | None:
    """One sentence about whom it goes for next; None where nothing can be said.

    :param pairs: of the campaign
    :param last: the last login of all
    """
    tried = pairs.filter((pl.col("fail") > 0) & pl.col("known")).select("user", "source", time="first_fail")
    if tried["user"].n_unique() < _LEAST:
        return None
    names = [account.account for account in directory.accounts] if directory.given else []
    orders = {"the alphabet": sorted(names or tried["user"].unique().to_list()), "the directory": names}
    for name, order in orders.items():
        share = _in_order(tried, order)
        if share >= _ORDERED:
            return _ordered(tried, name, share, len(names), last)
    return _listed(tried, len(names))


def _in_order(tried: pl.DataFrame, order: list[str]) -> float:
    """The share of steps that go to one of the next few, in the whole or source by source."""
    ranks = pl.DataFrame({"user": order, "rank": np.arange(len(order))}, {"user": pl.String, "rank": pl.Int64})
    known = tried.join(ranks.cast({"user": tried.schema["user"]}, strict=False), on="user").sort("time", "rank")
    whole = known.unique("user", keep="first", maintain_order=True)["rank"].to_numpy()
    several = known.group_by("source").len().filter(pl.col("len") >= 3)
    by_source = in_order(known.join(several, on="source", how="semi", maintain_order="left"), "source", time="time")
    same = by_source["source"].to_numpy()[1:] == by_source["source"].to_numpy()[:-1]
    few = max(3, round(_NEXT * len(order)))
    return max(_near(whole, few, len(order)), _near(by_source["rank"].to_numpy(), few, len(order), same))


def _near(ranks: Ranks, few: int, size: int, same: npt.NDArray[np.bool_] | None = None) -> float:
    steps = np.diff(ranks) % size
    steps = steps if same is None else steps[same]
    return float(((steps > 0) & (steps <= few)).mean()) if len(steps) >= _LEAST else 0.0


def _ordered(tried: pl.DataFrame, name: str, share: float, size: int, last: datetime | None) -> Evidence:
    figures: dict[str, Figure] = {"order": name, "share": round(share, 3)}
    says = f"it goes through the accounts in the order of {name}: {share:.0%} of its steps go to one of the next few"
    times: list[datetime] = tried.group_by("user").agg(pl.col("time").min())["time"].sort().to_list()
    left = size - len(times)
    running = last is not None and last - times[-1] <= (times[-1] - times[0]) / 4
    if size and left > 0 and running and times[-1] > times[0]:
        until = times[-1] + (times[-1] - times[0]) / (len(times) - 1) * left
        says += f"; at this tempo it is through on {until:%d %b at %H:%M} UTC"
        figures["through_at"] = until.isoformat()
    return Evidence("targets", says, figures)


def _listed(tried: pl.DataFrame, size: int) -> Evidence | None:
    """How many accounts are on the list, where it is worked through in no order."""
    halves = tried.sort("time")
    middle = len(halves) // 2
    one, two = halves["user"][:middle].unique(), halves["user"][middle:].unique()
    a, b, all_ = len(one), len(two), halves["user"].n_unique()
    both = a + b - all_
    if both < _AGAIN or (size and all_ >= 0.95 * size):
        return None
    about = (a + 1) * (b + 1) / (both + 1) - 1
    spread = _SURE * ((a + 1) * (b + 1) * (a - both) * (b - both) / ((both + 1) ** 2 * (both + 2))) ** 0.5
    low, high = max(all_, round(about - spread)), round(about + spread)
    says = f"its list holds about {about:,.0f} accounts ({low:,} to {high:,}), by those that it tried twice"
    return Evidence("targets", says, {"about": round(about), "low": low, "high": high})
