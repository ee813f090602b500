"""T7, excess: networks and tools in which failures far outnumber what their successes allow for.

In a quiet cell failures go with successes at odds r0; a cell's failures beyond r0 times its successes are an
attacker's. Accused are the cell's sources without history. Counted are only sources too small to be judged by
themselves, so that one loud address does not condemn its neighbours. Method: Herley & Schechter 2019 (odds of failures
to successes against the least attacked part); detection notes 4.2.
"""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import polars as pl
from scipy import special

from serjeant.detect.contacts import HEALS
from serjeant.detect.detector import Detector
from serjeant.detect.evidence import Evidence as Tables
from serjeant.directory.networks import network_of
from serjeant.model.finding import Evidence, Finding


@dataclass(frozen=True, slots=True)
class Settings:
    """When a cell counts as an attacker's."""

    failing: int = field(default=20, metadata={"help": "least number of failing first contacts in the cell"})
    excess: float = field(default=0.9, metadata={"help": "least share of them beyond what its successes allow"})
    accounts: int = field(default=10, metadata={"help": "least number of different accounts tried"})
    odds: float = field(default=0.12, metadata={"help": "failing first contacts for each succeeding one, where quiet"})


def find(tables: Tables, settings: Settings) -> list[Finding]:
    """One finding for each network (/24, /48) that is an attacker's."""
    contacts = tables.contacts.filter(pl.col("small") | ~pl.col("failed"))
    if not len(contacts):
        return []
    sources = contacts.select(pl.col("source").unique())
    networks = sources.with_columns(network=network_of(sources["source"]))
    cell = pl.col("network")
    # Hardly any network fails often enough, and only of those the order matters.
    table = contacts.join(networks, on="source").filter(pl.col("failed").sum().over(cell) >= settings.failing)
    table = table.sort("network", "time", "source", "user")
    table = table.with_columns(
        observed=pl.col("failed").cast(pl.Int64).cum_sum().over(cell),
        good=(~pl.col("failed")).cast(pl.Int64).cum_sum().over(cell),
        seen=(pl.col("user").is_first_distinct().cast(pl.Int64).cum_sum()).over(cell),
    )
    if not len(table):
        return []
    good, of_row = np.unique(table["good"].to_numpy(), return_inverse=True)
    expected = np.ceil(special.nbdtrik(0.999, 1 + good, 1 / (1 + settings.odds)))[of_row]
    observed = table["observed"].to_numpy()
    excess = 1 - expected / np.maximum(observed, 1)
    hit = (observed >= settings.failing) & (excess >= settings.excess) & (table["seen"].to_numpy() >= settings.accounts)
    table = table.with_columns(excess=pl.Series(excess), hit=pl.Series(hit))
    found = []
    for (network,), part in table.filter(pl.col("hit").any().over(cell)).group_by(cell, maintain_order=True):
        guilty = part.filter(pl.col("failed") & pl.col("orphan"))
        clean = guilty.filter(~pl.col("source").is_in(part.filter(~pl.col("failed"))["source"].implode()))
        if not len(clean):
            continue
        last_excess, total = float(part["excess"].to_list()[-1]), int(part["observed"].to_list()[-1])
        if last_excess < settings.excess:
            continue
        says = (
            f"{last_excess:.0%} of {total} failing first tries from {network} are beyond what its successes allow for"
        )
        times: list[datetime] = clean["time"].to_list()
        enough: datetime = part.filter("hit")["time"][0]
        found.append(
            Finding(
                "excess",
                "T1110.003",
                times[0],
                times[-1],
                max(enough, times[0]) + HEALS,
                sources=tuple(sorted(clean["source"].unique())),
                evidence=(Evidence("excess", says, {"observed": total, "excess": round(last_excess, 3)}),),
            )
        )
    return found


DETECTOR = Detector(
    "excess",
    "T7",
    "T1110.003",
    Settings,
    find,
    "Sees networks only where guessing outweighs honest use by far; single addresses scattered over the world have no "
    "cell in common.",
)
