"""A PostgreSQL of our own: in a folder of its own, on a socket there, ended with the tests."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

USER = "postgres"


@dataclass
class Server:
    """A server that can be started and ended."""

    folder: Path
    programs: Path
    process: "subprocess.Popen[Any] | None" = None

    @property
    def url(self) -> str:
        return f"postgresql:///%s?host={self.folder}&user={USER}"

    def start(self) -> None:
        command = [f"{self.programs}/postgres", "-D", f"{self.folder}/data", "-k", f"{self.folder}"]
        quick = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "log_statement=none", "-c", "max_connections=40"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([*command, *quick], stdout=log, stderr=log, **_unprivileged())
        self.run("select 1")

    def end(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
            self.process = None

    def run(self, statement: str, database: str = "postgres") -> list[Any]:
        """A statement by hand, as somebody with all rights would."""
        import psycopg

        until = time.monotonic() + 60
        while True:
            try:
                with psycopg.connect(self.url % database, autocommit=True) as connection:
                    found = connection.execute(statement.encode())
                    return found.fetchall() if found.description else []
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    print((self.folder / "log").read_text("utf-8", "replace"))
                    raise
                time.sleep(0.05)


@contextmanager
def server() -> Iterator[Server]:
    """Runs one; skips where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if not found:
        pytest.skip("there is no PostgreSQL here: apt-get install postgresql")
    # Not below pytest's own folder: an unprivileged server could not reach it, and its name is long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="serjeant-"))
    it = Server(folder, found[-1].parent)
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER, USER)
        made = [f"{it.programs}/initdb", "-D", f"{folder}/data", "-U", USER, "-A", "trust", "-E", "UTF8", "-N"]
        subprocess.run(
            [*made, "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **_unprivileged()
        )
        it.start()
        yield it
    finally:
        it.end()
        shutil.rmtree(folder)


def _unprivileged() -> dict[str, Any]:
    return {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
