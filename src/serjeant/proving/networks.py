"""networks: the addresses of a simulated organisation, its people and everybody else."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.people import People
from serjeant.proving.world import DAY, Calendar, Ints, scramble

OFFICE_NATS: Final = ("198.51.100.1", "198.51.100.2")
MONITOR: Final = "192.0.2.10"
SERVERS: Final = ("192.0.2.21", "192.0.2.22", "192.0.2.23")
LISTENERS: Final = {"mx1": "198.51.100.10", "mx2": "198.51.100.11", "gate": "198.51.100.12"}
CARRIERS: Final = 4
CGNAT_PER_CARRIER: Final = 50
DESK, PHONE, HOME = range(3)


@dataclass(slots=True)
class Book:
    """Every address of a world; a source is a row of it. No two rows are the same network.

    Invented addresses: IPv4 from 10.0.0.0/8 (hosting companies at 10.240.0.0/12), IPv6 from 2001:db8::/32,
    carriers' shared addresses from 100.64.0.0/10.
    """

    offset: int
    texts: list[str] = field(default_factory=list)
    drawn: int = 0

    def add(self, texts: list[str]) -> Ints:
        """New rows with these addresses; an IPv6 network is written ``2001:db8:1:2::/64``."""
        first = len(self.texts)
        self.texts.extend(texts)
        return np.arange(first, len(self.texts), dtype=np.int64)

    def scattered(self, rows: int, *, ipv6: float = 0.0) -> Ints:
        """New rows all over the address space; about ``ipv6`` of them (0 to 1) are IPv6 networks."""
        texts: list[str] = []
        while len(texts) < rows:
            # An odd multiplier permutes the 2^24 values: scattered, and never the same one twice.
            value = ((self.drawn + self.offset) * 0x9E3779 + 0x1234) % (1 << 24)
            self.drawn += 1
            if (value * 0x9E3779B1 >> 9) % 1000 < ipv6 * 1000:
                texts.append(f"2001:db8:{0x1000 + (value >> 12):x}:{0x1000 + (value & 0xFFF):x}::/64")
            elif value >> 16 < 240 and value & 0xFF not in (0, 255):
                texts.append(f"10.{value >> 16}.{value >> 8 & 0xFF}.{value & 0xFF}")
        return self.add(texts)


@dataclass(frozen=True, slots=True)
class Places:
    """From where each person signs in: arrays by row of the directory.

    :param desk: source of the office desk
    :param first_home: source of the first home line
    :param moved: by person and day, how often the home line has had a new address
    :param carrier: mobile carrier
    :param cgnat: sources of the carriers' shared addresses
    """

    desk: Ints
    first_home: Ints
    moved: Ints
    carrier: Ints
    cgnat: Ints
    seed: int

    def at(self, person: Ints, day: Ints, device: Ints, draw: Ints) -> Ints:
        """The source of each sign-in.

        :param draw: any whole numbers; a phone keeps its carrier address for a day but in one draw of five
        """
        daily = scramble((person * 4096 + day) * 8 + np.where(draw % 5 == 0, draw % 7 + 1, 0), self.seed)
        mobile = self.cgnat[self.carrier[person] * CGNAT_PER_CARRIER + (daily % CGNAT_PER_CARRIER).astype(np.int64)]
        home = self.first_home[person] + self.moved[person, day]
        chosen: Ints = np.select([device == DESK, device == PHONE], [self.desk[person], mobile], home)
        return chosen


def places(people: People, calendar: Calendar, book: Book, rng: np.random.Generator, seed: int) -> Places:
    """Give every account its desk (an office address or a constituency's own line), home line and carrier.

    Home lines change their address on 2 % of days; a fifth of them are IPv6.
    """
    accounts = len(people.rate)
    nats = book.add(list(OFFICE_NATS))
    desk = nats[(rng.random(accounts) < 0.4).astype(np.int64)]
    in_constituency = (people.office >= 0) & (people.office % 2 == 1)
    lines = book.scattered(int(people.office.max(initial=0)) + 1)
    desk[in_constituency] = lines[people.office[in_constituency]]
    moved = np.cumsum(rng.random((accounts, calendar.days)) < 0.02, axis=1, dtype=np.int64)
    homes = moved[:, -1] + 1
    first_home = book.scattered(int(homes.sum()), ipv6=0.2)[0] + np.cumsum(homes) - homes
    cgnat = book.add(
        [f"100.{64 + carrier}.7.{10 + i}" for carrier in range(CARRIERS) for i in range(CGNAT_PER_CARRIER)]
    )
    return Places(desk, first_home, moved, rng.integers(0, CARRIERS, accounts), cgnat, seed)


def written(book: Book, source: Ints, time: Ints, seed: int) -> pl.Series:
    """The full address that a log shows: IPv6 hosts take a new interface identifier every day (RFC 8981)."""
    shown = pl.Series("ip", book.texts).gather(source)
    inside = shown.str.ends_with("::/64").to_numpy()
    if not inside.any():
        return shown
    bits = scramble(source[inside] * 4096 + time[inside] // DAY, seed + 7)
    groups = [((bits >> np.uint64(shift)) & np.uint64(0xFFF)) + np.uint64(0x1000) for shift in (0, 12, 24, 36)]
    hosts = [f":{a:x}:{b:x}:{c:x}:{d:x}" for a, b, c, d in zip(*(group.tolist() for group in groups), strict=True)]
    nets = shown.filter(pl.Series(inside)).str.strip_suffix("::/64")
    return shown.scatter(np.flatnonzero(inside), nets + pl.Series(hosts))
