"""everybody: what is asked of all sources for each campaign, counted once.

A month may hold millions of pairs, and the background of the internet makes hundreds of campaigns.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import polars as pl

from serjeant.assess.firsts import TOOL, firsts, with_own
from serjeant.directory.networks import network_of
from serjeant.model.codes import pair


@dataclass(frozen=True)
class Everybody:
    """All sources.

    :param pairs: ``detect.evidence.Evidence.pairs``
    :param cells: ``detect.evidence.Evidence.cells``
    :param ask: for ``detect.lines.habits``, which only some campaigns need
    """

    pairs: pl.DataFrame
    cells: pl.DataFrame
    ask: Callable[[], pl.DataFrame]

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

    @cached_property
    def with_own(self) -> pl.DataFrame:
        """``firsts``, with ``own``."""
        return with_own(self.firsts, self.habits)

    @cached_property
    def habits(self) -> pl.DataFrame:
        """Who has signed in with which tool, and since when."""
        return self.ask()

    def having(self, tool: tuple[object, ...], by: datetime) -> set[str]:
        """The accounts that had signed in with a tool by then."""
        same = pl.all_horizontal(pl.col(name).eq_missing(pl.lit(it)) for name, it in zip(TOOL, tool, strict=True))
        return set(self.habits.filter(same & (pl.col("since") < by))["user"])
