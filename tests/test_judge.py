"""Sign-ins that come as a table are judged as if they had been read from logs."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from serjeant.app import Serjeant
from serjeant.config import Settings
from serjeant.errors import UnreadableError
from serjeant.model.incident import Incident, Read
from serjeant.proving.simulate import simulate

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("world")
    simulate("parliament", place, seed=5, accounts=300, days=10)
    return place


@pytest.fixture(scope="module")
def read(world: Path) -> Incident:
    """What is said of it as text."""
    asked = Serjeant(world / "out", Settings())
    return asked.investigate([str(world / "logs")], now=NOW, accounts=world / "accounts.csv")


def logins(world: Path) -> pl.DataFrame:
    """What the logs held, as a table."""
    return pl.concat([pl.read_parquet(day) for day in sorted((world / "out" / "lake" / "logins").glob("*.parquet"))])


def test_a_table_gets_the_answer_that_its_logs_got(world: Path, read: Incident, tmp_path: Path) -> None:
    assert read.campaigns
    assert read.accounts
    nameless = logins(world).with_columns(account=pl.lit(None, pl.String)).sample(fraction=1.0, shuffle=True, seed=1)
    told = Serjeant(tmp_path, Settings()).judge(nameless, now=NOW, accounts=world / "accounts.csv")
    assert told.read.logins == read.read.logins
    # The fingerprints of a table are under somebody else's key: what was guessed cannot be told from them.
    crews = tuple(
        replace(each, evidence=tuple(told for told in each.evidence if told.test != "passwords"))
        for each in read.campaigns
    )
    assert crews != read.campaigns
    assert replace(told, read=Read()) == replace(read, read=Read(), campaigns=crews)


def test_two_tables_are_not_mixed(world: Path, read: Incident, tmp_path: Path) -> None:
    table = logins(world).head(1000)
    Serjeant(tmp_path, Settings()).judge(table, now=NOW)
    with pytest.raises(UnreadableError):
        Serjeant(tmp_path, Settings()).judge(table, now=NOW)


def test_nothing_is_not_taken_for_quiet(world: Path, read: Incident, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        Serjeant(tmp_path, Settings()).judge(logins(world).clear(), now=NOW)
