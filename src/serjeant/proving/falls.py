"""falls: one guess at each of some accounts is right, and somebody reads the mailbox."""

from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.scene import Scene
from serjeant.proving.tries import TRIES, tries
from serjeant.proving.world import ATTEMPTS, MINUTE, RIGHT, attempts, password

_OPERATORS: Final = 3
_BROWSER: Final = "Mozilla/5.0 (X11; Linux x86_64) Firefox/115.0"


def fall(scene: Scene, guessed: pl.DataFrame, wanted: int, *, late: float = 0.0, unseen: bool = False) -> pl.DataFrame:
    """The guesses, of which one at each fallen account is right and the last; and the visits that follow.

    :param guessed: TRIES of one crew
    :param wanted: accounts that fall, among those that people use
    :param late: share of the guesses of which none is right, from the first on
    :param unseen: each right guess comes from an address from which nothing else ever came
    """
    rows = guessed.with_row_index("row")
    begin, end = scene.site.calendar.outage
    dark = pl.col("time").is_between(begin, end, closed="left")
    possible = rows.filter(
        ~dark,
        pl.col("time").rank("ordinal") > late * pl.len(),
        pl.col("outcome") == "bad_password",
        pl.col("account").is_in(scene.site.people.active.tolist()),
    )
    possible = possible.sample(fraction=1.0, shuffle=True, seed=int(scene.rng.integers(0, 1 << 31)))
    chosen = possible.unique("account", keep="first", maintain_order=True)
    right = chosen[np.sort(scene.rng.permutation(chosen.height)[:wanted])]
    rows = rows.join(right.select("account", fell="time"), on="account", how="left", maintain_order="left")
    after = pl.col("fell").is_not_null() & (pl.col("time") > pl.col("fell"))
    rows = rows.filter(~after).with_columns(
        outcome=pl.when(pl.col("row").is_in(right["row"].to_list()))
        .then(pl.lit("ok"))
        .otherwise(pl.col("outcome").cast(pl.String))
        .cast(ATTEMPTS["outcome"])
    )
    if unseen:
        at = np.flatnonzero((rows["outcome"] == "ok").to_numpy())
        rows = rows.with_columns(source=rows["source"].scatter(at, scene.sources(len(at))))
    rows = rows.select(TRIES.names())
    return pl.concat([rows, _visits(scene, rows.filter(pl.col("outcome") == "ok"))])


def _visits(scene: Scene, falls: pl.DataFrame) -> pl.DataFrame:
    """One to four sign-ins by hand to each opened mailbox, minutes to hours later, most by an operator."""
    rng, site = scene.rng, scene.site
    operators = scene.sources(_OPERATORS, ipv6=0.0)
    visits = np.minimum(1 + rng.poisson(1.2, falls.height), 4)
    row = np.repeat(np.arange(falls.height), visits)
    waits = np.clip(rng.lognormal(np.log(40), 1.1, len(row)), 3, 600) * MINUTE * (1 + rng.random(len(row)))
    account = falls["account"].to_numpy()[row]
    by_hand = rng.random(len(row)) < 0.7
    table = attempts(
        time=falls["time"].to_numpy()[row] + waits.astype(np.int64),
        account=account,
        name=site.people.spelled(account, np.ones(len(row), dtype=np.int64)),
        source=np.where(by_hand, operators[rng.integers(0, _OPERATORS, len(row))], falls["source"].to_numpy()[row]),
        service="web",
        outcome="ok",
        guess=password(RIGHT, account),
        actor="attack",
    )
    return tries(table, "access", scene.crew, _BROWSER)
