"""sequential: a log-likelihood ratio for each source that decides as soon as the evidence suffices (Wald 1945)."""

from datetime import timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

_FAR: Final = 1 << 50
"""Microseconds that keep the sources apart on one time line (35 years)."""


def windowed(
    sources: pl.Series, times: pl.Series, scores: npt.NDArray[np.float64], window: timedelta
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each event the sum of its source's scores within the window that ends with it.

    :param sources: sorted, equal ones side by side; ``times`` ascending within each
    :return: the sums; the position of the first event in each window; the position of the source's first event
    """
    codes = (sources != sources.shift(1)).fill_null(value=True).cum_sum().to_numpy().astype(np.int64)
    micros = times.dt.epoch("us").to_numpy().astype(np.int64)
    line = codes * _FAR + (micros - micros.min(initial=0))
    begins = np.searchsorted(line, line - int(window / timedelta(microseconds=1)), side="right")
    of_source = np.searchsorted(codes, codes, side="left")
    begins = np.maximum(begins, of_source)
    sums = np.concatenate([[0.0], np.cumsum(scores)])
    return sums[1:] - sums[begins], begins, of_source
