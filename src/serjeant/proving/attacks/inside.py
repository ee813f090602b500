"""inside: A11 and A12, from addresses that many of us use."""

import numpy as np
import polars as pl

from serjeant.proving.networks import OFFICE_NATS
from serjeant.proving.scene import Scene
from serjeant.proving.shape import Shape
from serjeant.proving.world import DAY, HOUR, Ints

_CARRIERS = 3


def _office(scene: Scene) -> pl.DataFrame:
    rows = round(scene.accounts * 0.6)
    account = scene.rng.permutation(scene.accounts)[:rows]
    first = scene.spread(rows // 2, 8 * HOUR)
    time = np.concatenate([first, DAY + scene.spread(rows - len(first), 8 * HOUR)])
    return _guess(scene, time, account, np.array([scene.site.book.texts.index(OFFICE_NATS[0])]))


def _carrier(scene: Scene) -> pl.DataFrame:
    account = scene.rng.permutation(scene.accounts)
    return _guess(
        scene,
        scene.spread(len(account), 3 * DAY),
        account,
        scene.rng.choice(scene.site.places.cgnat, _CARRIERS, replace=False),
    )


def _guess(scene: Scene, time: Ints, account: Ints, shared: Ints) -> pl.DataFrame:
    rows = len(time)
    return scene.guesses(time, account, scene.rng.choice(shared, rows), scene.listed(account * 0 + 1), "imap")


SHAPES = (
    Shape(
        "A11",
        "From a machine in the office, behind the address of everybody there: six accounts in ten in two working days.",
        "detection notes 3.3 and 2.11; tempo ours",
        _office,
        falls=0.005,
        by_day=True,
    ),
    Shape(
        "A12",
        "Through three of a carrier's shared addresses, which our phones have as well: all accounts in three days.",
        "detection notes 3.3; Cloudflare on shared addresses, 2025-10-29; tempo ours",
        _carrier,
        falls=0.005,
    ),
)
