"""login: one attempt to sign in.

Terms follow OCSF Authentication (class 3002) and ECS; see ``docs/model.md``.
"""

from typing import Final

import pyarrow as pa

OUTCOMES: Final = ("success", "failure", "challenged", "refused")
"""What became of the attempt. *challenged*: the password was right, the second factor is missing or failed.
*refused*: turned away without the password being judged (policy, lock-out), so it says nothing about the guess."""

REASONS: Final = (
    "bad_password",
    "unknown_account",
    "locked",
    "disabled",
    "expired",
    "mfa",
    "policy",
    "backend",
    "other",
)
"""Why an attempt did not succeed; null for a success."""

TIME: Final = pa.timestamp("us", tz="UTC")

LOGINS: Final = pa.schema(
    [
        ("time", TIME),
        ("account", pa.string()),  # the directory's identity, normalised; null: not in the directory
        ("user_name", pa.string()),  # what was typed; at most 256 characters
        ("source", pa.string()),  # IPv4 address or IPv6 /64 ("2001:db8:1:2::/64"); null: the log does not say
        ("src_ip", pa.string()),  # the full address, canonical text
        ("src_port", pa.int32()),
        ("dst_host", pa.string()),
        ("service", pa.string()),  # imap pop3 smtp ssh vpn web …
        ("auth_protocol", pa.string()),  # password publickey keyboard-interactive plain cram-md5 …, lower case
        ("outcome", pa.string()),  # one of OUTCOMES
        ("reason", pa.string()),  # one of REASONS
        ("is_mfa", pa.bool_()),
        ("session_uid", pa.string()),
        ("client", pa.string()),  # what the client calls itself
        ("guess_account", pa.string()),  # keyed fingerprint of the password tried, comparable within one account
        ("guess_site", pa.string()),  # the same, comparable across all accounts
        ("count", pa.int32()),  # one line can stand for several attempts
        ("log", pa.string()),  # the file it was read from
        ("log_offset", pa.int64()),  # its line there, counted from 1
        ("raw_hash", pa.uint64()),  # keyed hash of the line
    ]
)
"""The table ``logins``: one row for each attempt (``count`` attempts), as the lake holds it by day."""

LINES: Final = (
    LOGINS.append(pa.field("witness", pa.string()))
    .append(pa.field("format", pa.string()))
    .append(pa.field("log_uid", pa.string()))
)
"""What each single line says of a login, before the lines that speak of the same one are joined.

``witness`` names which program tells it (``daemon``, ``pam``, ``auth``); null: a line that always stands
alone. Lines of one ``session_uid`` by different witnesses are one set of attempts: see ``collect.settle``.
``log_uid`` names the log's content wherever the file is moved to; ``log`` is the name it was read under."""


HOPS: Final = ("forwarded", "peer")
"""What a format says besides of a connection that came by proxies, for the collector only: the chain as it is written
(``a, b, c``, the nearest to us last), and who connected, where that is not ``src_ip``. See ``collect.hops``."""


def parsed_schema() -> pa.Schema:
    """The columns that a format fills: LINES without those that the collector adds, and HOPS.

    Added by the collector: ``account``, ``source``, ``log``, ``log_offset``, ``raw_hash``, ``format``, ``log_uid``.
    """
    added = {"account", "source", "log", "log_offset", "raw_hash", "format", "log_uid"}
    hops = [pa.field(name, pa.string()) for name in HOPS]
    return pa.schema([*(field for field in LINES if field.name not in added), *hops])
