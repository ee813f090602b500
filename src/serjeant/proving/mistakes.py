"""mistakes: honest sign-ins that fail. Parameters: the detection notes' table of legitimate behaviour."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.networks import DESK, HOME, PHONE
from serjeant.proving.site import Site, time_of_day
from serjeant.proving.world import (
    ATTEMPTS,
    DAY,
    FORGOTTEN,
    HOUR,
    MINUTE,
    OTHER,
    RIGHT,
    SECOND,
    TYPO,
    Floats,
    Ints,
    attempts,
    password,
)

_SLIPS: Final = {"typo": (0.02, 2 / 3), "elsewhere": (0.02, 1 / 3), "misnamed": (0.02, 0.2)}
"""Share of sign-ins that begin with this slip, and the chance that it is made once more (StopGuessing's simulator)."""
_GIVES_UP: Final = 0.003
_EXPIRES, _LEFT_STALE = 0.08, 0.25
_STALE_PER_LOGIN: Final = 1 / 2500


def slips(site: Site, done: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Failures a few seconds before sign-ins of ``done``: mistypes, another password, a wrong user name."""
    typed = done.filter(pl.col("outcome") == "ok")
    factor = site.calendar.slips[typed["day"].to_numpy()]
    pieces = []
    for kind, (share, again) in _SLIPS.items():
        struck = np.flatnonzero(rng.random(typed.height) < share * factor)
        tries = np.minimum(rng.geometric(1 - again, len(struck)), 12)
        row = typed[np.repeat(struck, tries)]
        before = np.concatenate([np.arange(count, 0, -1) for count in tries.tolist()] or [np.zeros(0, dtype=np.int64)])
        account = row["account"].to_numpy()
        row = row.with_columns(
            time=row["time"] - before * 7 * SECOND - rng.integers(0, 3 * SECOND, row.height),
            guess=_guess(kind, account, rng),
            outcome=pl.lit("bad_password", dtype=ATTEMPTS["outcome"]),
        )
        pieces.append(_misnamed(site, row, rng) if kind == "misnamed" else row)
    return pl.concat(pieces).select(ATTEMPTS.names())


def _guess(kind: str, account: Ints, rng: np.random.Generator) -> Ints:
    draw = rng.integers(0, 3000, len(account))
    if kind == "typo":
        return password(TYPO, account, draw)
    return password(OTHER, account, draw % 3) if kind == "elsewhere" else password(RIGHT, account)


def _misnamed(site: Site, row: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """A letter too few in the user name; one time in ten, a colleague's name."""
    at = rng.integers(1, 6, row.height)
    colleague = (rng.random(row.height) < 0.1) & (row["service"] != "ssh").to_numpy()
    near = np.clip(row["account"].to_numpy() + 1, 0, len(site.people.rate) - 1)
    wrong = row.select(
        pl.col("name").str.slice(0, pl.Series(at)) + pl.col("name").str.slice(pl.Series(at + 1))
    ).to_series()
    known = wrong.str.to_lowercase().is_in(site.people.spellings.str.to_lowercase().unique().to_list()).to_numpy()
    kept = colleague | known
    return row.with_columns(
        account=pl.Series(np.where(colleague, near, np.where(known, row["account"].to_numpy(), -1))),
        name=pl.select(
            pl.when(pl.Series(colleague))
            .then(site.people.spelled(near, np.ones(len(near), dtype=np.int64)))
            .when(pl.Series(known))
            .then(row["name"])
            .otherwise(wrong)
        ).to_series(),
        outcome=pl.Series(np.where(kept, "bad_password", "unknown"), dtype=ATTEMPTS["outcome"]),
    )


def forgotten(site: Site, rng: np.random.Generator) -> pl.DataFrame:
    """People who try four passwords, give up and ring the help desk; one in seven from a place never seen before."""
    calendar, people = site.calendar, site.people
    walkers = np.flatnonzero((people.rate > 0) & people.mobile)
    chance = _GIVES_UP * calendar.slips * np.where(calendar.weekend, 0.4, 1.0)
    struck, day = np.nonzero(rng.random((len(walkers), calendar.days)) < chance)
    person = walkers[struck]
    device = np.where(calendar.weekend[day] | (rng.random(len(person)) < 0.35), HOME, DESK)
    source = site.places.at(person, day, device, person)
    away = rng.random(len(person)) < 0.15
    source[away] = site.book.scattered(int(away.sum()), ipv6=0.2)
    begin = calendar.begin + day * DAY + time_of_day([0] * 7 + [6] * 12 + [2] * 3 + [0] * 2, len(person), rng)
    turn = np.tile(np.arange(4), len(person))
    person, source, begin = (np.repeat(column, 4) for column in (person, source, begin))
    return attempts(
        time=begin + turn * 15 * SECOND + rng.integers(0, 10 * SECOND, len(person)),
        account=person,
        name=people.spelled(person, people.habit[person, HOME]),
        source=source,
        service="imap",
        outcome="bad_password",
        guess=password(FORGOTTEN, person, turn),
        actor="honest",
    )


@dataclass(frozen=True, slots=True)
class Stale:
    """Phones that hold an old password: whose, from when to when, and how often they ask (microseconds)."""

    person: Ints
    begin: Ints
    end: Ints
    every: Ints
    outcome: str = "bad_password"


def expiry(site: Site, done: pl.DataFrame, rng: np.random.Generator) -> tuple[pl.DataFrame, Stale]:
    """The day on which 8 % of passwords run out: the old one once or twice at the desk; a quarter leave a phone."""
    walkers = np.flatnonzero((site.people.rate > 0) & site.people.mobile)
    person = rng.permutation(walkers)[: round(len(walkers) * _EXPIRES)]
    day = np.full(len(person), site.calendar.expiry)
    begin = (
        site.calendar.begin + day * DAY + time_of_day([0] * 8 + [3, 6, 4, 3, 2, 2, 2, 1] + [0] * 8, len(person), rng)
    )
    twice = np.repeat(np.arange(len(person)), rng.integers(1, 3, len(person)))
    device = np.full(len(twice), DESK)
    tried = attempts(
        time=begin[twice] + rng.integers(0, 40 * SECOND, len(twice)),
        account=person[twice],
        name=site.people.spelled(person[twice], site.people.habit[person[twice], DESK]),
        source=site.places.at(person[twice], day[twice], device, person[twice]),
        service="imap",
        outcome="bad_password",
        guess=password(RIGHT, person[twice]),
        actor="honest",
    )
    left = rng.random(len(person)) < _LEFT_STALE
    others = rng.permutation(np.setdiff1d(walkers, person))[: rng.poisson(done.height * _STALE_PER_LOGIN)]
    owner = np.concatenate([person[left], others])
    start = np.concatenate([begin[left], _any_time(site, len(others), rng)])
    lasts = np.clip(rng.lognormal(np.log(1.5), 0.8, len(owner)), 1.0, 21.0) * DAY
    every = rng.choice([5, 10, 15, 20, 30], len(owner), p=[0.05, 0.1, 0.25, 0.25, 0.35]) * MINUTE
    end = np.minimum(start + lasts.astype(np.int64), site.calendar.end)
    return tried, Stale(owner, start, end, every)


def leavers(site: Site) -> Stale:
    """Phones of people who have left, whose right password opens a disabled account: all days, every half hour."""
    person = np.flatnonzero(site.people.leaver)
    whole = np.ones(len(person), dtype=np.int64)
    return Stale(person, whole * site.calendar.begin, whole * site.calendar.end, whole * 30 * MINUTE, "disabled")


def phones(site: Site, stale: Stale, rng: np.random.Generator) -> pl.DataFrame:
    """Every try of the stale phones: the same wrong password, over the carrier by day and from home by night."""
    counts = np.maximum((stale.end - stale.begin) // stale.every, 0)
    person, begin, every = (np.repeat(column, counts) for column in (stale.person, stale.begin, stale.every))
    turn = np.arange(len(person)) - np.repeat(np.cumsum(counts) - counts, counts)
    time = begin + turn * every + rng.integers(0, MINUTE, len(person))
    day = np.minimum((time - site.calendar.begin) // DAY, site.calendar.days - 1)
    hour = (time % DAY) // HOUR
    device = np.where((hour >= 8) & (hour < 19), PHONE, HOME)
    return attempts(
        time=time,
        account=person,
        name=site.people.spelled(person, site.people.habit[person, PHONE]),
        source=site.places.at(person, day, device, person),
        service="imap",
        outcome=stale.outcome,
        guess=password(RIGHT, person),
        actor="honest",
    )


def while_stale(done: pl.DataFrame, stale: Stale, accounts: int) -> pl.Series:
    """Which sign-ins of ``done`` a stale phone cannot have made: those of that phone, meanwhile."""
    begin, end = np.full(accounts, np.iinfo(np.int64).max), np.zeros(accounts, dtype=np.int64)
    begin[stale.person], end[stale.person] = stale.begin, stale.end
    account, time = done["account"].to_numpy(), done["time"].to_numpy()
    return pl.Series((done["device"].to_numpy() == PHONE) & (time >= begin[account]) & (time < end[account]))


def _any_time(site: Site, rows: int, rng: np.random.Generator) -> Ints:
    moments: Floats = rng.uniform(site.calendar.begin, site.calendar.end, rows)
    return moments.astype(np.int64)
