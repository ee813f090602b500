"""grade_alarms: the alarms of a rival held against the facts of a drawn world.

An alarm that names an address is right when a crew had used that address by then. One that names none is right when, in
the day before it, at least half of the failures that it can have counted (of its account, or of the whole site) were a
crew's: whoever alarms every day must not be taken for one who saw it coming.
"""

from datetime import timedelta
from typing import Final

import polars as pl

from serjeant.proving.facts import Facts
from serjeant.proving.marking import crew_marks, source_marks
from serjeant.proving.marks import Marks

_LOOKS_BACK: Final = timedelta(days=1)
_HALF: Final = 0.5


def grade_alarms(facts: Facts, judge: str, alarms: pl.DataFrame, *, blocks: bool) -> Marks:
    """The marks of one rival.

    Alarms of one rule about the same on one day count once.

    :param alarms: ``time, rule, source, account, until``
    :param blocks: the sources are blocked
    """
    once = alarms.sort("time").unique(
        ["rule", "source", "account", pl.col("time").dt.date()], keep="first", maintain_order=True
    )
    right = _causes(once.with_row_index("alarm"), facts)
    of_crew = dict(right.group_by("crew").agg(pl.col("time").min()).iter_rows())
    named = frozenset(once["source"].drop_nulls())
    return Marks(
        judge=judge,
        world=facts.world,
        seed=facts.seed,
        accounts=facts.accounts,
        days=facts.days,
        noise=facts.noise,
        alarms=once.height,
        false_alarms=once.height - right["alarm"].n_unique(),
        of_strangers=once.filter(pl.col("source").is_in(list(facts.strangers))).height,
        crews=tuple(crew_marks(crew, of_crew.get(crew.name), facts) for crew in facts.crews),
        sources=source_marks(facts, named, named if blocks else frozenset()),
        fallen=facts.fallen.height,
    )


def _causes(alarms: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """The alarms that a crew gave cause for: ``alarm, crew, time``."""
    named = alarms.join(facts.sources.select("source", "crew", "since"), on="source").filter(
        pl.col("time") >= pl.col("since")
    )
    failures = facts.logins.filter(pl.col("outcome") != "success").select(
        "time", "crew", account="user", n="count", site=pl.lit(0, pl.Int8), theirs=pl.col("actor") == "attack"
    )
    nameless = alarms.filter(pl.col("source").is_null()).with_columns(site=pl.lit(0, pl.Int8))
    of_account = _mostly_theirs(nameless.filter(pl.col("account").is_not_null()), failures, "account")
    of_site = _mostly_theirs(nameless.filter(pl.col("account").is_null()), failures, "site")
    return pl.concat([each.select("alarm", "crew", "time") for each in (named, of_account, of_site)])


def _mostly_theirs(alarms: pl.DataFrame, failures: pl.DataFrame, key: str) -> pl.DataFrame:
    """The alarms before which at least half of the failures with the same key were attackers', with each such crew."""
    crews = failures.filter("theirs").select("crew").unique()
    asked = alarms.select("alarm", "time", key).join(crews, how="cross")
    every, each = _running(failures, [key], "all"), _running(failures.filter("theirs"), [key, "crew"], "own")
    for name, table, by in (("all", every, [key]), ("own", each, [key, "crew"])):
        for moment, suffix in ((pl.col("time"), "now"), (pl.col("time") - _LOOKS_BACK, "then")):
            asked = (
                asked.with_columns(at=moment)
                .sort("at")
                .join_asof(
                    table.rename({name: f"{name}_{suffix}"}),
                    left_on="at",
                    right_on="when",
                    by=by,
                    check_sortedness=False,
                )
                .drop("when", strict=False)
            )
    counted = asked.with_columns(pl.col("^(all|own)_.*$").fill_null(0))
    own, whole = pl.col("own_now") - pl.col("own_then"), pl.col("all_now") - pl.col("all_then")
    enough = (own > 0) & (own.sum().over("alarm") >= _HALF * whole)
    return counted.filter(enough)


def _running(failures: pl.DataFrame, by: list[str], name: str) -> pl.DataFrame:
    """How many there had been up to each moment: ``by``, ``when``, and the count by its name."""
    return failures.sort("time").select(*by, pl.col("n").cum_sum().over(by).alias(name), when=pl.col("time"))
