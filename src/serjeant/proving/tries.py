"""tries: what honest people, strangers and crews do in a drawn world, before it is turned into logins."""

from typing import Final

import polars as pl

from serjeant.proving.site import Site
from serjeant.proving.world import ATTEMPTS, Ints, attempts

TRIES: Final = pl.Schema({**ATTEMPTS, "phase": pl.String(), "crew": pl.String(), "client": pl.String()})
"""One row per attempt: ATTEMPTS, whose crew it is of, what it is a part of, and what the client calls itself.

``client`` null: whatever the account's own device says."""


def tries(table: pl.DataFrame, phase: str, crew: str = "", client: str | None = None) -> pl.DataFrame:
    """ATTEMPTS as a part of a drawn world."""
    named = table.select(ATTEMPTS.names()).with_columns(
        phase=pl.lit(phase), crew=pl.lit(crew), client=pl.lit(client, pl.String)
    )
    return named.select(TRIES.names())


def done(
    site: Site,
    time: Ints,
    account: Ints,
    source: Ints,
    outcome: str,
    guess: Ints,
    phase: str,
    client: str | None = None,
) -> pl.DataFrame:
    """What honest people did at the mail server."""
    name = site.people.spelled(account, site.people.habit[account, 0])
    table = attempts(time, account, name, source, "imap", outcome, guess, "honest")
    return tries(table, phase, client=client)
