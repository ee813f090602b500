"""secret: a password or key that a connector needs, out of a file that only its owner can read."""

import os
import stat
from pathlib import Path
from typing import Final

from serjeant.contain.connector import RefusedError

_LONGEST: Final = 65_536


def secret(path: str) -> str:
    """The first line of a file; its owner alone may be able to read it.

    :raises RefusedError: which names the file, never what stands in it
    """
    try:
        opened = os.open(Path(path), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise RefusedError(f"{path}: {error.strerror}") from None
    try:
        mode = os.fstat(opened).st_mode
        if not stat.S_ISREG(mode):
            raise RefusedError(f"{path} is no file")
        if mode & 0o077:
            raise RefusedError(f"{path} can be read by others than its owner: chmod 600 it")
        found = os.read(opened, _LONGEST).split(b"\n", 1)[0].removesuffix(b"\r")
    finally:
        os.close(opened)
    try:
        text = found.decode()
    except UnicodeDecodeError:
        raise RefusedError(f"{path} is not written in UTF-8") from None
    if not text:
        raise RefusedError(f"{path} is empty")
    return text
