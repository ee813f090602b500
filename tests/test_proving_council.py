"""A world in eleven products' logs is read back as it was, and its campaign is one, whatever they call people."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from serjeant.app import Serjeant
from serjeant.config import Settings
from serjeant.model.incident import Incident
from serjeant.proving.simulate import simulate
from serjeant.proving.truth import Truth
from serjeant.proving.writer import writers

NOW = datetime(2026, 7, 1, tzinfo=UTC)
COLUMNS = ("time", "account", "source", "service", "outcome", "reason", "is_mfa", "product")

World = tuple[Path, Truth, Incident]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("council")
    truth = simulate("council", folder / "world", seed=3, accounts=200)
    serjeant = Serjeant(folder / "out", Settings(domains=("council.example",)))
    accounts = folder / "world" / "accounts.csv"
    return folder, truth, serjeant.investigate([str(folder / "world" / "logs")], now=NOW, accounts=accounts)


def counted(rows: pl.DataFrame) -> Counter[tuple[object, ...]]:
    return Counter(rows.select(COLUMNS).rows())


def test_every_sign_in_is_read_back_and_nothing_else(world: World) -> None:
    folder, _, _ = world
    written = pl.read_csv(folder / "world" / "sign-ins.csv", schema_overrides={"time": pl.String}).with_columns(
        pl.col("time").str.to_datetime(time_unit="us", time_zone="UTC")
    )
    product = {each.path: each.product for each in writers()}
    logs = str(folder / "world" / "logs") + "/"
    read = pl.concat(
        pl.read_parquet(place, columns=[*COLUMNS[:-1], "count", "log"])
        for place in sorted((folder / "out" / "lake" / "logins").glob("*.parquet"))
    ).with_columns(
        pl.col("is_mfa").fill_null(value=False),
        product=pl.col("log").str.strip_prefix(logs).replace_strict(product, return_dtype=pl.String),
    )
    assert read["count"].unique().to_list() == [1]
    assert set(written["product"]) == set(product.values())
    assert len(product) >= 8
    expected, found = counted(written), counted(read)
    assert expected - found == Counter()
    assert found - expected == Counter()


def test_every_line_is_accounted_for(world: World) -> None:
    _, truth, incident = world
    assert set(truth.files) == {each.path for each in writers()}
    assert (incident.read.files, incident.read.unparsed) == (len(truth.files), 0)
    assert incident.read.logins == truth.logins
    assert set(incident.read.by_format) == {each.product for each in writers()}
    assert incident.read.unread == ()


def test_a_crew_that_goes_from_imap_to_vpn_to_web_mail_is_one_campaign(world: World) -> None:
    _, truth, incident = world
    (crew,), (found,) = truth.campaigns, incident.campaigns
    assert incident.status == "attack"
    assert [stretch.name for stretch in crew.services] == ["imap", "vpn", "web"]
    assert {share.name for share in found.services} == {"imap", "vpn", "web"}
    assert set(found.sources) == set(crew.sources)
    assert not set(found.sources) & set(truth.honest_sources)
    assert found.detected_at < datetime.fromisoformat(truth.fallen[0].time)


def test_who_fell_is_known_by_one_name_whichever_product_let_the_crew_in(world: World) -> None:
    _, truth, incident = world
    assert {fall.service for fall in truth.fallen} == {"imap", "vpn", "web"}
    fallen = {each.account for each in incident.accounts if each.assessment == "compromised"}
    assert fallen == {fall.account for fall in truth.fallen}


def test_each_account_is_met_under_many_names(world: World) -> None:
    """Else the world would not show that names meet in the directory."""
    folder, _, _ = world
    logins = pl.concat(map(pl.read_parquet, (folder / "out" / "lake" / "logins").glob("*.parquet")))
    known = logins.filter(pl.col("account").is_not_null())
    names = known.group_by("account").agg(pl.col("user_name").n_unique())
    assert (names["user_name"] >= 3).mean() > 0.8  # type: ignore[operator]
    for spelled in (
        r"^COUNCIL\\+[a-z.-]+$",
        "^[A-Z][a-z]+\\.[A-Z][a-z]+@council.example$",
        "^[A-Z]+\\.[A-Z]+$",
        "^[a-z]+$",
    ):
        assert known["user_name"].str.contains(spelled).any(), spelled


def test_the_same_seed_gives_the_same_files(world: World, tmp_path: Path) -> None:
    folder, truth, _ = world
    assert simulate("council", tmp_path / "again", seed=3, accounts=200) == truth
    for file in ("accounts.csv", "sign-ins.csv", "truth.json", *(f"logs/{name}" for name in truth.files)):
        assert (tmp_path / "again" / file).read_bytes() == (folder / "world" / file).read_bytes()
