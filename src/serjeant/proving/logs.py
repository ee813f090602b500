"""logs: write the lines of a world as its hosts' log files, rotated every Sunday as logrotate does."""

import gzip
import io
import os
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from serjeant.proving import dovecot, sshd
from serjeant.proving.networks import LISTENERS, Book, written
from serjeant.proving.people import People
from serjeant.proving.world import DAY, HOSTS, SECOND, Calendar, micros, scramble

_LOGS: Final = {"mx1": "mail.log", "mx2": "mail.log", "gate": "auth.log"}
_HEX: Final = pl.Series([f"{value:03x}" for value in range(4096)])


def lines(attempts: pl.DataFrame, people: People, book: Book, calendar: Calendar, seed: int) -> pl.DataFrame:
    """All lines that the attempts leave, in the order written.

    :param attempts: ATTEMPTS, sorted by time
    :returns: table of ``dovecot.LINES``, sorted by host and time
    """
    tags = (scramble(attempts["guess"].to_numpy(), seed + 3) & np.uint64(0xFFFFFF)).astype(np.int64)
    rows = dovecot.with_sessions(attempts, seed).with_columns(
        ip=written(book, attempts["source"].to_numpy(), attempts["time"].to_numpy(), seed),
        tag=_HEX.gather(tags >> 12) + _HEX.gather(tags & 0xFFF),
        host=host_of(attempts, people),
    )
    mx1, mx2, gate = (rows.filter(host=host) for host in HOSTS)
    told = pl.concat(
        [
            dovecot.v23(mx1, "mx1", LISTENERS["mx1"]),
            dovecot.v24(mx2, "mx2", LISTENERS["mx2"]),
            sshd.lines(gate, "gate", calendar),
        ]
    )
    return told.sort("host", "time", maintain_order=True)


def host_of(attempts: pl.DataFrame, people: People) -> pl.Series:
    """The host that each attempt reaches: its mailbox's, a scanner's pick for unknown names, the gateway for ssh."""
    account = attempts["account"].to_numpy()
    mail = np.where(account >= 0, people.host[account], attempts["source"].to_numpy() % 2)
    return pl.Series(np.where((attempts["service"] == "ssh").to_numpy(), "gate", np.where(mail == 0, "mx1", "mx2")))


def write(told: pl.DataFrame, calendar: Calendar, folder: Path) -> tuple[str, ...]:
    """Write each host's files; a file's time is that of its last line, since readers take the year from it.

    :returns: the files, relative to ``folder``, sorted
    """
    files = []
    for host in HOSTS:
        (folder / host).mkdir(parents=True, exist_ok=True)
        mine = told.filter(host=host)
        sundays = [
            micros(calendar.first + timedelta(days=day))
            for day in range(1, calendar.days)
            if (calendar.first + timedelta(days=day)).weekday() == 6
        ]
        edges = [0, *sundays, calendar.end + DAY]
        for age, (begin, end) in enumerate(reversed(list(pairwise(edges)))):
            week = mine.filter(pl.col("time").is_between(begin, end, closed="left"))
            if week.height:
                path = folder / host / (_LOGS[host] + (f".{age}" if age else "") + (".gz" if age > 1 else ""))
                _write(week, path)
                files.append(path.relative_to(folder).as_posix())
    return tuple(sorted(files))


def _write(week: pl.DataFrame, path: Path) -> None:
    text = io.BytesIO()
    week.select("text").write_csv(text, include_header=False, quote_style="never")
    data = text.getvalue()
    path.write_bytes(gzip.compress(data, compresslevel=1, mtime=0) if path.suffix == ".gz" else data)
    last = int(week["time"][-1]) // SECOND
    os.utime(path, (last, last))
