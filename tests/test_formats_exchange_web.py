"""IIS logs of Exchange: a real one, read whole."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from serjeant.app import Serjeant
from serjeant.config import Settings


def test_a_real_log_of_exchange_2010_is_read_whole(shared_data: Path, tmp_path: Path) -> None:
    log = shared_data / "logs" / "iis7_owa.log"
    incident = Serjeant(tmp_path, Settings(timezone="America/Chicago")).investigate(
        [str(log)], now=datetime(2026, 1, 1, tzinfo=UTC)
    )
    read = incident.read
    assert (read.lines, read.parsed, read.ignored, read.unparsed) == (5, 3, 2, 0)
    logins = pl.read_parquet(tmp_path / "lake" / "logins" / "*.parquet").sort("time")
    assert logins["outcome"].to_list() == ["success"] * 3
    assert logins["service"].to_list() == ["mail", "web", "mail"]
    assert logins["user_name"].unique().to_list() == ["domain.localjohndoe"]
    assert logins["src_ip"].to_list() == ["77.123.22.98", "77.123.22.98", "10.10.5.2"]
    # W3C logs are in UTC wherever the server stands.
    assert logins["time"][0] == datetime(2015, 1, 1, 22, 16, 3, tzinfo=UTC)
