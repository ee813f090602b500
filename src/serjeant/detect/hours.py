"""hours: the sign-ins of the site hour by hour, beside what the other days of the same kind show."""

from datetime import UTC, datetime

import polars as pl

from serjeant.detect.tables import BIN_SECONDS, HOUR_SECONDS
from serjeant.model.incident import Hour

_BINS = HOUR_SECONDS // BIN_SECONDS
_FEWEST_DAYS = 3
_MOST_HOURS = 400 * 24


def hours(bins: pl.DataFrame, cells: pl.DataFrame) -> tuple[Hour, ...]:
    """All hours from the first to the last, empty ones too; of more than 400 days the last 400.

    :param bins: see ``detect.evidence.Evidence``
    :param cells: the same
    """
    if not len(bins):
        return ()
    # Whoever signs in is familiar, so that the bins hold all successes.
    good = bins.select(hour=pl.col("bin") // _BINS, ok=pl.col("familiar_ok"), fail=pl.lit(0, pl.Int64))
    bad = cells.select("hour", ok=pl.lit(0, pl.Int64), fail=pl.col("fail") + pl.col("excused"))
    counted = pl.concat([good, bad]).group_by("hour").agg(pl.col("ok", "fail").sum())
    first, last = int(counted["hour"].min()), int(counted["hour"].max())  # type: ignore[arg-type]
    first = max(first, last - _MOST_HOURS + 1)  # a line with a stamp of 1970 must not make half a million hours
    table = (
        pl.DataFrame({"hour": range(first, last + 1)}, {"hour": pl.Int64})
        .join(counted, on="hour", how="left")
        .fill_null(0)
        .sort("hour")
    )
    # 1970-01-01 was a Thursday; Saturday and Sunday are alike, and so are the other days.
    day = pl.col("hour") // 24
    weekend = ((day + 3) % 7) >= 5
    of_kind = [pl.col("hour") % 24, weekend]
    table = table.with_columns(
        expected=pl.when(day.n_unique().over(*of_kind) >= _FEWEST_DAYS).then(pl.col("fail").median().over(*of_kind))
    )
    return tuple(
        Hour(datetime.fromtimestamp(hour * 3600, UTC), ok, fail, expected)
        for hour, ok, fail, expected in table.iter_rows()
    )
