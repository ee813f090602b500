"""rivals: the programs that are measured, and how each is called."""

import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

YEAR = 2024  # of the log, whose stamps have none

PARSE = "serjeant, parse to Parquet"
INVESTIGATE = "serjeant investigate"
WC = "wc -l"
FAIL2BAN = "fail2ban-regex"
LOOP = "Python re, one process"

_OWN_WORD = re.compile(r"processed in ([0-9.]+) sec")


@dataclass(frozen=True)
class Contestant:
    """A program.

    :param command: for a log, and a folder that does not exist yet
    :param most: lines that it is given at most, where the whole log would take it too long
    :param needs: the program that must be there, and the Debian package that brings it
    :param fine: exit statuses that are no failure
    """

    name: str
    command: Callable[[Path, Path], Sequence[str]]
    most: int | None = None
    needs: tuple[str, str] | None = None
    fine: tuple[int, ...] = (0,)

    @property
    def missing(self) -> str:
        """Why it cannot be measured; empty when it can."""
        if self.needs is None or shutil.which(self.needs[0]):
            return ""
        return f"{self.needs[0]} is not installed (Debian: apt install {self.needs[1]})"


def own_seconds(said: str) -> float | None:
    """The seconds that a program says it took without its start, where it says so."""
    found = _OWN_WORD.search(said)
    return float(found[1]) if found else None


def _python(module: str, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]


CONTESTANTS = (
    Contestant(PARSE, lambda log, out: _python("bench.parse", log, out)),
    Contestant(
        INVESTIGATE,
        lambda log, out: _python("serjeant", "investigate", log, "--out", out, "--year", str(YEAR)),
        fine=(0, 3, 4),
    ),
    Contestant(WC, lambda log, _: ["wc", "-l", str(log)], needs=("wc", "coreutils")),
    Contestant(
        FAIL2BAN, lambda log, _: ["fail2ban-regex", str(log), "sshd"], most=50_000, needs=(FAIL2BAN, "fail2ban")
    ),
    Contestant(LOOP, lambda log, _: _python("bench.loop", log), most=500_000),
)
