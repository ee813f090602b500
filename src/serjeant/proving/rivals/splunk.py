"""Splunk Enterprise Security Content Update: counts in fixed windows, two of them against three standard deviations.

Read from splunk/security_content, ``detections/application/detect_password_spray_attempts.yml`` (version 3) and
``detect_distributed_password_spray_attempts.yml`` (version 2), both at 00a0d0c;
``okta_multiple_users_failing_to_authenticate_from_ip.yml`` (version 2, at 018d921) and
``detections/cloud/o365_multi_source_failed_authentications_spike.yml`` (version 4, at 12fbfd7).

A log is a service here, and the code of an event is the reason. For the first the search goes over 70 minutes, as its
page says: 14 windows. For the second none is given, and over the hour that is usual it could never fire, since the
greatest of fewer than 11 numbers is never three standard deviations above their mean; it gets a day. It asks for a
user agent; sign-ins without one count together.
"""

from typing import Final

import polars as pl

from serjeant.proving.counting import failures
from serjeant.proving.rival import Rival, alarms

ADDRESS: Final = ["source", "address"]
LOG: Final = ["service", "reason"]
SPAN, WINDOWS = "5m", 14
DAY_SPAN, DAY_WINDOWS = "10m", 144


def spray(logins: pl.DataFrame) -> pl.DataFrame:
    """More than 30 accounts from one address in 5 minutes, and unlike that address's last 70."""
    key = [*ADDRESS, *LOG]
    windows = _windows(failures(logins), key, SPAN)
    loud = windows.filter((pl.col("users") > 30).any().over(key))
    found = loud.filter(pl.col("users") > 30, pl.col("users") >= _bound(loud, key, "users", SPAN, WINDOWS))
    return alarms(
        found.with_columns(time=pl.col("window").dt.offset_by(SPAN)).unique([*ADDRESS, "time"]), "splunk-spray"
    )


def distributed(logins: pl.DataFrame) -> pl.DataFrame:
    """More than 30 accounts and 30 addresses in 10 minutes, and both unlike the last day."""
    key = [*LOG, "client"]
    windows = _windows(failures(logins).with_columns(pl.col("client").fill_null("")), key, DAY_SPAN)
    loud = windows.filter(((pl.col("users") > 30) & (pl.col("addresses") > 30)).any().over(key))
    found = loud.filter(
        (pl.col(name) > 30) & (pl.col(name) >= _bound(loud, key, name, DAY_SPAN, DAY_WINDOWS))
        for name in ("users", "addresses")
    )
    return alarms(found.select(time=pl.col("window").dt.offset_by(DAY_SPAN)).unique(), "splunk-distributed")


def from_one(logins: pl.DataFrame) -> pl.DataFrame:
    """More than 9 accounts from one address in 5 minutes."""
    windows = _windows(failures(logins), [*ADDRESS, "service"], SPAN).filter(pl.col("users") > 9)
    ends = windows.with_columns(time=pl.col("window").dt.offset_by(SPAN)).unique([*ADDRESS, "time"])
    return alarms(ends, "splunk-okta-users-from-ip")


def from_many(logins: pl.DataFrame) -> pl.DataFrame:
    """More than 20 accounts, 20 addresses and 20 pairs of them in 5 minutes."""
    windows = _windows(failures(logins).filter(pl.col("reason").ne_missing("unknown_account")), [], SPAN)
    found = windows.filter(pl.col("users") > 20, pl.col("addresses") > 20, pl.col("pairs") > 20)
    return alarms(found.select(time=pl.col("window").dt.offset_by(SPAN)), "splunk-o365-multi-source")


def _windows(rows: pl.DataFrame, key: list[str], span: str) -> pl.DataFrame:
    return rows.group_by(*key, window=pl.col("time").dt.truncate(span)).agg(
        users=pl.col("user").n_unique(),
        addresses=pl.col("address").n_unique(),
        pairs=pl.struct("user", "address").n_unique(),
    )


def _bound(windows: pl.DataFrame, key: list[str], name: str, span: str, number: int) -> pl.Series:
    """Three standard deviations above the mean of the ``number`` windows that end with this one; empty ones are 0."""
    order = windows.with_row_index("row").sort(*key, "window")
    length = f"{number * int(span.removesuffix('m'))}m"
    sums = [
        (pl.col(name).cast(pl.Float64) ** power).rolling_sum_by("window", length).over(key).alias(f"s{power}")
        for power in (1, 2)
    ]
    mean = pl.col("s1") / number
    spread = ((pl.col("s2") - number * mean**2).clip(0) / (number - 1)).sqrt()
    return order.with_columns(sums).with_columns(bound=mean + 3 * spread).sort("row")["bound"]


_PRODUCT: Final = "Splunk ESCU"
_REPO: Final = "splunk/security_content: detections"

RIVALS: Final = (
    Rival(
        "splunk-spray",
        _PRODUCT,
        f"{_REPO}/application/detect_password_spray_attempts.yml version 3",
        "more than 30 accounts fail from one address in 5 min, 3 standard deviations above its last 70 min",
        spray,
    ),
    Rival(
        "splunk-distributed",
        _PRODUCT,
        f"{_REPO}/application/detect_distributed_password_spray_attempts.yml version 2",
        "more than 30 accounts and 30 addresses fail in one log in 10 min, each 3 standard deviations above the day",
        distributed,
    ),
    Rival(
        "splunk-okta-users-from-ip",
        _PRODUCT,
        f"{_REPO}/application/okta_multiple_users_failing_to_authenticate_from_ip.yml version 2",
        "more than 9 accounts fail from one address in 5 min",
        from_one,
    ),
    Rival(
        "splunk-o365-multi-source",
        _PRODUCT,
        f"{_REPO}/cloud/o365_multi_source_failed_authentications_spike.yml version 4",
        "more than 20 accounts from more than 20 addresses fail in 5 min",
        from_many,
    ),
)
