"""directory: every account, and whom a typed name means."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from serjeant.directory.names import normalise
from serjeant.model.account import Account


@dataclass(frozen=True)
class Directory:
    """The accounts of the house.

    :param accounts: every account, by name; their names, aliases and reaches are normalised
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

        The normalised name is looked up among the accounts, then among the aliases. An alias that two accounts claim
        means the first of them. Without a given list, a name means itself.

        :param user_names: what was typed
        :returns: ``account`` row by row; null where the name is empty or means nobody here
        """
        typed = user_names.cast(pl.String).to_frame("typed")
        known = typed.unique().drop_nulls()
        known = known.with_columns(normalise(known["typed"], self.domains).alias("name"))
        if self.given:
            accounts = [self._names.get(name) for name in known["name"].to_list()]
            known = known.with_columns(pl.Series("account", accounts, dtype=pl.String))
        else:
            known = known.filter(pl.col("name") != "").with_columns(account="name")
        return typed.join(known, on="typed", how="left", maintain_order="left")["account"]

    def fingerprint(self) -> str:
        """A hash of the content that is the same in every process, whatever the order of the accounts."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        accounts = sorted(
            (each.account, each.aliases, each.department, each.kind, each.enabled, each.reaches)
            for each in self.accounts
        )
        content = [self.given, sorted(self.domains), accounts]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    @cached_property
    def _names(self) -> dict[str, str]:
        names = [(account.account, account.account) for account in self.accounts]
        names += [(alias, account.account) for account in self.accounts for alias in account.aliases]
        normalised = normalise(pl.Series([name for name, _ in names], dtype=pl.String), self.domains).to_list()
        return {name: owner for name, (_, owner) in reversed(list(zip(normalised, names, strict=True)))}
