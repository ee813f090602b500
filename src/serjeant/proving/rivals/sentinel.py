"""Microsoft Sentinel: searches over sign-ins that run once an hour or once a day.

Read from Azure/Azure-Sentinel: ``Solutions/Microsoft Entra ID/Analytic Rules/SigninPasswordSpray.yaml`` (1.0.4, at
6cdb4a2) and ``DistribPassCrackAttempt.yaml`` (1.0.5, at 5a165e2), ``Detections/ASimAuthentication/
imAuthPasswordSpray.yaml`` (1.1.2, at 0368156; the rule for Okta has the same numbers) and ``imAuthBruteForce.yaml``
(1.1.0, at 0080224). A right password counts as a success whatever followed; the first two do not count names that do
not exist. An application is a service here, a place the wider network of an address. A search that finds again what it
found the time before says nothing new.
"""

from typing import Final

import polars as pl

from serjeant.proving.counting import anew, at_runs, due, failures, network, told
from serjeant.proving.rival import Rival, alarms

ADDRESS: Final = ["source", "address"]
KNOWN: Final = pl.col("reason").ne_missing("unknown_account")


def spray(logins: pl.DataFrame) -> pl.DataFrame:
    """5 accounts within 20 minutes at one application, and more accounts failing than getting in."""
    rows = told(logins).filter(pl.col("failed") | pl.col("passed"), pl.col("address").is_not_null())
    windows = (
        rows.filter("failed", KNOWN)
        .group_by(*ADDRESS, "service", window=pl.col("time").dt.truncate("20m"))
        .agg(pl.col("time").max(), accounts=pl.col("user").n_unique())
        .filter(pl.col("accounts") >= 5)
    )
    found = at_runs(windows, "1d", "3d", 3).select(*ADDRESS, "run").unique()
    suspects = rows.join(found.select("address").unique(), on="address", how="semi")
    known = pl.col("failed") & KNOWN
    balance = (
        at_runs(suspects, "1d", "3d", 3)
        .group_by("address", "run")
        .agg(fail=pl.col("user").filter(known).n_unique(), succeed=pl.col("user").filter("passed").n_unique())
        .filter(pl.col("fail") > pl.col("succeed"))
    )
    guilty = found.join(balance, on=["address", "run"], how="semi")
    return alarms(anew(guilty, ADDRESS, "1d").with_columns(time="run"), "sentinel-spray")


def distributed(logins: pl.DataFrame) -> pl.DataFrame:
    """More than 30 failures of one account in a day, from 3 places."""
    found = (
        failures(logins)
        .filter(KNOWN, pl.col("user").is_not_null())
        .with_columns(run=due(pl.col("time"), "1d"))
        .group_by("user", "run")
        .agg(n=pl.len(), places=network().n_unique())
        .filter(pl.col("n") > 30, pl.col("places") >= 3)
    )
    return alarms(found.select(time="run", account="user"), "sentinel-distributed")


def spray_any(logins: pl.DataFrame) -> pl.DataFrame:
    """More than 15 accounts fail from one address in 5 minutes."""
    found = (
        failures(logins)
        .group_by(*ADDRESS, window=pl.col("time").dt.truncate("5m"))
        .agg(pl.col("time").max(), accounts=pl.col("user").n_unique())
        .filter(pl.col("accounts") > 15)
    )
    runs = found.with_columns(time=due(pl.col("time"), "1h")).unique([*ADDRESS, "time"])
    return alarms(runs, "sentinel-asim-spray")


def brute_force(logins: pl.DataFrame) -> pl.DataFrame:
    """10 failures and a success of one account in 20 minutes, in any order."""
    found = (
        told(logins)
        .filter(pl.col("user").is_not_null())
        .group_by("user", window=pl.col("time").dt.truncate("20m"))
        .agg(pl.col("time").max(), fail=pl.col("failed").sum(), succeed=pl.col("passed").sum())
        .filter(pl.col("fail") >= 10, pl.col("succeed") >= 1)
    )
    runs = found.select(time=due(pl.col("time"), "1h"), account="user").unique()
    return alarms(runs, "sentinel-asim-brute-force")


_PRODUCT: Final = "Microsoft Sentinel"
_ENTRA: Final = "Azure/Azure-Sentinel: Solutions/Microsoft Entra ID/Analytic Rules"
_ASIM: Final = "Azure/Azure-Sentinel: Detections/ASimAuthentication"

RIVALS: Final = (
    Rival(
        "sentinel-spray",
        _PRODUCT,
        f"{_ENTRA}/SigninPasswordSpray.yaml 1.0.4",
        "5 accounts fail from one address at one application within 20 min, and over 3 days more accounts fail there "
        "than get in; once a day",
        spray,
    ),
    Rival(
        "sentinel-distributed",
        _PRODUCT,
        f"{_ENTRA}/DistribPassCrackAttempt.yaml 1.0.5",
        "more than 30 failures of one account in a day, from 3 places; once a day",
        distributed,
    ),
    Rival(
        "sentinel-asim-spray",
        _PRODUCT,
        f"{_ASIM}/imAuthPasswordSpray.yaml 1.1.2",
        "more than 15 accounts fail from one address in 5 min; once an hour",
        spray_any,
    ),
    Rival(
        "sentinel-asim-brute-force",
        _PRODUCT,
        f"{_ASIM}/imAuthBruteForce.yaml 1.1.0",
        "10 failures and a success of one account in 20 min; once an hour",
        brute_force,
    ),
)
