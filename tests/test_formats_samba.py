"""Where smbd's audit and smbd itself tell of an attempt, it is one."""

import polars as pl

from serjeant.collect.witnesses import joined
from test_format_laws import read

_AUDIT = (
    r"  Auth: [SMB2,(null)] user [EX]\[alice] at [Fri, 05 Jun 2026 09:12:33.123456 UTC] with [NTLMv2] status "
    r"[NT_STATUS_WRONG_PASSWORD] workstation [W] remote host [ipv4:192.0.2.7:50111] mapped to [EX]\[alice]. "
    r"local host [ipv4:198.51.100.1:445] "
)
_SELF = "  check_ntlm_password:  Authentication for user [alice] -> [alice] FAILED with error NT_STATUS_WRONG_PASSWORD"


def _attempts(*messages: str) -> list[tuple[str, str | None]]:
    rows = read([f"Jun  5 09:12:33 host smbd[1]: {message}" for message in messages]).rows
    rows = rows.with_columns(source=pl.lit(None, pl.String), account=pl.lit(None, pl.String))
    rows = rows.with_columns(log_uid=pl.lit("a"), format=pl.lit("samba"))
    return joined(rows).select("user_name", "src_ip").rows()


def test_the_audit_and_smbd_itself_tell_of_one_attempt() -> None:
    assert _attempts(_AUDIT, _SELF, _AUDIT, _SELF) == [("alice", "192.0.2.7")] * 2
    assert _attempts(_SELF, _SELF) == [("alice", None)] * 2
