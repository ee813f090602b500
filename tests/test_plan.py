"""From an attack that was found to a door that is shut, and open again, as people type it."""

import json
import shutil
from pathlib import Path

import pytest

from conftest import Cli
from serjeant.proving.simulate import simulate

SETTINGS = """
own_networks = ["192.0.2.0/24"]
[contain]
simulate = {simulate}
approvals = {approvals}
administrators = ["{administrator}"]
[contain.targets.mail]
connector = "decisions"
path = "{folder}/decisions.json"
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small parliament under attack, investigated once."""
    from datetime import UTC, datetime

    from serjeant.app import Serjeant
    from serjeant.config import Settings

    place = tmp_path_factory.mktemp("plan")
    simulate("parliament", place / "world", seed=3, accounts=400, days=20)
    serjeant = Serjeant(place / "report", Settings())
    found = serjeant.investigate(
        [str(place / "world" / "logs")], now=datetime.now(UTC), accounts=place / "world" / "accounts.csv"
    )
    serjeant.write(found)
    return place


@pytest.fixture
def folder(world: Path, tmp_path: Path) -> Path:
    """A copy of it, with settings."""
    shutil.copytree(world / "report", tmp_path / "serjeant-report")
    shutil.copy(world / "world" / "accounts.csv", tmp_path / "accounts.csv")
    shutil.copy(world / "world" / "truth.json", tmp_path / "truth.json")
    configure(tmp_path)
    return tmp_path


def configure(folder: Path, simulate: str = "false", approvals: int = 1, administrator: str = "nobody") -> None:
    text = SETTINGS.format(simulate=simulate, approvals=approvals, administrator=administrator, folder=folder)
    (folder / "serjeant.toml").write_text(text)


def fallen(folder: Path) -> list[str]:
    return sorted(each["account"] for each in json.loads((folder / "truth.json").read_text())["fallen"])


def test_shut_and_open_again(folder: Path, cli: Cli) -> None:
    assert cli("plan", "propose", "--accounts", "accounts.csv").returncode == 0
    shown = cli("plan", "preview", "P1", "--accounts", "accounts.csv", "--json")
    close = json.loads(shown.stdout)["stages"]["close"]
    assert close["stopped"]["count"] == close["stopped"]["of"] > 1000
    assert 0 < close["accounts"]["count"] <= close["accounts"]["of"]
    assert not (folder / "decisions.json").exists()

    assert cli("act").stdout == "nothing to do\n"
    assert cli("plan", "approve", "P1", "--stage", "close", "--reason", "agreed").returncode == 0
    ran = cli("act")
    assert ran.returncode == 0, ran.stderr
    assert "standing" in ran.stdout
    rules = json.loads((folder / "decisions.json").read_text())["rules"]
    assert set(rules["contain_account"]) <= set(fallen(folder))
    assert len(rules["block_source"]) > 20
    assert "192.0.2.0/24" in rules["close_remote"]["close_remote"]["spares"]

    listed = json.loads(cli("measures", "list", "--as", "json").stdout)
    assert {each["state"] for each in listed} == {"standing"}
    for each in listed:
        assert cli("measures", "revert", each["uid"], "--reason", "over").returncode == 0
    assert cli("act").returncode == 0
    assert not (folder / "decisions.json").exists()
    assert cli("measures", "list").stdout == "nothing stands\n"


def test_reopened_by_cohort(folder: Path, cli: Cli) -> None:
    cli("plan", "propose")
    cli("plan", "approve", "P1", "--reason", "agreed")
    cli("act")
    uid = {each["action"]: each["uid"] for each in json.loads(cli("measures", "list", "--as", "json").stdout)}
    held = sorted(json.loads((folder / "decisions.json").read_text())["rules"]["contain_account"])
    (folder / "changed.txt").write_text(f"{held[0]}\n")
    assert cli("measures", "revert", uid["contain_account"], "--from", "changed.txt", "--reason", "new").returncode == 0
    assert cli("measures", "spare", uid["close_remote"], held[0], "--reason", "new password").returncode == 0
    assert cli("act").returncode == 0
    rules = json.loads((folder / "decisions.json").read_text())["rules"]
    assert sorted(rules["contain_account"]) == held[1:]
    assert held[0] in rules["close_remote"]["close_remote"]["spares"]


def test_nothing_is_done_where_the_settings_say_nothing(folder: Path, cli: Cli) -> None:
    configure(folder, simulate="true")
    cli("plan", "propose")
    cli("plan", "approve", "P1", "--reason", "agreed")
    ran = cli("act")
    assert ran.returncode == 0
    assert "simulated: turns" in ran.stdout
    assert not (folder / "decisions.json").exists()


def test_two_people_are_two_people(folder: Path, cli: Cli) -> None:
    configure(folder, approvals=2)
    cli("plan", "propose")
    for _ in range(2):
        ran = cli("plan", "approve", "P1", "--reason", "agreed")
        assert "1 more must approve" in ran.stdout
    assert cli("act").stdout == "nothing to do\n"
    assert not (folder / "decisions.json").exists()


def test_an_administrator_is_left_out_and_that_is_told(folder: Path, cli: Cli) -> None:
    fell = fallen(folder)[0]
    configure(folder, administrator=fell)
    ran = cli("plan", "propose")
    assert f"contain_account: 1 left out by administrators: {fell}" in ran.stdout


def test_the_first_line_says_which_door_is_open(folder: Path, cli: Cli) -> None:
    cli("plan", "propose")
    cli("plan", "approve", "P1", "--reason", "agreed")
    (folder / "decisions.json").write_text("not ours")
    ran = cli("act")
    assert ran.returncode == 5
    assert ran.stderr.startswith("STILL OPEN: mail (mail: ")
    assert cli("plan", "show", "P1").stdout.startswith("STILL OPEN: mail")
    (folder / "decisions.json").unlink()
    assert cli("act").returncode == 0


def test_each_mistake_is_one_line(folder: Path, cli: Cli) -> None:
    mistakes = [
        (("plan", "show", "P9"), "there is no plan 'P9'; make one"),
        (("measures", "revert", "P1.1", "--reason", "x"), "there is no measure 'P1.1'"),
        (("plan", "approve", "P1", "--reason", "x"), "there is no plan 'P1'"),
        (("plan", "propose", "--out", "nowhere"), "nowhere: there is no investigation here"),
    ]
    for arguments, says in mistakes:
        ran = cli(*arguments)
        assert ran.returncode == 2, arguments
        assert says in ran.stderr
        assert ran.stderr.count("\n") == 1
    (folder / "serjeant.toml").write_text('[contain.targets.x]\nconnector = "nftable"\n')
    ran = cli("plan", "propose")
    assert ran.returncode == 2
    assert "there is no connector 'nftable'" in ran.stderr


def test_two_who_propose_at_once_make_two_plans(folder: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from datetime import UTC, datetime

    from serjeant.config import load
    from serjeant.plan import Plans

    settings = load(folder / "serjeant.toml")

    def propose(_: int) -> str:
        return Plans(folder / "serjeant-report", settings).propose(reason="x", now=datetime.now(UTC)).uid

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(propose, range(3))) == ["P1", "P2", "P3"]


def test_nothing_is_done_by_a_ledger_that_is_not_whole(folder: Path, cli: Cli) -> None:
    import sqlite3

    cli("plan", "propose")
    cli("plan", "approve", "P1", "--reason", "agreed")
    with sqlite3.connect(folder / "serjeant-report" / "ledger.db") as ledger:
        ledger.execute("drop trigger no_delete")
        ledger.execute("delete from entries where seq = 1")
    ran = cli("act")
    assert ran.returncode == 2
    assert "entry 1 was removed" in ran.stderr
    assert not (folder / "decisions.json").exists()


def test_nobody_is_two_people_by_what_his_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from serjeant.plan import actor

    monkeypatch.setattr("os.getuid", lambda: 65534)
    for name in ("SUDO_USER", "USER", "LOGNAME"):
        monkeypatch.setenv(name, "eve")
    assert actor() == "nobody"
    monkeypatch.setattr("os.getuid", lambda: 54321)
    assert actor() == "uid 54321"
    monkeypatch.setattr("os.getuid", lambda: 0)
    assert actor() == "eve (as root)"
