"""table: what was measured, for people."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.rivals import INVESTIGATE, PARSE

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One program: the lines that it read, the seconds (of all cores together: ``cpu``), the bytes of memory."""

    name: str
    lines: int
    seconds: float
    cpu: float
    peak: int

    @property
    def speed(self) -> float:
        """Lines a second."""
        return self.lines / self.seconds


@dataclass(frozen=True)
class Result:
    """One run of the bench.

    :param size: bytes of the log
    :param others: Serjeant on a log of another length
    :param skipped: what was not measured, and why
    """

    machine: str
    lines: int
    size: int
    runs: int
    rows: tuple[Row, ...]
    others: tuple[Row, ...]
    skipped: tuple[str, ...]


def machine() -> str:
    """The machine and what runs on it."""
    about = Path("/proc/cpuinfo")
    models = [
        line.partition(":")[2].strip() for line in about.read_text().splitlines() if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    engines = ", ".join(f"{name} {version(name)}" for name in ("polars", "duckdb"))
    return (
        f"{models[0] if models else platform.machine()}, {cores} cores, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, {engines}; load {os.getloadavg()[0]:.1f}"
    )


def ratios(result: Result) -> Mapping[str, float]:
    """How many times the one is the other."""
    by_name = {row.name: row for row in result.rows}
    parse, whole = by_name[PARSE], by_name[INVESTIGATE]
    found = {
        f"speed of {PARSE}, of {name}": parse.speed / row.speed for name, row in by_name.items() if row is not parse
    }
    found |= {
        f"speed of {INVESTIGATE}, of {name}": whole.speed / row.speed
        for name, row in by_name.items()
        if row is not whole
    }
    found[f"time of {INVESTIGATE}, of {PARSE}"] = whole.seconds / parse.seconds
    for row in result.others:
        short, long = sorted((row, by_name[row.name]), key=lambda each: each.lines)
        found[f"memory of {row.name}, {long.lines:,} lines of {short.lines:,} lines"] = long.peak / short.peak
    return found


def text(result: Result) -> str:
    """The whole answer."""
    by_name = {row.name: row for row in result.rows}
    parse, whole = by_name[PARSE], by_name[INVESTIGATE]
    told = ratios(result)
    lines = [
        result.machine,
        f"{result.lines:,} lines of sshd, {result.size / 1e6:,.0f} MB; median of {result.runs}",
        "",
        f"{'':28}{'lines':>12}{'seconds':>9}{'CPU s':>8}{'lines/s':>12}{'peak MiB':>10}"
        f"{'parse is':>12}{'investigate is':>17}",
    ]
    lines += [
        f"{row.name:28}{row.lines:12,}{row.seconds:9.2f}{row.cpu:8.2f}{row.speed:12,.0f}{row.peak / _MIB:10.0f}"
        f"{parse.speed / row.speed:10.3g} x{whole.speed / row.speed:15.3g} x"
        for row in result.rows
    ]
    lines += [*result.skipped, ""]
    lines.append(f"The whole investigation takes {told[f'time of {INVESTIGATE}, of {PARSE}']:.2f} x the parsing.")
    for row in result.others:
        short, long = sorted((row, by_name[row.name]), key=lambda each: each.lines)
        lines.append(
            f"Memory of {row.name}: {short.peak / _MIB:,.0f} MiB for {short.lines:,} lines, "
            f"{long.peak / _MIB:,.0f} MiB for {long.lines:,}: {long.peak / short.peak:.2f} x."
        )
    return "\n".join(lines)
