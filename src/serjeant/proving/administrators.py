"""administrators: what those who run the house do that looks like guessing: scans, resets, a move to a new proxy."""

from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.site import Site, time_of_day, walkers
from serjeant.proving.tries import done
from serjeant.proving.world import DAY, HOUR, MINUTE, OTHER, RIGHT, SECOND, TYPO, password

SCANNER: Final = "192.0.2.66"
PROXY: Final = "192.0.2.80"
_SCANNED: Final = 40
_OFFICE_HOURS: Final = [0] * 8 + [4, 6, 6, 5, 3, 4, 5, 4, 3, 1] + [0] * 6


def scanner(site: Site, rng: np.random.Generator) -> pl.DataFrame:
    """Our own scan, on the allow-list: default passwords on the same forty accounts, every week."""
    target = rng.choice(len(site.people.rate), min(_SCANNED, len(site.people.rate)), replace=False)
    weeks = max(1, site.calendar.days // 7)
    week = np.repeat(np.arange(weeks), len(target) * 3)
    account = np.tile(np.repeat(target, 3), weeks)
    begin = site.calendar.begin + week * 7 * DAY + 2 * DAY + 22 * HOUR
    turn = np.tile(np.arange(len(target) * 3), weeks)
    source = np.repeat(site.book.add([SCANNER]), len(week))
    guess = password(OTHER, -1, turn % 3)
    time = begin + turn * 4 * SECOND + rng.integers(0, SECOND, len(turn))
    return done(site, time, account, source, "bad_password", guess, "scanner", client="nessus")


def allowed(site: Site, table: pl.DataFrame) -> tuple[tuple[str, str], ...]:
    """The pairs (account, address) that an administrator who scans would have put on the allow-list."""
    pairs = table.filter(pl.col("phase") == "scanner").select("account").unique().sort("account")
    names = site.people.table["account"].gather(pairs["account"])
    return tuple((name, SCANNER) for name in names)


def reset(site: Site, rng: np.random.Generator) -> pl.DataFrame:
    """The help desk resets two in a hundred to one default password; each tries it where it no longer is right."""
    people = walkers(site)
    person = rng.permutation(people)[: max(8, len(people) // 50)]
    day = np.full(len(person), int(rng.choice(np.flatnonzero(~site.calendar.weekend))))
    each = np.repeat(np.arange(len(person)), 2)
    begin = site.calendar.begin + day * DAY + time_of_day(_OFFICE_HOURS, len(person), rng)
    source = site.places.at(person[each], day[each], person[each] % 3, each)
    time = begin[each] + np.tile([0, 20 * SECOND], len(person))
    failed = done(site, time, person[each], source, "bad_password", password(OTHER, -2) + 0 * each, "reset")
    later = begin + 3 * MINUTE
    signed = done(site, later, person, source[::2], "ok", password(RIGHT, person), "reset")
    # One in four finds out only after lunch.
    return pl.concat([failed, signed.filter(pl.Series(rng.random(len(person)) > 0.25))])


def migration(site: Site, table: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """On one workday everything from outside begins to come by a new proxy, which hides the addresses.

    Every phone and home client signs in anew that morning; one in six fails first.
    """
    workdays = np.flatnonzero(~site.calendar.weekend)
    start = site.calendar.begin + int(workdays[len(workdays) * 5 // 6]) * DAY + 6 * HOUR
    proxy = int(site.book.add([PROXY])[0])
    inside = np.zeros(len(site.book.texts), dtype=np.bool_)
    inside[site.places.desk] = True
    moves = (
        (pl.col("time") >= start)
        & pl.col("service").cast(pl.String).is_in(["imap", "pop3", "smtp"])
        & ~pl.Series(inside).gather(table["source"])
        & ~pl.col("phase").is_in(["machine", "scanner"])
    )
    moved = table.with_columns(source=pl.when(moves).then(pl.lit(proxy)).otherwise("source"))
    person = np.repeat(walkers(site), 2)
    time = start + time_of_day([0, 1, 4, 4, 3, 2] + [0] * 18, len(person), rng)
    source = np.full(len(person), proxy)
    wrong = np.flatnonzero(rng.random(len(person)) < 1 / 6)
    typed = password(TYPO, person[wrong], rng.integers(0, 3000, len(wrong)))
    return pl.concat(
        [
            moved,
            done(site, time, person, source, "ok", password(RIGHT, person), "migration"),
            done(site, time[wrong] - 15 * SECOND, person[wrong], source[wrong], "bad_password", typed, "migration"),
        ]
    )
