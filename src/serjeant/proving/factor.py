"""factor: who is asked for a second factor, and where: two people in five, at the web mail and the VPN."""

from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.site import Site
from serjeant.proving.world import ATTEMPTS, SECOND, Flags, Ints, scramble

_ASKING: Final = ["web", "vpn"]
_OF_TEN: Final = np.uint64(4)
_FUMBLED: Final = 0.03


def asked(site: Site, account: Ints, service: pl.Series) -> Flags:
    """Whether a right password alone opens nothing there; false for names that are nobody's (-1)."""
    holds = scramble(np.arange(len(site.people.rate)), site.seed + 91) % np.uint64(10) < _OF_TEN
    holders = np.append(holds & site.people.mobile, False)
    at: Flags = service.cast(pl.String).is_in(_ASKING).to_numpy() & holders[account]
    return at


def fumbled(site: Site, done: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Of the sign-ins with a second factor, three in a hundred get it wrong at first; as ATTEMPTS."""
    with_factor = asked(site, done["account"].to_numpy(), done["service"])
    first = done.filter(pl.Series(with_factor & (rng.random(done.height) < _FUMBLED))).select(ATTEMPTS.names())
    return first.with_columns(time=pl.col("time") - 25 * SECOND, outcome=pl.lit("mfa", ATTEMPTS["outcome"]))
