"""parliament: A5, weeks of quiet guessing and a day in the open."""

import polars as pl

from serjeant.proving import attack
from serjeant.proving.scene import Scene
from serjeant.proving.shape import Shape
from serjeant.proving.tries import tries
from serjeant.proving.world import DAY, HOUR


def _guess(scene: Scene) -> pl.DataFrame:
    crew = attack.crew(scene.site, scene.rng)
    last = scene.end - DAY
    quiet = attack.quiet(scene.site, crew, scene.rng, begin=scene.onset, end=last - 12 * HOUR)
    overt = attack.overt(scene.site, crew, scene.rng, begin=last + 9 * HOUR)
    return pl.concat(
        [
            tries(quiet, "quiet", scene.crew, scene.tool),
            tries(overt, "overt", scene.crew, scene.tool),
        ]
    )


SHAPES = (
    Shape(
        "A5",
        "A parliament in June 2017: each account about once a week, then 22 times in twelve hours from many addresses.",
        "computerweekly.com 450428021; parliament.uk, June and July 2017",
        _guess,
        falls=26 / 9000,
        least=6,
        slow=True,
    ),
)
