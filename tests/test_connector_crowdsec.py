"""The connector to CrowdSec, tried on the local API of the real one, without its hub and its central API."""

import contextlib
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from measures import a_measure, carried_out, planned, taken_back
from serjeant.contain.connector import RefusedError
from serjeant.contain.connectors.crowdsec import CHANGED, CONNECTOR, CrowdsecSettings

MACHINE, KEY = "the-machine's-own", "the-bouncer's-own"
SOURCES = ("203.0.113.9", "198.51.100.0/24", "2001:db8:1:2::/64")


@dataclass
class Lapi:
    """CrowdSec's local API."""

    folder: Path
    port: int
    cscli: list[str]

    def listed(self) -> list[dict[str, Any]]:
        """What a bouncer is told."""
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}/v1/decisions", headers={"X-Api-Key": KEY})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.load(answer) or []

    def by_hand(self, *arguments: str) -> None:
        """Somebody else."""
        done = subprocess.run([*self.cscli, *arguments], capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def lapi(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lapi]:
    folder = tmp_path_factory.mktemp("crowdsec")
    programs = _programs(Path(request.config.cache.mkdir("crowdsec")))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for each in ("data", "etc", "hub"):
        (folder / each).mkdir()
    for each in ("profiles", "simulation"):
        (folder / "etc" / f"{each}.yaml").write_text("simulation: false\n" if each == "simulation" else "name: none\n")
    (folder / "hub" / ".index.json").write_text("{}")
    (folder / "etc" / "local.yaml").write_text(f"url: http://127.0.0.1:{port}\nlogin: x\npassword: x\n")
    (folder / "config.yaml").write_text(json.dumps({
        "common": {"daemonize": False, "log_media": "stdout", "log_dir": str(folder), "working_dir": str(folder)},
        "config_paths": {
            "config_dir": f"{folder}/etc/", "data_dir": f"{folder}/data/", "hub_dir": f"{folder}/hub/",
            "index_path": f"{folder}/hub/.index.json", "simulation_path": f"{folder}/etc/simulation.yaml",
            "notification_dir": f"{folder}/etc/", "plugin_dir": f"{folder}/etc/",
        },
        "crowdsec_service": {"acquisition_path": f"{folder}/etc/acquis.yaml"},
        "db_config": {"type": "sqlite", "db_path": f"{folder}/data/crowdsec.db", "use_wal": True},
        "api": {
            "client": {"credentials_path": f"{folder}/etc/local.yaml"},
            "server": {"listen_uri": f"127.0.0.1:{port}", "profiles_path": f"{folder}/etc/profiles.yaml"},
        },
        "prometheus": {"enabled": False},
    }))  # fmt: skip
    it = Lapi(folder, port, [str(programs / "cscli"), "-c", str(folder / "config.yaml")])
    it.by_hand("machines", "add", "serjeant", "--password", MACHINE, "-f", str(folder / "etc/local.yaml"), "--force")
    it.by_hand("bouncers", "add", "ours", "-k", KEY)
    for name, text in (("password", MACHINE), ("key", KEY), ("false", "not-it")):
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(text)
    with (folder / "log").open("w") as log:
        command = [str(programs / "crowdsec"), "-c", str(folder / "config.yaml"), "-no-cs"]
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            for _ in range(150):
                with contextlib.suppress(OSError):
                    it.listed()
                    break
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
            yield it
        finally:
            server.terminate()
            server.wait(10)


def _programs(kept: Path) -> Path:
    """Where the programs are. The package wants a network to be installed, so that it is only unpacked."""
    if (found := shutil.which("crowdsec")) and shutil.which("cscli"):
        return Path(found).parent
    if not (kept / "usr/bin/crowdsec").exists():
        if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
            pytest.skip("needs crowdsec, or apt-get to fetch it")
        got = subprocess.run(["apt-get", "download", "-q", "crowdsec"], cwd=kept, capture_output=True, check=False)
        packages = list(kept.glob("crowdsec_*.deb"))
        if got.returncode or not packages:
            pytest.skip("needs crowdsec, which apt-get could not fetch")
        subprocess.run(["dpkg", "-x", str(packages[0]), str(kept)], check=True)
        packages[0].unlink()
    return kept / "usr/bin"


@pytest.fixture
def settings(lapi: Lapi) -> CrowdsecSettings:
    return CrowdsecSettings(
        url=f"http://127.0.0.1:{lapi.port}",
        machine="serjeant",
        password_file=str(lapi.folder / "password"),
        key_file=str(lapi.folder / "key"),
        seconds=20,
    )


def _now() -> datetime:
    return datetime.now(UTC)


def test_sources_are_told_to_bouncers_and_taken_back(lapi: Lapi, settings: CrowdsecSettings) -> None:
    lapi.by_hand("decisions", "add", "--ip", "203.0.113.9", "--duration", "50h", "--reason", "by hand")
    before = [_lasting(each) for each in lapi.listed()]
    ends = _now() + timedelta(hours=4)
    measure = a_measure("block_source", *SOURCES, ends=ends)
    changes = carried_out(CONNECTOR, settings, measure, _now())
    ours = [each for each in lapi.listed() if each["origin"] == "serjeant"]
    assert {(each["scope"], each["value"]) for each in ours} == {
        ("Ip", "203.0.113.9"), ("Range", "198.51.100.0/24"), ("Range", "2001:db8:1:2::/64"),
    }  # fmt: skip
    assert all(each["duration"].startswith("3h59m") for each in ours), "its time runs from now"
    taken_back(CONNECTOR, settings, measure, changes, _now())
    assert [_lasting(each) for each in lapi.listed()] == before, "what was there by hand is there still"


def test_one_of_them_is_taken_back_by_itself(settings: CrowdsecSettings) -> None:
    measure = a_measure("block_source", *SOURCES, ends=_now() + timedelta(hours=1))
    (change,) = carried_out(CONNECTOR, settings, measure, _now())
    assert change.undo is not None
    CONNECTOR.run(settings, change.undo.only(frozenset(SOURCES[:1])), measure.ends, _now())
    state = CONNECTOR.read(settings, measure)
    assert state[SOURCES[0]] is None
    assert state[SOURCES[1]] is not None
    taken_back(CONNECTOR, settings, measure, [change], _now())


def test_what_is_extended_goes_back_to_its_old_end_and_ends_by_itself(lapi: Lapi, settings: CrowdsecSettings) -> None:
    short = a_measure("block_source", "192.0.2.7", ends=_now() + timedelta(seconds=6))
    (first,) = carried_out(CONNECTOR, settings, short, _now())
    longer = replace(short, ends=_now() + timedelta(hours=2))
    changes = carried_out(CONNECTOR, settings, longer, _now())
    assert len([each for each in lapi.listed() if each["value"] == "192.0.2.7"]) == 1
    assert planned(CONNECTOR, settings, short) == [], "what holds longer is not made shorter"
    taken_back(CONNECTOR, settings, longer, changes, _now())
    assert CONNECTOR.read(settings, short)["192.0.2.7"] == first.do.after["192.0.2.7"]
    for _ in range(100):
        if CONNECTOR.read(settings, short)["192.0.2.7"] is None:
            break
        time.sleep(0.1)
    assert CONNECTOR.read(settings, short)["192.0.2.7"] is None


def test_what_somebody_changed_meanwhile_is_left_alone(lapi: Lapi, settings: CrowdsecSettings) -> None:
    measure = a_measure("block_source", "192.0.2.8", "192.0.2.9", ends=_now() + timedelta(hours=1))
    (change,) = planned(CONNECTOR, settings, measure)
    other = a_measure("block_source", "192.0.2.8", ends=_now() + timedelta(hours=3))
    (theirs,) = carried_out(CONNECTOR, settings, other, _now())
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(settings, change.do, measure.ends, _now())
    assert refused.value.each == {"192.0.2.8": CHANGED}
    state = CONNECTOR.read(settings, measure)
    assert state["192.0.2.8"] == theirs.do.after["192.0.2.8"]
    assert state["192.0.2.9"] == change.do.after["192.0.2.9"]
    lapi.by_hand("decisions", "delete", "--ip", "192.0.2.9")
    assert CONNECTOR.read(settings, measure)["192.0.2.9"] is None, "read, not remembered"
    taken_back(CONNECTOR, settings, other, [theirs], _now())


def test_thousands_are_one_move(lapi: Lapi, settings: CrowdsecSettings) -> None:
    measure = a_measure(
        "block_source", *(f"10.{n >> 8}.{n & 255}.1" for n in range(5_000)), ends=_now() + timedelta(hours=1)
    )
    changes = carried_out(CONNECTOR, settings, measure, _now())
    assert sum(each["origin"] == "serjeant" for each in lapi.listed()) == 5_000
    taken_back(CONNECTOR, settings, measure, changes, _now())
    assert not [each for each in lapi.listed() if each["origin"] == "serjeant"]


def test_an_api_that_cannot_be_asked_is_told_of_in_time(lapi: Lapi, settings: CrowdsecSettings) -> None:
    measure = a_measure("block_source", "192.0.2.1", ends=_now() + timedelta(hours=1))
    (change,) = planned(CONNECTOR, settings, measure)
    false = str(lapi.folder / "false")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for other, says in (
            (replace(settings, url="http://127.0.0.1:9"), "cannot be asked"),
            (replace(settings, url=f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=1), "does not answer"),
            (replace(settings, url="http://crowdsec.example.org"), "only to this machine"),
            (replace(settings, key_file=false), "bouncer's key"),
            (replace(settings, password_file=false), "machine's password"),
        ):
            began = time.monotonic()
            with pytest.raises(RefusedError, match=says) as refused:
                CONNECTOR.run(other, change.do, measure.ends, _now())
            assert time.monotonic() - began < 5
            assert MACHINE not in str(refused.value)
            assert "not-it" not in str(refused.value)
    assert planned(CONNECTOR, settings, measure)
    with pytest.raises(RefusedError, match="is no address"):
        CONNECTOR.read(settings, a_measure("block_source", "192.0.2.1\r\nX-Api-Key: x"))


def _lasting(decision: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in decision.items() if name != "duration"}
