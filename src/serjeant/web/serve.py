"""serve: the decision API on a socket of this machine, until it is told to stop."""

import ipaddress
import os
import signal
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from serjeant.config import Settings
from serjeant.contain.decision import Decisions, Kept
from serjeant.directory import csv
from serjeant.directory.directory import Directory
from serjeant.directory.single import resolver
from serjeant.errors import UnreadableError, UsageError
from serjeant.web.app import App
from serjeant.web.doors import Doors
from serjeant.web.reports import Reports
from serjeant.web.watched import Watched

_UNIX: Final = "unix:"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says.

    :param listen: each ``127.0.0.1:14001``, ``[::1]:14001`` or ``unix:/run/serjeant/door.sock``
    """

    decisions: Path
    listen: tuple[str, ...]
    key_file: Path | None = None
    reports: Path | None = None
    accounts: Path | None = None
    trap_sources: bool = False


def serve(asked: Asked, settings: Settings) -> None:
    """Answers until it is told to stop.

    :raises UsageError: the server is not installed, or strangers could ask without a key
    :raises UnreadableError: the key or the accounts cannot be read, or the address cannot be had
    """
    keys = () if asked.key_file is None else _keys(asked.key_file)
    open_ = [each for each in asked.listen if not _is_ours(each)]
    if open_ and not keys:
        raise UsageError(
            f"{open_[0]} can be reached from elsewhere", hint="name a file with a key in it: --key-file FILE"
        )
    try:
        import uvicorn
    except ImportError:
        raise UsageError("the server is not installed", hint="run: pip install 'serjeant[serve]'") from None
    doors = _doors(asked, settings)
    config = uvicorn.Config(
        App(doors, keys),
        access_log=False,
        date_header=False,
        h11_max_incomplete_event_size=65_536,
        lifespan="on",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    with ExitStack() as stack:
        listening = [stack.enter_context(_socket(each)) for each in asked.listen]
        doors.log("start", listen=[_name(each) for each in listening], decisions=str(asked.decisions))
        # Once everybody is answered the server hands the signal on to whoever had it before.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=listening)
        doors.log("stop")


def _doors(asked: Asked, settings: Settings) -> Doors:
    domains = frozenset(settings.domains)
    directory = Directory.empty(domains) if asked.accounts is None else csv.read(asked.accounts, domains)[0]
    account_of, contain = resolver(directory), settings.contain
    keep = Kept.of(
        [*settings.own_networks, *contain.never_block, *contain.never_contain, *contain.administrators], account_of
    )

    def load(text: str) -> Decisions:
        return Decisions.load(text, keep, account_of, trap_sources=asked.trap_sources)

    return Doors(Watched(asked.decisions, load), Reports(asked.reports), _say)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _is_ours(listen: str) -> bool:
    return listen.startswith(_UNIX) or ipaddress.ip_address(_address(listen)[0]).is_loopback


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(host)
        if not 0 <= int(port) <= 65_535:
            raise ValueError
    except ValueError:
        hint = "write it like 127.0.0.1:14001, [::1]:14001 or unix:/run/serjeant/door.sock"
        raise UsageError(f"--listen {listen!r} is no address and port", hint=hint) from None
    return host, int(port)


def _keys(path: Path) -> tuple[str, ...]:
    """The lines of a file that is its owner's alone."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise UsageError("others may read it", where=str(path), hint=f"run: chmod 600 {path}")
        keys = tuple(line.strip() for line in path.read_text("utf-8").splitlines() if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(
            f"cannot be read: {getattr(error, 'strerror', None) or error}", where=str(path)
        ) from error
    if not keys:
        raise UsageError("holds no key", where=str(path), hint="write one a line")
    return keys


@contextmanager
def _socket(listen: str) -> Iterator[socket.socket]:
    """A socket that listens; one of a path is for its owner and group."""
    path = Path(listen.removeprefix(_UNIX)) if listen.startswith(_UNIX) else None
    try:
        if path is None:
            host, port = _address(listen)
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            # Named, for only then asyncio sends small answers at once instead of after 40 ms.
            found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind((host, port))
        else:
            _sweep(path)
            found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            before = os.umask(0o117)
            try:
                found.bind(str(path))
            finally:
                os.umask(before)
        found.listen(1024)
    except OSError as error:
        raise UnreadableError(f"cannot be listened to: {error.strerror or error}", where=listen) from error
    try:
        yield found
    finally:
        found.close()
        if path is not None:
            path.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Removes a socket that nobody listens to any more."""
    if not path.is_socket():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()


def _name(listening: socket.socket) -> str:
    name = listening.getsockname()
    if isinstance(name, str):
        return f"{_UNIX}{name}"
    host, port = name[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
