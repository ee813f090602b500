"""The command connector, with programs as somebody would write them, and with bad ones."""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from serjeant.contain.connector import RefusedError
from serjeant.contain.connectors.command import CONNECTOR, CommandSettings
from serjeant.contain.targets import Target
from serjeant.model.measure import Change, Measure, agrees

NOW = datetime.now(UTC).replace(microsecond=0)
ENDS = NOW + timedelta(hours=1)
WANTED = ("198.51.100.7", "2001:db8:1::/64")

DEVICE = """
import json, pathlib, sys
what, held = sys.argv[1], pathlib.Path(sys.argv[2])
door = json.loads(held.read_text())
for line in sys.stdin:
    row = json.loads(line)
    name = row["action"] + " " + row["subject"]
    if what == "check":
        if name in door:
            print(json.dumps({"subject": row["subject"], **door[name]}))
    elif "refuse" in row["subject"]:
        print(json.dumps({"subject": row["subject"], "why": "not\\x1b[31m that one"}))
    elif what == "do":
        door[name] = {key: value for key, value in row["after"].items() if key != "done"}
    else:
        del door[name]
print(what, "ready")
held.write_text(json.dumps(door, sort_keys=True))
"""


@pytest.fixture
def door(tmp_path: Path) -> Path:
    held = tmp_path / "door.json"
    held.write_text("{}")
    return held


@pytest.fixture
def settings(tmp_path: Path, door: Path) -> CommandSettings:
    program = tmp_path / "device.py"
    program.write_text(DEVICE)
    do, undo, check = ((sys.executable, str(program), each, str(door)) for each in ("do", "undo", "check"))
    return CommandSettings(("block_source", "close_remote", "end_sessions"), do, undo, check, ends=True)


def measure(action: str, *subjects: str, spares: tuple[str, ...] = (), ends: datetime = ENDS) -> Measure:
    return Measure("P1.1", action, "close", "device", subjects, ends, "a test", "carol", spares)


def planned(settings: CommandSettings, it: Measure) -> list[Change]:
    return CONNECTOR.changes(settings, it, CONNECTOR.read(settings, it))


def carry_out(settings: CommandSettings, it: Measure) -> Change:
    """As the executor does it: read, change, read back; and asked again, there is nothing to do."""
    (done,) = planned(settings, it)
    CONNECTOR.run(settings, done.do, it.ends, NOW)
    state = CONNECTOR.read(settings, it)
    assert all(agrees(state[name], shape) for name, shape in done.do.after.items())
    CONNECTOR.run(settings, done.do, it.ends, NOW)
    assert planned(settings, it) == []
    return done


def take_back(settings: CommandSettings, done: Change) -> None:
    assert done.undo is not None
    CONNECTOR.run(settings, done.undo, ENDS, NOW)


def test_it_is_done_checked_and_taken_back(settings: CommandSettings, door: Path) -> None:
    done = carry_out(settings, measure("block_source", *WANTED))
    until = ENDS.isoformat()
    assert json.loads(door.read_text()) == {f"block_source {name}": {"until": until} for name in WANTED}
    longer = carry_out(settings, measure("block_source", WANTED[0], ends=ENDS + timedelta(hours=1)))
    take_back(settings, longer)
    assert json.loads(door.read_text()) == {f"block_source {name}": {"until": until} for name in WANTED}
    take_back(settings, done)
    assert door.read_text() == "{}"
    assert done.quality == "lossy"
    assert "198.51.100.7" not in done.says


def test_what_has_no_subjects_says_whom_it_spares(settings: CommandSettings, door: Path) -> None:
    done = carry_out(settings, measure("close_remote", spares=("192.0.2.0/24", "carol")))
    (held,) = json.loads(door.read_text()).values()
    assert held["spares"] == ["192.0.2.0/24", "carol"]
    take_back(settings, done)
    assert door.read_text() == "{}"


def test_what_it_refuses_is_named_and_the_rest_is_done(settings: CommandSettings) -> None:
    (change,) = planned(settings, measure("end_sessions", "alice", "refuse me"))
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(settings, change.do, ENDS, NOW)
    assert refused.value.each == {"refuse me": "not\N{REPLACEMENT CHARACTER}[31m that one"}
    state = CONNECTOR.read(settings, measure("end_sessions", "alice", "refuse me"))
    assert state["alice"] is not None
    assert state["refuse me"] is None


def test_what_was_changed_by_hand_is_left_and_named(settings: CommandSettings, door: Path) -> None:
    done = carry_out(settings, measure("block_source", *WANTED))
    text = door.read_text().replace(ENDS.isoformat(), "for ever", 1)
    door.write_text(text)
    with pytest.raises(RefusedError) as refused:
        take_back(settings, done)
    assert list(refused.value.each.values()) == ["somebody changed it meanwhile"]
    assert list(json.loads(door.read_text()).values()) == [{"until": "for ever"}]


def test_names_are_never_options_lines_or_commands(settings: CommandSettings, door: Path) -> None:
    hostile = ("$(touch x)", "-rf", 'a"\n{"subject": "bob"}', "\x1b[2J", "\udcff", "a" * 1_000_000, "`id`;|&")
    done = carry_out(settings, measure("end_sessions", *hostile))
    assert set(json.loads(door.read_text())) == {f"end_sessions {name}" for name in hostile}
    take_back(settings, done)
    assert door.read_text() == "{}"


def test_without_a_check_it_says_that_it_was_not_read_back(settings: CommandSettings, door: Path) -> None:
    blind = replace(settings, check=())
    assert Target("device", CONNECTOR, settings, simulate=False).reads_back
    assert not Target("device", CONNECTOR, blind, simulate=False).reads_back
    (done,) = planned(blind, measure("block_source", *WANTED))
    CONNECTOR.run(blind, done.do, ENDS, NOW)
    assert len(json.loads(door.read_text())) == 2
    take_back(blind, done)
    assert door.read_text() == "{}"


def test_without_a_way_back_there_is_none(settings: CommandSettings) -> None:
    done = carry_out(replace(settings, undo=()), measure("end_sessions", "alice"))
    assert (done.undo, done.quality) == (None, "one-way")
    assert "undo it by hand" in done.loses


HANGS = "import os, time; open('{folder}/pid', 'w').write(str(os.getpid())); time.sleep(60)"


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.mark.parametrize(
    ("check", "says"),
    [
        (lambda _: ("/nowhere/device",), "No such file"),
        (lambda _: python("import sys; sys.exit('the wall\\x1b[0m is down')"), "the wall.*is down"),
        (lambda _: python("print('{')"), "looks like JSON"),
        (lambda _: python("print('{\"subject\": 7}')"), "words that we do not know"),
        (
            lambda folder: python(
                f"import time, os; open('{folder}/pid', 'w').write(str(os.getpid())); time.sleep(60)"
            ),
            "within",
        ),
        (lambda _: python("while True: print('{' + 'a' * 1000000)"), "without end"),
    ],
    ids=["missing", "fails", "rubbish", "other-words", "hangs", "endless"],
)
def test_a_program_that_fails_hangs_or_prints_rubbish(
    settings: CommandSettings, tmp_path: Path, check: Callable[[Path], tuple[str, ...]], says: str
) -> None:
    bad = replace(settings, check=check(tmp_path), seconds=2.0)
    began = time.monotonic()
    with pytest.raises(RefusedError, match=says) as refused:
        CONNECTOR.read(bad, measure("block_source", *WANTED))
    assert time.monotonic() - began < 10
    assert str(refused.value).isprintable()
    if (tmp_path / "pid").exists():
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)


def test_settings_that_cannot_be_meant() -> None:
    for wrong in ({"actions": ()}, {"actions": ("shout",)}, {"do": ()}, {"seconds": 1e9}):
        with pytest.raises(ValueError, match=r"action|do names|seconds"):
            replace(CommandSettings(("arm",), ("true",)), **wrong)
    assert Target("device", CONNECTOR, CommandSettings(("arm",), ("true",)), simulate=False).actions == ("arm",)
