"""directory: every account, and whom a typed name means."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from serjeant.directory.lookalikes import skeletons
from serjeant.directory.names import normalise, plain
from serjeant.model.account import Account

_VERSION: Final = 2
"""Changes when names are resolved otherwise, so that what was made from older answers is made anew."""


@dataclass(frozen=True)
class Directory:
    """The accounts of the house.

    :param accounts: every account, by name; their names, aliases and reaches are normalised, or plain where the
        normalised name is another account's
    :param given: somebody gave the list; without one, every name in the logs may be an account
    :param domains: our own mail domains
    """

    accounts: tuple[Account, ...]
    given: bool
    domains: frozenset[str] = frozenset()

    @classmethod
    def empty(cls, domains: frozenset[str] = frozenset()) -> "Directory":
        """The directory of those who gave none."""
        return cls((), given=False, domains=domains)

    def resolve(self, user_names: pl.Series) -> pl.Series:
        """Whom each name means.

        The name as it was typed is looked up first, among the accounts and then among the aliases, then the normalised
        one. An alias that two accounts claim means the first of them; a normalised name that could be either of two
        means neither. Without a given list, a name means itself.

        :param user_names: what was typed
        :returns: ``account`` row by row; null where the name is empty or means nobody here
        """
        typed = user_names.cast(pl.String).to_frame("typed")
        known = typed.unique().drop_nulls()
        known = known.with_columns(normalise(known["typed"], self.domains).alias("name"))
        if self.given:
            known = known.with_columns(plain(known["typed"]).alias("exact"))
            known = known.join(self._exact, left_on="exact", right_on="name", how="left")
            known = known.join(self._loose, on="name", how="left", suffix="_loose")
            known = known.select("typed", account=pl.coalesce("account", "account_loose"))
        else:
            known = known.filter(pl.col("name") != "").with_columns(account="name")
        return typed.join(known, on="typed", how="left", maintain_order="left")["account"]

    def resembled(self, user_names: pl.Series) -> pl.Series:
        """Whose name each looks like and is not: letters of other alphabets, marks, what cannot be seen.

        Whoever types such a name means that account, and is not let in as it.

        :returns: ``account`` row by row; null for names that mean somebody, and those that look like nobody's or two's
        """
        typed = user_names.cast(pl.String)
        if not self.given:
            return pl.Series("account", [None] * len(typed), dtype=pl.String)
        seen = skeletons(normalise(typed, self.domains)).alias("seen").to_frame()
        found = seen.join(self._looks, on="seen", how="left", maintain_order="left")["account"]
        return found.to_frame().select(pl.when(self.resolve(typed).is_null()).then("account")).to_series()

    def meanings(self) -> tuple[dict[str, str], dict[str, str]]:
        """What ``resolve`` looks up: the accounts of names as they were typed, and of normalised ones."""
        exact, loose = (dict(table.select("name", "account").iter_rows()) for table in (self._exact, self._loose))
        return exact, loose

    def fingerprint(self) -> str:
        """A hash of the content that is the same in every process, whatever the order of the accounts."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        accounts = sorted(
            (each.account, each.aliases, each.department, each.kind, each.enabled, each.reaches)
            for each in self.accounts
        )
        content = [_VERSION, self.given, sorted(self.domains), accounts]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    @cached_property
    def _exact(self) -> pl.DataFrame:
        """The account of each name as the directory writes it: ``name``, ``account``."""
        names = self._written.select(plain(self._written["name"]).alias("name"), "account")
        return names.unique("name", keep="first", maintain_order=True)

    @cached_property
    def _loose(self) -> pl.DataFrame:
        """The account of each normalised name, without those that could be several's: ``name``, ``account``."""
        names = self._written.with_columns(name=normalise(self._written["name"], self.domains))
        best = names.filter(pl.col("alias") == pl.col("alias").min().over("name")).unique(["name", "account"])
        alone = best.filter(~best["name"].is_duplicated())
        alone = alone.select("name", "account").join(self._exact, on="name", how="anti")
        return pl.concat([self._exact, alone])

    @cached_property
    def _looks(self) -> pl.DataFrame:
        """The account behind what its name looks like, where that is one account's alone: ``seen``, ``account``."""
        looks = skeletons(normalise(self._written["name"], self.domains))
        owners = pl.DataFrame({"seen": looks, "account": self._written["account"]}).unique()
        return owners.filter(~owners["seen"].is_duplicated() & (owners["seen"] != ""))

    @cached_property
    def _written(self) -> pl.DataFrame:
        """All names, those of accounts before aliases: ``name``, ``account``, ``alias``."""
        names = [(each.account, each.account, False) for each in self.accounts]
        names += [(alias, each.account, True) for each in self.accounts for alias in each.aliases]
        return pl.DataFrame(names, {"name": pl.String, "account": pl.String, "alias": pl.Boolean}, orient="row")
