"""world: the calendar of a simulated organisation, and the table that every room of the simulator fills."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

DOMAIN: Final = "parliament.example"
HOSTS: Final = ("mx1", "mx2", "gate")

ATTEMPTS: Final = pl.Schema(
    {
        "time": pl.Int64(),  # microseconds since 1970, UTC
        "account": pl.Int64(),  # row of the directory; -1: no such account
        "name": pl.String(),  # as typed
        "source": pl.Int64(),  # row of the address book
        "service": pl.Enum(["imap", "pop3", "smtp", "ssh", "vpn", "web"]),
        "outcome": pl.Enum(["ok", "key", "bad_password", "unknown", "disabled", "backend", "refused", "mfa"]),
        "guess": pl.Int64(),  # the invented password's number; equal numbers are equal passwords
        "count": pl.Int64(),  # tries on the one connection
        "actor": pl.Enum(["honest", "background", "attack"]),
        "phase": pl.Enum(["", "quiet", "overt", "access"]),
    }
)
"""One row per attempt (``count`` attempts), before any of them is a line of a log. *key*: let in by public key."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a world, and what is special about some of them.

    :param first: midnight (UTC) at which the logs begin
    :param days: how many days they cover
    :param slips: by day, how many times more often people mistype (Mondays 1.6, the return from a recess 3)
    :param busy: by day, sign-ins compared with an ordinary workday
    :param expiry: the day on which old passwords run out
    :param outage: begin and end of the hour in which the password database was away, microseconds since 1970
    """

    first: datetime
    days: int
    slips: Floats
    busy: Floats
    expiry: int
    outage: tuple[int, int]

    @property
    def begin(self) -> int:
        """Microseconds since 1970 at the first midnight."""
        return micros(self.first)

    @property
    def end(self) -> int:
        """Microseconds since 1970 at the last midnight."""
        return self.begin + self.days * DAY

    @property
    def weekend(self) -> Flags:
        """By day, whether it is a Saturday or Sunday."""
        return np.array([(self.first + timedelta(days=day)).weekday() >= 5 for day in range(self.days)])


def micros(moment: datetime) -> int:
    """An aware datetime as microseconds since 1970."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def moment(value: int) -> datetime:
    """Microseconds since 1970 as an aware datetime."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(value))


def calendar(
    first: datetime, days: int, *, latest: int, recess_until: datetime | None, rng: np.random.Generator
) -> Calendar:
    """Draw the special days: an expiry day and an outage of 25 minutes, on workdays up to the day ``latest``.

    :param recess_until: the day on which everybody comes back (mistypes x 3); None for a world without recess
    """
    dates = [first + timedelta(days=day) for day in range(days)]
    slips = np.array([1.6 if date.weekday() == 0 else 1.0 for date in dates])
    busy = np.array([0.3 if date.weekday() >= 5 else 1.0 for date in dates])
    for day, date in enumerate(dates):
        if recess_until and date == recess_until:
            slips[day], busy[day] = 3.0, 1.3
        elif recess_until and date < recess_until:
            busy[day] *= 0.85
    workdays = [day for day, date in enumerate(dates) if date.weekday() < 5 and day <= latest] or [0]
    expiry, outage_day = (int(day) for day in rng.choice(workdays, 2))
    begin = micros(first) + outage_day * DAY + int(rng.uniform(9, 16) * HOUR)
    return Calendar(first, days, slips, busy, expiry, (begin, begin + 25 * MINUTE))


def attempts(
    time: Ints,
    account: Ints,
    name: pl.Series,
    source: Ints,
    service: str | pl.Series,
    outcome: str | pl.Series,
    guess: Ints,
    actor: str,
    phase: str = "",
    count: int | Ints = 1,
) -> pl.DataFrame:
    """The arrays as one ATTEMPTS table; a plain string or number stands for every row."""
    rows = len(time)
    columns = {
        "time": time,
        "account": account,
        "name": name,
        "source": source,
        "service": pl.Series([service]).new_from_index(0, rows) if isinstance(service, str) else service,
        "outcome": pl.Series([outcome]).new_from_index(0, rows) if isinstance(outcome, str) else outcome,
        "guess": guess,
        "count": np.full(rows, count) if isinstance(count, int) else count,
        "actor": pl.Series([actor]).new_from_index(0, rows),
        "phase": pl.Series([phase]).new_from_index(0, rows),
    }
    return pl.DataFrame(columns).cast(ATTEMPTS)


def password(kind: int, owner: Ints | int, number: Ints | int = 0) -> Ints:
    """The number of an invented password: ``number`` of the passwords of this kind that ``owner`` uses."""
    return (np.asarray(owner, dtype=np.int64) + 1 << 16) + np.asarray(number, dtype=np.int64) + (kind << 48)


RIGHT, OTHER, TYPO, FORGOTTEN, LISTED, DERIVED, BACKGROUND = range(1, 8)
"""Kinds of invented password: the account's own, its owner's password elsewhere, mistypes, what somebody who has
forgotten tries, the attacker's list, guesses made from the account's name, the list of passing scanners."""


def scramble(value: Ints, seed: int) -> NDArray[np.uint64]:
    """A hash of whole numbers that is the same on every machine (splitmix64's finaliser, Steele et al. 2014)."""
    mixed = value.astype(np.uint64) + np.uint64((seed * 0x9E3779B97F4A7C15) % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
