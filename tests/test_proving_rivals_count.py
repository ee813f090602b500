"""How rivals count, held against plain loops and against fail2ban itself."""

import json
import os
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rival_logins import BEGIN, HOUR, MINUTE, address, alarm, logins, row
from serjeant.proving import sshd
from serjeant.proving.counting import above, failures, present
from serjeant.proving.lockstep import rows_of
from serjeant.proving.rivals import crowdsec, fail2ban
from serjeant.proving.rivals.crowdsec import Bucket
from serjeant.proving.world import SECOND, Calendar

# fail2ban


def test_a_ban_lasts_ten_minutes_and_what_comes_meanwhile_is_never_seen() -> None:
    bans = alarm("fail2ban", [row(i * 30) for i in range(60)])
    at = [int((time - BEGIN).total_seconds()) for time in bans["time"]]
    assert at == [120, 870, 1620]
    assert (bans["until"] - bans["time"]).to_list() == [timedelta(minutes=10)] * 3


@pytest.mark.parametrize(("apart", "banned"), [(150, True), (171, True), (172, False), (200, False)])
def test_fail2ban_scales_its_count_rather_than_keeping_a_window(apart: int, banned: bool) -> None:
    assert bool(alarm("fail2ban", [row(i * apart) for i in range(30)]).height) == banned


def test_five_bans_in_a_day_are_a_week() -> None:
    bursts = [row(burst * 30 * MINUTE + i) for burst in range(40) for i in range(5)]
    bans = alarm("fail2ban-recidive", bursts)
    assert bans["rule"].to_list() == [*["dovecot"] * 5, "recidive"]
    assert bans["until"][-1] - bans["time"][-1] == timedelta(days=7)
    four = alarm("fail2ban-recidive", [each for each in bursts if each["time"] < BEGIN + timedelta(hours=2)])
    assert four["rule"].to_list() == ["dovecot"] * 4


def test_an_address_of_ipv6_is_counted_by_itself_and_told_by_its_network() -> None:
    network = {"source": "2001:db8:1:2::/64"}
    one = alarm("fail2ban", [row(i, src_ip="2001:db8:1:2::1", **network) for i in range(5)])
    assert one["source"].to_list() == ["2001:db8:1:2::/64"]
    assert alarm("fail2ban", [row(i, src_ip=f"2001:db8:1:2::{i}", **network) for i in range(20)]).is_empty()


def plain_fail2ban(tries: list[int]) -> list[int]:
    """fail2ban's counting as it is written there; seconds, one address."""
    bans: list[int] = []
    since = last = count = 0
    for now in tries:
        if bans and now <= bans[-1] + 600:
            continue
        if not count or now - last >= 600:
            since, count = now, 0
        elif since < now - 600:
            count, since = round(count / (now - since) * 600), now - 600
        last, count = now, count + 1
        if count >= 5:
            bans.append(now)
            count = 0
    return bans


SECONDS = st.lists(st.integers(0, 400), min_size=1, max_size=60).map(lambda gaps: np.cumsum(gaps).tolist())


@given(st.lists(SECONDS, min_size=1, max_size=4))
def test_bans_are_those_of_a_plain_loop(tries: list[list[int]]) -> None:
    bans = alarm("fail2ban", [row(at, ip=address(n)) for n, each in enumerate(tries) for at in each])
    for n, each in enumerate(tries):
        mine = bans.filter(source=address(n))["time"].to_list()
        assert mine == [BEGIN + timedelta(seconds=at) for at in plain_fail2ban(each)]


REAL = """
import json, sys
from fail2ban.server.failmanager import FailManager
from fail2ban.server.ticket import FailTicket
from fail2ban.server.ipdns import IPAddr
manager, banned = FailManager(), {}
manager.setMaxRetry(5)
manager.setMaxTime(600)
bans = []
for ip, time in json.load(sys.stdin):
    if ip in banned and time <= banned[ip] + 600:
        continue
    manager.cleanup(time)
    if manager.addFailure(FailTicket(ip, time)) >= manager.getMaxRetry():
        manager.toBan(IPAddr(ip))
        banned[ip] = time
        bans.append((ip, time))
print(json.dumps(bans))
"""


@pytest.mark.skipif(not shutil.which("fail2ban-regex"), reason="needs Debian's fail2ban")
def test_fail2ban_itself_bans_the_same_addresses_at_the_same_times(tmp_path: Path) -> None:
    """Its filter reads the log, its own class counts; only the firewall is ours."""
    chance = random.Random(0)
    tries = [
        {
            "time": at,
            "account": n,
            "name": name,
            "ip": address(n),
            "outcome": "unknown" if n % 3 == 0 else "bad_password",
        }
        for n in range(1, 25)
        for name in [f"user{n}"]
        for at in np.cumsum([chance.randint(1, 30 * n) for _ in range(40)]).tolist()
    ]
    first = BEGIN.replace(hour=0)
    calendar = Calendar(first, 1, np.ones(1), np.ones(1), 0, (0, 0))
    times = calendar.begin + pl.col("time") * SECOND
    attempts = pl.DataFrame(tries).with_columns(time=times, pid=pl.lit(0, pl.Int64)).sort("time")
    log = tmp_path / "auth.log"
    log.write_text("\n".join(sshd.lines(attempts, "gate", calendar).sort("time")["text"]) + "\n", "utf-8")

    settings = {**os.environ, "TZ": "UTC", "PYTHONPATH": ""}
    told = subprocess.run(
        ["fail2ban-regex", "-o", '"<ip>" <time>', str(log), "sshd"],
        capture_output=True,
        text=True,
        check=True,
        env=settings,
    ).stdout
    seen = [line.split() for line in told.splitlines() if line.strip()]
    found = sorted(((ip.strip('"'), float(time)) for ip, time in seen), key=lambda each: each[1])
    counted = subprocess.run(
        ["/usr/bin/python3", "-c", REAL],
        input=json.dumps(found),
        capture_output=True,
        text=True,
        check=True,
        env=settings,
    ).stdout
    theirs = [(ip, datetime.fromtimestamp(time, UTC).replace(year=first.year)) for ip, time in json.loads(counted)]

    reason = {"unknown": "unknown_account", "bad_password": "bad_password"}
    ours = alarm(
        "fail2ban",
        [
            row(each["time"] - 9 * HOUR, each["name"], each["ip"], "ssh", reason=reason[each["outcome"]])
            for each in tries
        ],
    )
    assert {ip for ip, _ in theirs} == set(ours["source"])
    assert len({ip for ip, _ in theirs}) > 10
    for ip in {ip for ip, _ in theirs}:
        mine = ours.filter(source=ip)["time"].to_list()
        real = [time for each, time in theirs if each == ip]
        # Of a name that exists there is one line, two seconds after the attempt.
        assert real == [at + timedelta(seconds=0 if int(ip.split(".")[-1]) % 3 == 0 else 2) for at in mine]


# Buckets


@pytest.mark.parametrize(
    ("scenario", "service", "count", "apart"),
    [
        ("ssh-bf", "ssh", 6, 0),
        ("ssh-slow-bf", "ssh", 11, 5),
        ("postfix-spam", "smtp", 6, 0),
        ("http-generic-bf", "web", 6, 0),
    ],
)
def test_a_bucket_runs_over_with_the_one_above_its_capacity(
    scenario: str, service: str, count: int, apart: int
) -> None:
    buckets = tuple(bucket for bucket in crowdsec.BUCKETS if bucket.scenario == scenario)
    rows = [row(i * apart, service=service) for i in range(count)]
    over = crowdsec.judge(buckets, logins(rows))
    assert over["rule"].to_list() == [scenario]
    assert over["until"][0] - over["time"][0] == timedelta(hours=4)
    assert crowdsec.judge(buckets, logins(rows[1:])).is_empty()


def plain_buckets(tries: list[tuple[int, str]], buckets: tuple[Bucket, ...]) -> list[tuple[int, str]]:
    """CrowdSec's buckets as a limiter of tokens, in fractions; seconds, one address."""
    bans: list[tuple[int, str]] = []
    tokens: dict[str, tuple[Fraction, int, set[str]]] = {}
    for now, name in tries:
        if bans and now <= bans[-1][0] + 4 * HOUR:
            continue
        over = []
        for bucket in buckets:
            leak = bucket.leakspeed // SECOND
            left, last, names = tokens.get(bucket.scenario, (Fraction(bucket.capacity), now, set()))
            if now - last > (bucket.capacity + 1) * leak:
                left, names = Fraction(bucket.capacity), set()
            if bucket.distinct and name in names:
                continue
            left = min(Fraction(bucket.capacity), left + Fraction(now - last, leak))
            if left < 1:
                over.append(bucket.scenario)
                del tokens[bucket.scenario]
            else:
                tokens[bucket.scenario] = (left - 1, now, {*names, name})
        if over:
            bans.append((now, over[0]))
    return bans


BUCKETS = (
    Bucket("quick", ("imap",), 3, 60 * SECOND),
    Bucket("slow", ("imap",), 5, 300 * SECOND),
    Bucket("names", ("imap",), 2, 600 * SECOND, distinct=True),
)
TRIES = st.lists(
    st.tuples(st.sampled_from([0, 1, 20, 60, 150, 300, 601, 1800, 1801, 20000]), st.sampled_from("abcd")), max_size=60
)


@given(st.lists(TRIES, min_size=1, max_size=3), st.sampled_from([BUCKETS[:1], BUCKETS[1:2], BUCKETS[2:], BUCKETS]))
def test_bans_of_buckets_are_those_of_a_plain_loop(
    tries: list[list[tuple[int, str]]], buckets: tuple[Bucket, ...]
) -> None:
    told = [
        sorted(zip(np.cumsum([gap for gap, _ in each]).tolist(), [name for _, name in each], strict=True))
        for each in tries
    ]
    rows = [row(at, name, address(n)) for n, each in enumerate(told) for at, name in each]
    bans = crowdsec.judge(buckets, logins(rows))
    for n, each in enumerate(told):
        mine = bans.filter(source=address(n)).select("time", "rule").rows()
        assert mine == [(BEGIN + timedelta(seconds=at), rule) for at, rule in plain_buckets(each, buckets)]


# Windows


@given(
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from("abcdef"), st.sampled_from("xy")), min_size=1, max_size=80),
    st.integers(1, 4),
)
def test_a_rolling_count_of_different_values_is_that_of_a_plain_loop(
    rows: list[tuple[int, str, str]], most: int
) -> None:
    table = pl.DataFrame([(at, value, key) for at, value, key in rows], schema=["time", "value", "key"], orient="row")
    over = above(present(table, ["key"], "value", pl.col("time") + 60), ["key"], most)
    for key in "xy":
        mine = [(at, value) for at, value, of in rows if of == key]
        expected = []
        for now in sorted({at for at, _ in mine}):
            before = {value for at, value in mine if now - 60 <= at < now}
            after = {value for at, value in mine if now - 60 < at <= now}
            if len(after) > most >= len(before):
                expected.append(now)
        assert over.filter(key=key)["time"].to_list() == expected


def test_machines_with_no_bans_move_on_row_by_row() -> None:
    table = failures(logins(row(i * 1000, ip=address(n)) for n in range(3) for i in range(50))).sort("address", "time")
    rows = rows_of(table, ["address"])
    assert rows.first.tolist() == [0, 50, 100]
    assert fail2ban.bans_of(rows, fail2ban.DEFAULT).size == 0
