"""population: the honest people and the passing strangers of a drawn world."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl

from serjeant.proving import background, factor, habits, mistakes
from serjeant.proving.site import Site
from serjeant.proving.tries import tries
from serjeant.proving.world import ATTEMPTS, HOUR, scramble

Streams = Callable[[int], np.random.Generator]
"""Random numbers, by room: a change in one leaves the others as they were."""

_BACKGROUND: tuple[str | None, ...] = (None, "", "Mozilla/5.0 zgrab/0.x", "SSH-2.0-Go")


def population(site: Site, expiries: tuple[int, ...], streams: Streams) -> pl.DataFrame:
    """Everybody who is no part of a campaign, told by phase; as TRIES.

    :param expiries: the days on which many passwords run out
    """
    done = habits.sign_ins(site, streams(20))
    waves = [_ordinary(site, done, streams(21)), *(_wave(site, done, day, streams(100 + day)) for day in expiries)]
    for _, stale in waves:
        done = done.filter(~mistakes.while_stale(done, stale, len(site.people.rate)))
    done = _elsewhere(pl.concat([done, habits.gateway(site, streams(22))]), site)
    return pl.concat(
        [
            tries(done, ""),
            tries(factor.fumbled(site, done, streams(30)), "factor"),
            tries(mistakes.slips(site, done, streams(23)), "slip"),
            tries(mistakes.forgotten(site, streams(24)), "forgotten"),
            *(tries(changed, "expiry") for changed, _ in waves),
            *(tries(mistakes.phones(site, stale, streams(25)), "stale") for _, stale in waves),
            tries(mistakes.phones(site, mistakes.leavers(site), streams(26)), "leaver"),
            tries(habits.machines(site, streams(27)), "machine"),
            strangers(site, streams),
        ]
    )


def _wave(site: Site, done: pl.DataFrame, day: int, rng: np.random.Generator) -> tuple[pl.DataFrame, mistakes.Stale]:
    """The day on which many passwords run out, and the phones that were forgotten on it."""
    dated = replace(site, calendar=replace(site.calendar, expiry=day))
    return mistakes.expiry(dated, done.clear(), rng)


def _ordinary(site: Site, done: pl.DataFrame, rng: np.random.Generator) -> tuple[pl.DataFrame, mistakes.Stale]:
    """The phones that are forgotten on any day."""
    changed, stale = mistakes.expiry(replace(site, calendar=replace(site.calendar, expiry=-1)), done, rng)
    here = stale.begin >= site.calendar.begin
    return changed.clear(), mistakes.Stale(stale.person[here], stale.begin[here], stale.end[here], stale.every[here])


def strangers(site: Site, streams: Streams) -> pl.DataFrame:
    """The Internet's background; one scanner in seven makes its names from ours (``delta2017``)."""
    table = background.background(site, streams(28))
    source = table["source"].to_numpy()
    made = (table["account"] < 0).to_numpy() & (scramble(source, site.seed + 53) % np.uint64(7) == 0)
    # As many names as before: a scanner works through a few only, and is no enumeration.
    which = scramble(source * 64 + table["name"].str.len_chars().to_numpy() % 64, site.seed + 55)[made]
    owner = (which % np.uint64(len(site.people.rate))).astype(np.int64)
    names = site.people.table["account"].gather(owner).str.extract(r"^([a-z]+)").fill_null("office") + "2017"
    table = table.with_columns(name=table["name"].scatter(np.flatnonzero(made), names))
    tool = pl.Series(_BACKGROUND).gather(source % len(_BACKGROUND)).alias("client")
    return tries(table, "background").with_columns(tool.fill_null(""))


def _elsewhere(done: pl.DataFrame, site: Site) -> pl.DataFrame:
    """Of the sign-ins at home, a quarter goes to the web mail and a tenth to the VPN."""
    drawn = scramble(done["account"].to_numpy() * 512 + done["time"].to_numpy() // (3 * HOUR), site.seed + 51)
    turn = pl.Series((drawn % np.uint64(20)).astype(np.int64))
    moves = (done["device"] == 2) & (done["service"].cast(pl.String) == "imap")
    service = (
        pl.when(moves & (turn < 5))
        .then(pl.lit("web"))
        .when(moves & (turn < 7))
        .then(pl.lit("vpn"))
        .otherwise(pl.col("service").cast(pl.String))
    )
    return done.with_columns(service=service.cast(ATTEMPTS["service"]))
