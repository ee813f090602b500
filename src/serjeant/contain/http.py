"""http: one place that speaks HTTP, asked within a time: over TLS or on this machine, and never sent elsewhere."""

import contextlib
import http.client
import ipaddress
import json
import ssl
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final

from serjeant.contain.connector import RefusedError

_LONGEST: Final = 64 << 20
_BUSY: Final = (429, 503)
_AGAIN: Final = frozenset({"GET", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    host: str

    @property
    def fine(self) -> bool:
        """It says that it was done."""
        return 200 <= self.status < 300

    @property
    def said(self) -> Any:
        """The body, out of JSON.

        :raises RefusedError: where it is none
        """
        try:
            return json.loads(self.body or b"null")
        except (ValueError, RecursionError):
            raise RefusedError(f"{self.host} answered {self.status} with something that is no JSON") from None


class Site:
    """Keeps one connection; what it is asked within one call must be over in time. Follows no redirect.

    :param url: https, or http to this machine; a path of it stands before every path that is asked for
    :param seconds: how long all that is asked may take together
    :param ca_file: certificates to trust in the place of the system's
    """

    def __init__(self, url: str, seconds: float, ca_file: str = "") -> None:
        parts = urllib.parse.urlsplit(url)
        try:
            host, self._port = parts.hostname or "", parts.port
        except ValueError:
            raise RefusedError("the address of the service has no right port") from None
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise RefusedError("the address of the service must be as https://host/path")
        if parts.scheme == "http" and not loopback(host):
            raise RefusedError(f"http:// only to this machine; write https://{host}")
        self.host = host
        self._tls = None if parts.scheme == "http" else _tls(ca_file)
        self._path = parts.path.rstrip("/")
        self._over = time.monotonic() + seconds
        self._seconds = seconds
        self._connection: http.client.HTTPConnection | None = None
        self.headers: dict[str, str] = {"User-Agent": "serjeant/1", "Accept": "application/json"}

    def __enter__(self) -> "Site":
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hangs up."""
        self._hang_up()

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool | None = None,
    ) -> Answer:
        """One answer, whatever its status; waits and asks again where the place is busy and says for how long.

        :param path: with its query; each part already quoted
        :param body: sent as JSON
        :param form: sent as a form
        :param again: it does no harm to ask twice; left out: all but POST
        :raises RefusedError: where there is no answer in time
        """
        heads = self.headers | dict(headers or {})
        data = None
        if form is not None:
            data, heads["Content-Type"] = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
        elif body is not None:
            data, heads["Content-Type"] = json.dumps(body).encode(), "application/json"
        again = method in _AGAIN if again is None else again
        while True:
            answer = self._asked(method, self._path + path, data, heads, again=again)
            if answer.status not in _BUSY or "retry-after" not in answer.headers:
                return answer
            self.wait(after(answer.headers["retry-after"]))

    def wait(self, seconds: float) -> None:
        """Waits.

        :raises RefusedError: at once, where there would be no time left
        """
        if time.monotonic() + seconds >= self._over:
            raise RefusedError(f"{self.host} is busy and wants us to wait for {seconds:g} s")
        time.sleep(seconds)

    def _asked(self, method: str, path: str, data: bytes | None, heads: Mapping[str, str], *, again: bool) -> Answer:
        kept = self._connection is not None
        try:
            connection = self._connected()
            connection.request(method, path, data, dict(heads))
            return self._read(connection.getresponse())
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError) as error:
            self._hang_up()
            if kept and again:  # it had hung up on a connection that nobody used
                return self._asked(method, path, data, heads, again=False)
            raise RefusedError(f"{self.host} hung up") from error
        except TimeoutError:
            self._hang_up()
            raise RefusedError(f"{self.host} does not answer within {self._seconds:g} s") from None
        except ssl.SSLCertVerificationError as error:
            self._hang_up()
            raise RefusedError(f"{self.host} shows a certificate that is not trusted: {error.verify_message}") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._hang_up()
            why = (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
            raise RefusedError(f"{self.host} cannot be asked: {why}") from error

    def _left(self) -> float:
        left = self._over - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _connected(self) -> http.client.HTTPConnection:
        left = self._left()
        if self._connection is None:
            if self._tls is None:
                self._connection = http.client.HTTPConnection(self.host, self._port, timeout=left)
            else:
                self._connection = self._secure(left, self._tls)
            self._connection.connect()
        self._connection.sock.settimeout(left)
        return self._connection

    def _secure(self, left: float, tls: ssl.SSLContext) -> http.client.HTTPConnection:
        proxy = urllib.request.getproxies().get("https")
        if not proxy or loopback(self.host) or urllib.request.proxy_bypass(self.host):
            return http.client.HTTPSConnection(self.host, self._port, timeout=left, context=tls)
        through = urllib.parse.urlsplit(proxy if "//" in proxy else f"//{proxy}")
        if not through.hostname:
            raise RefusedError("the proxy that the environment names is none")
        tunnel = http.client.HTTPSConnection(through.hostname, through.port, timeout=left, context=tls)
        tunnel.set_tunnel(self.host, self._port or 443)
        return tunnel

    def _read(self, response: http.client.HTTPResponse) -> Answer:
        body = bytearray()
        try:
            while piece := response.read1(1 << 16):
                body += piece
                if len(body) > _LONGEST:
                    raise http.client.LineTooLong("answer")
                if self._connection is not None and self._connection.sock is not None:
                    self._connection.sock.settimeout(self._left())
        finally:
            response.close()  # the connection stays
        if response.will_close:
            self._hang_up()
        heads = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, heads, bytes(body), self.host)

    def _hang_up(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
            self._connection = None


def quoted(part: str) -> str:
    """One part of a path or of a query, whatever stands in it."""
    return urllib.parse.quote(part, safe="")


def after(said: str) -> float:
    """The seconds of ``Retry-After``: a number, or a date."""
    with contextlib.suppress(ValueError):
        return max(float(said), 0.1)
    with contextlib.suppress(ValueError):
        return max(parsedate_to_datetime(said).timestamp() - time.time(), 0.1)
    return 1.0


def loopback(host: str) -> bool:
    """It is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tls(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError):
        raise RefusedError(f"{ca_file} holds no certificates") from None
