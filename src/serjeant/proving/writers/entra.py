"""Entra ID's sign-ins, a page of Microsoft Graph: the user principal name, and a code that says all."""

import polars as pl

from serjeant.proving.writer import DOMAIN, Writer, chosen, stamp

_CODES = {"success": "0", "second": "0", "bad_password": "50126", "unknown_account": "50034", "mfa": "500121"}
_ONE, _TWO = "singleFactorAuthentication", "multiFactorAuthentication"

WRITER = Writer(
    product="entra",
    path="cloud/signins.json",
    service="web",
    spells=pl.col("name").str.to_titlecase() + f"@{DOMAIN}",
    around=(
        '{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns","value":[\n',
        ",\n",
        "\n]}\n",
    ),
    says=pl.struct(
        id=pl.format("00000000-0000-4000-8000-{}", pl.col("n").cast(pl.String).str.pad_start(12, "0")),
        createdDateTime=stamp("%Y-%m-%dT%H:%M:%SZ"),
        userPrincipalName="name",
        appDisplayName=pl.lit("Office 365"),
        ipAddress="ip",
        clientAppUsed=pl.lit("Browser"),
        isInteractive=pl.lit(value=True),
        authenticationRequirement=chosen(
            "what", {what: _TWO if what in {"second", "mfa"} else _ONE for what in _CODES}
        ),
        status=pl.struct(errorCode=chosen("what", _CODES).cast(pl.Int64)),
    ).struct.json_encode(),
)
