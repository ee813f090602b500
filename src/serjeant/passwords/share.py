"""share: how many of the guesses were on a list, where short fingerprints match it by chance as well.

Chance matches come in clumps: a password that was tried on many accounts matches a common candidate on all of them, or
on none. So the bound is not that of a coin tossed for each guess. It is Chernoff's, of a sum of what each password may
add, and holds at any size; a normal approximation does not where few passwords make up most of the guesses.
"""

from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

_Numbers = NDArray[np.float64]

_STEPS: Final = np.geomspace(1e-6, 20.0, 400)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the guesses, with the interval that holds the truth in at least 95 of 100 cases."""

    low: float
    estimate: float
    high: float


def chance(shared: float, own: float) -> float:
    """How likely a guess that is on no list matches one.

    :param shared: that its password matches a common candidate, and so on each account
    :param own: that it matches what was made for the account
    """
    return 1 - (1 - shared) * (1 - own)


def share(weights: _Numbers, matched: float, shared: float, own: float, error: float = 0.05) -> Share:
    """The share of guesses that were on the list.

    :param weights: of each password that was tried, on how many accounts; where fingerprints differ from account to
        account, one for each account and guess
    :param matched: guesses that match
    :param error: how often the interval may miss
    """
    total, q = float(weights.sum()), chance(shared, own)
    if not total:
        return Share(0.0, 0.0, 1.0)
    above = _beyond(weights, shared, own, _STEPS, error / 2)
    below = _beyond(weights, shared, own, -_STEPS, error / 2)
    low = (matched - q * total - above) / (1 - q) / total
    high = (matched - q * total + below) / (1 - q) / total
    estimate = (matched - q * total) / (1 - q) / total
    most = matched / total  # what is on the list matches for certain
    return Share(*(float(np.clip(each, 0.0, most)) for each in (low, estimate, high)))


def _beyond(weights: _Numbers, shared: float, own: float, steps: _Numbers, error: float) -> float:
    """How far the chance matches may lie from what is expected, on one side. Fewer passwords never lie further."""
    sizes, times = np.unique(weights, return_counts=True)
    tilt = np.outer(steps, sizes)
    alone = np.log1p(own * np.expm1(steps))[:, None] * sizes
    with np.errstate(divide="ignore"):
        moments = np.logaddexp(np.log(shared) + tilt, np.log1p(-shared) + alone)
    spread = moments @ times - steps * chance(shared, own) * weights.sum()
    return float(np.min((spread - log(error)) / np.abs(steps)))
