"""switch: A14, where a service is closed to it the crew goes to the next."""

import numpy as np
import polars as pl

from serjeant.proving.scene import Scene
from serjeant.proving.shape import Shape
from serjeant.proving.world import ATTEMPTS, HOUR, MINUTE

_SERVICES = ("imap", "smtp", "vpn")
_SPAN, _PER_ACCOUNT = 36 * HOUR, 5
_NOTICES = 15 * MINUTE
_KEPT = 0.5


def _guess(scene: Scene) -> pl.DataFrame:
    """Three stages of half a day; half of the addresses are new at each.

    In the first minutes after a service was closed the crew is still turned away there.
    """
    rows, rng = scene.accounts * _PER_ACCOUNT, scene.rng
    size = max(24, scene.accounts // 10)
    own = scene.sources(size * 2)
    time = scene.spread(rows, _SPAN)
    stage = np.minimum((time - scene.onset) * len(_SERVICES) // _SPAN, len(_SERVICES) - 1)
    since = (time - scene.onset) % (_SPAN // len(_SERVICES))
    late = (stage > 0) & (since < _NOTICES)
    at = stage - late
    pick = rng.integers(0, size, rows) + (at * size * _KEPT).astype(np.int64)
    turn = np.arange(rows)
    table = scene.guesses(
        time,
        turn % scene.accounts,
        own[pick],
        scene.listed(turn // scene.accounts),
        pl.Series(_SERVICES).gather(at),
    )
    outcome = pl.when(pl.Series(late)).then(pl.lit("refused")).otherwise(pl.col("outcome").cast(pl.String))
    return table.with_columns(outcome=outcome.cast(ATTEMPTS["outcome"]))


SHAPES = (
    Shape(
        "A14",
        "Five per account in 36 hours; each time a service is closed, the crew moves on: IMAP, SMTP, VPN.",
        "computerweekly.com 450428021: operators changed service when one was blocked; tempo ours",
        _guess,
    ),
)
