"""replies: a small server of the tests' own that answers as some service would."""

import contextlib
import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any


@dataclass
class Asked:
    """One question."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


Reply = tuple[int, dict[str, str], Any]


@contextlib.contextmanager
def replies(answer: Callable[[Asked], Reply], certificate: Path | None = None) -> Iterator[str]:
    """Where the server is.

    :param answer: what it answers: status, headers, and what is sent as JSON
    :param certificate: with its key, for TLS
    """

    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, said = answer(Asked(self.command, self.path, dict(self.headers), body))
            text = b"" if said is None else json.dumps(said).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - as the library calls them

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - as the library calls it
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self) -> tuple[Any, Any]:
            found, where = super().get_request()
            if context is None:
                return found, where
            try:  # the handshake is the business of the thread that answers
                return context.wrap_socket(found, server_side=True, do_handshake_on_connect=False), where
            except BaseException:
                found.close()
                raise

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that does not trust it hangs up

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}" if certificate else f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def a_secret(path: Path, text: str) -> str:
    """A file that only its owner can read."""
    path.touch(mode=0o600)
    path.write_text(text)
    return str(path)
