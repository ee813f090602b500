"""The nginx connector, against an nginx of its own in a network namespace, asked from several addresses."""

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from namespaces import Network, network
from serjeant.contain.connector import RefusedError
from serjeant.contain.connectors.nginx import CONNECTOR, NginxSettings
from serjeant.contain.nginx import Nginx
from serjeant.model.measure import Change, Measure, agrees

NOW = datetime.now(UTC)
BAD, FRIEND, HOME = "198.51.100.7", "198.51.100.8", "203.0.113.5"
BAD6, NEXT6, FRIEND6 = "2001:db8:1::7", "2001:db8:1::ffff", "2001:db8:2::7"
EVERYBODY = (BAD, FRIEND, HOME, BAD6, NEXT6, FRIEND6)
WANTED = (BAD, "2001:db8:1::/64")
ABOVE = b"# ours, since 2009\n192.0.2.99 1;  # no newline at the end"

CONFIGURATION = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 2;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  geo $serjeant_blocked {{ include {folder}/block.geo; }}
  geo $serjeant_outside {{ include {folder}/remote.geo; }}
  server {{
    listen 8080;
    listen [::]:8080;
    location / {{
      if ($serjeant_blocked) {{ return 403; }}
      if ($serjeant_outside) {{ return 403; }}
      return 200;
    }}
  }}
}}
"""
ASKS = """
import http.client, json, sys
found = {}
for source in json.loads(sys.argv[1]):
    to = "2001:db8:ffff::1" if ":" in source else "192.0.2.1"
    asked = http.client.HTTPConnection(to, 8080, timeout=5, source_address=(source, 0))
    asked.request("GET", "/")
    found[source] = asked.getresponse().status
    asked.close()
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Pages:
    net: Network
    folder: Path
    settings: NginxSettings
    server: subprocess.Popen[bytes]

    def ask(self, *sources: str) -> dict[str, int]:
        found: dict[str, int] = json.loads(self.net.run(sys.executable, "-c", ASKS, json.dumps(sources)))
        return found

    def refused(self) -> set[str]:
        return {source for source, status in self.ask(*EVERYBODY).items() if status == http.client.FORBIDDEN}

    def dump(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if "geo" in path.name}


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    if shutil.which("nginx") is None:
        pytest.skip("needs nginx")
    conf = tmp_path / "nginx.conf"
    conf.write_text(CONFIGURATION.format(folder=tmp_path))
    for name, text in (("block.geo", ABOVE), ("remote.geo", b""), (".block.geo.lock", b""), (".remote.geo.lock", b"")):
        (tmp_path / name).write_bytes(text)
    with network(*EVERYBODY) as net:
        command = (*net.inside, "nginx", "-c", str(conf))
        settings = NginxSettings(
            str(tmp_path / "block.geo"), str(tmp_path / "remote.geo"), command, str(tmp_path / "nginx.pid")
        )
        with subprocess.Popen([*command, "-g", "daemon off;"]) as server:
            try:
                until_it_answers(settings)
                yield Pages(net, tmp_path, settings, server)
            finally:
                server.terminate()
                server.wait(20)


def until_it_answers(settings: NginxSettings) -> None:
    deadline = time.monotonic() + 20
    while True:
        with suppress(RefusedError):
            if len(Nginx(settings.command, settings.pid_file).workers()) == 2:
                return
        assert time.monotonic() < deadline
        time.sleep(0.02)


def measure(action: str, *subjects: str, spares: tuple[str, ...] = ()) -> Measure:
    return Measure("P1.1", action, "close", "web", subjects, NOW + timedelta(hours=1), "a test", "carol", spares)


def carry_out(settings: NginxSettings, it: Measure) -> list[Change]:
    """As the executor does it: read, change, read back; and asked again, there is nothing to do."""
    done = CONNECTOR.changes(settings, it, CONNECTOR.read(settings, it))
    for each in done:
        CONNECTOR.run(settings, each.do, it.ends, NOW)
    state = CONNECTOR.read(settings, it)
    workers = Nginx(settings.command, settings.pid_file).workers()
    for each in done:
        assert all(agrees(state[name], shape) for name, shape in each.do.after.items())
        CONNECTOR.run(settings, each.do, it.ends, NOW)
    assert Nginx(settings.command, settings.pid_file).workers() <= workers, "nothing to do, nothing loaded anew"
    assert CONNECTOR.changes(settings, it, state) == []
    return done


def take_back(settings: NginxSettings, changes: list[Change]) -> None:
    for each in reversed(changes):
        assert each.undo is not None
        CONNECTOR.run(settings, each.undo, NOW, NOW)


def test_a_source_is_turned_away_and_let_in_again(pages: Pages) -> None:
    before = pages.dump()
    done = carry_out(pages.settings, measure("block_source", *WANTED))
    assert pages.refused() == {BAD, BAD6, NEXT6}
    assert pages.dump()["block.geo"].startswith(ABOVE)
    more = carry_out(pages.settings, measure("block_source", BAD, "198.51.100.0/24"))
    assert list(more[0].do.after) == ["198.51.100.0/24"]
    assert pages.refused() == {BAD, FRIEND, BAD6, NEXT6}
    take_back(pages.settings, more)
    assert pages.refused() == {BAD, BAD6, NEXT6}
    take_back(pages.settings, done)
    assert pages.refused() == set()
    assert pages.dump() == before


def test_remote_access_is_closed_to_all_but_known_networks(pages: Pages) -> None:
    before = pages.dump()
    done = carry_out(pages.settings, measure("close_remote", spares=("203.0.113.0/24", "2001:db8:2::/48", "carol")))
    assert "it sees no accounts, so 1 that are spared" in done[0].says
    assert pages.refused() == {BAD, FRIEND, BAD6, NEXT6}
    wider = carry_out(pages.settings, measure("close_remote", spares=("198.51.100.8/32", "203.0.113.0/24")))
    assert pages.refused() == {BAD, BAD6, NEXT6, FRIEND6}
    blocked = carry_out(pages.settings, measure("block_source", HOME))
    assert pages.refused() == {BAD, HOME, BAD6, NEXT6, FRIEND6}, "a source that is blocked is not let in again"
    take_back(pages.settings, [done[0], wider[0], blocked[0]])
    assert pages.refused() == set()
    assert pages.dump() == before


def test_what_nginx_does_not_take_is_not_left_there(pages: Pages) -> None:
    done = carry_out(pages.settings, measure("block_source", BAD))
    (pages.folder / "block.geo").write_bytes(b"}" + pages.dump()["block.geo"])
    broken = pages.dump()
    with pytest.raises(RefusedError, match="unexpected"):
        CONNECTOR.read(pages.settings, measure("block_source", FRIEND))
    with pytest.raises(RefusedError, match="unexpected"):
        take_back(pages.settings, done)
    assert pages.dump() == broken
    assert pages.refused() == {BAD}


def test_what_nginx_does_not_load_is_not_left_there(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its configuration is right, and still it cannot go by it: the port is another's."""
    before = pages.dump()
    monkeypatch.setattr("serjeant.contain.nginx._PATIENCE", 1.0)
    conf = pages.folder / "nginx.conf"
    conf.write_text(conf.read_text().replace("listen 8080;", "listen 8080;\n    listen 993;"))
    (change,) = CONNECTOR.changes(pages.settings, measure("block_source", BAD), {BAD: None})
    alone = replace(pages.settings, command=("true",))  # which finds nothing wrong
    with pages.net.listening(993), pytest.raises(RefusedError, match="look at its error log"):
        CONNECTOR.run(alone, change.do, NOW, NOW)
    assert pages.dump() == before
    assert pages.refused() == set()


def test_killed_between_writing_and_loading_it_says_what_nginx_goes_by(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pages.dump()
    it = measure("block_source", BAD)
    (change,) = CONNECTOR.changes(pages.settings, it, CONNECTOR.read(pages.settings, it))
    code = (
        "import os, sys; from datetime import datetime, UTC\n"
        "from serjeant.contain.connectors.nginx import CONNECTOR, NginxSettings\n"
        "from serjeant.contain import nginx; from serjeant.model.measure import Operation\n"
        "nginx.Nginx._load = lambda *_: os._exit(9)\n"
        f"now = datetime.now(UTC); operation = Operation({change.do.before!r}, {change.do.after!r}, 'block_source')\n"
        f"CONNECTOR.run({pages.settings!r}, operation, now, now)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 9
    assert pages.dump()["block.geo"] != before["block.geo"]
    assert pages.refused() == set()
    assert CONNECTOR.read(pages.settings, it) == {BAD: None}, "it is written, and nginx does not go by it"
    CONNECTOR.run(pages.settings, change.do, NOW, NOW)
    assert pages.refused() == {BAD}
    assert CONNECTOR.read(pages.settings, it) == {BAD: {"blocked": True}}
    take_back(pages.settings, [change])
    assert pages.dump() == before


def test_lines_changed_by_hand_are_left_and_named(pages: Pages) -> None:
    (done,) = carry_out(pages.settings, measure("block_source", *WANTED))
    path = pages.folder / "block.geo"
    path.write_bytes(path.read_bytes().replace(b"198.51.100.7/32 1;\n", b""))
    (more,) = CONNECTOR.changes(pages.settings, measure("block_source", BAD), {BAD: {"blocked": False}})
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(pages.settings, more.do, NOW, NOW)
    assert refused.value.each == {BAD: "somebody changed it meanwhile"}
    path.write_bytes(path.read_bytes() + b"198.51.100.9 0;\n")
    changed = pages.dump()
    with pytest.raises(RefusedError, match="changed below our line"):
        CONNECTOR.read(pages.settings, measure("block_source", BAD))
    with pytest.raises(RefusedError, match="changed below our line"):
        take_back(pages.settings, [done])
    assert pages.dump() == changed


def test_what_is_no_address_fails_alone(pages: Pages) -> None:
    hostile = ("198.51.100.9 1; } include /etc/passwd; {", "198.51.100.9/24", "default", "a\nb", "x" * 1_000_000)
    it = measure("block_source", BAD, *hostile)
    (change,) = CONNECTOR.changes(pages.settings, it, CONNECTOR.read(pages.settings, it))
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(pages.settings, change.do, NOW, NOW)
    assert refused.value.each.keys() == set(hostile)
    assert pages.refused() == {BAD}


def test_fifty_thousand_sources(pages: Pages) -> None:
    before = pages.dump()
    many = tuple(f"11.{n // 250}.{n % 250}.7" for n in range(40_000))
    done = carry_out(pages.settings, measure("block_source", BAD, *many))
    assert pages.refused() == {BAD}
    take_back(pages.settings, done)
    assert pages.dump() == before


def test_a_file_that_nginx_does_not_include_is_no_door(pages: Pages) -> None:
    (pages.folder / "other.geo").write_bytes(b"")
    with pytest.raises(RefusedError, match="does not include"):
        CONNECTOR.read(
            replace(pages.settings, block_file=str(pages.folder / "other.geo")), measure("block_source", BAD)
        )


def test_where_nginx_does_not_run_that_is_said(pages: Pages) -> None:
    (change,) = CONNECTOR.changes(pages.settings, measure("block_source", BAD), {})
    before = pages.dump()
    pages.server.terminate()
    pages.server.wait(20)
    with pytest.raises(RefusedError, match="does not run"):
        CONNECTOR.read(pages.settings, measure("block_source", BAD))
    (pages.folder / "nginx.pid").write_text(str(os.getpid()))
    with pytest.raises(RefusedError, match="does not run"):
        CONNECTOR.run(pages.settings, change.do, NOW, NOW)
    assert pages.dump() == before


def test_only_what_has_a_file_can_be_done() -> None:
    assert NginxSettings(block_file="/a").actions == ("block_source",)
    assert NginxSettings(remote_file="/a").actions == ("close_remote",)
    with pytest.raises(ValueError, match="whole path"):
        NginxSettings(block_file="a")
    with pytest.raises(ValueError, match="two files"):
        NginxSettings("/a", "/a")
