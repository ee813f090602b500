"""mangle: what becomes of log lines on their way: some are lost, some come twice, one clock is wrong."""

from typing import Final

import numpy as np
import polars as pl

_LOST, _DOUBLED = 0.02, 0.02
_FAST_HOST: Final = "mx2"
_FAST: Final = pl.duration(minutes=5)


def mangled(logins: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """LABELLED, by time, as told by logs that were not kept well.

    A doubled login has the same ``raw_hash`` and stands in another file.
    """
    drawn = rng.random(logins.height)
    kept = logins.filter(pl.Series(drawn >= _LOST))
    twice = logins.filter(pl.Series(drawn >= 1 - _DOUBLED)).with_columns(log="copy/" + pl.col("log"))
    skewed = pl.when(pl.col("dst_host") == _FAST_HOST).then(pl.col("time") + _FAST).otherwise("time")
    return pl.concat([kept, twice]).with_columns(time=skewed).sort("time", maintain_order=True)
