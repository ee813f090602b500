"""Postfix's submission with SASL, by syslog. It tells of a right password by the mail that follows."""

import polars as pl

from serjeant.proving.writer import DOMAIN, Writer, cases, stamp

_HEAD = stamp("%b %e %H:%M:%S") + pl.format(" mx2 postfix/submission/smtpd[{}]: ", pl.col("n") % 30_000 + 300)
_FAILED = _HEAD + pl.format(
    "warning: unknown[{}]: SASL PLAIN authentication failed: authentication failure, sasl_username={}", "ip", "name"
)

WRITER = Writer(
    product="postfix",
    path="mx2/mail.log",
    service="smtp",
    spells=pl.col("name") + f"@{DOMAIN}",
    blind=True,
    says=cases(
        {
            "success": _HEAD
            + pl.format(
                "4Wb{}: client=unknown[{}], sasl_method=PLAIN, sasl_username={}",
                pl.col("n").cast(pl.String).str.pad_start(9, "x"),
                "ip",
                "name",
            ),
            "bad_password": _FAILED,
            "unknown_account": _FAILED,
        }
    ),
)
