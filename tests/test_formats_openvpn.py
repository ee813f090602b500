"""OpenVPN tells of one attempt in two lines, and a client's session is its address and port."""

from datetime import UTC, datetime

import polars as pl
import pytest

from serjeant.collect.witnesses import joined
from test_format_laws import read

_TIME = datetime(2026, 6, 5, 9, 12, 33, tzinfo=UTC)


def _attempts(lines: list[str]) -> list[tuple[str, str | None, str, int | None]]:
    rows = read([f"Jun  5 09:12:33 host openvpn[1]: {line}" for line in lines]).rows
    rows = rows.with_columns(time=pl.lit(_TIME), source=pl.lit(None, pl.String))
    rows = rows.with_columns(account=pl.lit(None, pl.String), log_uid=pl.lit("a"), format=pl.lit("openvpn"))
    return joined(rows).select("outcome", "user_name", "src_ip", "src_port").rows()


def test_what_the_client_is_told_adds_the_name_and_no_attempt() -> None:
    lines = [
        "192.0.2.7:50112 TLS Auth Error: Auth Username/Password verification failed for peer",
        "192.0.2.7:50112 [alice] Peer Connection Initiated with [AF_INET]192.0.2.7:50112",
        "192.0.2.7:50112 SENT CONTROL [alice]: 'AUTH_FAILED' (status=1)",
        "192.0.2.7:50113 TLS Auth Error: Auth Username/Password verification failed for peer",
    ]
    assert sorted(_attempts(lines), key=str) == [
        ("failure", "alice", "192.0.2.7", 50112),
        ("failure", None, "192.0.2.7", 50113),
    ]


def test_a_pushed_reply_counts_where_nobody_judged_a_password() -> None:
    pushed = "SENT CONTROL [alice]: 'PUSH_REPLY,ping 10' (status=1)"
    judged = "192.0.2.7:50112 TLS: Username/Password authentication succeeded for username 'alice'"
    assert _attempts([judged, "alice/192.0.2.7:50112 " + pushed]) == [("success", "alice", "192.0.2.7", 50112)]
    assert _attempts(["alice/192.0.2.7:50112 " + pushed]) == [("success", "alice", "192.0.2.7", 50112)]


@pytest.mark.parametrize(
    "name", ["203.0.113.9:22", "x/203.0.113.9:22", "x/203.0.113.9:22/", "/", "", "[203.0.113.9]:1"]
)
@pytest.mark.parametrize(
    "line",
    [
        "{}/192.0.2.7:50112 TLS Auth Error: Auth Username/Password verification failed for peer",
        "{}/192.0.2.7:50112 SENT CONTROL [{}]: 'AUTH_FAILED' (status=1)",
        "192.0.2.7:50112 TLS: Username/Password authentication succeeded for username '{}' [CN SET]",
    ],
)
def test_a_name_does_not_move_the_address(line: str, name: str) -> None:
    for row in read(["2026-06-05 09:12:33 " + line.format(name, name)]).rows.iter_rows(named=True):
        assert (row["src_ip"], row["session_uid"]) == ("192.0.2.7", "192.0.2.7:50112")
