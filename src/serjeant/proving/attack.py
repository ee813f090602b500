"""attack: a parliament in June 2017. Weeks of quiet guessing, a day in the open, and the mailboxes read after."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.site import Site, time_of_day
from serjeant.proving.world import (
    ATTEMPTS,
    DAY,
    DERIVED,
    HOUR,
    LISTED,
    MINUTE,
    Floats,
    Ints,
    attempts,
    micros,
    password,
)

QUIET_BEGIN: Final = micros(datetime(2017, 6, 5, 5, tzinfo=UTC))
QUIET_END: Final = micros(datetime(2017, 6, 22, 12, tzinfo=UTC))
OVERT_BEGIN: Final = micros(datetime(2017, 6, 23, 9, tzinfo=UTC))
OVERT_PER_ACCOUNT: Final = 200_000 / 9_000
SERVICES: Final = ("imap", "pop3", "smtp", "ssh")
_PASSWORDS: Final = 40
_MORNING: Final = [0, 0, 0, 0, 0, 1, 5, 9, 10, 10, 8, 6] + [0] * 12
_SWITCH: Final = 12 * MINUTE


@dataclass(frozen=True, slots=True)
class Crew:
    """The attacker's addresses, rows of the address book.

    :param quiet: those already at work in the quiet phase, the first of ``all``
    :param all: those of the overt phase
    :param shared: those of ``all`` that honest people have too (a carrier's shared addresses)
    :param operators: from where the opened mailboxes are read; no guessing is done from them
    """

    quiet: Ints
    all: Ints
    shared: Ints
    operators: Ints


def crew(site: Site, rng: np.random.Generator) -> Crew:
    """Draw about 2,500 addresses for 9,000 accounts: most scattered, some at six hosting companies, a few shared."""
    accounts = len(site.people.rate)
    size, quiet = max(45, round(accounts * 2500 / 9000)), max(12, accounts // 20)
    shared = rng.choice(site.places.cgnat, max(1, size // 400), replace=False)
    nets = rng.choice(16 * 256, 6, replace=False)
    hosted = site.book.add(
        [f"10.{240 + nets[i % 6] // 256}.{nets[i % 6] % 256}.{3 + i // 6 * 2}" for i in range(size // 20)]
    )
    scattered = site.book.scattered(size - len(hosted) - len(shared), ipv6=0.05)
    everyone = np.concatenate([rng.permutation(np.concatenate([scattered, hosted])), shared])
    operators = site.book.add([f"203.0.113.{host}" for host in rng.choice(np.arange(20, 250), 4, replace=False)])
    return Crew(everyone[:quiet], everyone, shared, operators)


def quiet(
    site: Site, crew: Crew, rng: np.random.Generator, *, begin: int = QUIET_BEGIN, end: int = QUIET_END
) -> pl.DataFrame:
    """Each account about once a week, in the directory's order; a source tries 5 to 15 of them on a day it works.

    Tries of one source are at least a minute apart and keep working hours.
    """
    calendar, accounts = site.calendar, len(site.people.rate)
    works = np.where(calendar.weekend, 0.09, 0.36)
    source, day = np.nonzero(rng.random((len(crew.quiet), calendar.days)) < works)
    tries = rng.integers(5, 16, len(source))
    starts = calendar.begin + day * DAY + time_of_day(_MORNING, len(source), rng)
    visit = np.repeat(np.arange(len(source)), tries)
    gaps = MINUTE + rng.exponential(18 * MINUTE, len(visit)).astype(np.int64)
    passed = np.cumsum(gaps)
    since = passed - np.repeat(passed[np.cumsum(tries) - tries], tries)
    time = starts[visit] + since
    inside = (time >= max(begin, calendar.begin)) & (time < end)
    order = np.argsort(time[inside], kind="stable")
    time, chosen = time[inside][order], crew.quiet[source[visit[inside]][order]]
    turn = np.arange(len(time)) + int(rng.integers(0, accounts))
    sweep = turn // accounts
    derived = rng.random(len(time)) < 0.3
    return _guesses(
        site,
        time,
        turn % accounts,
        chosen,
        np.where(derived, -1 - sweep, sweep * 3 + turn % 3),
        pl.Series(["imap"]).new_from_index(0, len(time)),
        "quiet",
        rng,
    )


def overt(site: Site, crew: Crew, rng: np.random.Generator, *, begin: int = OVERT_BEGIN) -> pl.DataFrame:
    """22 sweeps over the directory in 10 to 12 hours from all sources, changing service when one is blocked."""
    accounts = len(site.people.rate)
    rows, sources = round(accounts * OVERT_PER_ACCOUNT), len(crew.all)
    work = int(rng.uniform(10, 11.4) * HOUR)
    switch = (np.array([0.35, 0.6, 0.8]) + rng.uniform(-0.04, 0.04, 3)) * work
    share = rng.lognormal(0, 0.4, sources)
    tries = rng.multinomial(rows, share / share.sum())
    joins = rng.random(sources) ** 2 * 0.6
    leaves = np.maximum(1 - rng.exponential(0.1, sources), joins + 0.3).clip(max=1)
    joins[: len(crew.quiet)] *= 0.2
    which = np.repeat(np.arange(sources), tries)
    turn = np.arange(rows) - np.repeat(np.cumsum(tries) - tries, tries)
    # Evenly spaced within the hours of each source, give or take: a pace that a lock-out policy does not see.
    pace: Floats = joins[which] + (turn + rng.random(rows)) * ((leaves - joins) / np.maximum(tries, 1))[which]
    worked = (pace * work).astype(np.int64)
    stage = np.searchsorted(switch, worked)
    time = begin + int(rng.integers(0, 20 * MINUTE)) + worked + stage * _SWITCH
    order = np.argsort(time, kind="stable")
    turn = np.arange(rows) + int(rng.integers(0, accounts))
    derived = rng.random(rows) < 0.25
    sweep = np.arange(rows) // accounts
    return _guesses(
        site,
        time[order],
        turn % accounts,
        crew.all[which[order]],
        np.where(derived, -8 - sweep, 8 + sweep),
        pl.Series(SERVICES).gather(stage[order]),
        "overt",
        rng,
    )


def _guesses(
    site: Site,
    time: Ints,
    account: Ints,
    source: Ints,
    number: Ints,
    service: pl.Series,
    phase: str,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Failing attempts; ``number`` is the guess on the attacker's list, negative for one made from the name."""
    # One name in a hundred is of somebody who left: the attacker's copy of the directory is an old one.
    gone = rng.random(len(time)) < 0.01
    short = (rng.random(len(time)) < 0.3) | (service == "ssh").to_numpy()
    name = site.people.spelled(account, np.where(short, 0, 1))
    name = pl.select(pl.when(pl.Series(gone)).then("old." + name).otherwise(name)).to_series()
    return attempts(
        time=time,
        account=np.where(gone, -1, account),
        name=name,
        source=source,
        service=service,
        outcome=pl.Series(np.where(gone, "unknown", "bad_password")),
        guess=np.where(number < 0, password(DERIVED, account, -number), password(LISTED, 0, number % _PASSWORDS)),
        actor="attack",
        phase=phase,
    )


def fall(site: Site, crew: Crew, guessed: pl.DataFrame, fallen: Ints, rng: np.random.Generator) -> pl.DataFrame:
    """Let one guess at each fallen account be right, and sign in to its mailbox afterwards.

    In one world of five, one of them falls in the last third of the quiet phase. Guesses at an account that has
    fallen go to other accounts instead.
    """
    account, time = guessed["account"].to_numpy().copy(), guessed["time"].to_numpy()
    is_quiet = (guessed["phase"] == "quiet").to_numpy()
    dark = (time >= site.calendar.outage[0]) & (time < site.calendar.outage[1])
    late = is_quiet & ~dark & (time > QUIET_END - (QUIET_END - QUIET_BEGIN) // 3)
    early = rng.random() < 0.2
    right = np.zeros(len(account), dtype=np.bool_)
    for row in fallen:
        tries = np.flatnonzero((account == row) & ~is_quiet)
        if early and len(before := np.flatnonzero((account == row) & late)):
            tries, early = before, False
        right[rng.choice(tries)] = True
    first = np.full(len(site.people.rate), np.iinfo(np.int64).max)
    first[account[right]] = time[right]
    done = (account >= 0) & (time > first[account])
    others = np.setdiff1d(np.arange(len(site.people.rate)), fallen)
    account[done] = rng.choice(others, int(done.sum()))
    respelled = site.people.spelled(account[done], np.where(guessed["service"].to_numpy()[done] == "ssh", 0, 1))
    guessed = guessed.with_columns(
        account=pl.Series(account),
        name=guessed["name"].scatter(np.flatnonzero(done), respelled),
        outcome=guessed["outcome"].cast(pl.String).scatter(np.flatnonzero(right), "ok").cast(ATTEMPTS["outcome"]),
    )
    return pl.concat([guessed, _access(site, crew, guessed.filter(pl.Series(right)), rng)])


def _access(site: Site, crew: Crew, falls: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """One to four sign-ins by hand to each opened mailbox, minutes to hours later, three in five by an operator."""
    visits = np.minimum(1 + rng.poisson(1.2, falls.height), 4)
    row = np.repeat(np.arange(falls.height), visits)
    waits = np.clip(rng.lognormal(np.log(40), 1.1, len(row)), 3, 600) * MINUTE
    passed = np.cumsum(waits.astype(np.int64))
    starts = np.cumsum(visits) - visits
    before = np.where(starts > 0, passed[np.maximum(starts - 1, 0)], 0)
    account = falls["account"].to_numpy()[row]
    time = falls["time"].to_numpy()[row] + passed - before[row]
    by_hand = rng.random(len(row)) < 0.6
    operator = crew.operators[(row + rng.integers(0, 2, len(row))) % len(crew.operators)]
    return attempts(
        time=np.minimum(time, site.calendar.end - MINUTE - row),
        account=account,
        name=site.people.spelled(account, np.ones(len(row), dtype=np.int64)),
        source=np.where(by_hand, operator, falls["source"].to_numpy()[row]),
        service="imap",
        outcome="ok",
        guess=falls["guess"].to_numpy()[row],
        actor="attack",
        phase="access",
    )
