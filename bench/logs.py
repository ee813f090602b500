"""logs: an auth.log as a server on the Internet writes it, of any length, from a seed.

Run as ``python -m bench.logs FILE LINES SEED``: in a process of its own, so that the memory that it takes is not
counted as that of the programs measured after it.
"""

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

DAYS = 30

_MONTH = "Jun"
_HOST = "login-gateway-1"
_DAY_SECONDS = 86_400
_PIDS = 4_194_304
_PART = 1_000_000  # lines made at once, so that a long log takes no more memory than a short one

_KINDS = ("unknown", "known", "root", "let_in", "key", "scan", "repeated", "cron")
_SHARES = (0.30, 0.12, 0.22, 0.03, 0.05, 0.06, 0.02, 0.20)
_LINES_EACH = (5, 4, 4, 5, 4, 1, 3, 2)

_PAM = "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={} "
_FAILED = "Failed password for {} from {} port {} ssh2"
_BYE = "Received disconnect from {} port {}:11: Bye Bye [preauth]"


@dataclass(frozen=True)
class _Crowd:
    """Who comes: a few sources try most, as everywhere."""

    sources: pl.Series
    strangers: pl.Series
    people: pl.Series
    offices: pl.Series


def write(place: Path, lines: int, seed: int) -> None:
    """A log of so many lines over 30 days, at a steady rate."""
    rng = np.random.default_rng(seed)
    crowd = _crowd(rng)
    fresh = place.with_name(f"{place.name}.new")
    parts = max(DAYS, -(-lines // _PART))
    written, pid = 0, 1_000
    with fresh.open("wb") as file:
        for part in range(parts):
            wanted = lines * (part + 1) // parts - written
            begin, end = (DAYS * _DAY_SECONDS * at // parts for at in (part, part + 1))
            said = _span(rng, crowd, wanted, begin, end, pid)
            said.write_csv(file, include_header=False, quote_style="never")
            written += wanted
            pid += wanted
    fresh.replace(place)


def _crowd(rng: np.random.Generator) -> _Crowd:
    bots = rng.choice(2**22, 6_000, replace=False)
    fours = [f"100.{64 + (bot >> 16)}.{bot >> 8 & 255}.{bot & 255}" for bot in bots.tolist()]
    sixes = [f"2001:db8:{bot:x}::{bot & 255:x}" for bot in range(1, 200)]
    common = [
        "admin",
        "test",
        "user",
        "oracle",
        "postgres",
        "ubuntu",
        "git",
        "ftpuser",
        "guest",
        "deploy",
        "",
        "my name",
    ]
    return _Crowd(
        pl.Series(fours + sixes),
        pl.Series(common + [f"{first}{number}" for number in range(300) for first in common[:10]]),
        pl.Series([f"person{number:04}" for number in range(2_000)]),
        pl.Series([f"198.51.100.{number}" for number in range(1, 255)]),
    )


def _span(rng: np.random.Generator, crowd: _Crowd, wanted: int, begin: int, end: int, pid: int) -> pl.DataFrame:
    """The lines from second ``begin`` to ``end``, which are counted from the first midnight."""
    each = float(np.dot(_SHARES, _LINES_EACH))
    size = int(wanted / each * 1.02) + 50
    kinds = rng.choice(len(_KINDS), size, p=_SHARES)
    offices = np.isin(kinds, (_KINDS.index("let_in"), _KINDS.index("key")))
    person = _few(rng, len(crowd.people), size)
    ours = crowd.offices.gather(person % len(crowd.offices))
    ips = ours.zip_with(pl.Series(offices), crowd.sources.gather(_few(rng, len(crowd.sources), size)))
    visits = pl.DataFrame(
        {
            "kind": kinds,
            "second": np.sort(rng.integers(begin, end, size)),
            "pid": (np.arange(size) + pid) % _PIDS,
            "ip": ips,
            "port": rng.integers(32_768, 61_000, size),
            "stranger": crowd.strangers.gather(_few(rng, len(crowd.strangers), size)),
            "person": crowd.people.gather(person),
        }
    )
    said = pl.concat(_said(visits)).sort("second", maintain_order=True).head(wanted)
    second = said["second"].clip(0, DAYS * _DAY_SECONDS - 1)
    days, clocks = _stamps()
    stamp = (days.gather(second // _DAY_SECONDS), clocks.gather(second % _DAY_SECONDS))
    return said.select(pl.concat_str(*stamp, "program", pl.lit("["), "pid", pl.lit("]: "), "text"))


def _few(rng: np.random.Generator, size: int, count: int) -> npt.NDArray[np.int64]:
    """Positions of which the first come by far the most often."""
    return (size * rng.random(count) ** 4).astype(np.int64)


@cache
def _stamps() -> tuple[pl.Series, pl.Series]:
    """The days, and the seconds of any day with the host behind them."""
    seconds = range(_DAY_SECONDS)
    clocks = [f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02} {_HOST} " for at in seconds]
    return pl.Series([f"{_MONTH} {day + 1:2} " for day in range(DAYS)]), pl.Series(clocks)


def _said(visits: pl.DataFrame) -> list[pl.DataFrame]:
    """What the daemon writes of each visit."""
    of = {kind: visits.filter(pl.col("kind") == at) for at, kind in enumerate(_KINDS)}
    unknown, known, root, let_in, key = (of[kind] for kind in _KINDS[:5])
    root = root.with_columns(person=pl.lit("root"))
    repeated = of["repeated"].with_columns(person=pl.lit("root"))
    tried = pl.concat([known, root])
    gone = unknown["port"].to_numpy() % 3 == 0
    accepted = "Accepted publickey for {} from {} port {} ssh2: ED25519 SHA256:" + "Ab3+/x9Z" * 5 + "Q0w"
    session = "pam_unix(sshd:session): session "
    return [
        _line(unknown, 0, "Invalid user {} from {} port {}", "stranger", "ip", "port"),
        _line(unknown, 0, "pam_unix(sshd:auth): check pass; user unknown"),
        _line(unknown, 0, _PAM, "ip"),
        _line(unknown, 2, _FAILED.replace("{}", "invalid user {}", 1), "stranger", "ip", "port"),
        _line(
            unknown.filter(gone),
            3,
            "Connection closed by invalid user {} {} port {} [preauth]",
            "stranger",
            "ip",
            "port",
        ),
        _line(unknown.filter(~gone), 3, _BYE, "ip", "port"),
        _line(tried, 0, _PAM + " user={}", "ip", "person"),
        _line(tried, 2, _FAILED, "person", "ip", "port"),
        _line(tried, 3, _BYE, "ip", "port"),
        _line(tried, 3, "Disconnected from authenticating user {} {} port {} [preauth]", "person", "ip", "port"),
        _line(repeated, 0, _PAM + " user={}", "ip", "person"),
        _line(repeated, 2, f"message repeated 5 times: [ {_FAILED}]", "person", "ip", "port"),
        _line(repeated, 3, "Connection reset by authenticating user {} {} port {} [preauth]", "person", "ip", "port"),
        _line(let_in, 0, "Accepted password for {} from {} port {} ssh2", "person", "ip", "port"),
        _line(key, 0, accepted, "person", "ip", "port"),
        _line(pl.concat([let_in, key]), 0, session + "opened for user {}(uid=1000) by (uid=0)", "person"),
        _line(let_in, 3, "Received disconnect from {} port {}:11: disconnected by user", "ip", "port"),
        _line(pl.concat([let_in, key]), 3, "Disconnected from user {} {} port {}", "person", "ip", "port"),
        _line(pl.concat([let_in, key]), 3, session + "closed for user {}", "person"),
        _line(of["scan"], 0, "Connection closed by {} port {} [preauth]", "ip", "port"),
        _line(of["cron"], 0, "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)", program="CRON"),
        _line(of["cron"], 0, "pam_unix(cron:session): session closed for user root", program="CRON"),
    ]


def _line(visits: pl.DataFrame, later: int, text: str, *columns: str, program: str = "sshd") -> pl.DataFrame:
    filled = pl.format(text, *columns) if columns else pl.lit(text)
    return visits.select(pl.col("second") + later, "pid", program=pl.lit(program), text=filled)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
