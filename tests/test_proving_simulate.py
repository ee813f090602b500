"""The labelled worlds: what the graders lean on must be so in the logs themselves, read here by other means."""

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from itertools import pairwise
from pathlib import Path

import pytest

from serjeant.errors import UsageError
from serjeant.proving import truth
from serjeant.proving.simulate import WORLDS, simulate
from serjeant.proving.truth import Truth

_MX1 = re.compile(r"([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) mx1 dovecot: (.*)")
_MX2 = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+01:00) mx2 dovecot: (.*)")
_GATE = re.compile(r"([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) gate (sshd|CRON)\[(\d+)\]: (.*)")
_WHO = (
    r"user=<(?P<name>.*)>, method=PLAIN, rip=(?P<ip>[0-9a-f.:]+), lip=198\.51\.100\.1\d, (mpid=\d+, )?TLS, "
    r"session=<(?P<session>[\w+/]{16})>"
)
_LOGIN_PROCESS = re.compile(
    r"(?P<service>imap|pop3|submission)-login: (?:"
    r"(?P<ok>Login|Logged in): |"
    r"Disconnected: (?:Connection closed|Aborted login by logging out) "
    r"\((?:auth failed, (?P<tries>\d+) attempts in \d+ secs|user disabled|auth service reported temporary failure)\): |"
    r"Login aborted: Connection closed \((?:auth failed|user disabled), (?P<tries24>\d+) attempts in \d+ secs\) "
    r"\((?:auth_failed|user_disabled)\): )" + _WHO
)
_WORKER = re.compile(
    r"auth-worker\(\d+\): (Error: )?conn unix:auth-worker \(pid=812,uid=109\): auth-worker<\d+>: "
    r"sql\((?P<name>.*),(?P<ip>[0-9a-f.:]+),<(?P<session>[\w+/]{16})>\): "
    r"(?:(?:Password mismatch|unknown user) \(SHA1 of given password: (?P<tag>[0-9a-f]{6})\)"
    r"|Password query failed: Not connected to database)"
)
_PROBE = re.compile(
    r"(?:imap|pop3|submission)-login: (?:Disconnected: Connection closed \(no auth attempts in 0 secs\)"
    r"|Login aborted: Connection closed \(no auth attempts in 0 secs\) \(no_auth_attempts\)): "
    r"user=<>, rip=[0-9a-f.:]+, lip=198\.51\.100\.1\d, session=<[\w+/]{16}>"
)
_LOGGED_OUT = re.compile(r"imap\(.*\)<\d+><[\w+/]{16}>: Logged out in=\d+ out=\d+ deleted=0 .*")
_SSH_TRY = re.compile(
    r"(?P<ok>Accepted (?:password|publickey)|Failed password) for (?P<stranger>invalid user )?(?P<name>.*) "
    r"from (?P<ip>[0-9a-f.:]+) port \d+ ssh2(?:: ED25519 SHA256:\w{43})?"
)
_SSH_REST = re.compile(
    r"pam_unix\(sshd:(?:auth|session)\): .*|Invalid user .* from [0-9a-f.:]+ port \d+|Disconnected from user .*"
    r"|Connection closed by (?:authenticating|invalid) user .* \[preauth\]|Received disconnect from .*"
)


@dataclass(frozen=True)
class Try:
    """One line that ends an attempt."""

    host: str
    time: datetime
    service: str
    name: str
    ip: str
    ok: bool
    count: int


@dataclass(frozen=True)
class World:
    out: Path
    truth: Truth
    tries: list[Try]
    tags: dict[str, list[str]]
    lines: int


def _lines(path: Path) -> list[str]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    assert data.endswith(b"\n")
    return data.decode("utf-8").split("\n")[:-1]


def _files(out: Path) -> list[Path]:
    return sorted(path for path in (out / "logs").rglob("*") if path.is_file())


def _when(stamp: str) -> datetime:
    if stamp[0].isdigit():
        return datetime.fromisoformat(stamp).astimezone(UTC)
    return datetime.strptime(f"2017 {stamp}", "%Y %b %d %H:%M:%S").replace(tzinfo=UTC)


def _read(out: Path, known: Truth) -> World:
    """Read every line by hand-written expressions that share nothing with the simulator."""
    tries: list[Try] = []
    tags: dict[str, list[str]] = defaultdict(list)
    told: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    lines = 0
    for path in _files(out):
        host = path.parent.name
        before = None
        for line in _lines(path):
            lines += 1
            head = {"mx1": _MX1, "mx2": _MX2, "gate": _GATE}[host].fullmatch(line)
            assert head, line
            when = _when(head[1])
            assert before is None or when >= before, f"{path}: out of order: {line}"
            before = when
            if host == "gate":
                found = _SSH_TRY.fullmatch(head[4])
                assert found or head[2] == "CRON" or _SSH_REST.fullmatch(head[4]), line
                if found:
                    tries.append(Try(host, when, "ssh", found["name"], found["ip"], found["ok"][0] == "A", 1))
            elif found := _LOGIN_PROCESS.fullmatch(head[2]):
                count = int(found["tries"] or found["tries24"] or 1)
                tries.append(Try(host, when, found["service"], found["name"], found["ip"], bool(found["ok"]), count))
                if host == "mx1" and not found["ok"] and "user disabled" not in line:
                    failed[found["session"]] += count
            elif found := _WORKER.fullmatch(head[2]):
                told[found["session"]] += 1
                tags[found["name"]].append(found["tag"] or "")
            else:
                assert _LOGGED_OUT.fullmatch(head[2]) or _PROBE.fullmatch(head[2]), line
    assert told == failed, "the auth worker and the login process tell of different attempts"
    return World(out, known, tries, tags, lines)


@pytest.fixture(scope="module")
def parliament(tmp_path_factory: pytest.TempPathFactory) -> World:
    out = tmp_path_factory.mktemp("parliament")
    return _read(out, simulate("parliament", out, seed=3, accounts=300))


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> World:
    out = tmp_path_factory.mktemp("quiet")
    return _read(out, simulate("quiet", out, seed=3, accounts=300, days=22))


@pytest.fixture(scope="module", params=["parliament", "quiet"])
def world(request: pytest.FixtureRequest) -> World:
    read: World = request.getfixturevalue(request.param)
    return read


def _source(ip: str) -> str:
    return str(ip_network((ip_address(ip), 64), strict=False)) if ":" in ip else ip


def _accounts(out: Path) -> Iterator[dict[str, str]]:
    with (out / "accounts.csv").open(encoding="utf-8", newline="") as rows:
        yield from csv.DictReader(rows)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    seen = []
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        simulate("parliament", tmp_path / name, seed=seed, accounts=300, days=16)
        made = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        seen.append([(path.relative_to(tmp_path / name), path.read_bytes()) for path in made])
    assert seen[0] == seen[1]
    packed = [data for path, data in seen[0] if path.suffix == ".gz"]
    assert packed
    assert all(data[4:8] == bytes(4) for data in packed), "the hour of packing is in the file"
    assert all(ours != theirs for ours, theirs in zip(seen[0], seen[2], strict=True))


def test_reading_back_finds_every_attempt_and_every_line(world: World) -> None:
    assert sum(attempt.count for attempt in world.tries) == world.truth.logins
    assert world.lines == world.truth.lines
    assert tuple(path.relative_to(world.out / "logs").as_posix() for path in _files(world.out)) == world.truth.files


def test_the_truth_can_be_read_back(world: World) -> None:
    assert truth.read(world.out / "truth.json") == world.truth


def test_the_age_of_a_file_is_that_of_its_last_line(world: World) -> None:
    for path in _files(world.out):
        stamp = _lines(path)[-1].split(" mx" if "mx" in path.parent.name else " gate")[0]
        assert datetime.fromtimestamp(path.stat().st_mtime, tz=UTC) == _when(stamp).replace(microsecond=0)


def test_each_address_in_the_logs_is_somebodys(world: World) -> None:
    """Sources in the truth and sources in the logs are the same set, and nobody is attacker and innocent at once."""
    known = world.truth
    attackers = {source for crime in known.campaigns for source in crime.sources}
    honest, strangers = set(known.honest_sources), set(known.background_sources)
    assert {_source(attempt.ip) for attempt in world.tries} == attackers | honest | strangers
    assert attackers & honest == set(known.shared_sources)
    assert not strangers & (attackers | honest)


def test_overt_phase_tries_22_times_per_account_and_changes_service(parliament: World) -> None:
    (crime,) = parliament.truth.campaigns
    quiet, overt, access = crime.phases
    assert (quiet.name, overt.name, access.name) == ("quiet", "overt", "access")
    assert overt.attempts == pytest.approx(200_000 * 300 / 9000, rel=0.02)
    assert _moment(overt.first).date() == datetime(2017, 6, 23, tzinfo=UTC).date()
    assert timedelta(hours=10) < _moment(overt.last) - _moment(overt.first) < timedelta(hours=12.5)
    assert _moment(quiet.first) >= datetime(2017, 6, 5, tzinfo=UTC)
    assert [service.name for service in crime.services] == ["imap", "pop3", "smtp", "ssh"]
    attackers = set(crime.sources) - set(parliament.truth.shared_sources)
    day = [
        attempt
        for attempt in parliament.tries
        if _source(attempt.ip) in attackers and attempt.time >= _moment(overt.first)
    ]
    assert Counter(attempt.service for attempt in day).keys() == {"imap", "pop3", "submission", "ssh"}


def test_every_account_is_tried_decoys_and_dormant_ones_too(parliament: World) -> None:
    (crime,) = parliament.truth.campaigns
    tried = {
        attempt.name.lower().removesuffix("@parliament.example")
        for attempt in parliament.tries
        if _source(attempt.ip) in crime.sources and not attempt.ok
    }
    directory = {row["account"] for row in _accounts(parliament.out)}
    assert len(directory) == parliament.truth.accounts == 300
    assert len(directory & tried) >= 0.99 * len(directory)


def test_quiet_sources_keep_a_minute_between_tries(parliament: World) -> None:
    (crime,) = parliament.truth.campaigns
    last = _moment(crime.phases[0].last) + timedelta(seconds=3)
    times: dict[str, list[datetime]] = defaultdict(list)
    for attempt in parliament.tries:
        source = _source(attempt.ip)
        if source in crime.sources and source not in parliament.truth.shared_sources and attempt.time <= last:
            times[source].append(attempt.time)
    assert times
    for moments in times.values():
        moments.sort()
        # Stamps without a fraction may stand a second nearer.
        assert all(after - before >= timedelta(seconds=58) for before, after in pairwise(moments))
    per_account_and_week = crime.phases[0].attempts / 300 / 17.3 * 7
    assert 0.6 < per_account_and_week < 1.5


@pytest.mark.parametrize("seed", range(8))
def test_26_people_fall_and_39_mailboxes_open(seed: int, tmp_path: Path) -> None:
    known = simulate("parliament", tmp_path, seed=seed, accounts=300, days=4)
    rows = {row["account"]: row for row in _accounts(tmp_path)}
    fallen = [fall.account for fall in known.fallen]
    reached = {mailbox for account in fallen for mailbox in rows[account]["reaches"].split(";") if mailbox}
    assert len(set(fallen)) == len(fallen) == 26
    assert set(known.mailboxes) == set(fallen) | reached
    assert len(known.mailboxes) == 39
    assert all(rows[account]["kind"] == "person" and rows[account]["enabled"] == "true" for account in fallen)


def test_each_fall_is_a_sign_in_from_where_the_truth_says_and_is_come_back_to(parliament: World) -> None:
    (crime,) = parliament.truth.campaigns
    good: dict[str, list[Try]] = defaultdict(list)
    for attempt in parliament.tries:
        if attempt.ok and _source(attempt.ip) in crime.sources:
            good[attempt.name.lower().removesuffix("@parliament.example")].append(attempt)
    for fall in parliament.truth.fallen:
        visits = sorted(good[fall.account], key=lambda attempt: attempt.time)
        theirs = [visit for visit in visits if _source(visit.ip) not in parliament.truth.shared_sources]
        first = [visit for visit in visits if abs(visit.time - _moment(fall.time)) < timedelta(seconds=1)]
        assert _source(first[0].ip) == fall.source
        assert len(theirs) >= 1
        assert len(visits) >= 2
    assert set(crime.operators) & {_source(attempt.ip) for attempts in good.values() for attempt in attempts}
    assert not [attempt for attempt in parliament.tries if attempt.ip in crime.operators and not attempt.ok]


def test_sprayed_guesses_share_a_fingerprint_and_a_stale_phone_repeats_its_own(parliament: World, quiet: World) -> None:
    spread: dict[str, set[str]] = defaultdict(set)
    for name, tags in parliament.tags.items():
        for tag in tags:
            spread[tag].add(name)
    assert max(len(names) for tag, names in spread.items() if tag) > 30
    stale = [name for name, tags in quiet.tags.items() if len(tags) >= 100 and len(set(tags)) < len(tags) / 10]
    assert stale
    told = {tag for tags in quiet.tags.values() for tag in tags}
    assert max(len({name for name, tags in quiet.tags.items() if tag in tags}) for tag in told if tag) < 8


def test_a_quiet_world_has_honest_failures_and_no_attack(quiet: World) -> None:
    known = quiet.truth
    assert (known.status, known.campaigns, known.fallen, known.mailboxes) == ("quiet", (), (), ())
    assert known.return_day == "2017-10-09"
    honest = [attempt for attempt in quiet.tries if _source(attempt.ip) in known.honest_sources]
    assert 0.05 < sum(not attempt.ok for attempt in honest) / len(honest) < 0.35
    assert len(known.outages) == 2


def test_a_hostile_user_name_reaches_the_log_and_is_nobodys_sign_in(tmp_path: Path) -> None:
    known = simulate("quiet", tmp_path, seed=1, accounts=200, days=30)
    world = _read(tmp_path, known)
    hostile = [attempt for attempt in world.tries if "rip=" in attempt.name or "HYPERLINK" in attempt.name]
    assert hostile
    assert not any(attempt.ok for attempt in hostile)


@pytest.mark.parametrize(
    ("kind", "seed", "accounts", "days"),
    [("siege", 1, 300, 3), ("quiet", -1, 300, 3), ("quiet", 1, 10, 3), ("quiet", 1, 300, 2)],
    ids=["kind", "seed", "accounts", "days"],
)
def test_a_world_that_cannot_be_is_refused_and_nothing_written(
    kind: str, seed: int, accounts: int, days: int, tmp_path: Path
) -> None:
    with pytest.raises(UsageError):
        simulate(kind, tmp_path / "out", seed=seed, accounts=accounts, days=days)
    assert not (tmp_path / "out").exists()


def test_logs_that_are_there_already_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "mail.log").write_text("precious\n")
    with pytest.raises(UsageError):
        simulate("quiet", tmp_path, accounts=200, days=3)
    assert (tmp_path / "logs" / "mail.log").read_text() == "precious\n"


def test_every_world_is_told_in_a_sentence() -> None:
    assert set(WORLDS) == {"quiet", "parliament", "council"}
    assert all(sentence.endswith(".") for sentence in WORLDS.values())
