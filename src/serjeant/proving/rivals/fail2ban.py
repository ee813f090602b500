"""fail2ban: counts failed sign-ins of an address in one log, and shuts the address out for a while.

Read from Debian's 1.0.2: ``config/jail.conf`` (``maxretry``, ``findtime``, ``bantime``; ``[recidive]``),
``config/filter.d/sshd.conf``, ``dovecot.conf``, ``postfix.conf``, and ``server/failmanager.py`` and
``server/ticket.py`` for how it counts: it keeps no list of failures. Where the first is longer ago than ``findtime``,
it scales the count to that time and rounds, so that failures 171 seconds apart still ban, and such 172 seconds apart
never do. The filter for sshd matches two lines of each attempt on a name that is nobody's, the second of which PAM
keeps back for two seconds.

The jails that have a log to read here are taken to be on. What an address would have tried while it was shut out never
reaches the log and is not counted.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.counting import failures
from serjeant.proving.lockstep import NEVER, Rows, rows_of
from serjeant.proving.rival import Rival, alarms
from serjeant.proving.world import DAY, MINUTE, Ints


@dataclass(frozen=True)
class Law:
    """When to ban, in fail2ban's words; times in microseconds."""

    maxretry: int
    findtime: int
    bantime: int


DEFAULT: Final = Law(maxretry=5, findtime=10 * MINUTE, bantime=10 * MINUTE)
RECIDIVE: Final = Law(maxretry=5, findtime=DAY, bantime=7 * DAY)
JAILS: Final = {
    "ssh": "sshd",
    "imap": "dovecot",
    "pop3": "dovecot",
    "smtp": "postfix-sasl",
    "web": "nginx-http-auth",
}
"""By service."""

SOURCE: Final = "fail2ban 1.0.2 (Debian 12): config/jail.conf; server/failmanager.py; server/ticket.py"


def judge(logins: pl.DataFrame) -> pl.DataFrame:
    """The bans of the jails."""
    jailed = (
        failures(logins)
        .with_columns(rule=pl.col("service").replace_strict(JAILS, default=None, return_dtype=pl.String))
        .filter(pl.col("rule").is_not_null())
    )
    strangers = jailed.filter(pl.col("rule") == "sshd", pl.col("reason") == "unknown_account")
    lines = pl.concat([jailed, strangers.with_columns(pl.col("time") + pl.duration(seconds=2))])
    return alarms(_banned(lines, ["rule", "address"], DEFAULT))


def judge_recidive(logins: pl.DataFrame) -> pl.DataFrame:
    """The same, and a week for whom they ban again and again; in that week the jails see nothing of it."""
    jailed = judge(logins)
    again = _banned(jailed, ["source"], RECIDIVE)
    weeks = alarms(again, "recidive")
    shut = jailed.sort("time").join_asof(
        weeks.select("source", "time", week="until", begun="time"), on="time", by="source", check_sortedness=False
    )
    inside = (pl.col("time") > pl.col("begun")) & (pl.col("time") <= pl.col("week"))
    return alarms(pl.concat([shut.filter(~inside.fill_null(value=False)).drop("week", "begun"), weeks]))


def _banned(rows: pl.DataFrame, key: list[str], law: Law) -> pl.DataFrame:
    rows = rows.filter(pl.len().over(key) >= law.maxretry).sort(*key, "time")
    if rows.is_empty():
        return rows.with_columns(until=pl.col("time"))
    bans = rows[bans_of(rows_of(rows, key), law)]
    return bans.with_columns(until=pl.col("time") + pl.duration(microseconds=law.bantime))


def bans_of(rows: Rows, law: Law) -> Ints:
    """The rows that bring a ban."""
    at, live = rows.first.copy(), np.arange(len(rows.first))
    since, last, tries = (np.full(len(at), NEVER), np.full(len(at), NEVER), np.zeros(len(at), np.int64))
    found = [np.empty(0, np.int64)]
    while live.size:
        row = at[live]
        now = rows.time[row]
        forgotten = now - last[live] >= law.findtime
        begun = np.where(forgotten, now, since[live])
        count = np.where(forgotten, 0, tries[live])
        stretched = begun < now - law.findtime
        share = law.findtime / np.maximum(now - begun, 1)
        count = np.where(stretched, np.rint(count * share).astype(np.int64), count) + 1
        banned = count >= law.maxretry
        since[live] = np.where(stretched, now - law.findtime, begun)
        tries[live], last[live] = count, np.where(banned, NEVER, now)
        at[live] = row + 1
        if banned.any():
            at[live[banned]] = rows.after(row[banned], now[banned] + law.bantime)
            found.append(row[banned])
        live = live[at[live] < rows.end[live]]
    return np.sort(np.concatenate(found))


_SAYS: Final = "5 failures in 10 min of one address in one of the jails " + ", ".join(sorted(set(JAILS.values())))

RIVALS: Final = (
    Rival("fail2ban", "fail2ban", SOURCE, f"{_SAYS}: shut out for 10 min", judge, blocks=True),
    Rival(
        "fail2ban-recidive",
        "fail2ban",
        f"{SOURCE}, [recidive]",
        "the same jails, and 5 bans within a day: shut out for a week",
        judge_recidive,
        blocks=True,
    ),
)
