"""measure: run a program by itself and say what it took.

The memory of a child is counted from before its program starts, when it still is a copy of this process: whoever
measures must stay small, so this imports nothing heavy.
"""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """What one run took.

    :param seconds: from start to end
    :param cpu: seconds of all cores together
    :param peak: bytes of memory at most
    :param said: what it printed
    """

    seconds: float
    cpu: float
    peak: int
    said: str


def run(command: Sequence[str], *, fine: Sequence[int] = (0,)) -> Run:
    """One run of a program.

    :param fine: the exit statuses that are no failure
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        begin = perf_counter()
        child = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=ROOT)
        _, status, used = os.wait4(child.pid, 0)
        seconds = perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read()
    if child.returncode not in fine:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}:\n{said[-2000:]}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, said)


def middle(runs: Sequence[Run]) -> Run:
    """The medians of several runs."""
    return Run(
        median(each.seconds for each in runs),
        median(each.cpu for each in runs),
        int(median(each.peak for each in runs)),
        runs[-1].said,
    )
