"""background: what any server on the Internet is offered, all day, by strangers who are after nobody in particular."""

from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.networks import OFFICE_NATS
from serjeant.proving.site import Site
from serjeant.proving.world import BACKGROUND, DAY, MINUTE, attempts, password

_USUAL: Final = (
    "admin root test info guest user oracle postgres ubuntu support webmaster backup sales scanner mysql ftp git "
    "contact office newsletter administrator pi hadoop jenkins deploy reception marketing noreply tester demo"
)
_NAMES: Final = tuple(_USUAL.split())
HOSTILE: Final = (
    f"admin>, method=PLAIN, rip={OFFICE_NATS[0]}, lip=198.51.100.10, TLS, session=<AAAABBBBCCCCDDDD",
    f"root from {OFFICE_NATS[0]} port 22 ssh2",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
)  # fmt: skip
"""User names that imitate a log line, a formula, a page or a query: attackers write our input."""
_MAIL_PER_DAY: Final = 95
_SSH_PER_DAY: Final = 60
_PER_ADDRESS: Final = 3.4


def background(site: Site, rng: np.random.Generator) -> pl.DataFrame:
    """About 95 denials a day at the mail hosts and 60 at the gateway, 3.4 per address, hardly any at a real account."""
    return pl.concat([_scanners(site, _MAIL_PER_DAY, False, rng), _scanners(site, _SSH_PER_DAY, True, rng)])


def _scanners(site: Site, per_day: int, ssh: bool, rng: np.random.Generator) -> pl.DataFrame:
    calendar = site.calendar
    sources = site.book.scattered(int(rng.poisson(per_day / _PER_ADDRESS * calendar.days)))
    tries = np.minimum(rng.geometric(1 / _PER_ADDRESS, len(sources)), 15)
    begin = calendar.begin + (rng.random(len(sources)) * (calendar.days * DAY - 90 * MINUTE)).astype(np.int64)
    visit = np.repeat(np.arange(len(sources)), tries)
    turn = np.arange(len(visit)) - np.repeat(np.cumsum(tries) - tries, tries)
    # A scanner works through at most four names, so that none of them is an enumeration of ours.
    slot = visit * 4 + turn % 4
    slots = len(sources) * 4
    pick = (np.repeat(rng.integers(0, len(_NAMES), len(sources)), 4) + np.arange(slots)) % len(_NAMES)
    odd = rng.random(slots) < 0.01
    owner = np.where((rng.random(slots) < 0.03) & ~odd, rng.integers(0, len(site.people.rate), slots), -1)
    real = np.flatnonzero(owner >= 0)
    names = pl.Series(_NAMES).gather(pick)
    names = names.scatter(np.flatnonzero(odd), pl.Series(HOSTILE).gather(rng.integers(0, len(HOSTILE), int(odd.sum()))))
    names = names.scatter(real, site.people.spelled(owner[real], np.ones(len(real), dtype=np.int64)))
    account, service = owner[slot], pl.Series(("smtp", "imap", "pop3")).gather(pick[slot] % 3)
    return attempts(
        time=begin[visit] + turn * 4 * MINUTE + rng.integers(0, MINUTE, len(visit)),
        account=account,
        name=names.gather(slot).alias("name"),
        source=sources[visit],
        service="ssh" if ssh else service,
        outcome=pl.Series(np.where(account >= 0, "bad_password", "unknown")),
        guess=password(BACKGROUND, 0, rng.integers(0, 500, len(visit))),
        actor="background",
        count=1 if ssh else np.where(rng.random(len(visit)) < 0.1, 3, 1),
    )
