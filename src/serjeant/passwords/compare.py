"""compare: what was guessed by each campaign, from what its fingerprints tell."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from serjeant.config import PasswordSettings
from serjeant.model.campaign import Campaign
from serjeant.passwords.candidates import Candidates, candidates, read_list, read_nonce
from serjeant.passwords.matching import Kind, Seal, match
from serjeant.passwords.told import told

_CAMPAIGNS: Final = 5
"""The biggest campaigns, which are looked into; each costs seconds."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What guesses are compared with.

    :param nonce: of Dovecot's policy hash; None: it was not given
    """

    settings: PasswordSettings
    listed: tuple[str, ...]
    nonce: bytes | None

    def candidates(self, years: Iterable[int]) -> Candidates:
        """For the years that guesses may end in."""
        return candidates(self.settings.words, self.listed, years)


def comparison(settings: PasswordSettings) -> Comparison:
    """Reads the files that the settings name.

    :raises UnreadableError, UsageError: one of them is not as it should be
    """
    listed = tuple(read_list(Path(settings.candidates_file))) if settings.candidates_file else ()
    nonce = read_nonce(Path(settings.nonce_file)) if settings.nonce_file else None
    return Comparison(settings, listed, nonce)


def with_passwords(
    campaigns: Sequence[Campaign],
    given: Comparison,
    guesses: Callable[[Sequence[str]], pl.DataFrame],
    seal: Seal,
    years: Iterable[int],
) -> tuple[Campaign, ...]:
    """The campaigns, with what is known of their guesses among their evidence.

    :param guesses: ``user_name, guess_site, guess_account`` that failed from some sources
    """
    against = given.candidates(years)
    biggest = sorted(campaigns, key=lambda each: -each.failures)[:_CAMPAIGNS]
    chosen = {each.uid for each in biggest if each.sources}
    made = []
    for campaign in campaigns:
        if campaign.uid in chosen:
            tries, kind = _kind(guesses(campaign.sources), given)
            says = told(match(tries, against, kind, seal), against)
            campaign = replace(campaign, evidence=(*campaign.evidence, *says))
        made.append(campaign)
    return tuple(made)


def _kind(guesses: pl.DataFrame, given: Comparison) -> tuple[pl.DataFrame, Kind]:
    """The fingerprints that tell most: where the nonce is ours, single candidates can be told."""
    within = guesses.select("user_name", tag="guess_account").drop_nulls()
    across = guesses.select("user_name", tag="guess_site").drop_nulls()
    if given.nonce is not None and len(within) * 2 >= len(across):
        return within, Kind(given.nonce, bits=given.settings.hash_bits)
    return across, Kind(digits=given.settings.sha1_digits)
