"""habits: sign-ins that succeed. People at their desks, on their phones and at home; machines by the clock."""

from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.networks import DESK, HOME, MONITOR, PHONE, SERVERS
from serjeant.proving.site import Site, time_of_day
from serjeant.proving.world import DAY, MINUTE, RIGHT, Flags, Floats, Ints, attempts, password

_DESK_HOURS: Final = [0, 0, 0, 0, 0, 0, 1, 4, 10, 12, 9, 8, 6, 8, 9, 8, 7, 5, 3, 2, 1, 0, 0, 0]
_PHONE_HOURS: Final = [1, 0, 0, 0, 0, 1, 4, 8, 8, 6, 5, 5, 6, 5, 5, 5, 6, 7, 8, 7, 6, 5, 4, 2]
_HOME_HOURS: Final = [1, 0, 0, 0, 0, 1, 3, 5, 4, 2, 2, 2, 2, 2, 2, 2, 2, 3, 6, 8, 9, 8, 6, 3]


def sign_ins(site: Site, rng: np.random.Generator) -> pl.DataFrame:
    """Mail sign-ins of people: about four on a workday, fewer at weekends. ATTEMPTS, plus ``device`` and ``day``."""
    people, calendar = site.people, site.calendar
    active = people.active
    weekday = calendar.busy * np.where(people.mobile[active, None] | ~calendar.weekend, 1.0, 0.0)
    counts = rng.poisson(people.rate[active, None] * weekday)
    person = np.repeat(active, counts.sum(axis=1))
    day = np.repeat(np.tile(np.arange(calendar.days), len(active)), counts.ravel())
    rows = len(person)
    device = _device(calendar.weekend[day], people.mobile[person], rng.random(rows))
    clock = np.select(
        [device == DESK, device == PHONE],
        [time_of_day(_DESK_HOURS, rows, rng), time_of_day(_PHONE_HOURS, rows, rng)],
        time_of_day(_HOME_HOURS, rows, rng),
    )
    pop3 = (person % 25 == 0) & (device == HOME)
    service = np.where(rng.random(rows) < 0.15, "smtp", np.where(pop3, "pop3", "imap"))
    table = attempts(
        time=calendar.begin + day * DAY + clock,
        account=person,
        name=people.spelled(person, people.habit[person, device]),
        source=site.places.at(person, day, device, rng.integers(0, 1 << 30, rows)),
        service=pl.Series(service),
        outcome="ok",
        guess=password(RIGHT, person),
        actor="honest",
    )
    return table.with_columns(device=pl.Series(device), day=pl.Series(day))


def _device(weekend: Flags, mobile: Flags, draw: Floats) -> Ints:
    """Half of a workday's sign-ins are at the desk, none of a weekend's."""
    weekday = np.select([draw < 0.5, draw < 0.8], [DESK, PHONE], HOME)
    chosen: Ints = np.where(mobile, np.where(weekend, np.where(draw < 0.6, PHONE, HOME), weekday), DESK)
    return chosen


def gateway(site: Site, rng: np.random.Generator) -> pl.DataFrame:
    """Sign-ins of technical staff to the ssh gateway, two in five of them with a key. As ``sign_ins``."""
    people, calendar = site.people, site.calendar
    staff = np.flatnonzero(people.technical)
    counts = rng.poisson(np.tile(2.0 * calendar.busy, (len(staff), 1)))
    person = np.repeat(staff, counts.sum(axis=1))
    day = np.repeat(np.tile(np.arange(calendar.days), len(staff)), counts.ravel())
    rows = len(person)
    device = np.where((rng.random(rows) < 0.75) & ~calendar.weekend[day], DESK, HOME)
    table = attempts(
        time=calendar.begin + day * DAY + time_of_day(_DESK_HOURS, rows, rng),
        account=person,
        name=people.spelled(person, np.where(person % 3 == 0, 0, 3)),
        source=site.places.at(person, day, device, rng.integers(0, 1 << 30, rows)),
        service="ssh",
        outcome=pl.Series(np.where(person % 5 < 2, "key", "ok")),
        guess=password(RIGHT, person),
        actor="honest",
    )
    return table.with_columns(device=pl.Series(device), day=pl.Series(day))


def machines(site: Site, rng: np.random.Generator) -> pl.DataFrame:
    """The health monitor every five minutes, and service accounts every 20 to 60 minutes, from our own servers."""
    people, calendar = site.people, site.calendar
    services = np.flatnonzero((people.table["kind"] == "service").to_numpy())
    every = np.where(np.arange(len(services)) == 0, 5 * MINUTE, rng.integers(20, 60, len(services)) * MINUTE)
    counts = calendar.days * DAY // every - 1
    account, step = np.repeat(services, counts), np.repeat(every, counts)
    turn = np.arange(len(account)) - np.repeat(np.cumsum(counts) - counts, counts)
    own = site.book.add([MONITOR, *SERVERS])
    home = np.where(account == services[0], own[0], own[1 + account % len(SERVERS)])
    return attempts(
        time=calendar.begin + turn * step + account * 997 % MINUTE + rng.integers(0, 1_500_000, len(account)),
        account=account,
        name=people.spelled(account, np.zeros(len(account), dtype=np.int64)),
        source=home,
        service="imap",
        outcome="ok",
        guess=password(RIGHT, account),
        actor="honest",
    )
