"""told: what rules and cases decided becomes rows, with what was said around each message."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect import records, rules
from serjeant.collect.batch import IGNORED, PARSED, Build, shape
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case

Positions = npt.NDArray[np.int64]


def tell(form: Format, matches: Sequence[rules.Match], frame: pl.DataFrame, build: Build) -> None:
    """Notes what rules decided, and adds the rows."""
    positions = frame["position"].to_numpy()
    told = []
    for match in matches:
        rule, where = match.rule, positions[match.positions]
        build.note(f"{form.name}:{rule.name}", where, PARSED if rule.outcome else IGNORED)
        if rule.outcome:
            told.append(match)
    if not told:
        return
    around = frame.select(pl.col("^(time|host|pid|times)$"))
    where = np.concatenate([match.positions for match in told])
    which = np.repeat(np.arange(len(told)), [len(match.positions) for match in told])
    # In the order of the lines before there are many columns.
    order = np.argsort(where)
    where, which = where[order], which[order]
    rows = pl.concat([match.columns for match in told], how="diagonal")[order]
    told_around = list(around[where]) if around.width else []
    rows = rows.hstack([*told_around, pl.Series("line", positions[where], dtype=pl.UInt32)])
    rows = _said(rows, [match.rule for match in told], which)
    if "times" in rows.columns:
        counts = pl.col("count").cast(pl.Int32, strict=False) if "count" in rows.columns else pl.lit(1)
        rows = rows.with_columns(count=counts.fill_null(1) * pl.col("times").fill_null(1))
    if "host" in rows.columns:
        named = pl.col("dst_host") if "dst_host" in rows.columns else pl.lit(None, pl.String)
        rows = rows.with_columns(dst_host=pl.coalesce(named, "host")).drop("host")
        if "pid" in rows.columns:
            process = pl.col("dst_host") + ":" + pl.col("pid")
            if rows["names_session"].any():
                process = pl.when("names_session").then("session_uid").otherwise(process)
            rows = rows.with_columns(session_uid=process)
    build.pieces.append(shape(_valued(rows, form), form.name))


def keep(
    form: Format,
    decided: records.Decided,
    build: Build,
    at: Positions | None = None,
    around: pl.DataFrame | None = None,
) -> None:
    """Notes what the cases of a record decided, and adds the rows; a sign-in without a time is none.

    :param at: where in the batch its positions are; at the same places where not given
    :param around: what was said around each sign-in
    """
    for case, where in decided.beside:
        build.note(f"{form.name}:{case.name}", where if at is None else at[where], IGNORED)
    if not len(decided.positions):
        return
    where = decided.positions if at is None else at[decided.positions]
    rows = _said(decided.columns.with_columns(line=pl.Series(where, dtype=pl.UInt32)), decided.cases, decided.which)
    if around is not None:
        told = [name for name in ("time", "host") if name in around.columns]
        outer = around.select(told).rename({"host": "dst_host"}, strict=False)
        rows = rows.with_columns(
            pl.coalesce(name, outer[name]).alias(name) if name in rows.columns else outer[name]
            for name in outer.columns
        )
    build.add(_valued(rows, form), form.name, [f"{form.name}:{case.name}" for case in decided.cases], decided.which)


def chosen_rows(around: pl.DataFrame | None, at: Positions) -> pl.DataFrame | None:
    """What was said around some of the messages."""
    return None if around is None else around if len(around) == len(at) else around[at]


def _valued(rows: pl.DataFrame, form: Format) -> pl.DataFrame:
    return rows.with_columns(
        pl.col(column).replace(dict(values)) for column, values in form.values.items() if column in rows.columns
    )


def _said(rows: pl.DataFrame, told: Sequence[Rule | Case], which: Positions) -> pl.DataFrame:
    """What the rules themselves say of the rows that they took, and whether they name a session (``names_session``).

    :param which: of ``told``, for each row
    """
    said = pl.DataFrame(
        [
            {
                "outcome": rule.outcome,
                "reason": rule.reason,
                "witness": rule.witness,
                "names_session": "session_uid" in {*rule.groups, *rule.constants},
                **rule.constants,
            }
            for rule in told
        ],
        schema_overrides=dict.fromkeys(("outcome", "reason", "witness"), pl.String),
        infer_schema_length=None,
    )
    said = said[which]
    captured = {name: said[name].fill_null(rows[name]) for name in said.columns if name in rows.columns}
    return rows.with_columns(said.with_columns(**captured))
