"""A network of its own for a test, with addresses that stand for other people's."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import pytest

_NUMBERS = count()
_ANSWERS = """
import socket, sys
door = socket.create_server(("::", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)
print("ready", flush=True)
while True:
    door.accept()[0].close()
"""
_ASKS = """
import json, socket, sys
found = {}
for source, to, port in json.loads(sys.argv[1]):
    try:
        socket.create_connection((to, port), timeout=0.4, source_address=(source, 0)).close()
        found[f"{source} {port}"] = True
    except TimeoutError:
        found[f"{source} {port}"] = False
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Network:
    """A namespace in which this machine is 192.0.2.1 and 2001:db8:ffff::1."""

    name: str

    @property
    def inside(self) -> tuple[str, ...]:
        """What a command is to be prefixed with."""
        return ("ip", "netns", "exec", self.name)

    def run(self, *command: str, stdin: str = "") -> str:
        done = subprocess.run(
            [*self.inside, *command], input=stdin, capture_output=True, encoding="utf-8", check=True, timeout=60
        )
        return done.stdout

    @contextmanager
    def listening(self, port: int) -> Iterator[None]:
        with subprocess.Popen(
            [*self.inside, sys.executable, "-c", _ANSWERS, str(port)], stdout=subprocess.PIPE, encoding="utf-8"
        ) as server:
            try:
                assert server.stdout is not None
                assert server.stdout.readline() == "ready\n"
                yield
            finally:
                server.kill()

    def reach(self, port: int, *sources: str) -> dict[str, bool]:
        """Who gets a connection."""
        asked = [(source, "2001:db8:ffff::1" if ":" in source else "192.0.2.1", port) for source in sources]
        found = json.loads(self.run(sys.executable, "-c", _ASKS, json.dumps(asked)))
        return {source: found[f"{source} {port}"] for source in sources}


@contextmanager
def network(*sources: str) -> Iterator[Network]:
    """A namespace that those addresses can be used in; gone afterwards."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("needs root and iproute2")
    it = Network(f"serjeant-test-{os.getpid()}-{next(_NUMBERS)}")
    subprocess.run(["ip", "netns", "add", it.name], check=True, timeout=20)
    try:
        it.run("ip", "link", "set", "lo", "up")
        for each in ("192.0.2.1", "2001:db8:ffff::1", *sources):
            it.run("ip", "addr", "add", f"{each}/128" if ":" in each else f"{each}/32", "dev", "lo")
        yield it
    finally:
        subprocess.run(["ip", "netns", "delete", it.name], check=False, timeout=20)
