"""drawn: a labelled world in memory, as logins; hundreds of them are drawn in one run of the proving ground.

Every label is right by construction: who acts is decided first, and the login is written after.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from serjeant.errors import UsageError
from serjeant.proving import outage, people
from serjeant.proving.falls import fall
from serjeant.proving.matrix import ATTACKS, split
from serjeant.proving.networks import Book, places
from serjeant.proving.population import population
from serjeant.proving.rows import LABELLED, labelled
from serjeant.proving.scene import Scene
from serjeant.proving.shape import Shape
from serjeant.proving.site import Site
from serjeant.proving.tries import TRIES
from serjeant.proving.when import when
from serjeant.proving.world import MINUTE

__all__ = ["LABELLED", "SHORTEST", "SMALLEST", "Drawn", "draw"]

SMALLEST = 200
SHORTEST = 7


@dataclass(frozen=True)
class Drawn:
    """A world that was drawn.

    :param name: as ``matrix`` names it, such as ``A7 expiry``
    :param accounts: the directory: account, aliases (list), department, kind, enabled, reaches (list)
    :param logins: LABELLED, by time
    """

    name: str
    seed: int
    accounts: pl.DataFrame
    logins: pl.DataFrame


def draw(
    name: str,
    seed: int,
    accounts: int = 2000,
    days: int = 28,
    *,
    fingerprints: bool = False,
    shape: Shape | None = None,
) -> Drawn:
    """Draw a world. Equal arguments give equal worlds.

    :param name: an attack (``A7``), an attack and what makes it harder to see (``A7 expiry``), or ``clean``
    :param seed: a whole number from 0
    :param accounts: of the directory, 200 or more
    :param days: of logs, 7 or more
    :param fingerprints: the logs tell one wrong password from another
    :param shape: an attack that is not in the matrix; the name is any
    :raises UsageError: for a world that cannot be drawn
    """
    attack, other = (name, "") if shape is not None else split(name)
    if seed < 0 or accounts < SMALLEST or days < SHORTEST:
        raise UsageError(
            f"a world of seed {seed}, {accounts} accounts and {days} days cannot be drawn",
            hint=f"ask for a seed from 0, {SMALLEST} accounts and {SHORTEST} days or more",
        )
    streams = partial(_rng, seed)
    shape = shape or ATTACKS.get(attack)
    calendar, onset = when(shape, other, days, streams(1))
    staff = people.people(accounts, streams(2))
    book = Book(seed * 7919 + 11)
    site = Site(staff, places(staff, calendar, book, streams(4), seed), book, calendar, seed)
    pieces = [population(site, streams)]
    if shape is not None:
        scene = Scene(site, onset, calendar.end, "A", streams(30))
        pieces.append(fall(scene, shape.guess(scene), max(shape.least, round(accounts * shape.falls))))
    table = pl.concat(pieces).filter(pl.col("time").is_between(calendar.begin, calendar.end - MINUTE, closed="left"))
    if calendar.outage[1] > calendar.outage[0]:
        table = outage.strike(table, staff, calendar, streams(11)).select(TRIES.names())
    return Drawn(name, seed, staff.table, labelled(table, site, fingerprints=fingerprints))


def _rng(seed: int, room: int) -> np.random.Generator:
    return np.random.default_rng([seed, room, 4])
