"""facts: what is true of a drawn world, from its labels alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

import polars as pl

from serjeant.proving.drawn import Drawn

MANY: Final = 3
"""Accounts that a source must have tried to be judged by itself; the others are told apart."""

AFTER: Final = "access"
"""The phase in which an account that has fallen is used; it is no guessing."""

_ATTACK: Final = pl.col("actor") == "attack"
_SLOW: Final = 1.2
_HOUR: Final = 1 / 24


@dataclass(frozen=True, slots=True)
class Crew:
    """Whoever guesses together.

    :param first: their first guess
    :param last: their last one
    :param rate: guesses at an account they tried, a day
    """

    name: str
    first: datetime
    last: datetime
    attempts: int
    rate: float

    @property
    def slow(self) -> bool:
        """They try an account about once a day, or less often."""
        return self.rate <= _SLOW


@dataclass(frozen=True)
class Facts:
    """The truth of one world.

    :param world: its name
    :param logins: ``drawn.LABELLED``, with ``user``: the account, or what was typed where it is none
    """

    world: str
    seed: int
    accounts: int
    logins: pl.DataFrame

    @classmethod
    def of(cls, drawn: Drawn) -> "Facts":
        """The facts of a world."""
        user = pl.coalesce("account", pl.col("user_name").str.to_lowercase())
        return cls(drawn.name, drawn.seed, drawn.accounts.height, drawn.logins.with_columns(user=user).sort("time"))

    @cached_property
    def days(self) -> float:
        """How long the logs are."""
        return _days(self.logins["time"].min(), self.logins["time"].max())

    @cached_property
    def attempts(self) -> pl.DataFrame:
        """All that attackers did, by time."""
        return self.logins.filter(_ATTACK)

    @cached_property
    def guesses(self) -> pl.DataFrame:
        """The guesses among it: without what came after an account fell."""
        return self.attempts.filter(pl.col("phase").fill_null("") != AFTER)

    @cached_property
    def crews(self) -> tuple[Crew, ...]:
        """By name."""
        rows = self.guesses.group_by("crew").agg(
            first=pl.col("time").min(),
            last=pl.col("time").max(),
            n=pl.col("count").sum(),
            users=pl.col("user").n_unique(),
        )
        return tuple(
            Crew(name, first, last, n, n / users / max(_HOUR, _days(first, last)))
            for name, first, last, n, users in rows.sort("crew").iter_rows()
        )

    @cached_property
    def sources(self) -> pl.DataFrame:
        """The attackers' addresses, one row for each crew that used one.

        :return: ``source, crew, since, tried, own``: ``since``: its first attempt; ``tried``: accounts it guessed at, 0
            where it only used what had fallen; ``own``: nobody honest was ever there
        """
        guessed = pl.col("user").filter(pl.col("phase").fill_null("") != AFTER).n_unique()
        known = self.attempts.filter(pl.col("source").is_not_null())
        return (
            known.group_by("source", "crew")
            .agg(since=pl.col("time").min(), tried=guessed)
            .with_columns(own=~pl.col("source").is_in(list(self.honest)))
            .sort("source", "crew")
        )

    @cached_property
    def crew_sources(self) -> Mapping[str, frozenset[str]]:
        """The addresses of each crew."""
        return {crew.name: frozenset(self.sources.filter(crew=crew.name)["source"]) for crew in self.crews}

    @cached_property
    def honest(self) -> frozenset[str]:
        """Addresses from which somebody honest came, be it once."""
        return frozenset(self.logins.filter(actor="honest")["source"].drop_nulls().unique())

    @cached_property
    def strangers(self) -> frozenset[str]:
        """Addresses from which passers-by came, and nobody else."""
        others = self.honest | {source for theirs in self.crew_sources.values() for source in theirs}
        return frozenset(self.logins.filter(actor="background")["source"].drop_nulls().unique()) - others

    @cached_property
    def fallen(self) -> pl.DataFrame:
        """The first time that an attacker signed in to each account: ``user, crew, time``."""
        got_in = self.attempts.filter(outcome="success")
        return got_in.group_by("user", maintain_order=True).agg(pl.col("crew").first(), pl.col("time").first())

    @cached_property
    def known(self) -> frozenset[str]:
        """Accounts whose password an attacker had right, whatever else held."""
        right = self.attempts.filter(pl.col("outcome").is_in(["success", "challenged"]))
        return frozenset(right["user"])

    @cached_property
    def noise(self) -> float:
        """Failures a day that are nobody's attack and look like a lone guess.

        Each is of another account and address: the account exists, and nobody ever signed in from there.
        """
        good = self.logins.filter(outcome="success").select("source").unique()
        others = self.logins.filter(~_ATTACK, pl.col("outcome") == "failure", pl.col("account").is_not_null())
        lone = others.join(good, on="source", how="anti").select("user", "source").unique()
        return lone.height / max(1.0, self.days)

    def before(self, crew: Crew, moment: datetime | None) -> tuple[int, int, int]:
        """What a crew had done by then: guesses, accounts that had fallen, and accounts that fell in all.

        :param moment: None: they were never stopped
        """
        theirs = self.guesses.filter(crew=crew.name)
        falls = self.fallen.filter(crew=crew.name)
        if moment is None:
            return crew.attempts, falls.height, falls.height
        done = theirs.filter(pl.col("time") <= moment)["count"].sum()
        return int(done), falls.filter(pl.col("time") < moment).height, falls.height


def _days(first: object, last: object) -> float:
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return 0.0
    return (last - first) / timedelta(days=1)
