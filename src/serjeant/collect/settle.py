"""settle: what single lines say becomes logins, a day at a time.

Two things are settled. Logs that overlap (a copy, an export that begins where another had not ended) tell a line twice:
the n-th occurrence of a line in one log is the n-th occurrence of it in another. And several programs tell of one
attempt, each in its line (*witnesses*, see ``collect.witnesses``). A day with very many lines is settled in parts, each
with whole sessions, so that memory does not grow with the day.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow.parquet as pq

from serjeant.collect.batch import schema_of
from serjeant.collect.witnesses import joined, of_night
from serjeant.directory.directory import Directory
from serjeant.model.guess import UNSEEN
from serjeant.model.login import LOGINS
from serjeant.store.lake import Lake, nights

ROWS: Final = 500_000
"""Lines of a day that are settled at once."""

_AT_ONCE: Final = 2
"""Days that are settled side by side."""

_LINE: Final = ["log_uid", "log_offset"]


def settle_all(lake: Lake, directory: Directory, days: Iterable[date]) -> Iterator[date]:
    """Settles the days, some side by side.

    :return: each day as it is done, in order
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        running: deque[tuple[date, Future[bool]]] = deque()
        # No more than are worked on, so that whoever interrupts does not wait for a month.
        for day in days:
            if len(running) == _AT_ONCE:
                yield _done(*running.popleft())
            running.append((day, pool.submit(settle, lake, directory, day)))
        while running:
            yield _done(*running.popleft())


def _done(day: date, settling: Future[bool]) -> date:
    settling.result()
    return day


def settle(lake: Lake, directory: Directory, day: date) -> bool:
    """Makes the table ``logins`` of a day, unless it is already made from just this.

    :return: whether it had to be made
    """
    made_from = lake.made_from(day, directory.fingerprint())
    if lake.is_made("logins", day, made_from):
        return False
    lake.make("logins", day, lambda place: _write(lake, day, directory, place, made_from))
    return True


def _write(lake: Lake, day: date, directory: Directory, place: Path, made_from: str) -> None:
    rows = sum(pq.read_metadata(segment).num_rows for segment in lake.segments(day))
    parts = -(-rows // ROWS)
    before, given, after = (_lines(lake.segments(night)) for night in nights(day))
    if given is None:
        raise ValueError(f"{day} has no lines")
    lines = of_night(before, given, after, day)
    doubled = _doubled(lines)
    if doubled is not None:
        lines = lines.join(doubled.lazy(), on=_LINE, how="anti")
    if parts <= 1:
        logins = named(joined(lines.collect()), directory)
        logins.write_parquet(place, compression="zstd", compression_level=1, metadata={"serjeant.made_from": made_from})
        return
    schema = LOGINS.with_metadata({"serjeant.made_from": made_from})
    of_session = pl.coalesce("session_uid", "log_uid").hash() % parts
    with pq.ParquetWriter(place, schema, compression="zstd", compression_level=1) as writer:
        for part in range(parts):
            some = lines.filter(of_session == part).collect()
            writer.write_table(named(joined(some), directory).to_arrow().cast(schema))


def by_day(logins: pl.DataFrame) -> Iterator[tuple[date, pl.DataFrame]]:
    """The logins of each day, by time."""
    dated = logins.sort("time").with_columns(day=pl.col("time").dt.date())
    for rows in dated.partition_by("day", maintain_order=True):
        yield rows["day"][0], rows.drop("day")


def _lines(segments: list[Path]) -> pl.LazyFrame | None:
    return pl.scan_parquet(segments) if segments else None


def named(lines: pl.DataFrame, directory: Directory) -> pl.DataFrame:
    """The logins (``LOGINS``), with the accounts behind the names that were typed.

    Who types what merely looks like an account's name tries at that account, by a name that is none. Where a mechanism
    shows the server no password, no guess is known.
    """
    names = lines["user_name"].drop_nulls().unique()
    accounts = pl.DataFrame({"user_name": names, "account": directory.resolve(names).cast(pl.String)})
    strangers = accounts.filter(pl.col("account").is_null())["user_name"]
    meant = pl.DataFrame({"user_name": strangers, "meant": directory.resembled(strangers).cast(pl.String)})
    named = lines.drop("account").join(accounts, on="user_name", how="left", maintain_order="left")
    named = named.join(meant, on="user_name", how="left", maintain_order="left")
    tried = pl.col("meant").is_not_null() & pl.col("outcome").is_in(["failure", "refused"])
    shown = pl.col("auth_protocol").str.contains(UNSEEN).fill_null(value=False).not_()
    named = named.with_columns(
        pl.when(shown).then(pl.col("guess_account", "guess_site")),
        account=pl.when(tried).then("meant").otherwise("account"),
        reason=pl.when(tried & (pl.col("outcome") == "failure")).then(pl.lit("unknown_account")).otherwise("reason"),
    )
    return named.select(pl.col(name).cast(kind) for name, kind in schema_of(LOGINS).items())


def _doubled(lines: pl.LazyFrame) -> pl.DataFrame | None:
    """The lines that another log holds too, but for one of each; None where logs do not overlap."""
    told = lines.select("raw_hash", "log", *_LINE)
    logs = told.select("log_uid").unique().collect()
    if len(logs) < 2:
        return None
    per_log = told.select("raw_hash", "log_uid").unique().collect()
    twice = per_log.filter(per_log["raw_hash"].is_duplicated()).select("raw_hash").unique()
    if not len(twice):
        return None
    numbered = (
        told.join(twice.lazy(), on="raw_hash", how="semi")
        .sort("log", "log_uid", "log_offset")
        .with_columns(nth=pl.int_range(pl.len()).over("raw_hash", "log_uid"))
        .collect()
    )
    return numbered.filter(~pl.struct("raw_hash", "nth").is_first_distinct()).select(_LINE)
