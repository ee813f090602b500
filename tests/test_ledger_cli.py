"""``serjeant ledger``: names in clear are a look-up, hostile text does nothing, and what was altered is told."""

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from acting import NIGHT, Acting, acting, block, contain
from serjeant.cli import main
from serjeant.store.ledger import Name, place

Run = Callable[..., Result]
REPORT = "serjeant-report"
HOSTILE = "=cmd|' /C calc'!A0\x1b[2J\u202e\ud800\0"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def given(*arguments: str, input: bytes | None = None) -> Result:  # noqa: A002 - as click calls it
        result = CliRunner().invoke(main, ["ledger", *arguments], prog_name="serjeant", input=input)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return given


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Acting:
    """Two measures of accounts, one that has ended and one that stands, and one of sources; all by one clock."""
    (tmp_path / REPORT).mkdir()
    it = acting(tmp_path / REPORT)
    monkeypatch.setattr("serjeant.app.now", lambda: it.now)
    it.plan(contain("P1.1", "alice.fell", "bob.fell"), block("P1.2", "198.51.100.7"))
    it.plan(contain("P2.1", "carol.fell", hours=24 * 500))
    it.act()
    it.revert("P1.1")
    it.act()
    return it


def text(run: Run, *arguments: str) -> str:
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_entries_are_shown_with_pseudonyms(run: Run, house: Acting) -> None:
    told = text(run, "show")
    assert re.search(r"^    1  2017-06-24 03:00:00  ada +plan +P1 +because$", told, re.MULTILINE)
    assert re.search(r"^    2  2017-06-24 03:00:00  bob +approved +P1 +because$", told, re.MULTILINE)
    assert len(re.findall("~[0-9a-f]{12}", told)) > 4
    for form in ([], ["--json"], ["--csv"]):
        assert not re.search("alice|carol", text(run, "show", *form))
    assert [each.kind for each in house.ledger.entries(["looked_up"])] == []


def test_names_in_clear_are_an_entry_that_says_who_and_why(run: Run, house: Acting) -> None:
    before = house.ledger.verify().count
    told = text(run, "show", "--measure", "P1.1", "--names", "--reason", "whom to telephone")
    assert "alice.fell, bob.fell" in told
    (entry,) = house.ledger.entries(["looked_up"])
    assert (entry.seq, entry.reason, entry.body["measure"], entry.body["names"]) == (
        *(before + 1, "whom to telephone", "P1.1"),
        2,
    )
    assert entry.actor
    for wrong in (["--names"], ["--names", "--reason", " "], ["--reason", "x"]):
        assert run("show", *wrong).exit_code == 2
    assert house.ledger.verify().count == before + 1


def test_what_is_wanted_is_shown(run: Run, house: Acting) -> None:
    house.now += timedelta(days=1)
    house.say("approved", {"plan": "P2", "measures": ["P2.1"]}, "dora")

    def kinds(*arguments: str) -> list[str]:
        return [json.loads(line)["kind"] for line in text(run, "show", "--json", *arguments).splitlines()]

    assert kinds("--measure", "P1.1") == ["plan", "approved", "began", "receipt", "revert", "undone", "ended"]
    assert kinds("--measure", "P1") == kinds("--kind", "nonsense") == []
    assert kinds("--kind", "approved", "--kind", "revert") == ["approved", "approved", "revert", "approved"]
    assert kinds("--kind", "approved", "--since", "2017-06-25") == ["approved"]
    assert "no such entries" in run("show", "--since", "2099-01-01").stderr


def test_hostile_text_does_nothing(run: Run, house: Acting) -> None:
    house.ledger.append(
        "noted", {"measure": HOSTILE, "who": Name(HOSTILE), "why": HOSTILE}, actor=HOSTILE, reason=HOSTILE, now=NIGHT
    )
    clear = ("--names", "--reason", "a look", "--kind", "noted")
    for form in ([], ["--json"], ["--csv"]):
        told = text(run, "show", *form, *clear)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800]", told)
        assert told.count("\n") == (1 if form == ["--json"] else 2)
    (row,) = csv.DictReader(io.StringIO(text(run, "show", "--csv", *clear)))
    assert not [each for each in row.values() if each[:1] in ("=", "+", "-", "@")]
    assert json.loads(row["body"])["who"] == HOSTILE
    (entry,) = map(json.loads, text(run, "show", "--json", *clear).splitlines())
    assert (entry["reason"], entry["body"]["who"]) == (HOSTILE, HOSTILE)


def test_a_head_kept_elsewhere_shows_what_was_cut_off(run: Run, house: Acting) -> None:
    head = text(run, "verify").strip()
    assert head == f"{house.ledger.verify().count}:{house.ledger.verify().last}"
    house.say("noted", {})
    assert run("verify", "--head", head).exit_code == 0
    folder = Path(REPORT)
    for each in folder.glob("ledger.*"):
        each.unlink()
    house.say("noted", {})
    found = run("verify", "--head", head)
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.startswith("serjeant: serjeant-report/ledger.db: entries 2 to ")
    assert found.stderr.count("\n") == 1
    (folder / "ledger.head").unlink()
    assert "nothing shows whether later ones were cut off" in run("verify").stderr
    assert run("verify", "--head", "7").exit_code == 2


def test_an_altered_entry_is_told(run: Run, house: Acting) -> None:
    import sqlite3

    connection = sqlite3.connect(Path(REPORT, "ledger.db"), isolation_level=None)
    connection.execute("drop trigger no_update")
    connection.execute('update entries set entry = replace(entry, \'"actor":"bob"\', \'"actor":"eve"\') where seq = 2')
    connection.close()
    for command, status in (["verify"], 1), (["show"], 2), (["forget", "--keep", "1d"], 2):
        done = run(*command)
        assert (done.exit_code, done.stdout) == (status, "")
        assert done.stderr.startswith("serjeant: serjeant-report/ledger.db: entry 2 was altered; compare with a copy")


def test_an_export_is_gone_over_by_us_and_by_others(run: Run, house: Acting, tmp_path: Path) -> None:
    count = house.ledger.verify().count
    assert run("export", "out.jsonl").exit_code == 0
    file = tmp_path / "out.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    assert text(run, "export", "-") == "".join(lines)
    assert not re.search("alice|carol", "".join(lines))
    found = text(run, "verify", "--file", "out.jsonl").strip()
    assert found == text(run, "verify").strip() == f"{count}:{json.loads(lines[-1])['hash']}"
    assert run("verify", "--file", "-", input=file.read_bytes()).stdout.strip() == found
    for altered, says in (
        ([*lines[:3], *lines[4:]], "entry 4 was removed"),
        ([*lines[:3], lines[3].replace('"because"', '"for fun"'), *lines[4:]], "entry 4 was altered"),
        ([*lines[:3], "{}\n", *lines[4:]], "line 4 is no entry"),
        ([*lines[:3], "\xff\n", *lines[4:]], "line 4 is no entry"),
        (lines[:-1], f"entry {count} was cut off"),
    ):
        file.write_text("".join(altered), "latin-1")
        done = run("verify", "--file", "out.jsonl", "--head", found)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith(f"serjeant: out.jsonl: {says};")
    assert run("verify", "--file", "none.jsonl").exit_code == 2
    assert run("export", "no/such/folder.jsonl").exit_code == 2


def test_the_page_shows_how_others_go_over_an_export(run: Run, house: Acting, tmp_path: Path) -> None:
    """The very program that stands in docs/ledger.md."""
    page = (Path(__file__).parent.parent / "docs" / "ledger.md").read_text("utf-8")
    (program,) = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    run("export", "ledger.jsonl")
    sh = shutil.which("sh")
    assert sh

    def says() -> str:
        return subprocess.run([sh, "-c", program], cwd=tmp_path, capture_output=True, encoding="utf-8").stdout

    assert says() == ""
    file = tmp_path / "ledger.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join([*lines[:3], lines[3].replace('"because"', '"for fun"'), *lines[4:]]))
    assert says() == "line 4\n"
    file.write_text("".join([*lines[:3], *lines[4:]]))
    assert says() == "line 4\n"
    assert hashlib.sha256(lines[0][len('{"hash":"') + 64 + len('","entry":') : -2].encode()).hexdigest() in lines[0]


def test_names_are_forgotten_but_for_those_that_a_measure_needs(run: Run, house: Acting) -> None:
    house.now += timedelta(days=2)
    for wrong in ([], ["--keep", "1d", "--before", "2017-06-25"], ["--keep", "soon"], ["--before", "2017-06-27"]):
        assert run("forget", *wrong).exit_code == 2
    assert "0 names forgotten" in run("forget", "--before", "2017-06-24").stderr
    assert "2 names forgotten" in run("forget", "--before", "2017-06-25", "--reason", "the inquiry is closed").stderr
    told = text(run, "show", "--names", "--reason", "a look")
    assert not re.search("alice|bob\\.fell", told)
    assert "carol.fell" in told
    (entry,) = house.ledger.entries(["forgot"])
    assert entry.reason == "the inquiry is closed"
    assert text(run, "verify")
    standing = house.house().measures
    assert standing["P2.1"].measure.subjects == ("carol.fell",)
    assert standing["P1.1"].ended
    house.now = NIGHT + timedelta(days=600)
    house.act()
    assert house.house().measures["P2.1"].ended
    assert "0 names forgotten" in run("forget", "--keep", "30d").stderr
    house.now += timedelta(days=31)
    assert "1 names forgotten" in run("forget", "--keep", "30d").stderr


def test_a_way_back_that_was_handed_on_keeps_its_names(run: Run, house: Acting) -> None:
    """What the first found is what the second goes back to, though the first has ended."""
    door = Path(REPORT) / "door.json"
    told = json.loads(door.read_text())
    found = {**told["rules"]["contain_account"]["carol.fell"], "spares": ["zoe.spared"]}
    told["rules"]["contain_account"]["erin.fell"] = found
    door.write_text(json.dumps(told))
    house.plan(contain("P3.1", "erin.fell", hours=24 * 501))
    house.act()
    house.plan(contain("P4.1", "erin.fell", hours=24 * 502))
    house.act()
    house.revert("P3.1")
    house.act()
    assert house.house().measures["P3.1"].ended
    assert json.loads(door.read_text())["rules"]["contain_account"]["erin.fell"] != found
    house.now += timedelta(days=2)
    assert "2 names forgotten" in run("forget", "--before", "2017-06-26").stderr
    house.revert("P4.1")
    assert house.act().measures["P4.1"].says == "ended"
    assert json.loads(door.read_text())["rules"]["contain_account"]["erin.fell"] == found


def test_where_there_is_no_ledger_none_is_made(run: Run, tmp_path: Path) -> None:
    for command in (["verify"], ["show"], ["export", "x"], ["forget", "--keep", "1d"]):
        done = run(*command)
        assert done.exit_code == 2
        assert done.stderr == (
            "serjeant: serjeant-report/ledger.db: there is no ledger here; name the folder with --out\n"
        )
    assert [*tmp_path.iterdir()] == []


def test_the_settings_say_where_it_lies(run: Run, tmp_path: Path) -> None:
    it = place(tmp_path / REPORT, f"sqlite:///{tmp_path}/elsewhere.db")
    it.append("noted", {}, actor="ada", reason="", now=datetime(2026, 6, 5, tzinfo=UTC))
    it.close()
    (tmp_path / "serjeant.toml").write_text(f'ledger = "sqlite:///{tmp_path}/elsewhere.db"\n')
    assert text(run, "verify").startswith("1:")
    assert (tmp_path / REPORT / "ledger.head").exists()
