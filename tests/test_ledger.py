"""The ledger keeps what it was told, shows what was altered, forgets names only; on both databases alike."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import postgres
from serjeant.errors import UnreadableError, UsageError
from serjeant.store import pseudonyms
from serjeant.store.chain import line
from serjeant.store.ledger import Entry, Ledger, Name, TamperedError, place

NOW = datetime(2026, 6, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WHO = {"actor": "ada", "reason": "because"}
HOSTILE = [
    "",
    "\0",
    "nul\0in the middle",
    "\ud800",
    "low \udc80 high \ud83d",
    "\ud83d\ude00",
    "\U0001f600",
    "\u202egpj.exe\u2066",
    "\x1b[2J\x1b]0;owned\x07",
    "x'); drop table entries; --",
    '{"~":"0123456789abcdef01234567"}',
    "~0123456789ab",
    "L" * 1_000_000,
    "é",
    "e\u0301",
]


@dataclass
class Kept:
    """A database that holds a ledger, as somebody with all rights to it sees it."""

    url: str
    folder: Path
    run: Callable[[str], list[Any]]
    files: Callable[[], bytes]

    def open(self, out: str = "") -> Ledger:
        return place(self.folder / out, self.url)

    @property
    def head(self) -> Path:
        return self.folder / "ledger.head"

    def armed(self) -> None:
        """Lifts what holds entries to being added only."""
        for statement in (
            ["drop trigger no_update", "drop trigger no_delete"]
            if self.url.startswith("sqlite")
            else ["drop trigger only_added on entries"]
        ):
            self.run(statement)


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    with postgres.server() as running:
        yield running


_NUMBERS = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    if request.param == "sqlite":
        import sqlite3

        path = tmp_path / "ledger.db"

        def run(statement: str) -> list[Any]:
            connection = sqlite3.connect(path, isolation_level=None)
            try:
                return connection.execute(statement).fetchall()
            finally:
                connection.close()

        return Kept(
            f"sqlite:///{path}", tmp_path, run, lambda: b"".join(each.read_bytes() for each in tmp_path.iterdir())
        )
    it: postgres.Server = request.getfixturevalue("server")
    name = f"ledger{next(_NUMBERS)}"
    it.run(f"create database {name}")

    def files() -> bytes:
        it.run("checkpoint")
        (oid,) = it.run(f"select oid from pg_database where datname = '{name}'")[0]
        return b"".join(each.read_bytes() for each in (it.folder / "data" / "base" / str(oid)).iterdir())

    return Kept(it.url % name, tmp_path, lambda statement: it.run(statement, name), files)


@pytest.fixture
def ledger(kept: Kept) -> Iterator[Ledger]:
    it = kept.open()
    yield it
    it.close()


def add(ledger: Ledger, number: int, *names: str, at: datetime = NOW) -> Entry:
    return ledger.append("noted", {"n": number, "who": [Name(each) for each in names]}, now=at, **WHO)


def nobody(_: object) -> list[str]:
    return []


# what is written is read


def test_what_was_added_is_read_in_its_order(kept: Kept, ledger: Ledger) -> None:
    assert ledger.last_at() is None
    one = ledger.append("plan", {"plan": "P1"}, actor="ada", reason="C1 is all of us", now=NOW)
    two = ledger.append("began", {"measure": "P1.1", "who": Name("bob")}, actor="act", reason="", now=NOW + DAY)
    other = kept.open()
    for each in (ledger, other):
        assert [*each.entries()] == [one, two]
        assert [*each.entries(["began"])] == [two]
        assert [*each.entries(after=1)] == [two]
        assert [*each.entries(["plan"], after=1)] == []
        assert each.last_at() == NOW + DAY
    other.close()
    assert (one.seq, one.at, one.actor, one.kind, one.reason, one.body) == (
        *(1, NOW, "ada", "plan", "C1 is all of us"),
        {"plan": "P1"},
    )
    assert two.before == one.hash
    assert isinstance(two.body["who"], Name)


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: ascii(name[:20]))
def test_a_hostile_name_comes_back_as_it_was(ledger: Ledger, name: str) -> None:
    """Halves of a character side by side are that character: JSON knows no difference."""
    whole = json.loads(json.dumps(name))
    body = {"who": Name(name), "text": name, "of": {name: name}, "both": [Name(name), Name("x" + name)]}
    added = ledger.append("noted", body, actor=name, reason=name, now=NOW)
    (found,) = ledger.entries()
    assert found == added
    assert found.body == {
        "who": whole,
        "text": whole,
        "of": {whole: whole},
        "both": [whole, json.loads(json.dumps("x" + name))],
    }
    assert [type(each) for each in (found.body["who"], found.body["text"])] == [Name, str]
    assert (found.actor, found.reason) == (whole, whole)
    assert ledger.verify().count == 1
    add(ledger, 2, name)
    assert ledger.forget(NOW + DAY, needed=nobody, now=NOW + DAY, **WHO) == 2
    one, two, _ = ledger.entries()
    assert one.body["who"] == two.body["who"][0] != whole
    assert ledger.verify().count == 3


TEXT = st.text(st.characters(), max_size=30) | st.sampled_from([*HOSTILE[:12], *HOSTILE[13:]])
LEAF = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT | TEXT.map(Name)
)
TOKENS = st.builds(lambda token: {"~": token}, st.text("0123456789abcdef", min_size=24, max_size=24))
KEYS = TEXT | st.sampled_from(["~", "~~", "~x"])
KEYS = KEYS.map(lambda key: json.loads(json.dumps(key)))
BODY = st.dictionaries(
    KEYS,
    st.recursive(LEAF | TOKENS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)),
    max_size=4,
)


def as_json(value: Any) -> Any:
    """What JSON makes of it, with its names."""
    if isinstance(value, dict):
        return {json.loads(json.dumps(key)): as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    whole = json.loads(json.dumps(value))
    return (type(value), whole)


def typed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: typed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [typed(each) for each in value]
    return (type(value), str(value) if isinstance(value, Name) else value)


def test_any_body_comes_back(kept: Kept, ledger: Ledger) -> None:
    @settings(max_examples=80)
    @given(BODY, TEXT)
    def holds(body: dict[str, Any], reason: str) -> None:
        added = ledger.append("noted", body, actor="ada", reason=reason, now=NOW)
        (found,) = ledger.entries(after=added.seq - 1)
        assert typed(found.body) == typed(added.body) == as_json(body)
        (hidden,) = ledger.entries(after=added.seq - 1, names=False)
        assert all(re.fullmatch("~[0-9a-f]{12}", each) for each in pseudonyms.names(hidden.body))
        assert len([*pseudonyms.names(hidden.body)]) == len([*pseudonyms.names(body)])

    holds()
    ledger.verify()


def test_what_cannot_be_kept_is_refused_and_leaves_nothing(ledger: Ledger) -> None:
    bodies: list[Any] = [{"x": float("nan")}, {"x": {1, 2}}, {"x": b"x"}, {Name("ada"): 1}, {"x": [{1: 2}]}]
    for body in (*bodies, {"\U0001f600": 1, "\ud83d\ude00": 2}):
        with pytest.raises((TypeError, ValueError)):
            ledger.append("noted", body, now=NOW, **WHO)
    with pytest.raises(ValueError, match="no kind"):
        ledger.append("no\0ted", {}, now=NOW, **WHO)
    assert [*ledger.entries()] == []
    assert add(ledger, 1, "bob").seq == 1


def test_one_name_has_one_pseudonym_and_no_other_ledger_has_it(kept: Kept, ledger: Ledger) -> None:
    add(ledger, 1, "ada", "bob", "ada")
    add(ledger, 2, "ada")
    one, two = ledger.entries(names=False)
    ada, bob, again = one.body["who"]
    assert ada == again == two.body["who"][0] != bob
    assert "ada" not in str(one.body)
    assert b"ada" not in b"".join(each.encode() for each in ledger.exported()).replace(b'"actor":"ada"', b"")


# what was altered is found and named


def written(ledger: Ledger, entries: int = 6) -> None:
    for number in range(1, entries + 1):
        add(ledger, number, f"person{number}", at=NOW + number * DAY)


def test_a_whole_chain_is_told_with_its_last_hash(kept: Kept, ledger: Ledger) -> None:
    assert (ledger.verify().count, ledger.verify().vouched) == (0, False)
    written(ledger)
    whole = ledger.verify()
    last = [*ledger.entries()][-1]
    assert (whole.count, whole.last, whole.vouched) == (6, last.hash, True)
    assert kept.head.read_text() == f"6:{last.hash}\n"
    kept.head.unlink()
    assert not ledger.verify().vouched
    assert ledger.verify(f"4:{[*ledger.entries()][3].hash}").vouched


ALTERED = [
    ("update entries set entry = replace(entry, 'because', 'for fun') where seq = 3", "entry 3 was altered"),
    ("update entries set entry = replace(entry, '\"seq\":3', '\"seq\":4') where seq = 3", "entry 3 was altered"),
    ("update entries set kind = 'other' where seq = 3", "entry 3 was altered"),
    ("update entries set entry = 'no JSON' where seq = 3", "entry 3 was altered"),
    ("update entries set entry = '[]' where seq = 3", "entry 3 was altered"),
    ("update entries set hash = 'ff' where seq = 3", "entry 3 was altered"),
    ("delete from entries where seq = 3", "entry 3 was removed"),
    ("delete from entries where seq in (1, 2)", "entries 1 to 2 were removed"),
    ("delete from entries where seq > 4", "entries 5 to 6 were cut off"),
    ("delete from entries where seq = 6", "entry 6 was cut off"),
    ("delete from entries", "entries 1 to 6 were cut off"),
    ("update entries set seq = 9 where seq = 6", "entries 6 to 8 were removed"),
]


@pytest.mark.parametrize(("statement", "says"), ALTERED, ids=[says + str(n) for n, (_, says) in enumerate(ALTERED)])
def test_what_was_altered_is_named(kept: Kept, ledger: Ledger, statement: str, says: str) -> None:
    written(ledger)
    with pytest.raises(Exception, match="entries are only added"):
        kept.run(statement)
    kept.armed()
    kept.run(statement)
    with pytest.raises(TamperedError, match=says):
        ledger.verify()
    with pytest.raises(TamperedError, match=says):  # and is not lost by asking
        ledger.verify()


def test_an_altered_entry_is_not_acted_on(kept: Kept, ledger: Ledger) -> None:
    written(ledger)
    kept.armed()
    kept.run("update entries set entry = replace(entry, 'because', 'for fun') where seq = 3")
    with pytest.raises(TamperedError, match="entry 3 was altered"):
        [*ledger.entries()]


def rewritten(kept: Kept, entries: list[Entry]) -> None:
    """All of these anew with hashes that fit, as somebody would who knows how."""
    from serjeant.store import chain

    kept.run("delete from entries")
    before = chain.FIRST
    for seq, it in enumerate(entries, 1):
        row = chain.row(seq, it.at, it.actor, it.kind, it.reason, dict(it.body), before)
        kept.run(f"insert into entries (seq, kind, entry, hash) values ({row[0]}, '{row[1]}', '{row[2]}', '{row[3]}')")
        before = row[3]


def test_a_chain_that_was_made_anew_does_not_fit_the_head(kept: Kept, ledger: Ledger) -> None:
    for number in range(5):
        ledger.append("noted", {"n": number}, now=NOW, **WHO)
    entries = [*ledger.entries()]
    elsewhere = f"4:{entries[3].hash}"
    kept.armed()
    rewritten(kept, [*entries[:1], *entries[2:]])
    with pytest.raises(TamperedError, match="entry 5 was cut off"):
        ledger.verify()
    add(ledger, 9)  # what the file says is not written over by a chain that does not hold it
    with pytest.raises(TamperedError, match="entry 5 or one before it was replaced"):
        ledger.verify()
    kept.head.unlink()
    assert ledger.verify().count == 5
    with pytest.raises(TamperedError, match="entry 4 or one before it was replaced"):
        ledger.verify(elsewhere)


def test_an_entry_replaced_with_its_hash_does_not_fit_the_next(kept: Kept, ledger: Ledger) -> None:
    from serjeant.store import chain

    written(ledger)
    kept.armed()
    it = [*ledger.entries()][2]
    row = chain.row(3, it.at, "mallory", it.kind, it.reason, {}, it.before)
    kept.run(f"update entries set entry = '{row[2]}', hash = '{row[3]}' where seq = 3")
    with pytest.raises(TamperedError, match="entry 3 is not the one that entry 4 was written after"):
        ledger.verify()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "update names set name = '\"mallory\"' where name = '\"person2\"'",
            "the name that ~[0-9a-f]{12} stands for was altered",
        ),
        (
            "update names set name = 'mallory' where name = '\"person2\"'",
            "the name that ~[0-9a-f]{12} stands for was altered",
        ),
        (
            "update names set salt = 'zz' where name = '\"person2\"'",
            "the name that ~[0-9a-f]{12} stands for was altered",
        ),
        (
            "update names set key = 'ff' where name = '\"person2\"'",
            "the name that ~[0-9a-f]{12} stands for was altered",
        ),
        ("delete from names where name = '\"person2\"'", "the name that ~[0-9a-f]{12} stands for was removed"),
    ],
)
def test_a_name_that_was_altered_is_found_and_nobody_acts_on_it(
    kept: Kept, ledger: Ledger, statement: str, says: str
) -> None:
    written(ledger)
    kept.run(statement)
    with pytest.raises(TamperedError, match=says) as error:
        ledger.verify()
    hidden = [*ledger.entries(names=False)]
    assert hidden[1].body["who"][0] in str(error.value)
    if "altered" in says:
        with pytest.raises(TamperedError, match=says):
            [*ledger.entries()]


@pytest.mark.parametrize("text", ["nonsense", "6:abc", "0:" + "0" * 64, "\ud800", "6:" + "F" * 64])
def test_a_head_that_is_none_is_said(ledger: Ledger, text: str) -> None:
    written(ledger, 1)
    with pytest.raises(UnreadableError, match="--head: is no SEQ:HASH"):
        ledger.verify(text)


def test_an_export_can_be_gone_over_without_us(ledger: Ledger, tmp_path: Path) -> None:
    import hashlib

    written(ledger)
    before = "0" * 64
    for number, text in enumerate(ledger.exported(), 1):
        assert "\n" not in text
        it = json.loads(text)
        entry = it["entry"]
        assert hashlib.sha256(text[len('{"hash":"",') + 64 + len('"entry":') : -1].encode()).hexdigest() == it["hash"]
        again = json.dumps(entry, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(again.encode()).hexdigest() == it["hash"]
        assert (entry["seq"], entry["before"]) == (number, before)
        before = it["hash"]


# names are forgotten


def test_old_names_are_forgotten_and_the_chain_stays_whole(kept: Kept, ledger: Ledger) -> None:
    add(ledger, 1, "old.timer", "still.needed", "comes.again", at=NOW)
    add(ledger, 2, "comes.again", "new.comer", at=NOW + 10 * DAY)
    before = [each.hash for each in ledger.entries()]
    assert b"old.timer" in kept.files()

    def needed(entries: Iterable[Entry]) -> list[str]:
        return [name for it in entries for name in it.body.get("who", []) if "needed" in name]

    assert ledger.forget(NOW + 5 * DAY, needed=needed, now=NOW + 20 * DAY, **WHO) == 1
    one, two, told = ledger.entries()
    assert [one.hash, two.hash] == before
    assert re.fullmatch("~[0-9a-f]{12}", one.body["who"][0])
    assert one.body["who"][1:] == ["still.needed", "comes.again"]
    assert two.body["who"] == ["comes.again", "new.comer"]
    assert (told.kind, told.actor, told.reason, len(told.body["names"])) == ("forgot", "ada", "because", 1)
    assert ledger.verify().count == 3
    files = kept.files()
    assert b"old.timer" not in files
    assert b"new.comer" in files
    assert ledger.forget(NOW + 5 * DAY, needed=needed, now=NOW + 20 * DAY, **WHO) == 0
    assert ledger.verify().count == 3
    add(ledger, 4, "old.timer", at=NOW + 30 * DAY)
    one, _, _, again = ledger.entries(names=False)
    assert again.body["who"][0] != one.body["who"][0]
    assert [*ledger.entries()][3].body["who"] == ["old.timer"]


def test_a_name_removed_by_hand_is_not_taken_for_forgotten(kept: Kept, ledger: Ledger) -> None:
    add(ledger, 1, "ada", "bob", at=NOW)
    add(ledger, 2, "bob", at=NOW + DAY)
    assert ledger.forget(NOW + DAY, needed=nobody, now=NOW + DAY, **WHO) == 1
    ledger.verify()
    kept.run("delete from names")
    with pytest.raises(TamperedError, match="stands for was removed"):
        ledger.verify()


# time, processes, kills, full disks


def test_time_never_goes_back(ledger: Ledger) -> None:
    for at in (NOW, NOW - 300 * DAY, NOW + DAY, NOW + timedelta(seconds=1)):
        add(ledger, 1, at=at)
    assert [each.at for each in ledger.entries()] == [NOW, NOW, NOW + DAY, NOW + DAY]
    ledger.verify()


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from serjeant.store.ledger import Name, place

who, url, out, most = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
ledger = place(out, url)
for number in range(most):
    it = ledger.append("noted", {"who": Name(who), "n": number, "all": [Name("ada"), Name(f"{who} {number}")]},
        actor=who, reason="", now=datetime.now(UTC))
    print(it.seq, flush=True)
"""


def writer(kept: Kept, who: str, most: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-W", "error", "-c", WRITER, who, kept.url, str(kept.folder), str(most)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def test_several_processes_write_one_chain(kept: Kept) -> None:
    """They make it as well, all at once."""
    running = [writer(kept, f"writer{n}", 40) for n in range(4)]
    told = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0] * 4, told
    ledger = kept.open()
    entries = [*ledger.entries()]
    assert [each.seq for each in entries] == [*range(1, 161)]
    for process in range(4):
        mine = [each for each in entries if each.actor == f"writer{process}"]
        assert [each.body["n"] for each in mine] == [*range(40)]
        assert [int(line) for line in told[process][0].split()] == [each.seq for each in mine]
        assert all(each.body["all"] == ["ada", f"writer{process} {each.body['n']}"] for each in mine)
    assert ledger.verify() == ledger.verify(kept.head.read_text())
    assert kept.head.read_text().startswith("160:")
    ledger.close()


@pytest.mark.parametrize("number", range(6))
def test_killed_while_it_writes_each_entry_is_whole_or_not_there(kept: Kept, number: int) -> None:
    running = writer(kept, "killed", 100_000)
    assert running.stdout is not None
    first = running.stdout.readline()
    assert first == "1\n", running.communicate()
    time.sleep(0.03 * number + 0.007 * (os.getpid() % 7))
    running.send_signal(signal.SIGKILL)
    told = [1, *map(int, (each for each in running.communicate()[0].splitlines(keepends=True) if each.endswith("\n")))]
    ledger = kept.open()
    whole = ledger.verify()
    assert whole.vouched
    assert whole.count in (told[-1], told[-1] + 1)  # at most one that it had no time to tell of
    entries = [*ledger.entries()]
    assert [each.body["all"][1] for each in entries] == [f"killed {n}" for n in range(whole.count)]
    names = {each for it in entries for each in pseudonyms.names(it.body)}
    assert kept.run("select count(*) from names")[0][0] == len(names)
    assert add(ledger, 1).seq == whole.count + 1
    ledger.close()


def test_only_one_acts(kept: Kept, ledger: Ledger) -> None:
    other = kept.open()
    with ledger.acting():
        with pytest.raises(UnreadableError, match="another serjeant is acting; wait"), other.acting():
            pass
        add(other, 1)  # which keeps nobody from writing
        add(ledger, 2)
    with other.acting():
        pass
    other.close()
    assert ledger.verify().count == 2


ACTING = """
import sys, time
from pathlib import Path
from serjeant.store.ledger import place

with place(Path(sys.argv[2]), sys.argv[1]).acting():
    print("acting", flush=True)
    time.sleep(600)
"""


def test_who_dies_over_it_no_longer_acts(kept: Kept, ledger: Ledger) -> None:
    command = [sys.executable, "-c", ACTING, kept.url, str(kept.folder)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
    assert running.stdout is not None
    assert running.stdout.readline() == "acting\n"
    with pytest.raises(UnreadableError, match="another"), ledger.acting():
        pass
    running.send_signal(signal.SIGKILL)
    running.communicate()
    until = time.monotonic() + 30
    while True:  # a server takes a moment to see that its client is gone
        try:
            with ledger.acting():
                break
        except UnreadableError:
            assert time.monotonic() < until
            time.sleep(0.05)


def test_sixty_thousand_subjects_are_one_entry(kept: Kept, ledger: Ledger) -> None:
    """In bounded time: ten times as many take no more than about ten times as long."""

    def spent(number: int, prefix: str) -> float:
        body = {"subjects": [Name(f"{prefix}{n}") for n in range(number)]}
        began = time.perf_counter()
        ledger.append("began", body, now=NOW, **WHO)
        assert len([*ledger.entries()][-1].body["subjects"]) == number
        return time.perf_counter() - began

    spent(1_000, "warm")
    small = min(spent(6_000, f"few{n}.") for n in range(3))
    large = spent(60_000, "many")
    assert large < 40 * small
    began = time.perf_counter()
    add(ledger, 1, "many7")  # what is known already costs the next one nothing
    assert time.perf_counter() - began < large / 4
    assert ledger.verify().count == 6
    assert ledger.forget(NOW + DAY, needed=nobody, now=NOW + DAY, **WHO) == 79_000
    assert ledger.verify().count == 7


_FULL = """
mount -t tmpfs -o size=$1 serjeant-test "$2" || exit 99
shift 2
"$@"
"""
FILLS = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from serjeant.errors import UnreadableError
from serjeant.store.ledger import Name, place

out, now = Path(sys.argv[1]), datetime(2026, 6, 5, tzinfo=UTC)
ledger, added = place(out), 0
try:
    while True:
        ledger.append("noted", {"n": added, "who": [Name("x" * 5000 + str(added))]}, actor="ada", reason="", now=now)
        added += 1
except UnreadableError as error:
    print(error)
print(added, ledger.verify().count, len([*ledger.entries()]))
(out / "room").unlink()
print(ledger.append("noted", {"n": added}, actor="ada", reason="", now=now).seq, ledger.verify().count)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    fill = f"import pathlib; pathlib.Path({str(disk / 'room')!r}).write_bytes(bytes(200_000))\n"
    script = [
        "unshare",
        "--mount",
        "sh",
        "-c",
        _FULL,
        "sh",
        "600k",
        str(disk),
        sys.executable,
        "-c",
        fill + FILLS,
        str(disk),
    ]
    done = subprocess.run(script, capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    says, counts, after = done.stdout.splitlines()
    assert re.search(r"the ledger cannot be used: (database or )?disk is full; make room", says)
    added, verified, read = map(int, counts.split())
    assert added == verified == read > 3
    assert after == f"{added + 1} {added + 1}"


def test_a_server_that_comes_back_is_used_again(kept: Kept, server: postgres.Server) -> None:
    if kept.url.startswith("sqlite"):
        return
    ledger = kept.open()
    add(ledger, 1, "ada")
    server.end()
    with pytest.raises(UnreadableError, match="the ledger cannot be used"):
        add(ledger, 2)
    with pytest.raises(UnreadableError, match="the ledger cannot be used"):
        ledger.last_at()
    server.start()
    assert ledger.last_at() == NOW
    assert add(ledger, 2, "ada").seq == 2
    assert ledger.verify().count == 2
    ledger.close()


def test_whoever_approves_needs_only_to_read_and_to_add(kept: Kept, ledger: Ledger) -> None:
    if kept.url.startswith("sqlite"):
        return
    written(ledger, 2)
    role = f"web{next(_NUMBERS)}"
    kept.run(f"create role {role} login")
    kept.run(f"grant select, insert on entries, names to {role}")
    web = place(kept.folder, kept.url.replace(f"user={postgres.USER}", f"user={role}"))
    assert add(web, 3, "person1", "carol").seq == 3
    assert web.verify().count == 3
    with pytest.raises(UnreadableError, match="permission denied for table names"):
        web.forget(NOW + 9 * DAY, needed=nobody, now=NOW + 9 * DAY, **WHO)
    assert [*web.entries()][2].body["who"] == ["person1", "carol"]
    assert web.verify().count == 3
    web.close()


# places


def test_a_place_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is no database, " * 100)
    for url, says in (
        (f"sqlite:///{tmp_path}/text.db", "text.db: the ledger cannot be used: file is not a database"),
        (f"sqlite:///{tmp_path}", "the ledger cannot be used: unable to open"),
        ("postgresql://192.0.2.1:1/x?connect_timeout=1&host=/nowhere", "the ledger cannot be used"),
    ):
        with pytest.raises(UnreadableError, match=re.escape(says)) as error:
            place(tmp_path, url)
        assert "\n" not in str(error.value)
    for url in ("mysql://host/x", "sqlite:///", "ledger.db"):
        with pytest.raises(UsageError, match="no ledger's place"):
            place(tmp_path, url)
        with pytest.raises(UsageError, match="no ledger's place"):
            place(tmp_path, url, make=False)
    with pytest.raises(UnreadableError, match="there is no ledger here"):
        place(tmp_path, make=False)
    assert [each.name for each in tmp_path.iterdir()] == ["text.db"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:hunter2@db.example.org/ledger",
        "postgresql://db.example.org/ledger?password=hunter2",
        "postgresql://ada:hunter2%zz@db.example.org/ledger",
        "postgresql://db.example.org/ledger?hunter2",
    ],
)
def test_a_password_is_refused_and_never_said(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError) as error:
        place(tmp_path, url)
    assert "hunter2" not in str(error.value)


def test_lines_are_the_rows(ledger: Ledger) -> None:
    written(ledger, 2)
    for text, it in zip([*ledger.exported()], ledger.entries(), strict=True):
        assert text == line((it.seq, it.kind, text[len('{"hash":"') + 64 + len('","entry":') : -1], it.hash))
