"""evidence: what counting and detection cost, beside the engine's own counting of the same logins."""

import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import measure
from bench.table import machine

_SEED = 1
_MIB = 1024 * 1024
_BYTES_EACH = 60
"""Of a login on disk, and room beside it for what is counted."""

_OWN = re.compile(r"^took ([0-9.]+) s, ([0-9.]+) s of CPU$", re.MULTILINE)
_PROGRAMS = {
    "engine": "the engine's group by",
    "serjeant": "evidence and detection",
    "hour": "one more hour",
}


@dataclass(frozen=True)
class Cost:
    """One program: seconds by its own clock, seconds of all cores together, bytes of memory at most."""

    name: str
    seconds: float
    cpu: float
    peak: int
    said: str


def main(logins: int, accounts: int, *, folder: Path | None = None) -> None:
    """Draws a month of logins, measures, prints a table."""
    with tempfile.TemporaryDirectory(prefix="serjeant-bench-", dir=folder) as room:
        free = shutil.disk_usage(room).free
        if free < logins * _BYTES_EACH * 2:
            raise SystemExit(f"{room}: {free // _MIB:,} MiB free, {logins * _BYTES_EACH * 2 // _MIB:,} are needed")
        print(f"drawing {logins:,} logins of {accounts:,} accounts ...", file=sys.stderr)
        lake = Path(room) / "lake"
        measure.run([sys.executable, "-m", "bench.logins", str(lake), str(logins), str(_SEED), str(accounts)])
        costs = [_cost(what, lake) for what in _PROGRAMS]
    print(text(logins, accounts, costs))


def _cost(what: str, lake: Path) -> Cost:
    print(f"measuring {_PROGRAMS[what]} ...", file=sys.stderr)
    took = measure.run([sys.executable, "-m", "bench.counting", what, str(lake)])
    own = _OWN.search(took.said)
    if own is None:
        raise SystemExit(took.said)
    said = took.said[: own.start()].strip().splitlines()
    return Cost(_PROGRAMS[what], float(own[1]), float(own[2]), took.peak, said[-1] if said else "")


def text(logins: int, accounts: int, costs: list[Cost]) -> str:
    """The table."""
    first = costs[0]
    lines = [machine(), f"{logins:,} logins, {accounts:,} accounts, 30 days", ""]
    lines.append(f"{'':28}{'seconds':>9}{'CPU s':>8}{'peak MiB':>10}{'time':>9}{'CPU':>9}")
    lines += [
        f"{each.name:28}{each.seconds:9.2f}{each.cpu:8.2f}{each.peak / _MIB:10,.0f}"
        f"{each.seconds / first.seconds:7.2f} x{each.cpu / first.cpu:7.2f} x"
        for each in costs
    ]
    return "\n".join([*lines, "", *(f"{each.name}: {each.said}" for each in costs if each.said)])
