"""Cutting headers off by position gives what the envelope's pattern gives."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serjeant.collect import headers
from serjeant.collect.envelope import Envelope
from serjeant.collect.known import envelopes

STAMPS = (
    "Jun  5 09:12:33",
    "Jun 15 09:12:33",
    "2026-06-05T09:12:33.123456+01:00",
    "2026-06-05 02:12:33.123456-0700 ",  # macOS has two blanks behind it
    "2026-06-05T09:12:33Z",
    "yesterday",
)
TAGS = (
    " gate sshd[7]: ",
    " gate sshd[7123]: ",
    " gate sshd[12",
    " gate sshd[x]: ",
    " gate sshd[7]: [ID 800047 auth.info] ",
    " gate sshd: ",
    " mx1 dovecot: ",
    " mx1 CRON(root)[1]: ",
    " gäte sshd[7]: ",
    ": ",
    "",
)
MESSAGES = st.sampled_from(
    [
        "Failed password for a from 192.0.2.7 port 1 ssh2",
        "",
        "]: ",
        "a]: b",
        "[7]: ",
        "ü]: ",
        " gate sshd[8]: x",
        "message",
    ]
)
LINES = st.lists(st.tuples(st.sampled_from(STAMPS), st.sampled_from(TAGS), MESSAGES).map("".join), max_size=60)


def by_pattern(lines: pl.Series, envelope: Envelope) -> pl.DataFrame:
    told = lines.str.extract_groups(envelope.pattern).struct.unnest()
    names = [name for name in headers.COLUMNS if name in told.columns]
    frame = told.with_columns(message=lines.str.strip_prefix(told["header"])).with_row_index("at")
    return frame.filter(pl.col("header").is_not_null()).select("at", *names, "message")


@pytest.mark.parametrize("envelope", envelopes(), ids=lambda each: each.name)
@settings(max_examples=60)
@given(lines=LINES, often=st.integers(1, 30))
def test_the_quick_way_gives_what_the_pattern_gives(envelope: Envelope, lines: list[str], often: int) -> None:
    series = pl.Series(lines * often, dtype=pl.String)
    whole = by_pattern(series, envelope)
    fewest = headers._FEWEST
    headers._FEWEST = 1  # type: ignore[misc]
    try:
        quick = headers.taken_off(series, envelope)
    finally:
        headers._FEWEST = fewest  # type: ignore[misc]
    assert quick.select(whole.columns).equals(whole)


def test_a_tag_that_few_lines_have_gives_no_other_its_name() -> None:
    """The sample meets it more often than there are lines worth cutting by it."""
    lines = ["Jun  5 09:12:33 gate sshd[7]: a"] * 20_000
    for at in range(0, 10_000, 100):
        lines[at] = "Jun  5 09:12:33 mx1 dovecot: b"
    for at in range(10_000, 15_000):
        lines[at] = "Jun  5 09:12:33 db CRON[1]: c"
    series = pl.Series(lines)
    syslog = next(each for each in envelopes() if each.name == "syslog")
    whole = by_pattern(series, syslog)
    assert headers.taken_off(series, syslog).select(whole.columns).equals(whole)
