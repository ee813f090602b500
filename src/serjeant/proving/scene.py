"""scene: when and with what a crew works; every shape of attack is handed one."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.site import Site
from serjeant.proving.tries import tries
from serjeant.proving.world import DAY, LISTED, Flags, Ints, attempts, password

TOOLS: Final = (
    "",
    "python-requests/2.31.0",
    "curl/7.88.1",
    "Go-http-client/1.1",
    "Thunderbird/128.4",
    "BAV2ROPC",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/119.0",
)
"""What crews' tools call themselves; one of them as many people's mail clients do."""
_EVERYBODYS: Final = 5


@dataclass(frozen=True)
class Scene:
    """One crew at its work.

    :param onset: when it begins, microseconds since 1970
    :param end: the end of the world
    :param crew: "A", "B" ...
    :param others: addresses of the world that are not the crew's, the first of its book
    """

    site: Site
    onset: int
    end: int
    crew: str
    rng: np.random.Generator
    others: int

    @classmethod
    def of(cls, site: Site, onset: int, crew: str, rng: np.random.Generator) -> "Scene":
        """A crew that comes to a world as it is by then."""
        return cls(site, onset, site.calendar.end, crew, rng, len(site.book.texts))

    @property
    def accounts(self) -> int:
        """Of the directory."""
        return len(self.site.people.rate)

    @property
    def tool(self) -> str:
        """What the crew's client calls itself; two crews of a world never use the same."""
        return TOOLS[(self.site.seed * 3 + ord(self.crew)) % len(TOOLS)]

    @property
    def whole_days(self) -> int:
        """Days from the onset to the end of the world."""
        return max(1, (self.end - self.onset) // DAY)

    def sources(self, rows: int, *, ipv6: float = 0.05) -> Ints:
        """New addresses of the crew."""
        return self.site.book.scattered(rows, ipv6=ipv6)

    def owns(self, source: Ints) -> Flags:
        """Whether each address is the crew's alone."""
        return source >= self.others

    def spread(self, rows: int, span: int) -> Ints:
        """Sorted times from the onset on."""
        drawn = self.rng.integers(0, max(1, min(span, self.end - self.onset)), rows)
        return self.onset + np.sort(drawn)

    def listed(self, number: Ints) -> Ints:
        """Passwords of the crew's list. The first are on everybody's."""
        owner = np.where(number < _EVERYBODYS, 0, ord(self.crew))
        return password(LISTED, owner, number)

    def guesses(
        self,
        time: Ints,
        account: Ints,
        source: Ints,
        guess: Ints,
        service: str | pl.Series,
        *,
        misses: float = 0.01,
    ) -> pl.DataFrame:
        """Failing attempts; a share of the names is of people who left before the logs begin."""
        people, rows = self.site.people, len(time)
        gone = self.rng.random(rows) < misses
        full = np.full(rows, int(self.rng.random() < 0.6))
        name = people.spelled(account, full)
        name = pl.select(pl.when(pl.Series(gone)).then("old." + name).otherwise(name)).to_series()
        table = attempts(
            time=time,
            account=np.where(gone, -1, account),
            name=name,
            source=source,
            service=service,
            outcome=pl.Series(np.where(gone, "unknown", "bad_password")),
            guess=guess,
            actor="attack",
        )
        return tries(table, "guessing", self.crew, self.tool)

    def strangers(self, time: Ints, name: pl.Series, source: Ints, guess: Ints, service: str) -> pl.DataFrame:
        """Attempts at names that are nobody's."""
        table = attempts(
            time=time,
            account=np.full(len(time), -1),
            name=name,
            source=source,
            service=service,
            outcome="unknown",
            guess=guess,
            actor="attack",
        )
        return tries(table, "guessing", self.crew, self.tool)
