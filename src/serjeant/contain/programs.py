"""programs: another program is asked, without a shell, for so long and no longer."""

import os
import selectors
import subprocess
import tempfile
import time
from collections.abc import Sequence
from signal import SIGKILL
from typing import Final

from serjeant.contain.connector import RefusedError

_LONGEST: Final = 200
_ENOUGH: Final = 64_000_000


def answer(
    command: Sequence[str], *arguments: str, stdin: str = "", seconds: float = 20, right: Sequence[int] = (0,)
) -> str:
    """What a program prints.

    :param command: the program and the first of its arguments, as the settings name them
    :param seconds: after which it is ended, with all that it started
    :param right: exit statuses that are no failure
    :raises RefusedError: where it is not there, fails or takes too long, with the first thing that it says about it
    """
    name = _printable(command[0]) if command else ""
    if not name:
        raise RefusedError("the command in the settings is empty")
    try:
        with tempfile.TemporaryFile() as told:
            told.write(stdin.encode("utf-8", "surrogateescape"))
            told.seek(0)
            with subprocess.Popen(
                [*command, *arguments],
                stdin=told,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "LC_ALL": "C"},
                start_new_session=True,
            ) as process:
                try:
                    out, errors = _printed(process, name, time.monotonic() + seconds)
                except BaseException as error:
                    os.killpg(process.pid, SIGKILL)
                    if isinstance(error, subprocess.TimeoutExpired):
                        raise RefusedError(f"{name} does not answer within {seconds:g} s") from None
                    raise
    except (OSError, ValueError) as error:
        raise RefusedError(f"{name}: {getattr(error, 'strerror', None) or error}") from None
    if process.returncode not in right:
        raise RefusedError(f"{name}: {said(errors) or said(out) or f'exit status {process.returncode}'}")
    return out.decode("utf-8", "replace")


def _printed(process: subprocess.Popen[bytes], name: str, deadline: float) -> tuple[bytes, bytes]:
    """All that it prints, and what it complains of; no more of it is kept than there is room for."""
    found = {each.fileno(): bytearray() for each in (process.stdout, process.stderr) if each is not None}
    out, errors = found.values()
    with selectors.DefaultSelector() as waiting:
        for each in found:
            waiting.register(each, selectors.EVENT_READ)
        while waiting.get_map():
            ready = waiting.select(max(deadline - time.monotonic(), 0))
            if not ready:
                raise subprocess.TimeoutExpired(name, deadline)
            for key, _ in ready:
                piece = os.read(key.fd, 1 << 20)
                found[key.fd] += piece
                if not piece:
                    waiting.unregister(key.fd)
                elif len(found[key.fd]) > _ENOUGH:
                    raise RefusedError(f"{name} prints without end")
    process.wait(max(deadline - time.monotonic(), 0.01))
    return bytes(out), bytes(errors)


def said(errors: bytes) -> str:
    """The first line of what a program complains, safe to print."""
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return _printable(lines[0]) if lines else ""


def _printable(text: str) -> str:
    shown = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text.strip())
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
