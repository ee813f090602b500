"""witnesses: the lines in which several programs tell of the same attempts become those attempts.

Within a session (lines of one ``session_uid`` less than ten minutes apart) the attempts are those of the witness who
tells most; what only the others know (an address, a fingerprint) is filled in. A success stands whoever tells of it;
and it is one of its witness's attempts, since PAM may complain of a module that failed before another one let the
person in. A *probe* (a name was given, no password seen) counts only where nobody else speaks, and then once; one that
names nobody (a scan, a health check) is no attempt to sign in.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import polars as pl

from serjeant.store.lake import SESSION_GAP

WITNESSES: Final = ("auth", "daemon", "pam", "probe")
"""Whose word counts where several tell of equally many attempts, best first."""

_PROBE: Final = WITNESSES.index("probe")
_FILLED: Final = ("user_name", "source", "src_ip", "src_port", "dst_host", "service", "auth_protocol", "client")
_GUESSES: Final = ("guess_account", "guess_site")


def of_night(before: pl.LazyFrame | None, lines: pl.LazyFrame, after: pl.LazyFrame | None, day: date) -> pl.LazyFrame:
    """The lines of a day's sessions: a session belongs to the evening on which it began.

    Days are settled one by one, and an attempt whose two lines lie on both sides of midnight must not count twice.

    :param before: ``model.login.LINES`` of the day before; None where there are none
    :param after: the same of the day after
    """
    morning = datetime.combine(day, time(), UTC)
    if before is not None:
        lines = lines.filter(_begun(before, morning).not_())
    if after is None:
        return lines
    return pl.concat([lines, after.filter(_begun(lines, morning + timedelta(days=1)))])


def _begun(evening: pl.LazyFrame, midnight: datetime) -> pl.Expr:
    """Which lines go on with a session of the evening before."""
    told = pl.col("witness").is_not_null() & pl.col("session_uid").is_not_null()
    late = evening.filter(told & (pl.col("time") >= midnight - SESSION_GAP))
    open_ones = late.select("session_uid").unique().collect()["session_uid"].implode()
    return told & (pl.col("time") < midnight + SESSION_GAP) & pl.col("session_uid").is_in(open_ones)


def joined(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines of several witnesses as one set of attempts.

    :param lines: ``model.login.LINES``, of whole sessions
    :return: the same columns, fewer rows
    """
    lines = lines.with_row_index("row")
    told = _told(lines)
    if not len(told):
        return _somebodys(lines).drop("row")
    best = (
        told.group_by("part", "rank")
        .agg(attempts=pl.col("count").sum(), first=pl.col("row").min())
        .with_columns(weak=pl.col("rank") == _PROBE)
        .sort("part", "weak", "attempts", "rank", descending=[False, False, True, False])
        .unique("part", keep="first")
        .select("part", "first", best="rank")
    )
    heard = told.join(best, on="part")
    stands = (pl.col("rank") == pl.col("best")) | pl.col("success")
    once = (pl.col("rank") != _PROBE) | (pl.col("row") == pl.col("first"))
    kept = heard.filter(stands & once).select("row", "part").sort("row")
    alone = lines.join(told, on="row", how="anti")
    return _somebodys(pl.concat([alone, _filled(lines, told, kept)])).sort("row").drop("row")


def _somebodys(lines: pl.DataFrame) -> pl.DataFrame:
    """Without the probes that name nobody."""
    nameless = (pl.col("witness") == "probe") & pl.col("user_name").is_null()
    return lines.filter(nameless.fill_null(value=False).not_())


def _told(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines of sessions of which several witnesses tell, with the part of the session that they belong to."""
    several = lines.lazy().filter(pl.col("witness").is_not_null() & pl.col("session_uid").is_not_null())
    ordered = several.select(
        "row",
        "time",
        "count",
        session=pl.col("session_uid").hash(),
        rank=pl.col("witness").replace_strict(
            list(WITNESSES), list(range(len(WITNESSES))), default=len(WITNESSES), return_dtype=pl.Int8
        ),
        success=pl.col("outcome") == "success",
    ).sort("session", "time", "row")
    # A process number comes round again; ten minutes without a line end a session. Sorted, a session is a run of rows.
    begins = (pl.col("session") != pl.col("session").shift(1)) | (pl.col("time").diff() > SESSION_GAP)
    parted = ordered.with_columns(part=begins.fill_null(value=True).cum_sum()).collect()
    mixed = (
        parted.group_by("part")
        .agg(least=pl.col("rank").min(), most=pl.col("rank").max(), n=pl.len())
        .filter((pl.col("least") != pl.col("most")) | ((pl.col("least") == _PROBE) & (pl.col("n") > 1)))
    )
    return parted.join(mixed, on="part", how="semi")


def _filled(lines: pl.DataFrame, told: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """The lines that are kept, with what the others of their part know."""
    chosen = lines[kept["row"]].with_columns(part=kept["part"])
    wanting = [name for name in (*_FILLED, *_GUESSES) if chosen[name].null_count()]
    others = lines.select(wanting)[told["row"]].with_columns(part=told["part"])
    wanting = [name for name in wanting if others[name].null_count() < len(others)]
    if not wanting:
        return chosen.drop("part")
    known = others.group_by("part").agg(pl.col(name).max().alias(f"{name}_known") for name in wanting)
    filled = chosen.join(known, on="part", how="left", maintain_order="left")
    # A right password must not get the fingerprint of a wrong one.
    wrong = pl.col("outcome") == "failure"
    filled = filled.with_columns(
        pl.coalesce(name, pl.when(wrong).then(f"{name}_known") if name in _GUESSES else f"{name}_known").alias(name)
        for name in wanting
    )
    return filled.select(lines.columns)
