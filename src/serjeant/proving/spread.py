"""spread: a figure over many worlds: its median, and the worst of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from statistics import median
from typing import Final

_Z: Final = 1.959963984540054
"""Of the normal distribution, 95 % lie within so many σ."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What a figure came to.

    :param n: of how many worlds, or seeds
    """

    median: float
    worst: float
    n: int


def spread(values: Iterable[float | None], *, low: bool) -> Spread | None:
    """The spread of what can be told; None where nothing can.

    :param low: a low figure is a good one
    """
    told = [each for each in values if each is not None]
    if not told:
        return None
    return Spread(median(told), max(told) if low else min(told), len(told))


def ratio(part: float, whole: float) -> float | None:
    """A share; None of nothing."""
    return part / whole if whole else None


def never(hours: Iterable[float | None]) -> Sequence[float]:
    """Delays, where that of what was never found has no end."""
    return [inf if each is None else each for each in hours]


def wilson(part: int, whole: int) -> tuple[float, float]:
    """In what interval a share lies, of which so many were seen (Wilson 1927, 95 %)."""
    if not whole:
        return 0.0, 1.0
    share, squared = part / whole, _Z * _Z / whole
    middle = (share + squared / 2) / (1 + squared)
    half = _Z / (1 + squared) * sqrt(share * (1 - share) / whole + squared / (4 * whole))
    return max(0.0, middle - half), min(1.0, middle + half)
