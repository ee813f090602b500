"""A door that really listens, with decisions that the real connector wrote, for services that really ask."""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from serjeant.contain.connectors.decisions import CONNECTOR, DecisionsSettings
from serjeant.model.measure import Measure

ENDS = datetime.now(UTC) + timedelta(days=7)


def measure(path: Path, action: str, *subjects: str, spares: tuple[str, ...] = (), ends: datetime = ENDS) -> None:
    """Carries a measure out, as ``serjeant act`` does."""
    stage, settings = "close", DecisionsSettings(str(path), seconds=2)
    it = Measure("P1.1", action, stage, "door", tuple(sorted(subjects)), ends, "test", "ada", tuple(sorted(spares)))
    now = datetime.now(UTC)
    for change in CONNECTOR.changes(settings, it, CONNECTOR.read(settings, it)):
        CONNECTOR.run(settings, change.do, ends, now)


@dataclass
class Door:
    """A door in a folder.

    :param url: ``http://127.0.0.1:41234``
    """

    folder: Path
    process: subprocess.Popen[bytes]
    port: int
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def decisions(self) -> Path:
        return self.folder / "decisions.json"

    def measure(self, action: str, *subjects: str, spares: tuple[str, ...] = (), ends: datetime = ENDS) -> None:
        """Carries it out and waits until the door knows."""
        measure(self.decisions, action, *subjects, spares=spares, ends=ends)
        time.sleep(0.6)

    def clear(self) -> None:
        """No measures, no reports, nothing in its log, and nobody is familiar."""
        self.decisions.unlink(missing_ok=True)
        (self.folder / "reports.jsonl").unlink(missing_ok=True)
        os.truncate(self.folder / "door.log", 0)
        for login in ("ada", "bob", "eve"):
            self.ask("POST", "/?command=reset", {"login": login})
        time.sleep(0.6)

    def log(self, event: str) -> list[dict[str, Any]]:
        """What stands in its log."""
        lines = (self.folder / "door.log").read_text("utf-8").splitlines()
        return [told for told in map(json.loads, lines) if told["event"] == event]

    def reports(self) -> list[dict[str, Any]]:
        """What it kept of sign-ins."""
        path = self.folder / "reports.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | Mapping[str, Any] = b"",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, str, Mapping[str, str]]:
        """Status, body and headers of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            sent = body if isinstance(body, (bytes, str)) else json.dumps(body)
            connection.request(method, path, sent, {**self.headers, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()


@contextmanager
def door(
    folder: Path, *options: str | Path, unix: bool = False, headers: Mapping[str, str] | None = None
) -> Iterator[Door]:
    """Starts one on a free port; with a socket ``door.sock`` beside it, where one is wanted."""
    log = folder / "door.log"
    log.write_bytes(b"")
    listen = ["--listen", "127.0.0.1:0", *(["--listen", f"unix:{folder / 'door.sock'}"] if unix else [])]
    command = [sys.executable, "-m", "serjeant", "door", "--decisions", folder / "decisions.json", *listen]
    command += ["--reports", folder / "reports.jsonl", *options]
    with log.open("ab") as to:
        process = subprocess.Popen([str(each) for each in command], stderr=to, cwd=folder)
    try:
        started = wait(lambda: _started(log, process), "the door")
        port = int(started["listen"][0].rpartition(":")[2])
        it = Door(folder, process, port, headers or {})
        wait(lambda: _listens(port), "the door")
        yield it
    finally:
        end(process)


def _started(log: Path, process: subprocess.Popen[bytes]) -> dict[str, Any] | None:
    assert process.poll() is None, log.read_text("utf-8")
    for line in log.read_text("utf-8").splitlines():
        if '"event": "start"' in line:
            return dict(json.loads(line))
    return None


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait(until: Callable[[], Any], what: str, seconds: float = 30) -> Any:
    """What it gives, once it gives something."""
    ends = time.monotonic() + seconds
    while not (found := until()):
        assert time.monotonic() < ends, f"{what} is not there after {seconds} s"
        time.sleep(0.05)
    return found


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that we started."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def outcome(told: Mapping[str, Any]) -> tuple[str, str]:
    """Of whom a report tells, and in a word what."""
    if told["success"]:
        return told["login"], "success"
    if told["policy_reject"]:
        return told["login"], "right, refused" if told["attrs"]["verified"] == "1" else "refused"
    return told["login"], "wrong"


def pasted(begins: str) -> str:
    """The block of docs/door.md that begins so: what a person would paste is what is tried."""
    page = (Path(__file__).resolve().parent.parent / "docs" / "door.md").read_text("utf-8")
    found = re.search(rf"^```[a-z]*\n({re.escape(begins)}.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert found, begins
    return found[1]


def end_pid(file: Path) -> None:
    """Ends the process whose number stands in a file, and waits for it."""
    pid = int(file.read_text("ascii"))
    os.kill(pid, 15)
    ends = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < ends:
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def needs(*programs: str, root: bool = False) -> None:
    """Skips the test where one is missing."""
    for program in programs:
        if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None:
            pytest.skip(f"{program} is not here")
    if root and os.geteuid() != 0:
        pytest.skip("it needs root")
