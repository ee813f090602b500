"""drawn: a labelled world in memory, as logins; hundreds of them are drawn in one run of the proving ground.

Every label is right by construction: who acts is decided first, and the login is written after.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import polars as pl

from serjeant.errors import UsageError
from serjeant.proving import administrators, mangle, outage, people, traps, tricks, when
from serjeant.proving.falls import fall
from serjeant.proving.matrix import ATTACKS, SECOND, split
from serjeant.proving.networks import Book, places
from serjeant.proving.population import Streams, population
from serjeant.proving.rows import LABELLED, labelled
from serjeant.proving.scene import Scene
from serjeant.proving.shape import Shape
from serjeant.proving.site import Site
from serjeant.proving.tries import TRIES
from serjeant.proving.world import HOUR, MINUTE

__all__ = ["LABELLED", "SHORTEST", "SMALLEST", "Drawn", "draw"]

SMALLEST: Final = 200
SHORTEST: Final = 7


@dataclass(frozen=True)
class Drawn:
    """A world that was drawn.

    :param name: as ``matrix`` names it, such as ``A7 expiry``
    :param accounts: the directory: account, aliases (list), department, kind, enabled, reaches (list)
    :param logins: LABELLED, by time
    :param allowed: account and address of each pair that an administrator would have named as a monitor's or scanner's
    """

    name: str
    seed: int
    accounts: pl.DataFrame
    logins: pl.DataFrame
    allowed: tuple[tuple[str, str], ...] = ()


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
    _check(seed, accounts, days)
    streams = partial(_rng, seed)
    shape = ATTACKS.get(attack) if shape is None else shape
    season = when.clean(days, streams(1)) if shape is None else when.attacked(shape, other, days, streams(1))
    site = _site(season, accounts, seed, streams)
    if shape is None:
        honest = traps.all_of(site, population(site, season.expiries, streams), streams)
        return _drawn(name, site, season, honest, streams, fingerprints=fingerprints)
    honest = pl.concat([population(site, season.expiries, streams), traps.everyday(site, streams)])
    parts = [honest, _attack(shape, other, Scene.of(site, season.onset, "A", streams(30)))]
    if other == "crews":
        second = ATTACKS[SECOND.get(attack, "A9")]
        parts.append(_attack(second, "", Scene.of(site, season.onset + 5 * HOUR, "B", streams(31))))
    drawn = _drawn(name, site, season, pl.concat(parts), streams, fingerprints=fingerprints)
    return replace(drawn, logins=mangle.mangled(drawn.logins, streams(12))) if other == "mangled" else drawn


def _check(seed: int, accounts: int, days: int) -> None:
    if seed < 0 or accounts < SMALLEST or days < SHORTEST:
        raise UsageError(
            f"a world of seed {seed}, {accounts} accounts and {days} days cannot be drawn",
            hint=f"ask for a seed from 0, {SMALLEST} accounts and {SHORTEST} days or more",
        )


def _rng(seed: int, room: int) -> np.random.Generator:
    return np.random.default_rng([seed, room, 4])


def _site(season: when.Season, accounts: int, seed: int, streams: Streams) -> Site:
    staff = people.people(accounts, streams(2))
    if not staff.leaver.any():
        # However small the house, somebody has left it.
        gone = staff.mobile & ~staff.table["enabled"].to_numpy()
        staff = replace(staff, leaver=gone & (np.cumsum(gone) == 1))
    book = Book(seed * 7919 + 11)
    return Site(staff, places(staff, season.calendar, book, streams(4), seed), book, season.calendar, seed)


def _attack(shape: Shape, other: str, scene: Scene) -> pl.DataFrame:
    """All that one crew does."""
    guessed = tricks.BEFORE.get(other, _as_it_is)(scene, shape.guess(scene))
    wanted = max(shape.least, round(scene.accounts * shape.falls))
    done = fall(scene, guessed, wanted, late=shape.late, unseen=other == "lucky")
    return tricks.AFTER.get(other, _as_it_is)(scene, done)


def _as_it_is(_scene: Scene, table: pl.DataFrame) -> pl.DataFrame:
    return table


def _drawn(
    name: str, site: Site, season: when.Season, table: pl.DataFrame, streams: Streams, *, fingerprints: bool
) -> Drawn:
    calendar = site.calendar
    table = table.filter(pl.col("time").is_between(calendar.begin, calendar.end - MINUTE, closed="left"))
    for at, away in enumerate(season.outages):
        during = pl.col("time").is_between(*away, closed="left")
        dark = replace(calendar, outage=away)
        struck = outage.strike(table.filter(during), site.people, dark, streams(200 + at))
        table = pl.concat([table.filter(~during), struck.select(TRIES.names())])
    logins = labelled(table, site, fingerprints=fingerprints)
    return Drawn(name, site.seed, site.people.table, logins, administrators.allowed(site, table))
