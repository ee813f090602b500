"""expire: fingerprints of guesses do not stay as long as logins do.

They expire some time after they were read, not after what they tell of: logs of last year, read today, can be judged.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from serjeant.store.lake import Lake

_GUESSES: Final = ("guess_account", "guess_site")


def expire(lake: Lake, before: datetime) -> int:
    """Takes the fingerprints out of all lines that were read before a moment, and forgets what was made of them.

    Killed in the middle, it goes on where it was.

    :return: how many files of lines held some
    """
    old = [(day, place) for day in lake.days() for place in lake.segments(day) if _read(place) < before.timestamp()]
    holding = [(day, place) for day, place in old if _holds(place)]
    for day, place in holding:
        rows = pl.read_parquet(place).with_columns(pl.lit(None, pl.String).alias(name) for name in _GUESSES)
        with lake.writing("lines without fingerprints"):
            # First what was made of them: without it, it is made anew.
            for made in ("logins", "evidence/guesses", "evidence/pairs"):
                lake.table(made, day).unlink(missing_ok=True)
        log, _, block = place.stem.partition("-")
        lake.put(log, block, {day: rows})
    return len(holding)


def _read(place: Path) -> float:
    return place.stat().st_mtime


def _holds(place: Path) -> bool:
    return bool(pl.read_parquet(place, columns=list(_GUESSES)).count().sum_horizontal()[0])
