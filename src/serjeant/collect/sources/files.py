"""files: find logs among files, folders and globs, and open them."""

import glob
import os
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

from serjeant.collect.lines import blocks
from serjeant.collect.source import Damaged, Input
from serjeant.collect.stream import Readable, Stream, head_fingerprint, looks_binary, unpacked
from serjeant.model.incident import Unread

__all__ = ["OURS", "STDIN", "blocks", "find", "head_fingerprint", "looks_binary", "open_input"]

STDIN: Final = "-"
OURS: Final = ".serjeant"
"""A file of this name marks a folder that Serjeant wrote: it is never read as logs."""


def find(paths: Sequence[str]) -> tuple[list[Input], list[Unread]]:
    """The logs that the given paths stand for, in their order, each once.

    A folder stands for the regular files in and below it, sorted, hidden ones and our own folders left out; a path
    that does not exist but holds ``*``, ``?`` or ``[`` is a glob (``**`` for any depth); ``-`` is standard input.
    Links are followed; the same file (device and inode) is read once under the first of its names.

    :returns: the logs, and one line for each path that is none
    """
    search = _Search()
    for path in paths:
        search.given(path)
    return search.inputs, search.unread


def open_input(log: Input) -> Stream:
    """A log opened for reading, unpacked; to be closed by the caller.

    :raises Damaged: when it cannot be opened
    """
    if log.path is None:
        return unpacked(cast(Readable, sys.stdin.buffer))
    try:
        return unpacked(log.path.open("rb", buffering=0))
    except OSError as error:
        raise Damaged(_why(error)) from error


@dataclass(slots=True)
class _Search:
    inputs: list[Input] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    seen: set[tuple[int, int] | str] = field(default_factory=set)

    def given(self, path: str) -> None:
        """One path as the user gave it."""
        if path == STDIN:
            if self._new(STDIN):
                self.inputs.append(Input(STDIN, None, None, 0))
        elif not os.path.lexists(path) and glob.has_magic(path):
            found = sorted(glob.iglob(path, recursive=True))  # noqa: PTH207 - patterns may be absolute
            for each in found:
                self._take(each, only_regular=True)
            if not found:
                self._refuse(path, "no file fits this pattern")
        elif not self._take(path, only_regular=False):
            self._refuse(path, "holds no file to read")

    def _take(self, path: str, *, only_regular: bool) -> bool:
        """Takes a file, or what lies below a folder; False when nothing lies there."""
        waiting = [path]
        met = False
        while waiting:
            here = waiting.pop()
            try:
                about = Path(here).stat()
                if stat.S_ISDIR(about.st_mode):
                    only_regular = True
                    below = _entries(here) if self._new((about.st_dev, about.st_ino)) else None
                    if below is None:
                        met = True
                    elif OURS in below:
                        met = True
                        self._refuse(here, "is a folder that Serjeant wrote, and was left out")
                    else:
                        waiting += [below[name] for name in sorted(below, reverse=True) if not name.startswith(".")]
                elif stat.S_ISREG(about.st_mode) or not only_regular:
                    met = True
                    if not os.access(here, os.R_OK):
                        self._refuse(here, "may not be read: permission denied")
                    elif self._new((about.st_dev, about.st_ino)):
                        self.inputs.append(Input(_shown(here), Path(here), _written(about.st_mtime), about.st_size))
            except (OSError, ValueError) as error:
                met = True
                self._refuse(here, _why(error))
        return met

    def _new(self, identity: tuple[int, int] | str) -> bool:
        if identity in self.seen:
            return False
        self.seen.add(identity)
        return True

    def _refuse(self, path: str, says: str) -> None:
        self.unread.append(Unread(_shown(path), says))


def _entries(folder: str) -> dict[str, str]:
    """The paths of what lies in a folder, by name."""
    with os.scandir(folder) as entries:
        return {entry.name: entry.path for entry in entries}


def _why(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "does not exist"
        case PermissionError():
            return "may not be read: permission denied"
        case OSError(strerror=str(reason)):
            return f"cannot be read: {reason}"
        case _:
            return "is no path"


def _shown(path: str) -> str:
    """The path as valid Unicode; names on disk may be any bytes."""
    return os.fsencode(path).decode("utf-8", "replace")


def _written(mtime: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(mtime, UTC)
    except (OverflowError, OSError, ValueError):
        return None
