"""lines: from a claim back down to the logins, and so to the log lines."""

from collections.abc import Sequence
from typing import Final

import ibis.expr.types as ir
import polars as pl
import pyarrow as pa

from serjeant.model.login import LOGINS
from serjeant.store.engine import table

COLUMNS: Final = ("user", "source", "time", "outcome", "reason", "service", "count", "log", "log_offset")
"""What is told of a login where it supports a claim."""

WANTED: Final = pa.schema([("user", pa.string()), ("source", pa.string())])


_TIME: Final = pl.Datetime("us", "UTC")
TOOLS: Final = pl.Schema(
    dict.fromkeys(("user", "source", "service", "client"), pl.String())
    | dict.fromkeys(("first_t", "first_ok"), _TIME)
    | dict.fromkeys(("ok", "fail"), pl.Int64())
)
"""What ``tools`` gives."""
HABITS: Final = pl.Schema(dict.fromkeys(("user", "service", "client"), pl.String()) | {"since": _TIME})
"""What ``habits`` gives."""


def _named() -> ir.Table:
    logins = table("logins", LOGINS)
    return logins.mutate(user=logins.account.fill_null(logins.user_name.lower()))


def of_pairs() -> ir.Table:
    """The logins of the pairs in ``wanted``."""
    return (
        _named().semi_join(table("wanted", WANTED), ["user", "source"]).select(*COLUMNS).order_by("time", "log_offset")
    )


def of_users() -> ir.Table:
    """The logins of the users in ``wanted``, by time."""
    return _named().semi_join(table("wanted", WANTED), "user").select(*COLUMNS).order_by("time", "log_offset")


def of_sources() -> ir.Table:
    """The logins from the sources in ``wanted``, by time."""
    return _named().semi_join(table("wanted", WANTED), "source").select(*COLUMNS).order_by("time", "log_offset")


def tools() -> ir.Table:
    """Who came from the sources in ``wanted``, with which tools, and how that went.

    :return: ``user, source, service, client, first_t, first_ok, ok, fail``
    """
    found = _named().semi_join(table("wanted", WANTED), "source")
    right, wrong = found.outcome == "success", found.outcome == "failure"
    return found.group_by(["user", "source", "service", "client"]).aggregate(
        first_t=found.time.min(),
        first_ok=found.time.min(where=right),
        ok=right.sum().cast("int64"),
        fail=wrong.sum().cast("int64"),
    )


def habits() -> ir.Table:
    """Since when each account has signed in with which tool, wherever it was.

    :return: ``user, service, client, since``
    """
    right = _named().filter(lambda login: login.outcome == "success")
    return right.group_by(["user", "service", "client"]).aggregate(since=right.time.min())


def logins(columns: Sequence[str], *, users: bool, sources: bool) -> ir.Table:
    """Whole logins, by time.

    :param columns: which of them
    :param users: only those of the users in ``users``
    :param sources: only those from the sources in ``sources``
    """
    found = _named()
    if users:
        found = found.semi_join(table("users", pa.schema([WANTED.field("user")])), "user")
    if sources:
        found = found.semi_join(table("sources", pa.schema([WANTED.field("source")])), "source")
    return found.select(*columns).order_by("time", "log", "log_offset")


def guesses() -> ir.Table:
    """What was tried from the sources in ``sources``, as far as fingerprints tell: each guess at each name once.

    :return: ``user_name, guess_site, guess_account``
    """
    logins = table("logins", LOGINS)
    told = logins.guess_site.notnull() | logins.guess_account.notnull()
    failed = logins.filter((logins.outcome == "failure") & told & logins.user_name.notnull())
    theirs = failed.semi_join(table("sources", pa.schema([WANTED.field("source")])), "source")
    return theirs.select("user_name", "guess_site", "guess_account").distinct()


def attempts() -> ir.Table:
    """How many attempts ``logins`` hold."""
    logins = table("logins", LOGINS)
    return logins.aggregate(n=logins["count"].sum().cast("int64"))
