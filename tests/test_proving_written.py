"""A drawn world in a folder is the same world: what was drawn is read back, and its truth says what its labels do."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from serjeant.app import Serjeant
from serjeant.cli import main
from serjeant.config import Settings
from serjeant.errors import UsageError
from serjeant.proving import truth
from serjeant.proving.drawn import draw
from serjeant.proving.simulate import simulate

NOW = datetime(2026, 1, 1, tzinfo=UTC)
READ = ("time", "account", "user_name", "source", "service", "outcome", "reason", "is_mfa", "client", "count")


@pytest.mark.parametrize("name", ["A5", "A9 crews", "A7 variants", "A4 ipv6"])
def test_what_was_drawn_is_read_back(name: str, tmp_path: Path) -> None:
    told = simulate(name, tmp_path / "world", seed=7, accounts=240, days=12)
    drawn = draw(name, 7, 240, 12).logins
    asked = Serjeant(tmp_path / "out", Settings())
    world = tmp_path / "world"
    incident = asked.investigate([str(world / "logs")], now=NOW, accounts=world / "accounts.csv")
    assert incident.read.unparsed == 0
    assert incident.read.logins == told.logins == drawn["count"].sum()
    days = [pl.read_parquet(day) for day in sorted((tmp_path / "out" / "lake" / "logins").glob("*.parquet"))]
    read = pl.concat(days).select(READ).sort("time", "user_name", "source")
    assert read.equals(drawn.select(READ).sort("time", "user_name", "source"))


def test_the_truth_says_what_the_labels_do(tmp_path: Path) -> None:
    told = simulate("A9 crews", tmp_path, seed=7, accounts=240, days=12)
    assert told == truth.read(tmp_path / "truth.json")
    attacked = draw("A9 crews", 7, 240, 12).logins.filter(actor="attack")
    assert len(told.campaigns) == 2
    assert {source for crime in told.campaigns for source in crime.sources} == set(attacked["source"])
    fell = {account for account, outcome in attacked.select("account", "outcome").iter_rows() if outcome == "success"}
    assert {fall.account for fall in told.fallen} == fell
    assert len(told.fallen) == len(fell)
    assert told.status == "attack"
    assert simulate("clean", tmp_path / "clean", seed=7, accounts=240, days=12).status == "quiet"


def test_logs_are_never_written_over(tmp_path: Path) -> None:
    simulate("A3", tmp_path, accounts=240, days=9)
    with pytest.raises(UsageError):
        simulate("A4", tmp_path, accounts=240, days=9)


def test_the_list_names_every_world() -> None:
    listed = CliRunner().invoke(main, ["simulate", "--list"])
    assert listed.exit_code == 0
    for name in ("parliament", "clean", "A1", "A14", "recess", "changes"):
        assert f"\n  {name} " in listed.output
