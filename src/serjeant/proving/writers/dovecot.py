"""Dovecot 2.3 with ``auth_verbose``, by rsyslog with exact stamps: its auth and its login process both speak."""

import polars as pl

from serjeant.proving.writer import DOMAIN, Writer, cases, stamp

_HEAD = stamp("%Y-%m-%dT%H:%M:%S.%6f+00:00") + pl.lit(" mx1 dovecot: ")
_SESSION = pl.col("n").cast(pl.String).str.pad_start(8, "A")
_WHO = pl.format("user=<{}>, method=PLAIN, rip={}, lip=198.51.100.10, TLS, session=<{}>", "name", "ip", _SESSION)


def _auth(says: str) -> pl.Expr:
    return _HEAD + pl.format("auth: sql({},{},<{}>): ", "name", "ip", _SESSION) + pl.lit(says)


_LEFT = _HEAD + pl.lit("imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): ") + _WHO

WRITER = Writer(
    product="dovecot",
    path="mx1/mail.log",
    service="imap",
    spells=pl.col("name") + f"@{DOMAIN}",
    digits=6,
    says=cases(
        {
            "success": _HEAD + pl.lit("imap-login: Login: ") + _WHO,
            "bad_password": [_auth("Password mismatch"), _LEFT],
            "unknown_account": [_auth("unknown user"), _LEFT],
        }
    ),
)
