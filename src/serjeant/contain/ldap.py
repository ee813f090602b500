"""ldap: a directory, asked and told over one connection, thousands of times in one move."""

import contextlib
import socket
import ssl
import time
import urllib.parse
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Final

from serjeant.contain import ber
from serjeant.contain.connector import RefusedError
from serjeant.contain.http import loopback
from serjeant.contain.ldap_asks import (
    SUCCESS,
    Ask,
    Entry,
    Result,
    bind,
    cookie_in,
    entry_in,
    page,
    result_in,
    start_tls,
)
from serjeant.contain.secret import secret

_WINDOW: Final = 100
"""Asked at once before the first answer: OpenLDAP hangs up on more than some hundreds."""
_LONGEST: Final = 64 << 20
_ENTRY: Final = 0x64
_DONE: Final = frozenset({0x61, 0x65, 0x67, 0x78})


class Ldap:
    """One connection, over TLS or on this machine, which must be over in time.

    :param url: ``ldaps://``, ``ldap://`` (StartTLS; plain to this machine only) or ``ldapi://``
    :param bind_dn: who we are; empty: whom the system says we are, over ldapi
    :param password_file: with its password
    :param seconds: how long all of it may take
    :param ca_file: certificates to trust in the place of the system's
    """

    def __init__(self, url: str, bind_dn: str, password_file: str, seconds: float, ca_file: str = "") -> None:
        self._over = time.monotonic() + seconds
        self._seconds = seconds
        self._got = bytearray()
        self._last = 0
        parts = urllib.parse.urlsplit(url)
        self.host = parts.hostname or urllib.parse.unquote(parts.netloc) or "this machine"
        password = secret(password_file) if password_file else ""
        if bool(password) != bool(bind_dn) or not (bind_dn or parts.scheme == "ldapi"):
            raise RefusedError("both bind_dn and password_file are needed, or neither over ldapi://")
        try:
            self._socket = self._connected(parts, seconds)
        except OSError as error:
            raise self._refused(error) from None
        try:
            if parts.scheme == "ldaps":
                self._secured(ca_file)
            elif parts.scheme == "ldap" and not loopback(self.host):
                self._start_tls(ca_file)
            self._bind(bind_dn, password)
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> "Ldap":
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Says good-bye."""
        with contextlib.suppress(OSError):
            self._socket.sendall(Ask(ber.packed(0x42)).message(self._last + 1))
        self._socket.close()

    def ask(self, asks: Sequence[Ask], window: int = _WINDOW) -> list[Result]:
        """One answer for each, in their order; many are under way at once.

        :raises RefusedError: where the connection breaks or time is over: then it is not known which were done
        """
        results: dict[int, Result] = {}
        entries: dict[int, list[Entry]] = {}
        first, sent, waiting = self._last + 1, 0, 0
        try:
            while len(results) < len(asks):
                batch = asks[sent : sent + window - waiting] if waiting <= window // 2 else ()
                if batch:
                    self._send(batch)
                    sent, waiting = sent + len(batch), waiting + len(batch)
                uid, tag, body, controls = self._receive()
                if uid < first:
                    continue
                if tag == _ENTRY:
                    entries.setdefault(uid, []).append(entry_in(body))
                elif tag in _DONE:
                    results[uid] = result_in(body, tuple(entries.pop(uid, ())), cookie_in(controls))
                    waiting -= 1
        except OSError as error:
            raise self._refused(error) from None
        except (ber.BerError, ValueError, IndexError):
            raise RefusedError(f"{self.host} answers something that is no LDAP") from None
        return [results[first + position] for position in range(len(asks))]

    def paged(self, base: str, where: bytes, attributes: Sequence[str]) -> list[Entry]:
        """All that a search finds, a page at a time.

        :raises RefusedError: where the directory does not let us
        """
        found: list[Entry] = []
        cookie = b""
        while True:
            (result,) = self.ask([page(base, where, attributes, cookie)])
            if result.code != SUCCESS:
                raise RefusedError(f"{self.host} does not let us search {base}: {result.says}")
            found += result.entries
            cookie = result.cookie
            if not cookie:
                return found

    def _connected(self, parts: urllib.parse.SplitResult, seconds: float) -> socket.socket:
        if parts.scheme == "ldapi":
            local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            local.settimeout(seconds)
            try:
                local.connect(urllib.parse.unquote(parts.netloc) or parts.path or "/run/slapd/ldapi")
            except OSError:
                local.close()
                raise
            return local
        if parts.scheme not in ("ldap", "ldaps") or not parts.hostname:
            raise RefusedError("the address of a directory must be as ldaps://host")
        try:
            port = parts.port or (636 if parts.scheme == "ldaps" else 389)
        except ValueError:
            raise RefusedError("the address of the directory has no right port") from None
        return socket.create_connection((parts.hostname, port), timeout=seconds)

    def _start_tls(self, ca_file: str) -> None:
        (answer,) = self.ask([start_tls()])
        if answer.code != SUCCESS:
            raise RefusedError(f"{self.host} offers no TLS: {answer.says}")
        self._secured(ca_file)

    def _secured(self, ca_file: str) -> None:
        if self._got:
            raise RefusedError(f"{self.host} talks before TLS stands")
        try:
            context = ssl.create_default_context(cafile=ca_file or None)
        except OSError:
            raise RefusedError(f"{ca_file} holds no certificates") from None
        try:
            self._socket = context.wrap_socket(self._socket, server_hostname=self.host)
        except OSError as error:
            raise self._refused(error) from None

    def _bind(self, bind_dn: str, password: str) -> None:
        (answer,) = self.ask([bind(bind_dn, password)])
        if answer.code != SUCCESS:
            raise RefusedError(f"{self.host} does not let us in: {answer.says}")

    def _send(self, asks: Iterable[Ask]) -> None:
        messages = []
        for each in asks:
            self._last += 1
            messages.append(each.message(self._last))
        self._socket.settimeout(self._left())
        self._socket.sendall(b"".join(messages))

    def _receive(self) -> tuple[int, int, bytes, bytes]:
        while True:
            found = ber.measured(self._got)
            if found is not None and found[1] > _LONGEST:
                raise ber.BerError("too long")
            if found is not None and len(self._got) >= found[1]:
                message = bytes(self._got[found[0] : found[1]])
                del self._got[: found[1]]
                break
            self._socket.settimeout(self._left())
            piece = self._socket.recv(1 << 16)
            if not piece:
                raise ConnectionResetError
            self._got += piece
        (_, uid), (tag, body), *rest = ber.elements(message)
        return ber.whole(uid), tag, body, rest[0][1] if rest else b""

    def _left(self) -> float:
        left = self._over - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _refused(self, error: OSError) -> RefusedError:
        match error:
            case TimeoutError():
                return RefusedError(f"{self.host} does not answer within {self._seconds:g} s")
            case ssl.SSLCertVerificationError():
                return RefusedError(f"{self.host} shows a certificate that is not trusted: {error.verify_message}")
            case ConnectionResetError() | BrokenPipeError():
                return RefusedError(f"{self.host} hung up")
            case _:
                return RefusedError(f"{self.host} cannot be reached: {error.strerror or type(error).__name__}")
