"""site: a simulated organisation as a whole, which every room of the simulator is handed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from serjeant.proving.networks import Book, Places
from serjeant.proving.people import People
from serjeant.proving.world import HOUR, Calendar, Ints


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that the rooms of the simulator share: who, from where, when."""

    people: People
    places: Places
    book: Book
    calendar: Calendar
    seed: int


def time_of_day(hours: Sequence[int], rows: int, rng: np.random.Generator) -> Ints:
    """Microseconds after midnight, drawn from a weight for each hour (UTC)."""
    steps = np.cumsum(hours) / sum(hours)
    hour = np.searchsorted(steps, rng.random(rows), side="right")
    drawn: Ints = hour * HOUR + rng.integers(0, HOUR, rows)
    return drawn


def walkers(site: Site) -> Ints:
    """Rows of the people who sign in from more than one place."""
    return np.flatnonzero((site.people.rate > 0) & site.people.mobile)


def turns(counts: Ints) -> Ints:
    """0, 1, 2 ... for each of the counts."""
    turn: Ints = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return turn
