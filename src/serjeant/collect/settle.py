"""settle: what single lines say becomes logins, a day at a time.

Set operations on the engine, so that they run alike on any. Two things are settled. Logs that overlap (a copy, an
export that begins where another had not ended) tell a line twice: the n-th occurrence of a line in one log is the
n-th occurrence of it in another. And several programs tell of one attempt, each in its line (*witnesses*): within a
session (lines of one ``session_uid`` less than ten minutes apart) the attempts are those of the witness who tells
most; what only the others know (an address, a fingerprint) is filled in. A *probe* (a name was given, no password
seen) counts only where nobody else speaks, and then once.
"""

from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa

from serjeant.directory.directory import Directory
from serjeant.model.login import LINES, LOGINS
from serjeant.store.engine import Engine, table
from serjeant.store.lake import Lake

WITNESSES: Final = ("auth", "daemon", "pam", "probe")
"""Whose word counts where several tell of equally many attempts, best first."""

_GAP_SECONDS: Final = 600
_PART: Final = ("session_uid", "part")
_LINE: Final = ("log_uid", "log_offset")
_FILLED: Final = (
    "user_name",
    "source",
    "src_ip",
    "src_port",
    "dst_host",
    "service",
    "auth_protocol",
    "client",
)
_GUESSES: Final = ("guess_account", "guess_site")


_ACCOUNTS: Final = pa.schema([("user_name", pa.string()), ("account", pa.string())])


def settle(lake: Lake, engine: Engine, directory: Directory, day: date) -> bool:
    """Makes the table ``logins`` of a day, unless it is already made from just this.

    :return: whether it had to be made
    """
    made_from = lake.made_from(day, directory.fingerprint())
    if lake.is_made("logins", day, made_from):
        return False
    engine.bind("lines", lake.segments(day))
    once = "lines"
    if _overlap(engine):
        engine.keep("once", "once", lambda: _once(table("lines", LINES)))
        once = "once"
    engine.keep("joined", f"joined {once}", lambda: joined(table(once, LINES)))
    names = engine.rows("names", lambda: table("joined", LINES).select("user_name").distinct())[
        "user_name"
    ].drop_nulls()
    engine.bind_rows(
        "accounts", pl.DataFrame({"user_name": names, "account": directory.resolve(names).cast(pl.String)})
    )
    lake.make("logins", day, lambda place: engine.write("named", _named, place, made_from))
    return True


def _named() -> ir.Table:
    """The logins, with the accounts behind the names that were typed."""
    logins = table("joined", LINES).drop("account")
    return logins.left_join(table("accounts", _ACCOUNTS), "user_name").select([field.name for field in LOGINS])


def _overlap(engine: Engine) -> bool:
    """Whether two logs hold the same line."""
    lines = table("lines", LINES)
    logs = engine.rows("logs", lambda: lines.select("log_uid").distinct())
    if len(logs) < 2:  # noqa: PLR2004 - it takes two
        return False
    per_log = lines.select("raw_hash", "log_uid").distinct().group_by("raw_hash")
    twice = per_log.aggregate(logs=ibis._.count()).filter(ibis._.logs > 1).limit(1)
    return len(engine.rows("twice", lambda: twice)) > 0


def _once(lines: ir.Table) -> ir.Table:
    """Each line once, however many logs hold it."""
    numbered = lines.mutate(
        nth=ibis.row_number().over(ibis.window(group_by=["raw_hash", "log_uid"], order_by="log_offset"))
    )
    ranked = numbered.mutate(
        copy=ibis.row_number().over(ibis.window(group_by=["raw_hash", "nth"], order_by=["log", "log_uid"]))
    )
    return ranked.filter(ranked.copy == 0).drop("nth", "copy")


def joined(lines: ir.Table) -> ir.Table:
    """Lines of several witnesses as one set of attempts.

    Windows run over the few columns that they need, and only over sessions of which several witnesses tell.

    :param lines: ``model.login.LINES``
    :return: the same columns, fewer rows
    """
    told = lines.filter(lines.witness.notnull() & lines.session_uid.notnull())
    narrow = told.select("session_uid", "witness", "outcome", "time", "count", "log_uid", "log_offset")
    mixed = (
        narrow.group_by("session_uid")
        .aggregate(
            least=narrow.witness.min(), most=narrow.witness.max(), probes=(narrow.witness == "probe").cast("int64").sum()
        )
        .filter((ibis._.least != ibis._.most) | (ibis._.probes > 1))
        .select("session_uid")
    )
    parted = _parted(narrow.semi_join(mixed, "session_uid"))
    rank = parted.witness.cases(*((name, i) for i, name in enumerate(WITNESSES)), else_=len(WITNESSES))
    words = parted.group_by([*_PART, "witness"]).aggregate(
        attempts=parted["count"].sum(), rank=rank.min(), weak=(parted.witness == "probe").cast("int64").min()
    )
    best = words.mutate(
        place=ibis.row_number().over(ibis.window(group_by=_PART, order_by=["weak", ibis.desc("attempts"), "rank"]))
    ).filter(ibis._.place == 0)
    # A success stands whoever tells of it; and it is one of its witness's attempts, since PAM may complain of a module
    # that failed before another one let the person in.
    chosen = (
        parted.inner_join(best.select(*_PART, best=best.witness), _PART)
        .filter((ibis._.witness == ibis._.best) | (ibis._.outcome == "success"))
        .filter((ibis._.witness != "probe") | (ibis._.nth == 0))
        .select("log_uid", "log_offset", "part")
    )
    both = lines.inner_join(parted.select("log_uid", "log_offset", "part"), _LINE)
    known = both.group_by(_PART).aggregate(**{f"{name}_known": both[name].max() for name in (*_FILLED, *_GUESSES)})
    filled = lines.inner_join(chosen, _LINE).left_join(known, _PART)
    wrong = filled.outcome == "failure"  # a right password must not get the fingerprint of a wrong one
    filled = filled.mutate(
        **{name: ibis.coalesce(filled[name], filled[f"{name}_known"]) for name in _FILLED},
        **{
            name: ibis.cases((wrong, ibis.coalesce(filled[name], filled[f"{name}_known"])), else_=ibis.null("string"))
            for name in _GUESSES
        },
    )
    alone = lines.anti_join(parted, _LINE)
    return alone.union(filled.select(alone.columns))


def _parted(lines: ir.Table) -> ir.Table:
    """Cuts sessions where ten minutes pass without a line: a process number comes round again."""
    order = ["time", "log_offset"]
    before = lines.time.lag().over(ibis.window(group_by="session_uid", order_by=order))
    gap = lines.time.epoch_seconds() - before.epoch_seconds() > _GAP_SECONDS
    lines = lines.mutate(starts=ibis.coalesce(gap.cast("int32"), 0))
    lines = lines.mutate(part=lines.starts.sum().over(ibis.cumulative_window(group_by="session_uid", order_by=order)))
    nth = ibis.row_number().over(ibis.window(group_by=[*_PART, "witness"], order_by=order))
    return lines.mutate(nth=nth).drop("starts")
