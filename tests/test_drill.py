"""The whole drill: June 2017 is found, shut out of every service in one move, and the house opened again.

Everything is real but the people: Dovecot, nginx and FreeRADIUS ask the door whether somebody may sign in, the packet
filter of a network of its own drops connections, and `serjeant act` runs beside them as it would.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from conftest import Cli
from doors import Door, door, end, needs
from namespaces import Network, network
from serjeant.app import Serjeant
from serjeant.config import Settings
from serjeant.contain.preview import LATELY
from serjeant.proving.simulate import simulate
from services import KEY, dovecot, get, nginx, radius

SETTINGS = """
own_networks = {own}
[contain]
simulate = false
[contain.targets.doors]
connector = "decisions"
path = "{folder}/decisions.json"
[contain.targets.wall]
connector = "nftables"
remote_ports = [993]
command = {nft}
"""
ATTACKER = "Summer2017"
SOON = 2.0
"""Seconds between the approval and the last door that shuts."""


@dataclass
class House:
    """The world, and everything that guards it.

    :param fell: an account that fell, and from where; its password is ``ATTACKER``
    :param spared: an honest account that only ever came from outside, and from where
    """

    folder: Path
    truth: dict[str, Any]
    logins: pl.DataFrame
    door: Door
    net: Network
    fell: tuple[str, str]
    honest: tuple[str, str]
    services: dict[str, Any]

    def enter(self, who: tuple[str, str]) -> dict[str, bool]:
        """At which services somebody gets in with the right password."""
        name, source = who
        return {service: ask(name, source) for service, ask in self.services.items()}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    needs("dovecot", "nginx", "freeradius", "nft", root=True)
    folder = tmp_path_factory.mktemp("drill")
    simulate("parliament", folder / "world", seed=8, accounts=300, days=20)
    serjeant = Serjeant(folder / "serjeant-report", Settings())
    now = datetime.now(UTC)
    accounts = folder / "world" / "accounts.csv"
    found = serjeant.investigate([str(folder / "world" / "logs")], now=now, accounts=accounts)
    serjeant.write(found)
    truth = json.loads((folder / "world" / "truth.json").read_text())
    lake = serjeant.lake
    logins = pl.concat([pl.read_parquet(lake.table("logins", day)) for day in lake.days()])
    right = logins.filter(pl.col("outcome") == "success").drop_nulls("account")
    offices = right.group_by("source").agg(pl.col("account").n_unique()).filter(pl.col("account") >= 10)["source"]
    own = sorted(f"{each}/32" for each in offices if "/" not in each)
    theirs = {source for crew in truth["campaigns"] for source in (*crew["sources"], *crew["operators"])}
    fallen = truth["fallen"][0]
    outside = right.filter(~pl.col("source").is_in(offices.implode()), ~pl.col("source").is_in(list(theirs)))
    names = {each["account"] for each in truth["fallen"]}
    only = set(outside["account"]) - set(right.filter(pl.col("source").is_in(offices.implode()))["account"]) - names
    honest = sorted(only)[0]
    source = outside.filter(pl.col("account") == honest, ~pl.col("source").str.contains(":"))["source"][0]
    people = {fallen["account"]: ATTACKER, honest: ATTACKER}
    (folder / "key").write_text(KEY)
    (folder / "key").chmod(0o600)
    with (
        door(folder, "--key-file", folder / "key", "--accounts", accounts, headers={"X-API-Key": KEY}) as it,
        network(fallen["source"], source) as net,
        net.listening(993),
        dovecot(it.url, people=people) as mail,
        nginx(it.url, people=people) as web,
        radius(it.url, people=people) as vpn,
    ):
        services = {
            "imap": lambda name, at: mail.answer(name, ATTACKER, at)[0] == "in",
            "web": lambda name, at: get(web, "/mail/", at, name, ATTACKER)[0] == 200,
            "vpn": lambda name, at: "Access-Accept" in vpn.answer(name, ATTACKER, at)[0],
            "wall": lambda _, at: net.reach(993, at)[at],
        }
        nft = json.dumps([*net.inside, "nft"])
        text = SETTINGS.format(own=json.dumps(own), folder=folder, nft=nft)
        (folder / "serjeant.toml").write_text(text)
        fell = (fallen["account"], fallen["source"])
        yield House(folder, truth, logins, it, net, fell, (honest, source), services)


def test_the_drill(house: House, cli: Cli) -> None:
    def run(*words: str | Path) -> str:
        ran = cli(*words, cwd=house.folder)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    ruleset = house.net.run("nft", "list", "ruleset")
    assert all(house.enter(house.fell).values()), "before anything is done the attacker gets in everywhere"
    assert all(house.enter(house.honest).values())

    run("plan", "propose", "--accounts", "world/accounts.csv")
    preview = json.loads(run("plan", "preview", "P1", "--accounts", "world/accounts.csv", "--json"))["stages"]["close"]
    assert preview["stopped"]["count"] == preview["stopped"]["of"]

    with subprocess.Popen(
        [sys.executable, "-m", "serjeant", "act", "--watch", "0.2"], cwd=house.folder, stdout=subprocess.DEVNULL
    ) as acting:
        try:
            time.sleep(4)  # it is there before it is needed, and does nothing
            assert all(house.enter(house.fell).values())
            run("plan", "approve", "P1", "--stage", "close", "--reason", "agreed with the duty officer")
            approved = time.monotonic()
            _shut(house, approved)
            _agrees(house, preview)
            _reopened(house, run)
        finally:
            end(acting)
    assert house.net.run("nft", "list", "ruleset") == ruleset
    assert not (house.folder / "decisions.json").exists()
    run("ledger", "verify")


def _shut(house: House, approved: float) -> None:
    """The attacker's next tries fail on every service; what he is told is what he was told for a wrong password."""
    time.sleep(max(0.0, approved + SOON - time.monotonic()))
    assert not any(house.enter(house.fell).values())


def _agrees(house: House, preview: dict[str, Any]) -> None:
    """Every honest sign-in of the fortnight again, at the real door: as many are refused as the preview said."""
    theirs = {source for crew in house.truth["campaigns"] for source in (*crew["sources"], *crew["operators"])}
    last = house.logins["time"].max()
    assert isinstance(last, datetime)
    right = house.logins.filter(pl.col("outcome") == "success", pl.col("time") >= last - LATELY)
    honest = right.filter(~pl.col("source").is_in(list(theirs)))
    who = honest.group_by("account", "user_name", "src_ip", "service").agg(pl.col("count").sum())
    refused = 0
    for _, name, address, service, count in who.iter_rows():
        asked = {"login": name, "remote": address, "protocol": service, "pwhash": "", "attrs": {"verified": "1"}}
        status, body, _ = house.door.ask("POST", "/?command=allow", asked)
        assert status == 200
        refused += count * (json.loads(body)["status"] < 0)
    share = refused / who["count"].sum()
    said = preview["logins"]["count"] / preview["logins"]["of"]
    assert 0.05 < share < 1, "a drill in which nobody or everybody is cut off shows nothing"
    assert abs(share - said) < 0.02, f"the preview said {said:.1%}, and {share:.1%} were refused"


def _reopened(house: House, run: Any) -> None:
    """First those who have a new password, then everybody."""
    uids: dict[str, list[tuple[str, str]]] = {}
    for each in json.loads(run("measures", "list", "--as", "json")):
        uids.setdefault(each["action"], []).append((each["uid"], each["target"]))
    assert not house.enter(house.honest)["imap"], "who only ever comes from outside is cut off"
    closed = next(uid for uid, target in uids["close_remote"] if target == "doors")
    run("measures", "spare", closed, house.honest[0], "--reason", "changed it, and was telephoned")
    time.sleep(SOON)
    assert house.enter(house.honest)["imap"]
    assert not house.enter(house.fell)["imap"]
    for pairs in uids.values():
        for uid, _ in pairs:
            run("measures", "revert", uid, "--reason", "the house is open again")
    ends = datetime.now(UTC) + timedelta(seconds=20)
    while json.loads(run("measures", "list", "--as", "json")):
        assert datetime.now(UTC) < ends
        time.sleep(0.5)
    time.sleep(1)
    assert all(house.enter(house.honest).values())
