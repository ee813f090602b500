"""told: what is said of a campaign's guesses, and which candidates are said by name.

A candidate is named only where chance is ruled out, and never beside an account: it must have been tried on ten
accounts at least, so that it tells of the crew and of nobody's own password.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl
from scipy import special

from serjeant.model.finding import Evidence
from serjeant.passwords.candidates import Candidates
from serjeant.passwords.matching import Matches
from serjeant.passwords.share import Share, chance, share

_CONFIRMED: Final = 1e-9
_ACCOUNTS: Final = 10
"""Accounts that a candidate must have been tried on to be named."""
_TRIED: Final = 20
"""Accounts that a campaign must go for, so that what is said is of none of them."""
_NAMED: Final = 5
_LONGEST: Final = 40
_LEAST: Final = 0.1
_MOST: Final = 0.5
"""At least hardly anything, and at most nearly all, says nothing."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A candidate that was tried, beyond chance.

    :param name: as the lists have it; a template made for each account has ``{User}`` in it
    :param accounts: that have a guess with its fingerprint
    :param expected: by chance
    """

    name: str
    accounts: int
    expected: float


def told(matches: Matches, candidates: Candidates) -> tuple[Evidence, ...]:
    """Sentences for a campaign; none where the guesses are too few to say anything."""
    names = matches.tries["user_name"].n_unique()
    if names < _TRIED:
        return ()
    counted = weak(matches)
    by_name = list(confirmed(matches, candidates))
    return (*_share(counted, matches), *_named(by_name))


def weak(matches: Matches) -> Share:
    """The share of the guesses that were on the list."""
    hit = matches.hits.select("user_name", "tag").n_unique()
    if matches.shared:
        weights = matches.tries.group_by("tag").len()["len"]
    else:
        weights = pl.Series([1]).new_from_index(0, len(matches.tries))
    return share(weights.cast(pl.Float64).to_numpy(), float(hit), matches.shared, matches.own)


def confirmed(matches: Matches, candidates: Candidates) -> Iterator[Confirmed]:
    """The candidates that were tried on more accounts than chance explains, most first.

    What one of them explains is not counted for another.
    """
    names = (*candidates.common, *candidates.templates)
    hits, tries = matches.hits, len(matches.tries)
    if matches.shared:
        # One fingerprint of 65,536 for all accounts: which password it is cannot be told (docs/decisions).
        hits = hits.filter(pl.col("candidate") >= len(candidates.common))
    while len(hits):
        most = hits.group_by("candidate").agg(accounts=pl.col("user_name").n_unique())
        candidate, accounts = most.sort("accounts", "candidate", descending=[True, False]).row(0)
        # The upper tail of the binomial, for all candidates together.
        if accounts < _ACCOUNTS or special.bdtrc(accounts - 1, tries, matches.each) * len(names) > _CONFIRMED:
            return
        yield Confirmed(names[candidate], accounts, tries * matches.each)
        explained = hits.filter(pl.col("candidate") == candidate)
        hits = hits.join(explained, on=["user_name", "tag"], how="anti")


def _share(counted: Share, matches: Matches) -> tuple[Evidence, ...]:
    if counted.low < _LEAST and counted.high > _MOST:
        return ()
    tries, names = len(matches.tries), matches.tries["user_name"].n_unique()
    by_chance = chance(matches.shared, matches.own)
    if counted.low >= _LEAST:
        says = f"at least {counted.low:.0%} of the guesses were common passwords, or made of names, words and years"
    else:
        most = max(counted.high, 0.01)
        says = f"at most {most:.0%} of the guesses were common passwords, or made of names, words and years"
    says += (
        f" ({counted.low:.0%} to {counted.high:.0%} of {tries:,} on {names:,} names; {by_chance:.1%} match by chance)"
    )
    figures = {
        "low": round(counted.low, 4),
        "estimate": round(counted.estimate, 4),
        "high": round(counted.high, 4),
        "guesses": tries,
        "names": names,
        "chance": round(by_chance, 4),
    }
    return (Evidence("passwords", says, figures),)


def _named(found: list[Confirmed]) -> tuple[Evidence, ...]:
    if not found:
        return ()
    shown = [
        f"{_plain(each.name)} on {each.accounts:,} accounts ({each.expected:.2g} by chance)" for each in found[:_NAMED]
    ]
    more = f", and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    return (Evidence("passwords", "guessed for certain: " + ", ".join(shown) + more, {"confirmed": len(found)}),)


def _plain(name: str) -> str:
    """A list comes from elsewhere, too."""
    shown = "".join(sign if sign.isprintable() else "�" for sign in name[:_LONGEST])
    return f"“{shown}”"
