"""stuffing: A9 and A10, names and passwords from elsewhere."""

import numpy as np
import polars as pl

from serjeant.proving.people import FIRST, LAST
from serjeant.proving.scene import Scene
from serjeant.proving.shape import Shape
from serjeant.proving.world import DAY, HOUR, OTHER, Ints, password

_UNKNOWN, _REAL = 0.4, 0.15
_PER_PROXY = 3
_LOOKERS = 8
_JUNK = 9999


def _stuffing(scene: Scene) -> pl.DataFrame:
    """Each pair of name and password once; a third of the people had two passwords in the breach."""
    rng = scene.rng
    found = np.flatnonzero(rng.random(scene.accounts) < 0.6)
    account = np.concatenate([found, rng.permutation(found)[: len(found) // 3]])
    strangers = round(len(account) * _UNKNOWN / (1 - _UNKNOWN))
    rows = len(account) + strangers
    time = rng.permutation(scene.spread(rows, 2 * DAY))
    proxies = scene.sources(max(20, rows // _PER_PROXY))
    source = rng.choice(proxies, rows)
    mine = len(account)
    turn = np.repeat([0, 1], [len(found), mine - len(found)])
    known = scene.guesses(time[:mine], account, source[:mine], password(OTHER, account, 100 + turn), "web")
    names = _names(scene, strangers) + pl.Series(rng.integers(50, 100, strangers)).cast(pl.String) + "@mail.example"
    owner = scene.accounts + np.arange(strangers)
    unknown = scene.strangers(time[mine:], names, source[mine:], password(OTHER, owner, 100), "web")
    return pl.concat([known, unknown]).sort("time", maintain_order=True)


def _enumeration(scene: Scene) -> pl.DataFrame:
    """One password that nobody has, to see which names are answered otherwise."""
    rng, rows = scene.rng, max(600, scene.accounts)
    real = np.flatnonzero(rng.random(rows) < _REAL)
    time, own = scene.spread(rows, 12 * HOUR), scene.sources(_LOOKERS)
    source = own[rng.integers(0, _LOOKERS, rows)]
    rest = np.setdiff1d(np.arange(rows), real)
    account = rng.permutation(scene.accounts)[: len(real)]
    known = scene.guesses(time[real], account, source[real], scene.listed(account * 0 + _JUNK), "imap", misses=0.0)
    unknown = scene.strangers(
        time[rest], _names(scene, len(rest)), source[rest], scene.listed(rest * 0 + _JUNK), "imap"
    )
    return pl.concat([known, unknown]).sort("time", maintain_order=True)


def _names(scene: Scene, rows: int) -> pl.Series:
    """Plausible names that are nobody's here."""
    pick: Ints = scene.rng.integers(0, len(FIRST) * len(LAST), rows)
    names = pl.Series(FIRST).gather(pick % len(FIRST)) + "." + pl.Series(LAST).gather(pick // len(FIRST))
    taken = names.is_in(scene.site.people.table["account"].to_list())
    return pl.select(pl.when(taken).then("x" + names).otherwise(names).alias("name")).to_series()


SHAPES = (
    Shape(
        "A9",
        "Names and passwords of a breach elsewhere, one or two per account; two names in five are nobody's here.",
        "detection notes 3.2, credential stuffing; Nisenoff et al., USENIX Security 2023",
        _stuffing,
        falls=0.005,
    ),
    Shape(
        "A10",
        "One password that nobody has on thousands of names, few of them real: who answers otherwise exists.",
        "detection notes 3.3 and 4.3",
        _enumeration,
        falls=0.0,
        least=0,
    ),
)
