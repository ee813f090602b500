"""How a service is spoken to by HTTP, and where secrets come from."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from replies import Asked, Reply, a_secret, replies
from serjeant.contain.connector import RefusedError
from serjeant.contain.http import Site, quoted
from serjeant.contain.secret import secret


@pytest.mark.parametrize(
    "url", ["http://sso.example.org", "ftp://localhost/", "https://", "sso.example.org", "https://a:b@sso.example.org"]
)
def test_only_tls_or_this_machine(url: str) -> None:
    with pytest.raises(RefusedError):
        Site(url, 5)


def test_it_goes_nowhere_else() -> None:
    seen: list[Asked] = []

    def answer(asked: Asked) -> Reply:
        seen.append(asked)
        return 302, {"Location": "http://127.0.0.1:9/stolen"}, None

    with replies(answer) as url, Site(url, 5) as site:
        site.headers["Authorization"] = "Bearer key"
        assert site.ask("GET", "/here").status == 302
    assert [each.path for each in seen] == ["/here"]


def test_it_waits_where_the_service_is_busy_and_no_longer_than_it_may() -> None:
    asked: list[float] = []

    def answer(_: Asked) -> Reply:
        asked.append(time.monotonic())
        return (429, {"Retry-After": "1"}, None) if len(asked) < 2 else (200, {}, {"fine": True})

    with replies(answer) as url, Site(url, 10) as site:
        assert site.ask("GET", "/").said == {"fine": True}
    assert asked[1] - asked[0] >= 1
    with replies(lambda _: (503, {"Retry-After": "3600"}, None)) as url, Site(url, 2) as site:
        began = time.monotonic()
        with pytest.raises(RefusedError, match="is busy"):
            site.ask("GET", "/")
        assert time.monotonic() - began < 1


def test_a_service_that_drips_is_left_in_time() -> None:
    with (
        _raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", drip=True) as port,
        pytest.raises(RefusedError, match="within 1 s"),
    ):
        Site(f"http://127.0.0.1:{port}", 1).ask("GET", "/")


@pytest.mark.parametrize(
    "text", [b"\x00\xff nothing", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{]}\n", b"HTTP/9 x\r\n\r\n"]
)
def test_what_is_no_answer_is_refused_in_a_sentence(text: bytes) -> None:
    with _raw(text) as port, Site(f"http://127.0.0.1:{port}", 2) as site, pytest.raises(RefusedError) as refused:
        assert site.ask("GET", "/").said
    assert str(refused.value).isprintable()


def test_what_is_only_to_be_said_once_is_not_said_twice() -> None:
    """A kept connection that broke: nobody knows whether the service heard it."""
    heard: list[str] = []
    with _hanging_up(heard) as port, Site(f"http://127.0.0.1:{port}", 5) as site:
        assert site.ask("GET", "/").status == 200
        assert site.ask("GET", "/again").status == 200
        with pytest.raises(RefusedError, match="hung up"):
            site.ask("POST", "/once", {})
    assert sum("POST" in each for each in heard) <= 1


def test_a_certificate_must_be_trusted(tmp_path: Path) -> None:
    made = tmp_path / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "ca.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    made.write_text((tmp_path / "key.pem").read_text() + (tmp_path / "ca.pem").read_text())
    with replies(lambda _: (200, {}, 1), made) as url:
        with Site(url, 5, str(tmp_path / "ca.pem")) as site:
            assert site.ask("GET", "/").said == 1
        with pytest.raises(RefusedError, match="not trusted"):
            Site(url, 5).ask("GET", "/")
        with pytest.raises(RefusedError, match="not trusted"):
            Site(url.replace("localhost", "127.0.0.1"), 5, str(tmp_path / "ca.pem")).ask("GET", "/")
    with pytest.raises(RefusedError, match="no certificates"):
        Site("https://localhost", 5, str(tmp_path / "key.pem"))


def test_a_name_stays_a_name() -> None:
    seen: list[str] = []

    def answer(asked: Asked) -> Reply:
        seen.append(asked.path)
        return 200, {}, None

    with replies(answer) as url, Site(url, 5) as site:
        name = quoted("../admin?x=1#é/ %2e\r\nX: y")
        site.ask("GET", f"/users/{name}")
    assert seen == ["/users/..%2Fadmin%3Fx%3D1%23%C3%A9%2F%20%252e%0D%0AX%3A%20y"]


def test_a_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    assert secret(a_secret(tmp_path / "fine", "word\nmore\n")) == "word"
    (tmp_path / "wide").write_text("word")
    (tmp_path / "wide").chmod(0o640)
    for path, says in ((tmp_path / "wide", "chmod 600"), (tmp_path / "none", "No such file"), (tmp_path, "no file")):
        with pytest.raises(RefusedError, match=says) as refused:
            secret(str(path))
        assert "word" not in str(refused.value)
    with pytest.raises(RefusedError, match="empty"):
        secret(a_secret(tmp_path / "empty", "\n"))


@contextmanager
def _raw(text: bytes, *, drip: bool = False) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            found, _ = server.accept()
            with found:
                found.recv(65536)
                found.sendall(text)
                try:
                    for _ in range(100 if drip else 0):
                        time.sleep(0.05)
                        found.sendall(b"x")
                except OSError:
                    return

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)


@contextmanager
def _hanging_up(heard: list[str]) -> Iterator[int]:
    """Answers one question on each connection and hangs up without a word of it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(3)

        def serve() -> None:
            while True:
                try:
                    found, _ = server.accept()
                except OSError:
                    return
                with found:
                    heard.append(found.recv(65536).decode())
                    found.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
    thread.join(5)
