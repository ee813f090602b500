"""sshd: attempts at the gateway as the lines of OpenSSH with PAM in ``auth.log``, and cron's between them."""

import polars as pl

from serjeant.proving.dovecot import rfc3164
from serjeant.proving.world import HOUR, MINUTE, SECOND, Calendar


def lines(attempts: pl.DataFrame, host: str, calendar: Calendar) -> pl.DataFrame:
    """Lines of one connection share a pid; no pid comes twice."""
    rows = attempts.sort("time", maintain_order=True).with_columns(
        pid=pl.int_range(pl.len()) * 7 + 2011, port=pl.col("pid") % 28_000 + 32_768
    )
    known = rows.filter(outcome="bad_password")
    stranger = rows.filter(outcome="unknown")
    let_in = rows.filter(pl.col("outcome").is_in(["ok", "key"]))
    uid = pl.col("account") + 1000
    pam = "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={} "
    how = (
        pl.when(pl.col("outcome") == "key")
        .then(
            pl.format(
                "Accepted publickey for {} from {} port {} ssh2: ED25519 SHA256:{}", "name", "ip", "port", _thumbprint()
            )
        )
        .otherwise(pl.format("Accepted password for {} from {} port {} ssh2", "name", "ip", "port"))
    )
    pieces = [
        _told(known, 0, pl.format(pam + " user={}", "ip", "name")),
        _told(known, 2, pl.format("Failed password for {} from {} port {} ssh2", "name", "ip", "port")),
        _told(
            known,
            3,
            pl.format("Connection closed by authenticating user {} {} port {} [preauth]", "name", "ip", "port"),
        ),
        _told(stranger, 0, pl.format("Invalid user {} from {} port {}", "name", "ip", "port")),
        _told(stranger, 0, pl.lit("pam_unix(sshd:auth): check pass; user unknown")),
        _told(stranger, 0, pl.format(pam, "ip")),
        _told(stranger, 2, pl.format("Failed password for invalid user {} from {} port {} ssh2", "name", "ip", "port")),
        _told(
            stranger, 3, pl.format("Connection closed by invalid user {} {} port {} [preauth]", "name", "ip", "port")
        ),
        _told(let_in, 0, how),
        _told(
            let_in, 0, pl.format("pam_unix(sshd:session): session opened for user {}(uid={}) by (uid=0)", "name", uid)
        ),
        _told(let_in, 1800, pl.format("Received disconnect from {} port {}:11: disconnected by user", "ip", "port")),
        _told(let_in, 1800, pl.format("Disconnected from user {} {} port {}", "name", "ip", "port")),
        _told(let_in, 1800, pl.format("pam_unix(sshd:session): session closed for user {}", "name")),
    ]
    said = pl.concat(pieces).with_columns(text=pl.format("sshd[{}]: {}", "pid", "text")).select("time", "text")
    return pl.concat([said, _cron(calendar)]).select(
        pl.lit(host).alias("host"), "time", text=rfc3164(host, pl.col("time")) + pl.col("text")
    )


def _told(rows: pl.DataFrame, later: int, text: pl.Expr) -> pl.DataFrame:
    return rows.select("pid", time=pl.col("time") + later * SECOND, text=text)


def _thumbprint() -> pl.Expr:
    """An invented key's fingerprint: 43 letters, always the same for one account."""
    return pl.format("{}x", pl.col("account").cast(pl.String).str.pad_start(42, "A"))


def _cron(calendar: Calendar) -> pl.DataFrame:
    hours = pl.DataFrame({"time": range(calendar.begin + 17 * MINUTE + SECOND, calendar.end, HOUR)})
    pid = pl.int_range(pl.len()) * 3 + 1_500
    return pl.concat(
        [
            hours.select("time", text=pl.format(f"CRON[{{}}]: pam_unix(cron:session): session {said}", pid))
            for said in ("opened for user root(uid=0) by (uid=0)", "closed for user root")
        ]
    )
