r"""SFTPGo: its log of JSON objects (source: internal/logger's ``ConnectionFailedLog`` and ``LoginLog``, docs/logs.md).

A failure has the sender ``connection_failed``; a success has the sender ``login``, or is a sentence in older releases,
where the person's name stands before the address and the client's own text behind it. A failed key is no guess at a
password, and who tried nothing was a scan: settling leaves it out.
"""

import polars as pl

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_SAID = r'^User "([^"]*)" logged in with "([^"]*)",? from ip "([^"]*)"'
_SENDER = "^connection_failed$"
_GUESS = {"sender": _SENDER, "auth_protocol": "^(?:password|keyboard-interactive|IDP|TLSCertificate\\+password|)$"}

_CASES = (
    Case("nothing_tried", {"sender": _SENDER, "auth_protocol": "^no_auth_tr[iy]ed$"}, "failure", "other", "probe"),
    Case("key", {"sender": _SENDER, "auth_protocol": "^(?:publickey|TLSCertificate)$"}),
    Case("second", {"sender": _SENDER, "auth_protocol": r"^publickey\+.*$"}, "failure", "bad_password"),
    Case("unknown", {**_GUESS, "why": "^.*(?:not found|does not exist|no rows).*$"}, "failure", "unknown_account"),
    Case("disabled", {**_GUESS, "why": "^.*(?:is disabled|not active).*$"}, "failure", "disabled"),
    Case("expired", {**_GUESS, "why": "^.*expired.*$"}, "failure", "expired"),
    Case(
        "policy", {**_GUESS, "why": "^.*(?:not allowed|not permitted|too many|denied|rejected).*$"}, "refused", "policy"
    ),
    Case(
        "code",
        {**_GUESS, "why": "^.*(?:passcode|second factor|two-factor|TOTP).*$"},
        "failure",
        "mfa",
        None,
        {"is_mfa": True},
    ),
    Case("wrong", {"sender": _SENDER}, "failure", "bad_password"),
    Case("login", {"sender": "^login$"}, "success"),
    Case("logged_in", {"sender": "^(?:SSH|SFTP|FTP|DAV|HTTP)$", "said": "^.+$"}, "success"),
    Case(
        "other",
        {
            "sender": "^(?:dataprovider_?[a-z]*|common|defender|SSH|SFTP|SCP|FTP|DAV|HTTP|HTTPShare|"
            "sftpd|ftpd|ftpserverlib|httpd|webdavd|"
            "service|config|logger|telemetry|Upload|Download|Rename|Rmdir|Mkdir|Remove|Symlink|Chmod|Chown|"
            "Chtimes|Truncate|SSHCommand|Copy|eventmanager|plugin|smtp|acme|kms|vfs|httpclient|main)$"
        },
    ),
)


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    """What the sentence of older releases says goes into the fields."""
    says = pl.col("says")
    return rows.with_columns(
        said=says.str.extract(_SAID, 0),
        user_name=pl.coalesce("user_name", says.str.extract(_SAID, 1)),
        auth_protocol=pl.coalesce("auth_protocol", says.str.extract(_SAID, 2)),
        src_ip=pl.coalesce("src_ip", says.str.extract(_SAID, 3)),
    )


FORMAT = Format(
    name="sftpgo",
    title="SFTPGo",
    group="hosts",
    records=(
        Record(
            fields={
                "time": "time",
                "sender": "sender",
                "user_name": "username",
                "src_ip": ("client_ip", "ip"),
                "auth_protocol": ("login_type", "method"),
                "service": ("protocol", "sender"),
                "client": "client",
                "why": "error",
                "says": "message",
            },
            cases=_CASES,
            derive=_told,
            marks=('"sender"', '"level"', '"time"'),
        ),
    ),
    values={
        "service": {
            "SSH": "ssh",
            "SFTP": "ssh",
            "FTP": "ftp",
            "DAV": "web",
            "HTTP": "web",
            "OIDC": "web",
            "login": "ssh",
        }
    },
    lacks="It does not tell which host it ran on, nor the client's port.",
)
