"""A real excerpt of Okta's System Log, as Microsoft Sentinel keeps it; it lies beside the project."""

import json
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect.batch import IGNORED, PARSED, UNPARSED
from serjeant.collect.known import envelopes, line_formats, wrappings
from serjeant.collect.parse import parse_lines
from serjeant.collect.time import Clock


def test_every_event_of_a_real_excerpt_is_known_and_the_sign_ins_are_counted(shared_data: Path) -> None:
    events = json.loads((shared_data / "logs" / "cloud" / "okta_system_log_sentinel.json").read_text("utf-8"))
    lines = pl.Series([json.dumps(event) for event in events])
    batch = parse_lines(lines, line_formats(), envelopes(), Clock(ZoneInfo("UTC"), 2020), wrappings=wrappings())
    told = Counter[tuple[str, str | None, str | None]]()
    for row in batch.rows.iter_rows(named=True):
        told[events[row["line"]]["eventType_s"], row["outcome"], row["reason"]] += 1
    assert told == {
        ("user.session.start", "success", None): 12,
        ("user.session.start", "failure", "unknown_account"): 32,
        ("user.authentication.auth_via_mfa", "success", None): 12,
        ("user.authentication.auth_via_mfa", "failure", "bad_password"): 1,
        ("user.authentication.auth_via_mfa", "challenged", "mfa"): 2,
        ("user.authentication.sso", "success", None): 6,
    }
    assert Counter(batch.verdicts.tolist()) == {PARSED: 65, IGNORED: len(events) - 65}
    assert UNPARSED not in batch.verdicts
    assert set(batch.rows["format"]) == {"okta"}
    assert batch.rows["time"].null_count() == batch.rows["user_name"].null_count() == 0
