"""Evidence by hand: logins in few words, and the tables that a slow and plain counting makes of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl
import pyarrow as pa

from serjeant.detect import tables
from serjeant.detect.evidence import SCHEMAS, Evidence, prepare
from serjeant.detect.outages import outages
from serjeant.directory.directory import Directory
from serjeant.model.codes import coded
from serjeant.model.login import LOGINS
from serjeant.store.engine import Engine

MONDAY = datetime(2024, 6, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Login:
    """One line of ``logins``; ``known``: the directory has the account."""

    time: datetime
    user: str
    source: str | None
    outcome: str = "failure"
    guess: str | None = None
    known: bool = True
    reason: str | None = None
    service: str | None = "imap"
    client: str | None = None
    count: int = 1

    @property
    def ok(self) -> int:
        return self.count if self.outcome == "success" else 0

    @property
    def fail(self) -> int:
        return self.count if self.outcome == "failure" else 0


def at(day: int = 0, hour: float = 9, minute: float = 0, second: float = 0) -> datetime:
    """A moment, days after Monday, 3 June 2024."""
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute, seconds=second)


def rows(logins: Iterable[Login]) -> pl.DataFrame:
    """As the lake holds them."""
    records = [
        {
            "time": each.time,
            "account": each.user if each.known else None,
            "user_name": each.user.upper(),
            "source": each.source,
            "service": each.service,
            "outcome": each.outcome,
            "reason": each.reason,
            "client": each.client,
            "guess_site": each.guess,
            "count": each.count,
        }
        for each in logins
    ]
    return pl.DataFrame(pa.Table.from_pylist(records, schema=LOGINS))


def counted_by_engine(
    engine: Engine, day: Sequence[Login], monitors: Sequence[tuple[str, str]] = ()
) -> dict[str, pl.DataFrame]:
    """The tables of one day, as the house counts them."""
    engine.bind_rows("logins", rows(day))
    engine.bind_rows("monitors", pl.DataFrame(list(monitors), {"user": pl.String, "source": pl.String}, orient="row"))
    marked = prepare(engine, monitored=bool(monitors))
    return {"bins": marked} | {name: engine.rows(name, getattr(tables, name)) for name in ("pairs", "cells", "guesses")}


def counted_plainly(
    day: Iterable[Login], monitors: Sequence[tuple[str, str]] = ()
) -> dict[str, list[dict[str, object]]]:
    """The same, login by login."""
    logins = [each for each in day if each.source is not None and (each.user, each.source) not in monitors]
    familiar = {(each.user, each.source) for each in logins if each.ok}
    bins: dict[int, dict[str, int]] = defaultdict(lambda: {"familiar_fail": 0, "familiar_ok": 0, "backend": 0})
    failed: set[tuple[object, ...]] = set()
    for each in logins:
        here = bins[_bin(each)]
        if (each.user, each.source) in familiar:
            once = (_bin(each), each.user, each.source)
            here["familiar_fail"] += each.outcome == "failure" and once not in failed
            failed |= {once} if each.outcome == "failure" else set()
            here["familiar_ok"] += each.ok
        if each.reason == "backend":
            here["backend"] += each.fail
    marked: list[dict[str, object]] = [{"bin": name, **counts} for name, counts in sorted(bins.items())]
    out = set(outages(_frame(marked, "bins")).filter("outage")["bin"])
    pairs: dict[tuple[object, ...], list[Login]] = defaultdict(list)
    cells: dict[tuple[object, ...], list[Login]] = defaultdict(list)
    first_ok: dict[tuple[object, ...], int] = {}
    guesses: dict[tuple[object, ...], list[Login]] = defaultdict(list)

    def excused(each: Login) -> bool:
        return each.reason == "backend" or _bin(each) in out

    for each in sorted(logins, key=lambda each: each.time):
        pairs[each.user, each.source].append(each)
        hour, tool = int(each.time.timestamp()) // 3600, (each.source, each.service, each.client)
        if each.outcome == "success":
            hour = first_ok.setdefault(tool, hour)
        cells[(each.outcome == "success", hour, *tool)].append(each)
        if each.guess is not None and each.fail and not excused(each):
            guesses[each.user, each.source, each.guess].append(each)

    def total(some: Iterable[Login], outcome: str, *, set_aside: bool = False) -> int:
        return sum(each.count for each in some if each.outcome == outcome and excused(each) is set_aside)

    def attempts(some: Iterable[Login], outcome: str) -> int:
        return sum(each.count for each in some if each.outcome == outcome)

    def pair(user: object, source: object, some: Sequence[Login]) -> dict[str, object]:
        ok = [each.time for each in some if each.outcome == "success"]
        fail = [each.time for each in some if each.outcome == "failure" and not excused(each)]
        held = [each.time for each in some if each.outcome == "challenged"]
        told = [total(mine, "failure") for (name, place, _), mine in guesses.items() if (name, place) == (user, source)]
        return {
            "user": user,
            "source": source,
            "known": any(each.known and each.reason != "unknown_account" for each in some),
            "first_t": min(each.time for each in some),
            "last_t": max(each.time for each in some),
            "first_ok": min(ok, default=None),
            "last_ok": max(ok, default=None),
            "first_fail": min(fail, default=None),
            "last_fail": max(fail, default=None),
            "first_challenged": min(held, default=None),
            "ok": attempts(some, "success"),
            "fail": total(some, "failure"),
            "excused": total(some, "failure", set_aside=True),
            "challenged": attempts(some, "challenged"),
            "refused": attempts(some, "refused"),
            "guesses": len(told),
            "guessed": sum(told),
            "same_guess": max(told, default=0),
        }

    return {
        "bins": [{**each, "outage": each["bin"] in out} for each in marked],
        "pairs": [pair(user, source, some) for (user, source), some in pairs.items()],
        "cells": [
            {
                "hour": hour,
                "source": source,
                "service": service,
                "auth_protocol": None,
                "client": client,
                "ok": attempts(some, "success"),
                "fail": total(some, "failure"),
                "excused": total(some, "failure", set_aside=True),
            }
            for (_, hour, source, service, client), some in cells.items()
        ],
        "guesses": [
            {
                "user": user,
                "source": source,
                "guess": guess,
                "first_t": min(each.time for each in some),
                "fail": sum(each.count for each in some),
            }
            for (user, source, guess), some in guesses.items()
        ],
    }


def evidence(logins: Iterable[Login], directory: Directory | None = None) -> Evidence:
    """The evidence of these logins, counted plainly and day by day."""
    days: dict[object, list[Login]] = defaultdict(list)
    for each in logins:
        days[each.time.date()].append(each)
    made: dict[str, list[dict[str, object]]] = {name: [] for name in SCHEMAS}
    for day in sorted(days, key=str):
        for name, part in counted_plainly(days[day]).items():
            made[name] += part
    frames = {name: _frame(part, name) for name, part in made.items()}
    return Evidence(
        **coded({name: frame.lazy() for name, frame in frames.items()}), directory=directory or Directory.empty()
    )


def shuffled(tables_: Evidence, seed: int) -> Evidence:
    """The same evidence with its rows in another order."""
    mixed = {
        name: getattr(tables_, name).sample(fraction=1.0, shuffle=True, seed=seed + number)
        for number, name in enumerate(SCHEMAS)
    }
    return Evidence(**mixed, directory=tables_.directory)


def _frame(part: Sequence[dict[str, object]], name: str) -> pl.DataFrame:
    return pl.DataFrame(list(part), schema=SCHEMAS[name]).cast(dict(SCHEMAS[name]))  # type: ignore[arg-type]


def _bin(login: Login) -> int:
    return int(login.time.timestamp()) // 300
