"""traps: what honest people do that looks like guessing, beyond their daily mistakes.

Every trap is a phase of its own, so that it can be counted.
"""

from typing import Final

import numpy as np
import polars as pl

from serjeant.proving import administrators
from serjeant.proving.population import Streams
from serjeant.proving.site import Site, time_of_day, turns, walkers
from serjeant.proving.tries import done
from serjeant.proving.world import DAY, FORGOTTEN, HOUR, MINUTE, RIGHT, SECOND, TYPO, password

_DAYTIME: Final = [0] * 8 + [4, 6, 6, 5, 3, 4, 5, 4, 3, 1] + [0] * 6
_WAKING: Final = [1, 0, 0, 0, 0, 1, 3, 5, 6, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 5, 4, 3, 2]


def everyday(site: Site, streams: Streams) -> pl.DataFrame:
    """Those of any month: people who travel, shared mailboxes whose password was changed."""
    return pl.concat([travellers(site, streams(40)), shared(site, streams(41))])


def all_of(site: Site, table: pl.DataFrame, streams: Streams) -> pl.DataFrame:
    """A population with every trap there is, for a world without attack; none of them may raise an alarm."""
    parts = [
        everyday(site, streams),
        administrators.scanner(site, streams(42)),
        administrators.reset(site, streams(43)),
        conference(site, streams(44)),
    ]
    joined = joiners(site, pl.concat([table, *parts]), streams(45))
    return administrators.migration(site, joined, streams(46))


def travellers(site: Site, rng: np.random.Generator) -> pl.DataFrame:
    """Two in a hundred people a week are in a hotel for some days: a new address, and one in five mistypes at first."""
    people = walkers(site)
    trips = rng.poisson(len(people) * 0.02 * site.calendar.days / 7)
    person, hotel = rng.choice(people, trips), site.book.scattered(trips, ipv6=0.1)
    start = rng.integers(0, site.calendar.days, trips)
    nights = rng.integers(1, 6, trips)
    each = np.repeat(np.arange(trips), nights * 3)
    turn = turns(nights * 3)
    day = np.minimum(start[each] + turn // 3, site.calendar.days - 1)
    time = site.calendar.begin + day * DAY + time_of_day(_WAKING, len(each), rng)
    first = np.full(trips, np.iinfo(np.int64).max)
    np.minimum.at(first, each, time)
    erring = np.flatnonzero(rng.random(trips) < 0.2)
    tries_each = rng.integers(1, 4, len(erring))
    wrong = np.repeat(erring, tries_each)
    return pl.concat(
        [
            done(site, time, person[each], hotel[each], "ok", password(RIGHT, person[each]), "traveller"),
            done(
                site,
                first[wrong] - (turns(tries_each) + 1) * 9 * SECOND,
                person[wrong],
                hotel[wrong],
                "bad_password",
                password(TYPO, person[wrong], rng.integers(0, 3000, len(wrong))),
                "traveller",
            ),
        ]
    )


def shared(site: Site, rng: np.random.Generator) -> pl.DataFrame:
    """A shared mailbox gets a new password; the devices of six colleagues hold the old one until the next day."""
    boxes = np.flatnonzero((site.people.table["kind"] == "shared").to_numpy())
    changes = max(1, round(len(boxes) * site.calendar.days / 400))
    box, readers = rng.choice(boxes, changes), rng.choice(walkers(site), (changes, 6))
    begin = site.calendar.begin + rng.integers(0, site.calendar.days, changes) * DAY
    begin += time_of_day(_DAYTIME, changes, rng)
    lasts = rng.integers(2 * HOUR, 20 * HOUR, (changes, 6))
    counts = (lasts // (15 * MINUTE)).ravel()
    each = np.repeat(np.arange(changes * 6), counts)
    time = begin[each // 6] + turns(counts) * 15 * MINUTE + rng.integers(0, MINUTE, len(each))
    day = np.minimum((time - site.calendar.begin) // DAY, site.calendar.days - 1)
    device = np.arange(changes * 6)[each] % 3
    source = site.places.at(readers.ravel()[each], day, device, each)
    account = box[each // 6]
    return done(site, time, account, source, "bad_password", password(RIGHT, account), "shared")


def conference(site: Site, rng: np.random.Generator) -> pl.DataFrame:
    """Forty of us at a conference, all of them new to its one address: most sign in, one in four slips first."""
    person = rng.permutation(walkers(site))[:40]
    source = np.repeat(site.book.scattered(1), len(person))
    workday = int(rng.choice(np.flatnonzero(~site.calendar.weekend)))
    time = site.calendar.begin + workday * DAY + time_of_day(_DAYTIME, len(person), rng)
    slips = np.flatnonzero(rng.random(len(person)) < 0.25)
    gives_up = rng.random(len(person)) < 0.1
    return pl.concat(
        [
            done(site, time, person, source, "ok", password(RIGHT, person), "conference").filter(pl.Series(~gives_up)),
            done(
                site,
                time[slips] - 20 * SECOND,
                person[slips],
                source[slips],
                "bad_password",
                password(FORGOTTEN, person[slips]),
                "conference",
            ),
        ]
    )


def joiners(site: Site, table: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Two in a hundred people are new: before their first day there is nothing of them, and then a slip or two."""
    people = walkers(site)
    new = rng.permutation(people)[: max(2, len(people) // 50)]
    workdays = np.flatnonzero(~site.calendar.weekend)
    day = rng.choice(workdays[len(workdays) // 5 :], len(new))
    begin = np.zeros(len(site.people.rate) + 1, dtype=np.int64)
    begin[new] = site.calendar.begin + day * DAY + 9 * HOUR
    # The last entry is that of names that are nobody's, which stand at -1.
    honest = (table["actor"].cast(pl.String) == "honest").to_numpy()
    there = ~honest | (table["time"].to_numpy() >= begin[table["account"].to_numpy()])
    each = np.repeat(np.arange(len(new)), 2)
    first = done(
        site,
        begin[new][each] - 3 * MINUTE + np.tile([0, 40 * SECOND], len(new)),
        new[each],
        site.places.desk[new][each],
        "bad_password",
        password(FORGOTTEN, new[each], np.tile([0, 1], len(new))),
        "joiner",
    )
    later = done(site, begin[new], new, site.places.desk[new], "ok", password(RIGHT, new), "joiner")
    return pl.concat([table.filter(pl.Series(there)), first, later])
