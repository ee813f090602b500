"""hours: the sign-ins of the site hour by hour, beside what the other days of the same kind show."""

from datetime import UTC, datetime

import polars as pl

from serjeant.model.incident import Hour

_FEWEST_DAYS = 3
_MOST_HOURS = 400 * 24


def hours(cells: pl.DataFrame) -> tuple[Hour, ...]:
    """All hours from the first to the last, empty ones too; of more than 400 days the last 400.

    :param cells: see ``detect.evidence.Evidence``
    """
    if not len(cells):
        return ()
    counted = cells.group_by("hour").agg(ok=pl.col("ok").sum(), fail=(pl.col("fail") + pl.col("excused")).sum())
    first, last = int(cells["hour"].min()), int(cells["hour"].max())  # type: ignore[arg-type]
    first = max(first, last - _MOST_HOURS + 1)  # a line with a stamp of 1970 must not make half a million hours
    table = (
        pl.DataFrame({"hour": range(first, last + 1)}, {"hour": pl.Int64})
        .join(counted.with_columns(pl.col("hour").cast(pl.Int64)), on="hour", how="left")
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
