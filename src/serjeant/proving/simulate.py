"""simulate: make a labelled world and write it out: the directory, the logs and the truth.

The worlds of ``WORLDS`` are written as the logs of the products that people signed in to; those of ``matrix`` are drawn
as sign-ins, and written as JSON lines.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from serjeant.errors import UsageError
from serjeant.proving import (
    attack,
    background,
    council,
    frontier,
    habits,
    labels,
    logs,
    matrix,
    mistakes,
    outage,
    people,
    truth,
    victims,
    written,
)
from serjeant.proving.drawn import Drawn, draw
from serjeant.proving.networks import Book, places
from serjeant.proving.people import People
from serjeant.proving.site import Site
from serjeant.proving.truth import Truth
from serjeant.proving.world import ATTEMPTS, MINUTE, Calendar, calendar

WORLDS: Final = {
    "quiet": "A month of a parliament at work, with every honest nuisance that looks like guessing, and no attack.",
    "parliament": "June 2017: eighteen quiet days of guessing at all accounts, then 200,000 tries in a day; 26 fall.",
    "council": "A week of a council with eleven products to sign in at; one crew goes from IMAP to VPN to web mail.",
}
"""The worlds that can be simulated, each in one sentence."""
SMALLEST: Final = 200
_RETURN: Final = datetime(2017, 10, 9, tzinfo=UTC)
_QUIET_FIRST: Final = datetime(2017, 9, 18, tzinfo=UTC)
_PARLIAMENT_END: Final = datetime(2017, 6, 25, tzinfo=UTC)
_DAYS: Final = {"quiet": 30, "parliament": 24, "council": 7}


def simulate(
    kind: str,
    out: Path,
    *,
    seed: int = 1,
    accounts: int = 9000,
    days: int | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Truth:
    """Write ``accounts.csv``, ``logs/`` and ``truth.json`` of a world into ``out``. Equal seeds give equal files.

    :param kind: one of ``WORLDS``, or a drawn world: of the matrix, such as ``A7 expiry``, or of the frontier
    :param seed: a whole number from 0
    :param accounts: accounts of the directory, 200 or more
    :param days: days of logs, 3 or more; a parliament's always end with 24 June 2017
    :param progress: told the step at hand and the share done, 0 to 1
    :returns: the labels, as written to ``truth.json``
    :raises UsageError: for a world that cannot be made, or when ``out`` holds logs already
    """
    tell = progress or (lambda _step, _share: None)
    _empty(out)
    if kind not in WORLDS:
        tell("sign-ins", 0.0)
        return written.write(_drawn(kind, seed, accounts, days), out)
    days = _DAYS[kind] if days is None else days
    _check(seed, accounts, days)
    tell("people", 0.0)
    when = _calendar(kind, days, _rng(seed, 1))
    staff = people.people(accounts, _rng(seed, 2))
    fallen = np.zeros(0, dtype=np.int64)
    mailboxes: tuple[str, ...] = ()
    if kind == "parliament":
        staff, fallen, mailboxes = victims.choose(staff, _rng(seed, 3))
    book = Book(seed * 7919)
    site = Site(staff, places(staff, when, book, _rng(seed, 4), seed), book, when, seed)
    if kind == "council":
        return council.council(site, out, lambda room: _rng(seed, room))
    tell("honest sign-ins", 0.1)
    pieces = [_honest(site, seed), background.background(site, _rng(seed, 6))]
    tell("attack", 0.4)
    crew = attack.crew(site, _rng(seed, 7)) if kind == "parliament" else None
    if crew:
        guessed = pl.concat([attack.quiet(site, crew, _rng(seed, 8)), attack.overt(site, crew, _rng(seed, 9))])
        pieces.append(attack.fall(site, crew, guessed, fallen, _rng(seed, 10)))
    done = _within(pl.concat(pieces), when)
    done = outage.strike(done, staff, when, _rng(seed, 11)).sort("time", maintain_order=True)
    tell("lines", 0.5)
    told = logs.lines(done, staff, book, when, seed)
    tell("writing", 0.75)
    out.mkdir(parents=True, exist_ok=True)
    _directory(staff, out / "accounts.csv")
    files = logs.write(told, when, out / "logs")
    known = labels.label(
        site,
        done,
        crew,
        kind=kind,
        mailboxes=mailboxes,
        files=files,
        lines=told.height,
        returned=_RETURN if kind == "quiet" else None,
    )
    truth.write(known, out / "truth.json")
    tell("done", 1.0)
    return known


def _drawn(kind: str, seed: int, accounts: int, days: int | None) -> Drawn:
    shape = frontier.shape(kind)
    if shape is None and kind not in matrix.worlds():
        raise UsageError(f"there is no world {kind!r}", hint="see serjeant simulate --list")
    return draw(kind, seed, accounts, (90 if kind == matrix.CLEAN else 28) if days is None else days, shape=shape)


def _empty(out: Path) -> None:
    if (out / "logs").exists() and any((out / "logs").iterdir()):
        raise UsageError("there are logs here already", where=str(out / "logs"), hint="choose another folder")


def _check(seed: int, accounts: int, days: int) -> None:
    if seed < 0:
        raise UsageError(f"a seed of {seed} is below zero", hint="choose a whole number from 0")
    if accounts < SMALLEST:
        raise UsageError(f"a world of {accounts} accounts is too small", hint=f"ask for {SMALLEST} or more")
    if days < 3:
        raise UsageError(f"a world of {days} days is too short", hint="ask for 3 or more")


def _rng(seed: int, room: int) -> np.random.Generator:
    """Each room draws from its own stream, so that a change in one leaves the others as they were."""
    return np.random.default_rng([seed, room])


def _calendar(kind: str, days: int, rng: np.random.Generator) -> Calendar:
    if kind == "parliament":
        return calendar(
            _PARLIAMENT_END - timedelta(days=days),
            days,
            latest=min(2 * days // 3, days - 3),
            recess_until=None,
            rng=rng,
        )
    if kind == "council":
        return calendar(council.FIRST, days, latest=days - 3, recess_until=None, rng=rng)
    return calendar(_QUIET_FIRST, days, latest=2 * days // 3, recess_until=_RETURN, rng=rng)


def _honest(site: Site, seed: int) -> pl.DataFrame:
    done = habits.sign_ins(site, _rng(seed, 20))
    changed, stale = mistakes.expiry(site, done, _rng(seed, 21))
    done = done.filter(~mistakes.while_stale(done, stale, len(site.people.rate)))
    done = pl.concat([done, habits.gateway(site, _rng(seed, 22))])
    return pl.concat(
        [
            done.select(ATTEMPTS.names()),
            mistakes.slips(site, done, _rng(seed, 23)),
            mistakes.forgotten(site, _rng(seed, 24)),
            changed,
            mistakes.phones(site, stale, _rng(seed, 25)),
            mistakes.phones(site, mistakes.leavers(site), _rng(seed, 26)),
            habits.machines(site, _rng(seed, 27)),
        ]
    )


def _within(table: pl.DataFrame, when: Calendar) -> pl.DataFrame:
    # A minute less at the end, since the last line of an attempt follows some seconds after its first.
    return table.filter(pl.col("time").is_between(when.begin, when.end - MINUTE, closed="left"))


def _directory(staff: People, path: Path) -> None:
    staff.table.with_columns(pl.col("aliases", "reaches").list.join(";")).write_csv(path)
