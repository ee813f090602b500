"""outages: five-minute spans in which people fail who never do; their failures are no evidence of guessing.

Method: detection notes 4.2, T0. A span is out when, of the attempts of *familiar* (account, source) pairs, more than
30 % and more than the day's median share by 6 σ fail, or when ten failures or more say that the backend broke and those
are half as many as the failures of familiar pairs.
"""

import polars as pl

_FEWEST = 20
_SHARE = 0.30
_SIGMAS = 6.0
_BACKEND_FEWEST = 10


def outages(bins: pl.DataFrame) -> pl.DataFrame:
    """Marks the bins of one day.

    :param bins: ``bin, familiar_fail, familiar_ok, backend``
    :return: the same, sorted, with ``outage``
    """
    n = pl.col("familiar_fail") + pl.col("familiar_ok")
    share = pl.col("familiar_fail") / n
    base = share.filter(n >= _FEWEST).median().fill_null(0.0)
    bound = pl.max_horizontal(pl.lit(_SHARE), base + _SIGMAS * (base * (1 - base) / n).sqrt())
    broken = (pl.col("backend") >= _BACKEND_FEWEST) & (pl.col("backend") * 2 >= pl.col("familiar_fail"))
    return bins.sort("bin").with_columns(
        pl.col("bin", "familiar_fail", "familiar_ok", "backend").cast(pl.Int64),
        outage=(((n >= _FEWEST) & (share > bound)) | broken).fill_null(value=False),
    )
