"""Roundcube's ``userlogins``: web mail."""

import polars as pl

from serjeant.proving.writer import DOMAIN, Writer, cases, stamp

_HEAD = stamp("[%d-%b-%Y %H:%M:%S +0000]: ") + pl.format("<{}> ", pl.col("n").cast(pl.String).str.pad_start(8, "r"))
_FAILED = _HEAD + pl.format("Failed login for {} from {} in session {} (error: 0)", "name", "ip", pl.col("n") + 70_000)

WRITER = Writer(
    product="roundcube",
    path="webmail/userlogins.log",
    service="web",
    spells=pl.col("name") + f"@{DOMAIN}",
    blind=True,
    says=cases(
        {
            "success": _HEAD
            + pl.format(
                "Successful login for {} (ID: {}) from {} in session {}",
                "name",
                pl.col("n") % 900 + 1,
                "ip",
                pl.col("n") + 70_000,
            ),
            "bad_password": _FAILED,
            "unknown_account": _FAILED,
        }
    ),
)
