"""shape: one way of attacking, as the detection notes' table 3.2 describes it."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from serjeant.proving.scene import Scene


@dataclass(frozen=True)
class Shape:
    """An attack that can be drawn.

    :param name: A1 to A14
    :param says: what the crew does, in one sentence
    :param source: where its figures are from
    :param guess: the failing attempts of one crew
    :param falls: share of the accounts that fall; the attempt that gets in is drawn among those at the account
    :param least: fallen accounts at least
    :param late: share of the guesses of which none is right, from the first on
    :param slow: it lasts to the end of the world, and so begins when a third of it is over, not half
    :param by_day: it begins in the morning
    """

    name: str
    says: str
    source: str
    guess: Callable[[Scene], pl.DataFrame]
    falls: float = 0.01
    least: int = 4
    late: float = 0.0
    slow: bool = False
    by_day: bool = False
