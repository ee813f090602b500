"""brute: A1 and A2, one account and every password."""

import numpy as np
import polars as pl

from serjeant.proving.scene import Scene
from serjeant.proving.shape import Shape
from serjeant.proving.world import HOUR, SECOND, Ints

_TRIES = 4000
_EVERY = 8 * SECOND
_PER_HOUR = 335
_HOURS = 24
_SOURCES = 200


def _single(scene: Scene) -> pl.DataFrame:
    gaps = scene.rng.exponential(_EVERY, _TRIES).astype(np.int64)
    service = ("imap", "ssh", "smtp")[scene.site.seed % 3]
    return _at_one(scene, scene.onset + np.cumsum(gaps), 1, service)


def _many(scene: Scene) -> pl.DataFrame:
    return _at_one(scene, scene.spread(_PER_HOUR * _HOURS, _HOURS * HOUR), _SOURCES, "imap")


def _at_one(scene: Scene, time: Ints, sources: int, service: str) -> pl.DataFrame:
    people = scene.site.people
    target = scene.rng.choice(people.active[people.mobile[people.active]])
    rows = len(time)
    own = scene.sources(sources)
    return scene.guesses(
        time,
        np.full(rows, target),
        own[scene.rng.integers(0, sources, rows)],
        scene.listed(np.arange(rows)),
        service,
        misses=0.0,
    )


SHAPES = (
    Shape(
        "A1",
        "One address tries 4,000 passwords on one account in nine hours.",
        "detection notes 3.3; tempo ours, as fast as Dovecot's penalties let an address be and a little more",
        _single,
        falls=0.0,
        least=1,
        late=0.8,
    ),
    Shape(
        "A2",
        "Two hundred addresses try 335 passwords an hour on one account, for a day.",
        "Microsoft, STRONTIUM, 2020-09-10: about 335 an hour per account from about 200 addresses",
        _many,
        falls=0.0,
        least=1,
        late=0.8,
    ),
)
