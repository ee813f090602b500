"""ecs: logins as events of the Elastic Common Schema, a JSON object a line.

ECS knows success and failure; what we know more of stands under ``serjeant``, where ``collect.formats.ecs`` finds it
again.
"""

import polars as pl

from serjeant.model import ecs
from serjeant.report.writers.objects import constant, lines, number, stamp, text


def write(logins: pl.DataFrame) -> str:
    """The events.

    :param logins: columns of ``model.login.LOGINS``
    """
    succeeded = pl.col("outcome") == "success"
    given = {column: places[0] for column, places in ecs.PLACES.items()}
    return lines(
        logins,
        {
            given["time"]: stamp(pl.col("time")),
            "ecs.version": constant(ecs.VERSION),
            "event.kind": constant("event"),
            "event.category": constant(["authentication"]),
            "event.type": constant(["start"]),
            "event.module": constant(ecs.MODULE),
            "event.dataset": constant(f"{ecs.MODULE}.logins"),
            "event.action": pl.when(succeeded).then(constant("logged-in")).otherwise(constant("logon-failed")),
            "event.outcome": pl.when(succeeded).then(constant("success")).otherwise(constant("failure")),
            ecs.OURS["reason"]: text(pl.col("reason")),
            given["user_name"]: text(pl.col("user_name")),
            given["src_ip"]: text(pl.col("src_ip")),
            given["src_port"]: number(pl.col("src_port")),
            given["dst_host"]: text(pl.col("dst_host")),
            given["service"]: text(pl.col("service")),
            given["client"]: text(pl.col("client")),
            "related.user": _list("user_name"),
            "related.ip": _list("src_ip"),
            **{ecs.OURS[name]: text(pl.col(name)) for name in ("log", "account", "outcome", "auth_protocol")},
            ecs.OURS["session_uid"]: text(pl.col("session_uid")),
            **{ecs.OURS[name]: number(pl.col(name)) for name in ("is_mfa", "count", "log_offset")},
        },
    )


def _list(column: str) -> pl.Expr:
    return pl.lit("[") + text(pl.col(column)) + pl.lit("]")
