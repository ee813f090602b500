"""outage: minutes in which the password database is away, and right passwords fail."""

import numpy as np
import polars as pl

from serjeant.proving.logs import host_of
from serjeant.proving.people import People
from serjeant.proving.world import ATTEMPTS, MINUTE, SECOND, Calendar


def strike(done: pl.DataFrame, people: People, calendar: Calendar, rng: np.random.Generator) -> pl.DataFrame:
    """Let every mail sign-in of the outage fail; clients of people ask again until it is over.

    mx1 reports a temporary failure. The replica behind mx2 calls every password wrong, and its log says just that.

    :param done: ATTEMPTS
    """
    begin, end = calendar.outage
    hit = pl.col("time").is_between(begin, end, closed="left") & (pl.col("service") != "ssh")
    waiting = done.filter(hit & (pl.col("actor") == "honest") & (pl.col("outcome") == "ok"))
    turns = np.minimum((end - waiting["time"].to_numpy()) // (4 * MINUTE) + 1, 5)
    again = waiting[np.repeat(np.arange(waiting.height), turns)]
    turn = np.concatenate([np.arange(1, count + 1) for count in turns.tolist()] or [np.zeros(0, dtype=np.int64)])
    again = again.with_columns(time=again["time"] + turn * 4 * MINUTE + rng.integers(0, 20 * SECOND, again.height))
    every = pl.concat([done, again])
    told = pl.when(host_of(every, people) == "mx1").then(pl.lit("backend")).otherwise(pl.lit("bad_password"))
    outcome = pl.when(hit).then(told).otherwise(pl.col("outcome").cast(pl.String))
    # The report of a temporary failure does not say how many tries it stands for.
    count = pl.when(hit).then(1).otherwise("count").cast(ATTEMPTS["count"])
    return every.with_columns(outcome=outcome.cast(ATTEMPTS["outcome"]), count=count)
