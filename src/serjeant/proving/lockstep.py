"""lockstep: many small machines that each eat their own rows in order, moved on together, one row each at a time.

What a machine does with a row may depend on all before it, so that no window function can say it. The machines do not
depend on each other: all take their next row in one step, and the steps are as many as the longest machine has.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from serjeant.proving.world import Ints

NEVER = np.int64(-(1 << 62))
"""Longer ago than any window."""


@dataclass(frozen=True)
class Rows:
    """The rows of all machines, each machine's together and by time.

    :param time: microseconds
    :param machine: whose row it is, counted from 0
    :param first: by machine, its first row
    :param end: by machine, the row after its last
    :param width: longer than all time there is
    :param place: machine and time as one number, which ascends
    """

    time: Ints
    machine: Ints
    first: Ints
    end: Ints
    width: int
    place: Ints

    def after(self, rows: Ints, times: Ints) -> Ints:
        """The next row of the same machine that is later than a time; its end if there is none."""
        asked = np.minimum(times - self.time.min(), self.width - 1)
        found: Ints = np.searchsorted(self.place, self.machine[rows] * self.width + asked, side="right")
        return found


def rows_of(table: pl.DataFrame, key: list[str]) -> Rows:
    """The rows of a table that is sorted by ``key`` and time and has any, as machines by ``key``."""
    machine = table.select(pl.struct(key).rle_id()).to_series().to_numpy().astype(np.int64)
    first = np.flatnonzero(np.diff(machine, prepend=-1))
    time = table["time"].dt.epoch("us").to_numpy()
    width = int(time.max() - time.min()) + 2
    place = machine * width + (time - time.min())
    return Rows(time, machine, first, np.append(first[1:], len(machine)).astype(np.int64), width, place)
