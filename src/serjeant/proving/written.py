"""written: a drawn world in a folder: the directory, its sign-ins as JSON lines, and the truth."""

from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from serjeant.proving import truth
from serjeant.proving.drawn import Drawn

_LOG: Final = "sign-ins.jsonl"
_TOLD: Final = ("time", "user_name", "src_ip", "src_port", "dst_host", "service", "auth_protocol", "outcome", "reason")
_MORE: Final = ("is_mfa", "client", "count", "log", "log_offset")
_ATTACK: Final = pl.col("actor") == "attack"


def write(drawn: Drawn, out: Path) -> truth.Truth:
    """Write ``accounts.csv``, ``logs/sign-ins.jsonl`` and ``truth.json``. Equal worlds are equal files.

    The lines are as ``serjeant logins --as json`` writes them; which guesses were alike is not among what they tell.

    :returns: the labels, as written to ``truth.json``
    """
    (out / "logs").mkdir(parents=True, exist_ok=True)
    drawn.accounts.with_columns(pl.col("aliases", "reaches").list.join(";")).write_csv(out / "accounts.csv")
    stamp = pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    drawn.logins.select(_TOLD + _MORE).with_columns(time=stamp).write_ndjson(out / "logs" / _LOG)
    known = truth_of(drawn)
    truth.write(known, out / "truth.json")
    return known


def truth_of(drawn: Drawn) -> truth.Truth:
    """What a right answer about the world would be, from its labels."""
    logins = drawn.logins
    attacked, honest = logins.filter(_ATTACK), logins.filter(actor="honest")
    crews = tuple(sorted(attacked["crew"].unique()))
    falls = attacked.filter(outcome="success").unique("account", keep="first", maintain_order=True)
    broken = logins.filter(reason="backend").group_by(pl.col("time").dt.date().alias("day"), "dst_host").agg(
        first=pl.col("time").min(), last=pl.col("time").max()
    )  # fmt: skip
    expired = honest.filter(phase="expiry")["time"].dt.date().unique().sort()
    return truth.Truth(
        seed=drawn.seed,
        kind=drawn.name,
        status="attack" if crews else "quiet",
        first=_iso(logins["time"].min()),
        last=_iso(logins["time"].max()),
        accounts=drawn.accounts.height,
        logins=int(logins["count"].sum()),
        lines=logins.height,
        files=(_LOG,),
        campaigns=tuple(_crime(attacked.filter(crew=crew)) for crew in crews),
        fallen=tuple(
            truth.Fall(account, _iso(time), source, service)
            for account, time, source, service in falls.select("account", "time", "source", "service").iter_rows()
        ),
        mailboxes=(),
        shared_sources=_sorted(attacked.filter(pl.col("source").is_in(honest["source"].unique().to_list()))),
        honest_sources=_sorted(honest),
        background_sources=_sorted(logins.filter(actor="background")),
        outages=tuple(
            truth.Outage(host, _iso(first), _iso(last), "backend")
            for host, first, last in broken.sort("first", "dst_host").select("dst_host", "first", "last").iter_rows()
        ),
        expiry_day=expired[0].isoformat() if len(expired) else "",
        return_day=None,
    )


def _crime(done: pl.DataFrame) -> truth.Crime:
    guessed = done.filter(pl.col("phase") != "access")
    by_hand = done.filter(~pl.col("source").is_in(guessed["source"].unique().to_list()))
    return truth.Crime(
        sources=_sorted(done),
        operators=_sorted(by_hand),
        first_seen=_iso(done["time"].min()),
        last_seen=_iso(done["time"].max()),
        attempts=done.height,
        phases=_stretches(done, "phase"),
        services=_stretches(guessed, "service"),
    )


def _stretches(done: pl.DataFrame, column: str) -> tuple[truth.Stretch, ...]:
    parts = done.group_by(column).agg(first=pl.col("time").min(), last=pl.col("time").max(), attempts=pl.len())
    rows = parts.sort("first", column).select(column, "first", "last", "attempts").iter_rows()
    return tuple(truth.Stretch(name, _iso(first), _iso(last), attempts) for name, first, last, attempts in rows)


def _sorted(rows: pl.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(rows["source"].unique()))


def _iso(time: object) -> str:
    if not isinstance(time, datetime):
        raise TypeError(time)
    return time.isoformat(timespec="microseconds").replace("+00:00", "Z")
