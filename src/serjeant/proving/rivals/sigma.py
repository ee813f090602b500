"""Sigma: rules that leave the searching to a product.

Read from SigmaHQ/sigma, ``unsupported`` at a56ac62 and c8db292: the rules that count, which the project keeps there
since its rules count no more. ``lnx_auth_susp_failed_logons_single_source`` (more than 3 names, 24 h),
``win_security_susp_failed_logons_single_source2`` and ``azure_aad_secops_signin_failure_bad_password_threshold`` (more
than 10 by address). The last gives no time; 24 h is that of its sister for Kerberos
(``win_susp_failed_logons_single_source_kerberos2``). Its Linux rule reads PAM's lines of names that exist.
"""

from functools import partial
from typing import Final

import polars as pl

from serjeant.proving.counting import above, failures, present
from serjeant.proving.rival import Rival, alarms

WINDOW: Final = "24h"


def judge(most: int, services: tuple[str, ...], rule: str, logins: pl.DataFrame) -> pl.DataFrame:
    """When an address has more than ``most`` names in 24 h.

    :param services: those that its log has; empty: all
    """
    key = ["source", "address"]
    rows = failures(logins).filter(pl.col("reason").ne_missing("unknown_account") | (not services))
    heard = rows.filter(pl.col("service").is_in(services)) if services else rows
    many = heard.filter(pl.len().over(key) > most)
    counts = present(many.select(*key, "time", "user"), key, "user", pl.col("time").dt.offset_by(WINDOW))
    return alarms(above(counts, key, most), rule).with_columns(until=None).cast({"until": pl.Datetime("us", "UTC")})


def _rival(name: str, path: str, most: int, services: tuple[str, ...], of: str) -> Rival:
    says = f"more than {most} different {of} fail from one address in 24 h"
    return Rival(name, "Sigma", f"SigmaHQ/sigma: unsupported/{path}", says, partial(judge, most, services, name))


RIVALS: Final = (
    _rival(
        "sigma-linux-3", "linux/lnx_auth_susp_failed_logons_single_source.yml at a56ac62", 3, ("ssh",), "names of ours"
    ),
    _rival(
        "sigma-azure-10",
        "cloud/azure_aad_secops_signin_failure_bad_password_threshold.yml at a56ac62",
        10,
        (),
        "accounts",
    ),
)
