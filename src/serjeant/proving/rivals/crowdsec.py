"""CrowdSec: leaky buckets, one for each address and scenario; one that runs over shuts the address out everywhere.

Read from crowdsecurity/hub: ``collections/crowdsecurity/{sshd,dovecot,postfix}.yaml`` and the scenarios that they name
(``ssh-bf`` at 25a461e, ``ssh-slow-bf`` at 0be41b4, ``dovecot-spam`` at 2310e92, ``postfix-spam`` at 0be41b4, which
takes failed SASL sign-ins), and ``http-generic-bf`` at 2ed7668; for the slow ones ``scenarios/melite``, which one has
to ask for. From crowdsecurity/crowdsec: ``pkg/leakybucket/bucket.go`` at 0217198, ``uniq.go`` at 1095f6c,
and ``config/profiles.yaml`` (4 h). A bucket holds ``capacity`` failures, loses one every ``leakspeed``, and runs over
with the next; it is thrown away when it ran over, or was left alone for ``capacity + 1`` times ``leakspeed``. One that
counts names (``distinct``) takes each name once in its life. What an address would have tried while it was shut out
never reaches the log. The list of addresses that the community reports is no rule and cannot be had here.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.counting import failures
from serjeant.proving.lockstep import NEVER, Rows, rows_of
from serjeant.proving.rival import Rival, alarms
from serjeant.proving.world import HOUR, SECOND, Flags, Ints

BAN: Final = 4 * HOUR
MAIL: Final = ("imap", "pop3")


@dataclass(frozen=True)
class Bucket:
    """A scenario of type ``leaky``.

    :param services: whose failures it takes
    :param leakspeed: microseconds until one has leaked
    :param distinct: it counts different names
    """

    scenario: str
    services: tuple[str, ...]
    capacity: int
    leakspeed: int
    distinct: bool = False


def _both(scenario: str, services: tuple[str, ...], capacity: int, leakspeed: int) -> tuple[Bucket, Bucket]:
    """A scenario, and its twin that counts names."""
    names = Bucket(f"{scenario}_user-enum", services, capacity, leakspeed, distinct=True)
    return Bucket(scenario, services, capacity, leakspeed), names


BUCKETS: Final = (
    *_both("ssh-bf", ("ssh",), 5, 10 * SECOND),
    *_both("ssh-slow-bf", ("ssh",), 10, 60 * SECOND),
    Bucket("dovecot-spam", MAIL, 3, 360 * SECOND),
    Bucket("postfix-spam", ("smtp",), 5, 10 * SECOND),
    Bucket("http-generic-bf", ("web",), 5, 10 * SECOND),
)
SLOW: Final = (
    *BUCKETS,
    *_both("ssh-very-slow-bf", ("ssh",), 5, 4 * HOUR),
    *_both("ssh-ultra-slow-bf", ("ssh",), 9, 12 * HOUR),
    *_both("ssh-glacial-bf", ("ssh",), 3, 18 * HOUR),
    *_both("dovecot-slow-bf", MAIL, 3, HOUR),
    *_both("dovecot-very-slow-bf", MAIL, 6, 12 * HOUR),
    *_both("postfix-slow-bf", ("smtp",), 7, 900 * SECOND),
    *_both("postfix-very-slow-bf", ("smtp",), 5, 4 * HOUR),
)


def judge(buckets: tuple[Bucket, ...], logins: pl.DataFrame) -> pl.DataFrame:
    """What runs over, and the bans."""
    services = sorted({service for bucket in buckets for service in bucket.services})
    least = min(bucket.capacity for bucket in buckets)
    taken = (
        failures(logins)
        .filter(pl.col("service").is_in(services))
        .filter(pl.len().over("address") > least)
        .sort("address", "time", "service", "user")
        .with_row_index("row")
    )
    if taken.is_empty():
        return alarms(taken.with_columns(rule=pl.lit("")))
    before = taken.select(pl.col("row").cast(pl.Int64).shift().over("address", "service", "user").fill_null(-1))
    takes = np.array([[service in bucket.services for bucket in buckets] for service in services])
    code = taken["service"].replace_strict(services, range(len(services)), return_dtype=pl.Int64).to_numpy()
    over, which = spilled(rows_of(taken, ["address"]), takes[code], before.to_series().to_numpy(), buckets)
    names = pl.Series("rule", [bucket.scenario for bucket in buckets])
    found = taken[over].with_columns(names.gather(which), until=pl.col("time") + pl.duration(microseconds=BAN))
    return alarms(found)


def spilled(rows: Rows, takes: Flags, before: Ints, buckets: tuple[Bucket, ...]) -> tuple[Ints, Ints]:
    """The rows with which a bucket runs over, and which does.

    :param takes: by row and bucket, whether it takes such rows
    :param before: by row, the machine's row before with the same name; -1: none
    """
    leak = np.array([bucket.leakspeed for bucket in buckets])
    room = np.array([bucket.capacity for bucket in buckets]) * leak
    distinct = np.array([bucket.distinct for bucket in buckets])
    at, live = rows.first.copy(), np.arange(len(rows.first))
    shape = (len(at), len(buckets))
    level, last, born = np.zeros(shape, np.int64), np.full(shape, NEVER), np.zeros(shape, np.int64)
    found = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    while live.size:
        row = at[live]
        now = rows.time[row][:, None]
        idle = now - last[live]
        new = idle > room + leak
        birth = np.where(new, row[:, None], born[live])
        pours = takes[row] & ~(distinct & (before[row][:, None] >= birth))
        filled = np.where(new, 0, np.maximum(level[live] - idle, 0)) + leak
        over = pours & (filled > room)
        level[live] = np.where(pours, filled, level[live])
        last[live] = np.where(over, NEVER, np.where(pours, now, last[live]))
        born[live] = np.where(pours, birth, born[live])
        at[live] = row + 1
        shut = over.any(axis=1)
        if shut.any():
            at[live[shut]] = rows.after(row[shut], rows.time[row[shut]] + BAN)
            found.append((row[shut], over[shut].argmax(axis=1)))
        live = live[at[live] < rows.end[live]]
    over_rows, which = (np.concatenate(each) for each in zip(*found, strict=True))
    return over_rows, which


def _says(buckets: tuple[Bucket, ...]) -> str:
    told = [
        f"{bucket.scenario} {bucket.capacity} and one every {_span(bucket.leakspeed)}"
        for bucket in buckets
        if not bucket.distinct
    ]
    return ", ".join(told)


def _span(micros: int) -> str:
    seconds = micros // SECOND
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{seconds} s"


HUB: Final = "crowdsecurity/hub: scenarios/crowdsecurity; crowdsecurity/crowdsec: pkg/leakybucket, config/profiles.yaml"

RIVALS: Final = (
    Rival(
        "crowdsec",
        "CrowdSec",
        f"{HUB}; collections sshd, dovecot, postfix, and http-generic-bf",
        f"more failures of one address than a bucket holds ({_says(BUCKETS)}; for ssh also of different names): "
        "shut out for 4 h",
        partial(judge, BUCKETS),
        blocks=True,
    ),
    Rival(
        "crowdsec-slow",
        "CrowdSec",
        f"{HUB}; scenarios/melite",
        f"the same, and slow buckets ({_says(SLOW[len(BUCKETS) :])}; also of different names): shut out for 4 h",
        partial(judge, SLOW),
        blocks=True,
    ),
)
