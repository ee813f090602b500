"""Logins made by hand, for one rival to judge."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from serjeant.model.login import LOGINS
from serjeant.proving.rivals import RIVALS

BEGIN = datetime(2026, 6, 5, 9, tzinfo=UTC)
MINUTE, HOUR = 60, 3600
RIVAL = {rival.name: rival for rival in RIVALS}


def row(
    at: float, user: str = "ann", ip: str = "192.0.2.7", service: str | None = "imap", **more: Any
) -> dict[str, Any]:
    """A wrong password, so many seconds after nine."""
    told = {"outcome": "failure", "reason": "bad_password", "source": ip, "src_ip": ip, "account": user}
    return {"time": BEGIN + timedelta(seconds=at), "user_name": user, "service": service, **told, **more}


def success(at: float, user: str = "ann", **more: Any) -> dict[str, Any]:
    return row(at, user, outcome="success", reason=None, **more)


def logins(rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    schema = pl.DataFrame(LOGINS.empty_table()).schema
    return pl.DataFrame([{"count": 1, **each} for each in rows], schema=schema).sort("time")


def alarm(name: str, rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    return RIVAL[name].judge(logins(rows))


def user(n: int) -> str:
    return f"user{n:03}"


def address(n: int) -> str:
    return f"198.51.100.{n}"
