"""logins: a month of an organisation's sign-ins, drawn straight into a lake, of any size, from a seed.

Run as ``python -m bench.logins FOLDER LOGINS SEED [ACCOUNTS]``: in a process of its own, as ``bench.logs`` is.

People sign in from home, from the office and from the road, mostly because a mail client does it for them. The rest of
the internet tries names, a crew goes through the directory.
"""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect.batch import schema_of
from serjeant.model.login import LOGINS
from serjeant.store.lake import Lake

DAYS: Final = 30
FIRST: Final = datetime(2024, 6, 3, tzinfo=UTC)

_DAY_MICROS: Final = 86_400_000_000
_HOURS: Final = np.array([1, 1, 1, 1, 1, 2, 4, 7, 10, 10, 9, 8, 7, 9, 9, 8, 8, 7, 5, 4, 4, 3, 2, 1], dtype=np.float64)
_SHARES: Final = (0.94, 0.05, 0.01)
"""People, the internet's background, the crew."""

_SERVICES: Final = pl.Series(["imap", "smtp", "web", "vpn"])
_CLIENTS: Final = pl.Series([None, *(f"client {number}" for number in range(30))])
_OUTCOMES: Final = pl.Series(["success", "failure", "challenged", "refused"])
_REASONS: Final = pl.Series([None, "bad_password", "mfa", "policy"])
_COLUMNS: Final = schema_of(LOGINS)

_Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _World:
    """Who there is. Sources are positions in ``sources``: homes first, then offices, roads, bots and the crew."""

    accounts: int
    names: pl.Series
    sources: pl.Series
    addresses: pl.Series
    offices: int
    roads: int
    bots: int
    crew: int


def write(folder: Path, logins: int, seed: int, accounts: int = 50_000) -> None:
    """A lake with so many logins."""
    world = _world(accounts)
    lake = Lake(folder)
    for day in range(DAYS):
        rows = _day(np.random.default_rng([seed, day]), world, day, logins * (day + 1) // DAYS - logins * day // DAYS)
        lake.give((FIRST + timedelta(days=day)).date(), rows)


def _world(accounts: int) -> _World:
    """So many accounts, and as many strangers' names behind them."""
    offices, roads, bots, crew = max(1, accounts // 1_000), accounts // 3, accounts // 2, accounts // 25
    sixes = accounts // 3
    addresses = [f"2001:db8:{home >> 16:x}:{home & 65535:x}::1" for home in range(sixes)]
    addresses += [_four(rest) for rest in range(accounts - sixes + offices + roads + bots + crew)]
    sources = [address[:-1] + "/64" for address in addresses[:sixes]] + addresses[sixes:]
    names = [f"person{number:06}" for number in range(accounts)] + [f"stranger{number}" for number in range(accounts)]
    return _World(accounts, pl.Series(names), pl.Series(sources), pl.Series(addresses), offices, roads, bots, crew)


def _four(number: int) -> str:
    """The addresses of 100.64.0.0/10 and what follows it, a network after the other."""
    return f"{100 + (number >> 22)}.{64 + (number >> 16 & 63)}.{number >> 8 & 255}.{number & 255}"


def _day(rng: np.random.Generator, world: _World, day: int, size: int) -> pl.DataFrame:
    """One day's logins, by time."""
    who = rng.choice(3, size, p=_SHARES)
    person = who == 0
    hours = rng.choice(24, size, p=_HOURS / _HOURS.sum())
    hours[~person] = rng.integers(0, 24, int((~person).sum()))
    time = hours * 3_600_000_000 + rng.integers(0, 3_600_000_000, size) + day * _DAY_MICROS
    user = _users(rng, world, who, size)
    source = _sources(rng, world, who, user, day)
    outcome = np.where(person, rng.choice(4, size, p=(0.972, 0.023, 0.002, 0.003)), 1)
    account = np.where(user < world.accounts, user, len(world.names))
    # One password in two is another one; a device repeats its own.
    guess = np.where(outcome == 1, np.where(rng.random(size) < 0.5, user, rng.integers(0, 1 << 16, size)), -1)
    service = (user + source) % len(_SERVICES)
    told = (service == 0) & (guess >= 0)
    nobody = pl.concat([world.names, pl.Series([None], dtype=pl.String)])
    drawn = pl.DataFrame(
        {
            "time": pl.Series(time + int(FIRST.timestamp()) * 1_000_000).cast(pl.Datetime("us", "UTC")),
            "account": nobody.gather(account),
            "user_name": world.names.gather(user),
            "source": world.sources.gather(source),
            "src_ip": world.addresses.gather(source),
            "src_port": rng.integers(1_024, 65_536, size),
            "service": _SERVICES.gather(service),
            "outcome": _OUTCOMES.gather(outcome),
            "client": _CLIENTS.gather((user * 7 + source) % len(_CLIENTS)),
            "guess": guess,
        }
    ).with_columns(
        dst_host=pl.lit("mail-1"),
        auth_protocol=pl.lit("plain"),
        reason=_reasons(outcome, account == len(world.names)),
        is_mfa=pl.lit(value=False),
        session_uid=pl.lit(None),
        guess_account=pl.lit(None),
        guess_site=pl.when(pl.Series(told)).then(pl.col("guess").hash(1).cast(pl.String).str.slice(0, 16)),
        count=pl.lit(1),
        log=pl.lit("mail.log"),
        log_offset=pl.int_range(pl.len()) + 1,
        raw_hash=pl.int_range(pl.len()),
    )
    return drawn.select(pl.col(name).cast(kind) for name, kind in _COLUMNS.items()).sort("time")


def _users(rng: np.random.Generator, world: _World, who: _Ids, size: int) -> _Ids:
    """Of people a quarter is away on any day, and a few do most; half of what the internet tries is no account."""
    user = (world.accounts * rng.random(size) ** 1.5).astype(np.int64)
    away = (user * 2_654_435_761 + int(rng.integers(1 << 30))) % 4 == 0
    user = np.where(away & (who == 0), (user + 1) % world.accounts, user)
    tried = (2 * world.accounts * rng.random(size) ** 2).astype(np.int64)
    everybody = rng.integers(0, world.accounts, size)
    return np.choose(who, [user, tried, everybody])


def _sources(rng: np.random.Generator, world: _World, who: _Ids, user: _Ids, day: int) -> _Ids:
    """Home and office are always the same, the road is another one each day."""
    size = len(user)
    office = world.accounts + user % world.offices
    road = world.accounts + world.offices + (user * 31 + day * 7_919) % world.roads
    from_where = rng.choice(3, size, p=(0.6, 0.3, 0.1))
    ours = np.choose(from_where, [user % world.accounts, office, road])
    first_bot = world.accounts + world.offices + world.roads
    bot = first_bot + (world.bots * rng.random(size) ** 4).astype(np.int64)
    crew = first_bot + world.bots + rng.integers(0, world.crew, size)
    return np.choose(who, [ours, bot, crew])


def _reasons(outcome: _Ids, unknown: npt.NDArray[np.bool_]) -> pl.Series:
    told = _REASONS.gather(outcome)
    nobody = pl.Series(["unknown_account"]).new_from_index(0, len(told))
    return told.zip_with(pl.Series(~(unknown & (outcome == 1))), nobody)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *map(int, sys.argv[4:]))
