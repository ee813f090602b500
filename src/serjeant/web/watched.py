"""watched: the decisions in a file, read anew when it is another one. Until they are read the old ones stand."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from serjeant.contain.decision import Decisions

Stamp = tuple[int, int, int] | None


class Watched:
    """A file of decisions.

    :param load: what it holds -> decisions
    """

    def __init__(self, path: Path, load: Callable[[str], Decisions]) -> None:
        self.path, self._load = path, load
        self._seen: Stamp = None
        self.decisions = load("")

    def read(self) -> tuple[str, ...]:
        """Reads it, and returns what is wrong with it.

        Where there is no file there are no measures. While one cannot be read everybody is let in.
        """
        try:
            with self.path.open("rb") as file:
                seen = _stamp(os.fstat(file.fileno()))
                held = file.read().decode("utf-8", "replace")
            decisions = self._load(held or "{")
        except FileNotFoundError:
            seen, decisions = None, self._load("")
        except OSError as error:
            seen, decisions = self._stamp(), self._load("")
            decisions = replace(decisions, trouble=(f"{error.strerror or error}, so everybody is let in",))
        self.decisions, self._seen = decisions, seen
        return decisions.trouble

    @property
    def changed(self) -> bool:
        """It is not the file any more that was read."""
        return self._stamp() != self._seen

    def _stamp(self) -> Stamp:
        try:
            return _stamp(self.path.stat())
        except OSError:
            return None


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_ino, found.st_mtime_ns, found.st_size
