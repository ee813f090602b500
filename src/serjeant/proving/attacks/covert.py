"""covert: A7, A8 and A13, guesses so few and from so many addresses that no address stands out."""

import numpy as np
import polars as pl

from serjeant.proving.scene import Scene
from serjeant.proving.shape import Shape
from serjeant.proving.world import DAY, DERIVED, Ints, password

_NODES_PER_ACCOUNT = 8000 / 9000
_WORKED = 0.8


def daily(scene: Scene, days: int) -> tuple[Ints, Ints, Ints]:
    """At most one guess per account and calendar day, on 80 % of the days, in another order every day.

    :returns: time, account and day since the onset, sorted by time
    """
    day, account = np.nonzero(scene.rng.random((days, scene.accounts)) < _WORKED)
    midnight = (scene.onset - scene.site.calendar.begin) // DAY * DAY + scene.site.calendar.begin
    time = midnight + day * DAY + scene.rng.integers(0, DAY, len(day))
    inside = (time >= scene.onset) & (time < scene.end)
    order = np.argsort(time[inside], kind="stable")
    return time[inside][order], account[inside][order], day[inside][order]


def _covert(scene: Scene) -> pl.DataFrame:
    time, account, day = daily(scene, min(10, scene.whole_days))
    nodes = scene.sources(max(40, round(scene.accounts * _NODES_PER_ACCOUNT)))
    return scene.guesses(time, account, scene.rng.choice(nodes, len(time)), scene.listed(day), "imap")


def _rare(scene: Scene) -> pl.DataFrame:
    rows = min(scene.accounts, round(scene.accounts * (scene.end - scene.onset) / DAY / 30))
    account = scene.rng.permutation(scene.accounts)[:rows]
    time = scene.spread(rows, scene.end - scene.onset)
    return scene.guesses(time, account, scene.sources(rows), scene.listed(np.arange(rows) * 40 // rows), "imap")


def _derived(scene: Scene) -> pl.DataFrame:
    days = min(7, scene.whole_days)
    first, second = daily(scene, days), daily(scene, days)
    time, account, day = (np.concatenate(pair) for pair in zip(first, second, strict=True))
    number = day * 2 + np.repeat([0, 1], [len(first[0]), len(second[0])])
    nodes = scene.sources(max(20, scene.accounts // 2))
    return scene.guesses(time, account, scene.rng.choice(nodes, len(time)), password(DERIVED, account, number), "imap")


SHAPES = (
    Shape(
        "A7",
        "A covert network: one guess per account on four days of five, each from one of thousands of home routers.",
        "Microsoft, CovertNetwork-1658, 2024-10-31: one a day per account in 80 % of cases, about 8,000 nodes",
        _covert,
    ),
    Shape(
        "A8",
        "One guess per account in thirty days, each from an address that is never used again.",
        "bsdly, Hail Mary Cloud; Microsoft 2020-09-10, nearly each attempt a new address",
        _rare,
        falls=0.005,
        slow=True,
    ),
    Shape(
        "A13",
        "Passwords made from the user's name only, so that none is tried twice; about two a day per account.",
        "bouncing.org, guesses such as Delta2017; tempo ours",
        _derived,
    ),
)
