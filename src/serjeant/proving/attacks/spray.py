"""spray: A3, A4 and A6, one password and every account."""

import numpy as np
import polars as pl

from serjeant.proving.scene import Scene
from serjeant.proving.shape import Shape
from serjeant.proving.world import DAY, HOUR, SECOND

_EVERY = 1.5 * SECOND
_DOZEN, _PER_ACCOUNT = 12, 2.2
_TARGETED, _HOURLY, _HOURS, _DAYS, _A_DAY = 0.2, 4, 6, 5, 1294


def _fast(scene: Scene) -> pl.DataFrame:
    """In the directory's order."""
    account = np.arange(scene.accounts)
    time = scene.onset + np.cumsum(scene.rng.exponential(_EVERY, len(account)).astype(np.int64))
    return scene.guesses(
        time, account, np.repeat(scene.sources(1), len(account)), scene.listed(account * 0 + 2), "imap"
    )


def _dozen(scene: Scene) -> pl.DataFrame:
    """Wave after wave over the directory, the last of them not to its end."""
    rows = round(scene.accounts * _PER_ACCOUNT)
    turn = np.arange(rows)
    own = scene.sources(_DOZEN)
    return scene.guesses(
        scene.spread(rows, 20 * HOUR),
        turn % scene.accounts,
        own[scene.rng.integers(0, _DOZEN, rows)],
        scene.listed(turn // scene.accounts),
        "web",
    )


def _strontium(scene: Scene) -> pl.DataFrame:
    """A fifth of the accounts, each worked on for six hours of a day; the addresses change from day to day."""
    targets = scene.rng.permutation(scene.accounts)[: round(scene.accounts * _TARGETED)]
    days = min(_DAYS, scene.whole_days)
    each = _HOURLY * _HOURS
    day, which = (axis.ravel() for axis in np.meshgrid(np.arange(days), np.arange(len(targets)), indexing="ij"))
    start = scene.rng.integers(0, DAY - _HOURS * HOUR, len(day))
    turn = np.tile(np.arange(each), len(day))
    day, which, start = (np.repeat(column, each) for column in (day, which, start))
    time = scene.onset + day * DAY + start + turn * (HOUR // _HOURLY) + scene.rng.integers(0, HOUR // 5, len(day))
    pool = max(60, min(_A_DAY, len(targets) * each // 5))
    own = scene.sources(pool * days)
    order = np.argsort(time, kind="stable")
    source = own[day * pool + scene.rng.integers(0, pool, len(day))]
    guess = scene.listed(day * each + turn)
    return scene.guesses(time[order], targets[which][order], source[order], guess[order], "imap")


SHAPES = (
    Shape(
        "A3",
        "One address tries one password on every account, in the directory's order, every second or two.",
        "detection notes 3.3; tempo ours",
        _fast,
        falls=0.005,
    ),
    Shape(
        "A4",
        "Twelve addresses, two passwords and a fifth on every account, within a day.",
        "Gossamer's example of 22 December 2020: 2.2 per account in a day from 12 addresses",
        _dozen,
        falls=0.005,
    ),
    Shape(
        "A6",
        "A fifth of the accounts, four passwords an hour for six hours a day, nearly each from another address.",
        "Microsoft, STRONTIUM, 2020-09-10: four an hour per account, 1,294 addresses a day, a fifth of the accounts",
        _strontium,
        falls=0.005,
    ),
)
