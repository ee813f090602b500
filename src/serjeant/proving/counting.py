"""counting: how rules of thumb count logins: in searches that run by the clock, and in windows that roll."""

import polars as pl

FAILED = (pl.col("outcome") == "failure") & pl.col("reason").ne_missing("backend") | (
    (pl.col("outcome") == "refused") & pl.col("reason").is_in(["locked", "disabled", "expired"])
)
"""What their logs tell as a wrong password; an error of the back end is told otherwise in all of them."""

PASSED = pl.col("outcome").is_in(["success", "challenged"])


def told(logins: pl.DataFrame) -> pl.DataFrame:
    """Logins as rules see them: ``address`` as written (one of IPv6 is no network) and ``user``, however spelled."""
    return logins.select(
        "time",
        "service",
        "reason",
        "client",
        "guess_account",
        source=pl.coalesce("source", "src_ip"),
        address=pl.coalesce("src_ip", "source"),
        user=pl.coalesce("account", pl.col("user_name").str.to_lowercase()),
        failed=FAILED.fill_null(value=False),
        passed=PASSED.fill_null(value=False),
    )


def failures(logins: pl.DataFrame) -> pl.DataFrame:
    """Those that failed and say where they came from, by time."""
    return told(logins).filter("failed", pl.col("address").is_not_null()).sort("time")


def due(moment: pl.Expr, every: str) -> pl.Expr:
    """When a search that runs so often, by the clock in UTC, next runs."""
    before = moment.dt.truncate(every)
    return pl.when(before == moment).then(before).otherwise(before.dt.offset_by(every))


def network() -> pl.Expr:
    """The wider network of ``address`` (/16, or /32 of IPv6): logins know no towns, rules that ask for one get it."""
    return pl.coalesce(
        pl.col("address").str.extract(r"^([0-9]+\.[0-9]+)\."), pl.col("address").str.extract(r"^([0-9a-f]*:[0-9a-f]*):")
    )


def at_runs(rows: pl.DataFrame, every: str, back: str, runs: int) -> pl.DataFrame:
    """Each row once for each run of a search that sees it: ``run`` is when.

    :param every: the search runs so often, by the clock in UTC
    :param back: it looks back so far, which is ``runs`` times ``every``
    """
    first = due(pl.col("time"), every)
    step = (first.dt.offset_by(back) - first) / runs
    return rows.with_columns(run=pl.concat_list(*(first + step * n for n in range(runs)))).explode("run")


def anew(found: pl.DataFrame, about: list[str], every: str) -> pl.DataFrame:
    """What the run before did not find as well: one row for each stretch of runs that find the same.

    :param about: what makes two findings the same; may be empty
    """
    rows = found.sort(*about, "run").with_columns(
        same=pl.all_horizontal(pl.lit(True), *(pl.col(name).eq_missing(pl.col(name).shift()) for name in about)),
        before=pl.col("run").shift(),
    )
    goes_on = pl.col("same") & (pl.col("before").dt.offset_by(every) == pl.col("run"))
    return rows.filter(~goes_on.fill_null(value=False)).drop("same", "before")


def present(rows: pl.DataFrame, key: list[str], what: str, gone: pl.Expr) -> pl.DataFrame:
    """How many different values are in the window, whenever that changes: ``key``, ``time``, ``n``.

    A value is there from its time until ``gone``, and a later one of the same prolongs it: a count of different values
    needs no list of them.

    :param gone: when a row leaves the window; never earlier than that of a row before it
    """
    stays = rows.sort(*key, what, "time").with_columns(gone=gone)
    mine = [*key, what]
    comes = stays.filter((pl.col("gone").shift().over(mine) < pl.col("time")).fill_null(value=True))
    leaves = stays.filter((pl.col("time").shift(-1).over(mine) > pl.col("gone")).fill_null(value=True))
    return (
        pl.concat(
            [
                comes.select(*key, "time", n=pl.lit(1, pl.Int64)),
                leaves.select(*key, time="gone", n=pl.lit(-1, pl.Int64)),
            ]
        )
        .group_by(*key, "time")
        .agg(pl.col("n").sum())
        .sort(*key, "time")
        .with_columns(pl.col("n").cum_sum().over(key))
    )


def above(counts: pl.DataFrame, key: list[str], most: int) -> pl.DataFrame:
    """When more than ``most`` are in the window, and until when: ``key``, ``time``, ``until``."""
    over = counts.with_columns(over=pl.col("n") > most).with_columns(was=pl.col("over").shift().over(key))
    turns = over.filter(pl.col("over") != pl.col("was").fill_null(value=False))
    return turns.with_columns(until=pl.col("time").shift(-1).over(key)).filter("over").select(*key, "time", "until")
