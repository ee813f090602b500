"""tables: the evidence of one day, counted on the engine.

Every table is a group-by whose columns merge by min, max and sum, so that days (and late lines) combine in any order.
The logins are gone through once (``counted``): a mail client that asks every minute is one row then, and all else is
counted from a quarter of the rows. Groups come in two levels instead of ``count(distinct)``, which costs engines their
memory.
"""

from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from serjeant.model.login import LOGINS
from serjeant.store.engine import micros, table

BIN_SECONDS: Final = 300
HOUR_SECONDS: Final = 3600

TABLES: Final = ("bins", "pairs", "cells", "guesses")

WITHIN: Final = "~"
"""Begins a guess that can be compared within its account only."""

_ZERO: Final = ibis.literal(0, "int64")
_TOOL: Final = ("service", "auth_protocol", "client")

COUNTED: Final = pa.schema(
    [
        ("user", pa.string()),
        ("source", pa.string()),
        ("known", pa.bool_()),
        ("service", pa.string()),
        ("auth_protocol", pa.string()),
        ("client", pa.string()),
        ("outcome", pa.string()),
        ("guess", pa.string()),
        ("bin", pa.int64()),
        ("backend", pa.bool_()),
        ("first", pa.timestamp("us", tz="UTC")),
        ("last", pa.timestamp("us", tz="UTC")),
        ("n", pa.int64()),
    ]
)
"""The logins that can be evidence, alike ones together. ``user`` is the account, or the name that was typed where it is
no account; ``known``: it is an account; ``bin``: five minutes since 1970, null for what succeeded; ``n``: attempts."""

SIGNED_IN: Final = pa.schema([("bin", pa.int64()), ("ok", pa.int64())])
"""The successes of each five minutes."""

MONITORS: Final = pa.schema([("user", pa.string()), ("source", pa.string())])
"""Health checks, which are no evidence."""

OUTAGES: Final = pa.schema([("bin", pa.int64())])
"""Spans in which failures say nothing."""


def counted() -> ir.Table:
    """``COUNTED``, from ``logins`` without the ``monitors``."""
    logins = _logins()
    reason = ibis.coalesce(logins.reason, "")
    selected = logins.select(
        *_TOOL,
        "outcome",
        "time",
        user=_user(logins),
        source=logins.source,
        known=logins.account.notnull() & (reason != "unknown_account"),
        guess=ibis.coalesce(logins.guess_site, ibis.literal(WITHIN) + logins.guess_account),
        bin=ibis.cases((logins.outcome != "success", _bin(logins))),
        backend=reason == "backend",
        n=logins["count"].cast("int64"),
    )
    keys = [name for name in COUNTED.names if name not in {"first", "last", "n"}]
    alike = selected.group_by(keys).aggregate(first=selected.time.min(), last=selected.time.max(), n=_total(selected.n))
    return alike.anti_join(table("monitors", MONITORS), ["user", "source"])


def signed_in() -> ir.Table:
    """``SIGNED_IN``, from ``logins``."""
    return _signed_in(table("logins", LOGINS))


def signed_in_but_monitors() -> ir.Table:
    """The same without the ``monitors``, which costs a look at each name."""
    logins = _logins()
    named = logins.select("outcome", "time", "count", user=_user(logins), source=logins.source)
    return _signed_in(named.anti_join(table("monitors", MONITORS), ["user", "source"]))


def bins() -> ir.Table:
    """Five minutes each: how people fare whose (account, source) signs in on the same day.

    A pair fails once in each, however often it tries: neither a device nor a guesser who gets in at last is an outage.

    :return: ``bin, familiar_fail, familiar_ok, backend``; whoever succeeds is familiar
    """
    alike = table("counted", COUNTED)
    won = alike.filter(alike.outcome == "success").select("user", "source").distinct().mutate(familiar=True)
    failed = alike.filter(alike.outcome != "success").left_join(won, ["user", "source"])
    wrong = failed.outcome == "failure"
    once = failed.group_by(["bin", "user", "source"]).aggregate(
        familiar=ibis.cases((wrong & failed.familiar, 1), else_=0).max(),
        backend=_total(ibis.cases((wrong, failed.n), else_=0), failed.backend),
    )
    bad = once.group_by("bin").aggregate(
        familiar_fail=_total(once.familiar.cast("int64")), familiar_ok=_ZERO, backend=_total(once.backend)
    )
    good = table("signed_in", SIGNED_IN)
    both = bad.union(good.select("bin", familiar_fail=_ZERO, familiar_ok=good.ok, backend=_ZERO))
    return both.group_by("bin").aggregate(
        familiar_fail=_total(both.familiar_fail), familiar_ok=_total(both.familiar_ok), backend=_total(both.backend)
    )


def pairs() -> ir.Table:
    """Each (user, source) of the day. Failures in an outage count as excused and are no evidence.

    :return: see ``PAIRS`` in ``detect.evidence``
    """
    alike = _excused()
    ok, failed = alike.outcome == "success", alike.fail > 0
    challenged, refused = alike.outcome == "challenged", alike.outcome == "refused"
    both = alike.group_by(["user", "source"]).aggregate(
        known=alike.known.any(),
        first_t=alike["first"].min(),
        last_t=alike["last"].max(),
        first_ok=alike["first"].min(where=ok),
        last_ok=alike["last"].max(where=ok),
        first_fail=alike["first"].min(where=failed),
        last_fail=alike["last"].max(where=failed),
        first_challenged=alike["first"].min(where=challenged),
        ok=_total(alike.n, ok),
        fail=_total(alike.fail),
        excused=_total(alike.excused),
        challenged=_total(alike.n, challenged),
        refused=_total(alike.n, refused),
    )
    each = guesses()
    told = each.group_by(["user", "source"]).aggregate(
        guesses=each.count(), guessed=_total(each.fail), same_guess=each.fail.max()
    )
    return both.left_join(told, ["user", "source"]).select(
        *both.columns, **{name: ibis.coalesce(told[name], 0) for name in ("guesses", "guessed", "same_guess")}
    )


def cells() -> ir.Table:
    """Attempts by source and tool: failures hour by hour, successes under the first hour of the day that has one.

    :return: ``hour, source, service, auth_protocol, client, ok, fail, excused``
    """
    alike = _excused()
    failed = alike.filter(alike.outcome != "success")
    failed = failed.mutate(hour=(failed.bin // (HOUR_SECONDS // BIN_SECONDS)).cast("int64"))
    bad = failed.group_by(["hour", "source", *_TOOL]).aggregate(
        ok=_ZERO, fail=_total(failed.fail), excused=_total(failed.excused)
    )
    won = alike.filter(alike.outcome == "success")
    good = won.group_by(["source", *_TOOL]).aggregate(first=won["first"].min(), ok=_total(won.n))
    hour = (good["first"].epoch_seconds() // HOUR_SECONDS).cast("int64")
    return bad.union(good.select("source", *_TOOL, "ok", hour=hour, fail=_ZERO, excused=_ZERO).select(*bad.columns))


def guesses() -> ir.Table:
    """What was tried on each account, where the logs tell one guess from another.

    :return: ``user, source, guess, first_t, fail``
    """
    alike = _excused()
    wrong = alike.filter((alike.fail > 0) & alike.guess.notnull())
    return wrong.group_by(["user", "source", "guess"]).aggregate(first_t=wrong["first"].min(), fail=_total(wrong.fail))


def _logins() -> ir.Table:
    logins = table("logins", LOGINS)
    return logins.filter(_user(logins).notnull() & logins.source.notnull())


def _user(logins: ir.Table) -> ir.StringColumn:
    user: ir.StringColumn = ibis.coalesce(logins.account, logins.user_name.lower())
    return user


def _bin(logins: ir.Table) -> ir.IntegerColumn:
    return micros(logins.time) // (BIN_SECONDS * 1_000_000)


def _signed_in(logins: ir.Table) -> ir.Table:
    won = logins.filter((logins.outcome == "success") & logins.source.notnull())
    won = won.select(bin=_bin(won), n=won["count"].cast("int64"))
    return won.group_by("bin").aggregate(ok=_total(won.n))


def _excused() -> ir.Table:
    """``COUNTED`` with the attempts that failed, and those of them that say nothing: ``fail, excused``."""
    alike = table("counted", COUNTED)
    failed = alike.outcome == "failure"
    out = alike.backend | ibis.coalesce(alike.bin.isin(table("outages", OUTAGES).bin), False)
    return alike.mutate(
        fail=ibis.cases((failed & ~out, alike.n), else_=0), excused=ibis.cases((failed & out, alike.n), else_=0)
    )


def _total(column: ir.NumericColumn, where: ir.BooleanColumn | None = None) -> ir.IntegerScalar:
    """A sum that is 0 where there is nothing to add."""
    total: ir.IntegerScalar = ibis.coalesce(column.sum(where=where), 0)
    return total
