"""The page in a real browser: it renders, complains of nothing and asks nobody."""

import http.server
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from example_incident import attack, quiet
from serjeant.report.writers import page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
    "--enable-logging=stderr", "--v=0",
)  # fmt: skip

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


class Proxy(http.server.BaseHTTPRequestHandler):
    """Everything the browser wants from the network comes by here, and gets nothing."""

    asked: list[str]

    def handle_one_request(self) -> None:
        line = self.rfile.readline(65_536).decode("latin-1")
        if line:
            self.asked.append(line)
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def network() -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []
    handler = type("Recorder", (Proxy,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, asked
        server.shutdown()
        thread.join()


def browse(html: str, folder: Path, port: int, *flags: str) -> subprocess.CompletedProcess[str]:
    file = folder / "report.html"
    file.write_text(html, "utf-8")
    command = [
        str(CHROMIUM), *QUIET_FLAGS, f"--user-data-dir={folder / 'profile'}", f"--proxy-server=http://127.0.0.1:{port}",
        "--proxy-bypass-list=<-loopback>", *flags, file.as_uri(),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)


def complaints(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [it for it in done.stderr.splitlines() if "CONSOLE" in it or "Content Security Policy" in it]


def page_requests(asked: list[str]) -> list[str]:
    """Without what Chromium asks its maker of its own accord."""
    return [it for it in asked if not re.search(r"[/ .](google|googleapis|gstatic|gvt1)\.com[:/ ]", it)]


@pytest.mark.parametrize("incident", [attack(), quiet()], ids=["attack", "quiet"])
def test_it_renders_and_asks_nobody(incident: object, tmp_path: Path, network: tuple[int, list[str]]) -> None:
    port, asked = network
    html = page.render(incident)  # type: ignore[arg-type]
    done = browse(html, tmp_path, port, "--dump-dom")
    assert done.stdout.count("<section") == html.count("<section")
    assert done.stdout.count("<path") == html.count("<path")
    assert "alert(1)</script>" not in done.stdout
    assert complaints(done) == []
    assert page_requests(asked) == []


def test_a_page_that_asks_would_be_caught(tmp_path: Path, network: tuple[int, list[str]]) -> None:
    port, asked = network
    html = "<!doctype html><script>console.error('heard')</script><img src='http://tracker.test/x'>"
    done = browse(html, tmp_path, port, "--dump-dom")
    assert any("heard" in it for it in complaints(done))
    assert any("tracker.test" in it for it in page_requests(asked))


def test_it_prints(tmp_path: Path, network: tuple[int, list[str]]) -> None:
    pdf = tmp_path / "report.pdf"
    browse(page.render(attack()), tmp_path, network[0], f"--print-to-pdf={pdf}")
    printed = pdf.read_bytes()
    assert printed.startswith(b"%PDF")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 20
