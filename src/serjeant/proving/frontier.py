"""frontier: crews that try each account so often and use each address so many times, to see where finding them ends."""

import re
from typing import Final

import numpy as np
import polars as pl

from serjeant.errors import UsageError
from serjeant.proving.scene import Scene
from serjeant.proving.shape import Shape
from serjeant.proving.world import DAY

EVERY: Final = (365, 180, 90, 30, 10, 3, 1)
"""Days between two guesses at one account."""

USES: Final = (1, 3, 10, 30)
"""Guesses from each address, spread over the whole attack."""

_NAME: Final = re.compile(r"^frontier ([0-9]{1,4})d x([0-9]{1,4})$")


def name(every: int, uses: int) -> str:
    """How such a world is called."""
    return f"frontier {every}d x{uses}"


def split(world: str) -> tuple[int, int] | None:
    """``every`` and ``uses`` of a world of that name; None for any other."""
    found = _NAME.match(world)
    return (int(found[1]), int(found[2])) if found else None


def shape(world: str) -> Shape | None:
    """The attack of a world of the frontier; None for any other world.

    :raises UsageError: a number is none
    """
    found = split(world)
    if found is None:
        return None
    every, uses = found
    if not every or not uses:
        raise UsageError(f"there is no world {world!r}", hint=f"it is called, for example, {name(EVERY[0], USES[0])}")
    says = f"One guess per account in {every} days, around the clock, {uses} from each address."
    return Shape(world, says, "", lambda scene: _guess(scene, every, uses), slow=True)


def _guess(scene: Scene, every: int, uses: int) -> pl.DataFrame:
    """Accounts by chance, again and again; addresses take turns, so that each is used as rarely as it can."""
    span = scene.end - scene.onset
    rows = max(uses, round(scene.accounts * span / DAY / every))
    rounds = -(-rows // scene.accounts)
    account = np.concatenate([scene.rng.permutation(scene.accounts) for _ in range(rounds)])[:rows]
    sources = scene.sources(-(-rows // uses))
    number = np.arange(rows) // scene.accounts
    return scene.guesses(scene.spread(rows, span), account, np.resize(sources, rows), scene.listed(number), "imap")
