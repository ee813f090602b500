"""ocsf: logins as OCSF Authentication events (class 3002), a JSON object a line.

Whatever OCSF asks for is there: a login whose log named no user, or neither host nor service, has an empty one. OCSF
knows success and failure; what we know more of stands in ``unmapped``, where ``collect.formats.ocsf`` finds it again.
"""

import polars as pl

from serjeant import __version__
from serjeant.model import ocsf
from serjeant.report.writers.objects import constant, lines, number, stamp, text

_PRODUCT = {"name": ocsf.PRODUCT, "vendor_name": ocsf.PRODUCT, "version": __version__}


def write(logins: pl.DataFrame) -> str:
    """The events.

    :param logins: columns of ``model.login.LOGINS``
    """
    succeeded = pl.col("outcome") == "success"
    protocol = pl.col("auth_protocol")
    known = {
        column: protocol.replace_strict(
            {ours: told[at] for ours, told in ocsf.PROTOCOLS.items()},
            default=other,
            return_dtype=kind,
        )
        for column, at, other, kind in (
            ("id", 0, ocsf.OTHER_PROTOCOL, pl.Int32),
            ("caption", 1, protocol, pl.String),
        )
    }
    given = {column: places[0] for column, places in ocsf.PLACES.items()}
    nowhere = pl.col("service").is_null() & pl.col("dst_host").is_null()
    return lines(
        logins,
        {
            "class_uid": constant(ocsf.CLASS),
            "class_name": constant("Authentication"),
            "category_uid": constant(ocsf.CATEGORY),
            "category_name": constant("Identity & Access Management"),
            "activity_id": constant(ocsf.LOGON),
            "activity_name": constant("Logon"),
            "type_uid": constant(ocsf.CLASS * 100 + ocsf.LOGON),
            "type_name": constant("Authentication: Logon"),
            "severity_id": constant(1),
            "severity": constant("Informational"),
            "time": number(pl.col("time").dt.epoch("ms")),
            given["time"]: stamp(pl.col("time")),
            "metadata.version": constant(ocsf.VERSION),
            "metadata.product": constant(_PRODUCT),
            "metadata.profiles": constant(["datetime"]),
            "status_id": pl.when(succeeded).then(constant(ocsf.SUCCESS)).otherwise(constant(ocsf.FAILURE)),
            "status": pl.when(succeeded).then(constant("Success")).otherwise(constant("Failure")),
            "status_detail": text(pl.col("reason").replace_strict(ocsf.DETAILS, default=None, return_dtype=pl.String)),
            given["user_name"]: text(pl.col("user_name").fill_null("")),
            given["src_ip"]: text(pl.col("src_ip")),
            # An endpoint that is a port and nothing else is none.
            given["src_port"]: pl.when(pl.col("src_ip").is_not_null()).then(number(pl.col("src_port"))),
            given["dst_host"]: text(pl.col("dst_host")),
            given["service"]: text(pl.when(nowhere).then(pl.lit("")).otherwise("service")),
            "auth_protocol_id": number(pl.when(protocol.is_not_null()).then(known["id"])),
            given["auth_protocol"]: text(known["caption"]),
            given["is_mfa"]: number(pl.col("is_mfa")),
            given["session_uid"]: text(pl.col("session_uid")),
            given["client"]: text(pl.col("client")),
            given["count"]: number(pl.col("count")),
            ocsf.OURS["account"]: text(pl.col("account")),
            ocsf.OURS["outcome"]: text(pl.col("outcome")),
            ocsf.OURS["reason"]: text(pl.col("reason")),
            ocsf.OURS["log"]: text(pl.col("log")),
            ocsf.OURS["log_offset"]: number(pl.col("log_offset")),
        },
    )
