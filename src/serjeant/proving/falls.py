"""falls: one guess at each of some accounts is right, and somebody reads the mailbox."""

from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.factor import asked
from serjeant.proving.scene import Scene
from serjeant.proving.tries import TRIES, tries
from serjeant.proving.world import ATTEMPTS, MINUTE, RIGHT, attempts, password

_OPERATORS: Final = 3
_HELD: Final = 1 / 3
_BROWSER: Final = "Mozilla/5.0 (X11; Linux x86_64) Firefox/115.0"


def fall(scene: Scene, guessed: pl.DataFrame, wanted: int, *, late: float = 0.0, unseen: bool = False) -> pl.DataFrame:
    """The guesses, of which one at each fallen account is right and the last; and the visits that follow.

    Where a second factor is asked for, guesses at a third as many accounts more are right, and open nothing.

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
    held = pl.Series(asked(scene.site, chosen["account"].to_numpy(), chosen["service"]))
    right = chosen.with_columns(became=pl.when(held).then(pl.lit("mfa")).otherwise(pl.lit("ok")))
    right = pl.concat([right.filter(~held).head(wanted), right.filter(held).head(round(wanted * _HELD))])
    rows = rows.join(right.select("account", fell="time"), on="account", how="left", maintain_order="left")
    rows = rows.join(right.select("row", "became"), on="row", how="left", maintain_order="left")
    after = pl.col("fell").is_not_null() & (pl.col("time") > pl.col("fell"))
    rows = rows.filter(~after).with_columns(
        outcome=pl.coalesce("became", pl.col("outcome").cast(pl.String)).cast(ATTEMPTS["outcome"])
    )
    if unseen:
        at = np.flatnonzero(rows["became"].is_not_null().to_numpy())
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
        service=pl.Series(
            np.where(asked(site, account, pl.Series(["web"]).new_from_index(0, len(row))), "imap", "web")
        ),
        outcome="ok",
        guess=password(RIGHT, account),
        actor="attack",
    )
    return tries(table, "access", scene.crew, _BROWSER)
