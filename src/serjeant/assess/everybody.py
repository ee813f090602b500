"""everybody: what is asked of all sources for each campaign, counted once.

A month may hold millions of pairs, and the background of the internet makes hundreds of campaigns.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import polars as pl

from serjeant.assess.firsts import firsts
from serjeant.directory.networks import network_of
from serjeant.model.codes import pair


@dataclass(frozen=True)
class Everybody:
    """All sources.

    :param pairs: ``detect.evidence.Evidence.pairs``
    :param cells: ``detect.evidence.Evidence.cells``
    """

    pairs: pl.DataFrame
    cells: pl.DataFrame

    @cached_property
    def begin(self) -> datetime | None:
        """The first login."""
        first = self.pairs["first_t"].min()
        return first if isinstance(first, datetime) else None

    @cached_property
    def used(self) -> pl.DataFrame:
        """Who signed in from where: ``user, source, first_ok``."""
        good = self.pairs.filter(pl.col("ok") > 0).with_columns(pair=pair())
        return good.group_by("pair").agg(pl.col("user", "source").first(), pl.col("first_ok").min()).drop("pair")

    @cached_property
    def networks(self) -> pl.DataFrame:
        """``source, network``."""
        sources = self.pairs["source"].unique()
        return pl.DataFrame({"source": sources, "network": network_of(sources)})

    @cached_property
    def lone(self) -> pl.DataFrame:
        """The sources from which one user only signed in: ``user, source, first_ok, network``."""
        return self.used.filter(~pl.col("source").is_duplicated()).join(self.networks, on="source")

    @cached_property
    def firsts(self) -> pl.DataFrame:
        """See ``assess.firsts``."""
        return firsts(self.pairs, self.cells)
