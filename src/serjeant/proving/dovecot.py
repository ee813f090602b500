"""dovecot: attempts as the lines that Dovecot 2.3 (``auth_verbose``, ``auth_verbose_passwords=sha1:6``) and 2.4 write.

Wording after ``client_get_extra_disconnect_reason`` in ``src/login-common/client-common.c`` of each release.
"""

import base64
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from serjeant.proving.world import HOUR, SECOND, scramble

LINES: Final = pl.Schema({"host": pl.String, "time": pl.Int64, "text": pl.String})
"""Lines of all hosts: the time they are written (microseconds since 1970, UTC) and the whole line."""
_ZONE: Final = HOUR  # mx2 keeps British Summer Time


def rfc3164(host: str, time: pl.Expr) -> pl.Expr:
    """``Jun  5 09:12:33 mx1 ``: UTC, no year."""
    return pl.from_epoch(time, time_unit="us").dt.strftime("%b %e %H:%M:%S") + f" {host} "


def rfc3339(host: str, time: pl.Expr) -> pl.Expr:
    """``2017-06-05T10:12:33.123456+01:00 mx2 ``: with fraction and zone."""
    return pl.from_epoch(time + _ZONE, time_unit="us").dt.strftime("%Y-%m-%dT%H:%M:%S.%6f+01:00") + f" {host} "


def with_sessions(attempts: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Add ``session``, as Dovecot makes it: base64 of time, port and address; and ``pid``."""
    rows = attempts.height
    drawn = scramble(np.arange(rows, dtype=np.int64), seed + 11)
    raw = np.zeros((rows, 12), dtype=np.uint8)
    raw[:, :6] = attempts["time"].to_numpy().astype("<i8").view(np.uint8).reshape(rows, 8)[:, :6]
    raw[:, 6:8] = drawn.astype("<u8").view(np.uint8).reshape(rows, 8)[:, :2]
    raw[:, 8:] = scramble(attempts["source"].to_numpy(), seed).astype("<u8").view(np.uint8).reshape(rows, 8)[:, :4]
    offsets = pa.py_buffer(np.arange(0, 16 * (rows + 1), 16, dtype=np.int64))
    text = pa.LargeStringArray.from_buffers(rows, offsets, pa.py_buffer(base64.b64encode(raw.tobytes())))
    return attempts.with_columns(session=pl.Series(text), pid=pl.Series(1000 + drawn % 4_000_000).cast(pl.Int64))


def v23(attempts: pl.DataFrame, host: str, lip: str) -> pl.DataFrame:
    """Lines of Dovecot 2.3: two for a failure (auth worker and login process, one session), one for a success."""
    who = _who(lip)
    pid = pl.col("pid").cast(pl.String)
    worker = pl.format(
        "dovecot: auth-worker({}): {}conn unix:auth-worker (pid=812,uid=109): auth-worker<{}>: sql({},{},<{}>): {}",
        pl.col("pid") % 30_000 + 2,
        pl.when(pl.col("outcome") == "backend").then(pl.lit("Error: ")).otherwise(pl.lit("")),
        pl.col("pid") % 200 + 1,
        "name",
        "ip",
        "session",
        pl.col("outcome").replace_strict(
            {"bad_password": "Password mismatch", "unknown": "unknown user", "backend": "Password query failed: "},
            default=None,
            return_dtype=pl.String,
        )
        + pl.when(pl.col("outcome") == "backend")
        .then(pl.lit("Not connected to database"))
        .otherwise(pl.format(" (SHA1 of given password: {})", "tag")),
    )
    left = (
        pl.when(pl.col("pid") % 5 == 0)
        .then(pl.lit("Aborted login by logging out"))
        .otherwise(pl.lit("Connection closed"))
    )
    why = (
        pl.when(pl.col("outcome") == "backend")
        .then(pl.lit("auth service reported temporary failure"))
        .when(pl.col("outcome") == "disabled")
        .then(pl.lit("user disabled"))
        .otherwise(pl.format("auth failed, {} attempts in {} secs", "count", pl.col("count") * 5 - 3))
    )
    told = pl.col("outcome").is_in(["bad_password", "unknown", "backend"])
    stamp = rfc3164(host, pl.col("time"))
    failed = attempts.filter(pl.col("outcome") != "ok")
    tries = failed.filter(told)
    tries = tries.select(pl.all().repeat_by("count").explode()) if (tries["count"] > 1).any() else tries
    tries = tries.with_columns(
        time=pl.col("time") + 5 * SECOND * pl.int_range(pl.len()).over("session") if tries.height else "time"
    )
    good = attempts.filter(pl.col("outcome") == "ok")
    return pl.concat(
        [
            tries.select(text=stamp + worker, time="time"),
            failed.with_columns(time=pl.col("time") + (pl.col("count") * 5 - 3) * SECOND).select(
                text=stamp + pl.format("dovecot: {}: Disconnected: {} ({}): {}", _login(), left, why, who), time="time"
            ),
            good.select(
                text=stamp + pl.format("dovecot: {}: Login: {}", _login(), _with_mail_pid(lip, pid)), time="time"
            ),
            _logouts(good).select(text=stamp + pl.col("text"), time="time"),
            _probes(attempts, "Disconnected: Connection closed (no auth attempts in 0 secs)", lip).select(
                text=stamp + pl.col("text"), time="time"
            ),
        ]
    ).select(pl.lit(host).alias("host"), "time", "text")


def v24(attempts: pl.DataFrame, host: str, lip: str) -> pl.DataFrame:
    """Lines of Dovecot 2.4 without ``auth_verbose``: only the login process speaks."""
    disabled = pl.col("outcome") == "disabled"
    why = pl.format(
        "({}, {} attempts in {} secs) ({})",
        pl.when(disabled).then(pl.lit("user disabled")).otherwise(pl.lit("auth failed")),
        "count",
        pl.col("count") * 5 - 3,
        pl.when(disabled).then(pl.lit("user_disabled")).otherwise(pl.lit("auth_failed")),
    )
    stamp = rfc3339(host, pl.col("time"))
    failed = attempts.filter(pl.col("outcome") != "ok")
    good = attempts.filter(pl.col("outcome") == "ok")
    pid = pl.col("pid").cast(pl.String)
    return pl.concat(
        [
            failed.with_columns(time=pl.col("time") + (pl.col("count") * 5 - 3) * SECOND).select(
                text=stamp
                + pl.format("dovecot: {}: Login aborted: Connection closed {}: {}", _login(), why, _who(lip)),
                time="time",
            ),
            good.select(
                text=stamp + pl.format("dovecot: {}: Logged in: {}", _login(), _with_mail_pid(lip, pid)), time="time"
            ),
            _logouts(good).select(text=stamp + pl.col("text"), time="time"),
            _probes(
                attempts, "Login aborted: Connection closed (no auth attempts in 0 secs) (no_auth_attempts)", lip
            ).select(text=stamp + pl.col("text"), time="time"),
        ]
    ).select(pl.lit(host).alias("host"), "time", "text")


def _login() -> pl.Expr:
    service = pl.col("service")
    return pl.when(service == "smtp").then(pl.lit("submission")).otherwise(service.cast(pl.String)) + "-login"


def _who(lip: str) -> pl.Expr:
    return pl.format(f"user=<{{}}>, method=PLAIN, rip={{}}, lip={lip}, TLS, session=<{{}}>", "name", "ip", "session")


def _with_mail_pid(lip: str, pid: pl.Expr) -> pl.Expr:
    return pl.format(
        f"user=<{{}}>, method=PLAIN, rip={{}}, lip={lip}, mpid={{}}, TLS, session=<{{}}>", "name", "ip", pid, "session"
    )


def _logouts(good: pl.DataFrame) -> pl.DataFrame:
    """The line at the end of a session, for the one in five that does not stay open for days."""
    ended = good.filter((pl.col("pid") % 5 == 0) & (pl.col("service") == "imap"))
    return ended.with_columns(
        time=pl.col("time") + (pl.col("pid") % 900 + 1) * SECOND,
        text=pl.format(
            "dovecot: imap({})<{}><{}>: Logged out in={} out={} deleted=0 expunged=0 trashed=0 hdr_count=0 hdr_bytes=0 "
            "body_count=0 body_bytes=0",
            "name",
            "pid",
            "session",
            pl.col("pid") % 700 + 60,
            pl.col("pid") % 90_000 + 500,
        ),
    )


def _probes(attempts: pl.DataFrame, said: str, lip: str) -> pl.DataFrame:
    """The connection on which a scanner only looks at the greeting, before every other of its tries."""
    looked = attempts.filter((pl.col("actor") == "background") & (pl.col("pid") % 2 == 0))
    return looked.with_columns(
        time=pl.col("time") - 2 * SECOND,
        text=pl.format(
            f"dovecot: {{}}: {said}: user=<>, rip={{}}, lip={lip}, session=<{{}}>",
            _login(),
            "ip",
            pl.col("session").str.reverse(),
        ),
    )
