"""tables: the evidence of one day, counted on the engine.

Every table is a group-by whose columns merge by min, max and sum, so that days (and late lines) combine in any order.
Groups come in two levels instead of ``count(distinct)``, which costs engines their memory.
"""

from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from serjeant.model.login import LOGINS
from serjeant.store.engine import table

BIN_SECONDS: Final = 300
HOUR_SECONDS: Final = 3600

TABLES: Final = ("bins", "pairs", "cells", "guesses")

WITHIN: Final = "~"
"""Begins a guess that can be compared within its account only."""

COUNTED: Final = pa.schema(
    [
        ("user", pa.string()),
        ("source", pa.string()),
        ("time", pa.timestamp("us", tz="UTC")),
        ("known", pa.bool_()),
        ("guess", pa.string()),
        ("bin", pa.int64()),
        ("hour", pa.int64()),
        ("service", pa.string()),
        ("auth_protocol", pa.string()),
        ("client", pa.string()),
        ("ok", pa.int64()),
        ("fail", pa.int64()),
        ("challenged", pa.int64()),
        ("refused", pa.int64()),
        ("backend", pa.bool_()),
    ]
)
"""The logins that can be evidence. ``user`` is the account, or the name that was typed where it is no account;
``known``: it is an account; ``bin`` and ``hour``: five minutes and hours since 1970; ``ok`` … ``refused``: attempts."""

MONITORS: Final = pa.schema([("user", pa.string()), ("source", pa.string())])
"""Health checks, which are no evidence."""

OUTAGES: Final = pa.schema([("bin", pa.int64())])
"""Spans in which failures say nothing."""


def counted() -> ir.Table:
    """``COUNTED``, from ``logins`` without the ``monitors``."""
    logins = table("logins", LOGINS)
    reason = ibis.coalesce(logins.reason, "")

    def attempts(outcome: str) -> ir.IntegerColumn:
        return ibis.cases((logins.outcome == outcome, logins["count"].cast("int64")), else_=0)

    seconds = logins.time.epoch_seconds()
    selected = logins.select(
        user=ibis.coalesce(logins.account, logins.user_name.lower()),
        source=logins.source,
        time=logins.time,
        known=logins.account.notnull() & (reason != "unknown_account"),
        guess=ibis.coalesce(logins.guess_site, ibis.literal(WITHIN) + logins.guess_account),
        bin=(seconds // BIN_SECONDS).cast("int64"),
        hour=(seconds // HOUR_SECONDS).cast("int64"),
        service=logins.service,
        auth_protocol=logins.auth_protocol,
        client=logins.client,
        ok=attempts("success"),
        fail=attempts("failure"),
        challenged=attempts("challenged"),
        refused=attempts("refused"),
        backend=reason == "backend",
    )
    known = selected.filter(selected.user.notnull() & selected.source.notnull())
    return known.anti_join(table("monitors", MONITORS), ["user", "source"])


def bins() -> ir.Table:
    """Five minutes each: how people fare whose (account, source) signs in on the same day.

    :return: ``bin, familiar_fail, familiar_ok, backend``
    """
    logins = table("counted", COUNTED)
    familiar = logins.filter(logins.ok > 0).select("user", "source").distinct().mutate(familiar=True)
    marked = logins.left_join(familiar, ["user", "source"])
    return marked.group_by("bin").aggregate(
        familiar_fail=_total(marked.fail, marked.familiar),
        familiar_ok=_total(marked.ok, marked.familiar),
        backend=_total(marked.fail, marked.backend),
    )


def pairs() -> ir.Table:
    """Each (user, source) of the day. Failures in an outage count as excused and are no evidence.

    :return: see ``PAIRS`` in ``detect.evidence``
    """
    logins = _excused()
    failed = logins.fail > 0
    once = logins.group_by(["user", "source", "guess"]).aggregate(
        known=logins.known.any(),
        first_t=logins.time.min(),
        last_t=logins.time.max(),
        first_ok=logins.time.min(where=logins.ok > 0),
        last_ok=logins.time.max(where=logins.ok > 0),
        first_fail=logins.time.min(where=failed),
        last_fail=logins.time.max(where=failed),
        first_challenged=logins.time.min(where=logins.challenged > 0),
        ok=_total(logins.ok),
        fail=_total(logins.fail),
        excused=_total(logins.excused),
        challenged=_total(logins.challenged),
        refused=_total(logins.refused),
    )
    told = once.guess.notnull() & (once.fail > 0)
    return once.group_by(["user", "source"]).aggregate(
        known=once.known.any(),
        first_t=once.first_t.min(),
        last_t=once.last_t.max(),
        first_ok=once.first_ok.min(),
        last_ok=once.last_ok.max(),
        first_fail=once.first_fail.min(),
        last_fail=once.last_fail.max(),
        first_challenged=once.first_challenged.min(),
        ok=_total(once.ok),
        fail=_total(once.fail),
        excused=_total(once.excused),
        challenged=_total(once.challenged),
        refused=_total(once.refused),
        guesses=_total(told.cast("int64")),
        guessed=_total(once.fail, told),
        same_guess=ibis.coalesce(once.fail.max(where=told), 0),
    )


def cells() -> ir.Table:
    """Attempts by hour, source and tool.

    :return: ``hour, source, service, auth_protocol, client, ok, fail, excused``
    """
    logins = _excused()
    return logins.group_by(["hour", "source", "service", "auth_protocol", "client"]).aggregate(
        ok=_total(logins.ok), fail=_total(logins.fail), excused=_total(logins.excused)
    )


def guesses() -> ir.Table:
    """What was tried on each account, where the logs tell one guess from another.

    :return: ``user, source, guess, first_t, fail``
    """
    logins = _excused()
    wrong = logins.filter((logins.fail > 0) & logins.guess.notnull())
    return wrong.group_by(["user", "source", "guess"]).aggregate(first_t=wrong.time.min(), fail=_total(wrong.fail))


def _excused() -> ir.Table:
    logins = table("counted", COUNTED)
    out = logins.backend | logins.bin.isin(table("outages", OUTAGES).bin)
    return logins.mutate(excused=ibis.cases((out, logins.fail), else_=0), fail=ibis.cases((out, 0), else_=logins.fail))


def _total(column: ir.NumericColumn, where: ir.BooleanColumn | None = None) -> ir.IntegerScalar:
    """A sum that is 0 where there is nothing to add."""
    total: ir.IntegerScalar = ibis.coalesce(column.sum(where=where), 0)
    return total
