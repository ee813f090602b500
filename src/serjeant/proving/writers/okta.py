"""Okta's System Log, as the API answers."""

import polars as pl

from serjeant.proving.writer import DOMAIN, Writer, chosen, stamp

_RESULT = {"success": "SUCCESS", "bad_password": "FAILURE", "unknown_account": "FAILURE", "mfa": "FAILURE"}
_MFA = pl.col("what") == "mfa"
_NUMBER = pl.col("n").cast(pl.String).str.pad_start(12, "0")

WRITER = Writer(
    product="okta",
    path="cloud/okta.json",
    service="web",
    spells=pl.col("name") + f"@{DOMAIN}",
    digits=3,
    around=("[", ",", "]\n"),
    says=pl.struct(
        actor=pl.struct(
            id=pl.when(pl.col("what") == "unknown_account").then(pl.lit("unknown")).otherwise("00u" + _NUMBER),
            type=pl.lit("User"),
            alternateId="name",
        ),
        client=pl.struct(ipAddress="ip", device=pl.lit("Mobile")),
        eventType=pl.when(_MFA)
        .then(pl.lit("user.authentication.auth_via_mfa"))
        .otherwise(pl.lit("user.session.start")),
        outcome=pl.struct(
            result=chosen("what", _RESULT),
            reason=pl.when(pl.col("what") != "success").then(pl.lit("INVALID_CREDENTIALS")),
        ),
        published=stamp("%Y-%m-%dT%H:%M:%S.%3fZ"),
        debugContext=pl.struct(
            debugData=pl.struct(
                factor=pl.when(_MFA).then(pl.lit("OKTA_SOFT_TOKEN")), requestUri=pl.lit("/api/v1/authn")
            )
        ),
        transaction=pl.struct(type=pl.lit("WEB"), id="T" + _NUMBER),
        uuid=pl.format("00000000-0000-4000-8000-{}", _NUMBER),
    ).struct.json_encode(),
)
