"""sequential: a log-likelihood ratio for each source that decides as soon as the evidence suffices (Wald 1945)."""

from datetime import timedelta

import numpy as np
import numpy.typing as npt
import polars as pl


def windowed(
    sources: pl.Series, times: pl.Series, scores: npt.NDArray[np.float64], window: timedelta
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each event the sum of its source's scores within the window that ends with it.

    :param sources: sorted, equal ones side by side; ``times`` ascending within each
    :return: the sums; the position of the first event in each window; the position of the source's first event
    """
    codes = (sources != sources.shift(1)).fill_null(value=True).cum_sum().to_numpy().astype(np.int64)
    # All sources on one line, further apart than the window; milliseconds leave room for 2^20 sources × 30 years.
    millis = times.dt.epoch("ms").to_numpy().astype(np.int64)
    millis -= millis.min()
    width = int(window / timedelta(milliseconds=1))
    line = codes * (int(millis.max()) + width + 1) + millis
    begins = np.searchsorted(line, line - width, side="right")
    of_source = np.searchsorted(codes, codes, side="left")
    begins = np.maximum(begins, of_source)
    sums = np.concatenate([[0.0], np.cumsum(scores)])
    return sums[1:] - sums[begins], begins, of_source
