"""programs: another program is asked, without a shell, for so long and no longer."""

import os
import subprocess
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
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        with subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        ) as process:
            try:
                out, errors = process.communicate(stdin.encode("utf-8", "surrogateescape"), timeout=seconds)
            except BaseException as error:
                os.killpg(process.pid, SIGKILL)
                if isinstance(error, subprocess.TimeoutExpired):
                    raise RefusedError(f"{name} does not answer within {seconds:g} s") from None
                raise
    except (OSError, ValueError) as error:
        raise RefusedError(f"{name}: {getattr(error, 'strerror', None) or error}") from None
    if process.returncode not in right:
        raise RefusedError(f"{name}: {said(errors) or said(out) or f'exit status {process.returncode}'}")
    if len(out) > _ENOUGH:
        raise RefusedError(f"{name} prints without end")
    return out.decode("utf-8", "replace")


def said(errors: bytes) -> str:
    """The first line of what a program complains, safe to print."""
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return _printable(lines[0]) if lines else ""


def _printable(text: str) -> str:
    shown = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text.strip())
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
