"""Seraph tells of every failure, Jira of people it knows once more: one request is one attempt."""

from datetime import UTC, datetime

import polars as pl

from serjeant.collect.witnesses import joined
from test_format_laws import read

_TIME = datetime(2026, 6, 5, 9, 12, 33, tzinfo=UTC)
_SERAPH = (
    "login : '{}' tried to login but they do not have USE permission or weren't found. Deleting remember me cookie."
)


def _attempts(*lines: str) -> list[tuple[str, str | None, str | None]]:
    rows = read(["2026-06-05 09:12:33,664+0000 " + line for line in lines]).rows
    rows = rows.with_columns(time=pl.lit(_TIME), source=pl.lit(None, pl.String))
    rows = rows.with_columns(account=pl.lit(None, pl.String), log_uid=pl.lit("a"), format=pl.lit("jira"))
    return sorted(joined(rows).select("reason", "user_name", "src_ip").rows(), key=str)


def _jira(request: str, says: str) -> str:
    return f"http-nio-8080-exec-17 anonymous {request} 1qvu69a 192.0.2.7 /login.jsp {says}"


def test_a_wrong_password_is_one_attempt_and_seraphs_line_alone_is_an_unknown_name() -> None:
    assert _attempts(
        _jira("1x2x1", _SERAPH.format("alice")),
        _jira("1x2x1", "The user 'alice' has FAILED authentication.  Failure count equals 1"),
        _jira("1x3x1", _SERAPH.format("bob")),
    ) == [("bad_password", "alice", "192.0.2.7"), ("unknown_account", "bob", "192.0.2.7")]


def test_confluence_tells_each_attempt_of_a_thread_once() -> None:
    head = "INFO [http-nio-8090-exec-5] [atlassian.seraph.auth.DefaultAuthenticator] login "
    wrong = head + "login : 'alice' could not be authenticated with the given password"
    refused = head + _SERAPH.format("alice")
    assert len(_attempts(wrong, refused, wrong, refused)) == 2
    assert len(_attempts(refused, refused, refused)) == 3
