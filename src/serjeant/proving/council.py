"""council: a house with eleven products, each with its own log, clock and way of spelling names, and one campaign.

People use the domain and the intranet at their desks, mail on their phones, and VPN, web mail and the gateway from
home. A crew guesses at IMAP until it gets in, goes on at the VPN, and then at web mail.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from serjeant.proving import habits, mistakes, truth, writer
from serjeant.proving.networks import written
from serjeant.proving.site import Site
from serjeant.proving.world import ATTEMPTS, DAY, DOMAIN, HOUR, MINUTE, Ints, scramble

FIRST: Final = datetime(2017, 6, 5, tzinfo=UTC)
PHASES: Final = ("dovecot", "fortigate", "roundcube")
"""Where the crew guesses, one after the other."""
_DESK: Final = ("windows", "keycloak", "entra")
_PHONE: Final = ("dovecot", "exchange_web", "okta")
_HOME: Final = ("fortigate", "freeradius", "roundcube", "postfix", "sshd")
_ASKS: Final = ("keycloak", "entra", "okta")
"""Products that ask for a second factor."""
_SHORT: Final = ("fortigate", "keycloak")
"""Products that know people by their short names."""
_AT_WORK, _MOVES, _SWEEPS = 24, 8, 2
_WHAT: Final = {"ok": "success", "bad_password": "bad_password", "unknown": "unknown_account"}

Streams = Callable[[int], np.random.Generator]


def council(site: Site, out: Path, streams: Streams) -> truth.Truth:
    """Write ``accounts.csv``, ``logs/``, ``sign-ins.csv`` and ``truth.json`` of the world into ``out``.

    :param streams: random numbers, by room
    """
    crew, operators = site.book.scattered(_AT_WORK + _MOVES * (len(PHASES) - 1)), site.book.add(["203.0.113.77"])
    rows = pl.concat([_honest(site, streams), _attack(site, crew, operators, streams(30))])
    rows = rows.filter(pl.col("time").is_between(site.calendar.begin, site.calendar.end - MINUTE, closed="left"))
    rows = rows.sort("time", maintain_order=True)
    table = site.people.table.with_columns(
        aliases=pl.col("aliases").list.eval(pl.element().str.replace(DOMAIN, writer.DOMAIN, literal=True))
    )
    done = _named(rows, site, table)
    out.mkdir(parents=True, exist_ok=True)
    table.with_columns(pl.col("aliases", "reaches").list.join(";")).write_csv(out / "accounts.csv")
    files, lines = writer.write(done, out / "logs")
    writer.truth_of(done).write_csv(out / "sign-ins.csv")
    known = _label(site, rows, done, files, lines, operators)
    truth.write(known, out / "truth.json")
    return known


def _honest(site: Site, streams: Streams) -> pl.DataFrame:
    done = habits.sign_ins(site, streams(20))
    rows = pl.concat([done.select(ATTEMPTS.names()), mistakes.slips(site, done, streams(23))])
    account, source = rows["account"].to_numpy(), rows["source"].to_numpy()
    # Whoever mistypes does so where he then signs in.
    drawn = scramble(account * 65_537 + source, site.seed + 41).astype(np.int64) & 0xFFFF
    product = (
        pl.when(pl.Series(np.isin(source, site.places.desk)))
        .then(pl.Series(_DESK).gather(drawn % len(_DESK)))
        .when(pl.Series(np.isin(source, site.places.cgnat)))
        .then(pl.Series(_PHONE).gather(drawn % len(_PHONE)))
        .otherwise(pl.Series(_HOME).gather(drawn % len(_HOME)))
    )
    chance = pl.Series(scramble(rows["time"].to_numpy(), site.seed + 43).astype(np.int64) & 0xFFFF)
    what = pl.col("outcome").cast(pl.String).replace_strict(_WHAT, return_dtype=pl.String)
    rows = rows.with_columns(product=product, what=what).with_columns(
        what=pl.when((pl.col("what") == "success") & pl.col("product").is_in(_ASKS) & (chance % 25 == 0))
        .then(pl.lit("mfa"))
        .when((pl.col("what") == "success") & (pl.col("product") == "entra") & (chance % 2 == 0))
        .then(pl.lit("second"))
        .otherwise("what")
    )
    return rows.select("time", "account", "name", "source", "product", "what", actor=pl.lit("honest"), phase=pl.lit(""))


def _attack(site: Site, crew: Ints, operators: Ints, rng: np.random.Generator) -> pl.DataFrame:
    """The whole directory twice at each product, one account of which falls; some sources are new each time."""
    accounts, span = len(site.people.rate), (site.calendar.days - 1) * DAY // len(PHASES)
    fallen = rng.choice(site.people.active, len(PHASES), replace=False)
    pieces = []
    for phase, product in enumerate(PHASES):
        turn = np.arange(accounts * _SWEEPS)
        begin = site.calendar.begin + 9 * HOUR + phase * span
        time = begin + np.sort(rng.integers(0, span * 4 // 5, len(turn)))
        account = turn % accounts
        gone = rng.random(len(turn)) < 0.02
        right = (account == fallen[phase]) & (turn >= accounts)
        pieces.append(
            pl.DataFrame(
                {
                    "time": time,
                    "account": np.where(gone & ~right, -1, account),
                    "name": "old." + site.people.table["account"].gather(account),
                    "source": crew[phase * _MOVES + rng.permutation(turn) % _AT_WORK],
                    "product": pl.Series([product]).new_from_index(0, len(turn)),
                    "what": np.where(right, "success", np.where(gone, "unknown_account", "bad_password")),
                    "phase": pl.Series([product]).new_from_index(0, len(turn)),
                }
            )
        )
    guessed = pl.concat(pieces)
    falls = guessed.filter(what="success")
    later = falls.with_columns(
        time=pl.col("time") + 2 * HOUR,
        source=pl.lit(int(operators[0]), pl.Int64),
        product=pl.lit("roundcube"),
        phase=pl.lit("access"),
    )
    columns = ("time", "account", "name", "source", "product", "what")
    return pl.concat([guessed, later]).select(*columns, actor=pl.lit("attack"), phase="phase")


def _named(rows: pl.DataFrame, site: Site, table: pl.DataFrame) -> pl.DataFrame:
    """The sign-ins in words; without the names that by chance are somebody else's."""
    account = pl.Series(rows["account"].to_numpy())
    real = (account >= 0).rename("real")
    known = table["account"].gather(account.clip(0))
    short = table["aliases"].list.get(1, null_on_oob=True).fill_null(table["account"]).gather(account.clip(0))
    wrong = rows["name"].str.extract("^([^@]+)")
    taken = pl.concat([table["account"], table["aliases"].explode()])
    done = rows.select(
        time=pl.from_epoch("time", "us").dt.replace_time_zone("UTC"),
        account=pl.when(real).then(known),
        name=pl.when(~real).then(wrong).when(pl.col("product").is_in(_SHORT)).then(short).otherwise(known),
        source=pl.Series(site.book.texts).gather(rows["source"]),
        ip=written(site.book, rows["source"].to_numpy(), rows["time"].to_numpy(), site.seed),
        product="product",
        what="what",
        actor="actor",
        phase="phase",
    )
    return done.filter(real | ~wrong.str.to_lowercase().is_in(taken.implode()))


def _label(
    site: Site, rows: pl.DataFrame, done: pl.DataFrame, files: tuple[str, ...], lines: int, operators: Ints
) -> truth.Truth:
    attacked, honest = done.filter(actor="attack"), done.filter(actor="honest")
    falls = attacked.filter(pl.col("what") == "success", pl.col("phase") != "access")
    service = {each.product: each.service for each in writer.writers()}
    stretches = tuple(
        truth.Stretch(phase, _iso(part["time"][0]), _iso(part["time"][-1]), part.height)
        for phase in (*PHASES, "access")
        if (part := attacked.filter(phase=phase)).height
    )
    crime = truth.Crime(
        sources=_sorted(attacked),
        operators=tuple(site.book.texts[operator] for operator in operators),
        first_seen=_iso(attacked["time"][0]),
        last_seen=_iso(attacked["time"][-1]),
        attempts=attacked.height,
        phases=stretches,
        services=tuple(
            truth.Stretch(service[each.name], each.first, each.last, each.attempts) for each in stretches[:-1]
        ),
    )
    return truth.Truth(
        seed=site.seed,
        kind="council",
        status="attack",
        first=_iso(done["time"][0]),
        last=_iso(done["time"][-1]),
        accounts=len(site.people.rate),
        logins=done.height,
        lines=lines,
        files=files,
        campaigns=(crime,),
        fallen=tuple(
            truth.Fall(account, _iso(time), source, service[product])
            for account, time, source, product in falls.select("account", "time", "source", "product").iter_rows()
        ),
        mailboxes=(),
        shared_sources=(),
        honest_sources=_sorted(honest),
        background_sources=(),
        outages=(),
        expiry_day="",
        return_day=None,
    )


def _sorted(rows: pl.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(rows["source"].unique()))


def _iso(time: datetime) -> str:
    return time.isoformat(timespec="microseconds").replace("+00:00", "Z")
