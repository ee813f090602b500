"""What was approved is done once, is read back, and has its way back, whatever goes wrong in between."""

import multiprocessing
import signal
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acting import NIGHT, SOURCES, Faulty, acting, block, contain, main
from serjeant.contain import executor
from serjeant.contain.guardrails import Guarded
from serjeant.contain.targets import Target
from serjeant.errors import UnreadableError
from serjeant.model.measure import Measure


def test_done_once_and_taken_back_to_the_byte(tmp_path: Path) -> None:
    house = acting(tmp_path)
    door = tmp_path / "door.json"
    house.plan(block("P1.1", "192.0.2.99"))
    house.act()
    before = door.read_bytes()
    house.plan(block("P2.1", *SOURCES), contain("P2.2", "ada"))
    house.act()
    house.act()
    assert house.blocked() == {"192.0.2.99", *SOURCES}
    assert len(house.effects()) == 5  # nothing twice
    for uid in ("P2.1", "P2.2"):
        house.revert(uid)
    after = house.act()
    assert door.read_bytes() == before
    assert {uid: it.says for uid, it in after.measures.items()} == {
        "P1.1": "standing",
        "P2.1": "ended",
        "P2.2": "ended",
    }


def test_nothing_is_done_that_nobody_approved(tmp_path: Path) -> None:
    house = acting(tmp_path)
    house.plan(block("P1.1", *SOURCES), approvers=())
    house.plan(block("P2.1", *SOURCES), approvers=("bob", "bob"), needs=2)
    assert [it.says for it in house.act().measures.values()] == ["proposed", "proposed"]
    assert not house.effects()
    house.say("approved", {"plan": "P2", "measures": ["P2.1"]}, "eve")
    assert house.act().measures["P2.1"].says == "standing"


def test_simulated_says_and_does_not(tmp_path: Path) -> None:
    house = acting(tmp_path)
    house.simulate = True
    house.plan(block("P1.1", *SOURCES))
    it = house.act().measures["P1.1"]
    assert it.says == "simulated"
    assert it.simulated == ("turns 3 sources away, whatever the password",)
    assert not house.effects()


def test_it_ends_by_itself(tmp_path: Path) -> None:
    house = acting(tmp_path)
    house.plan(block("P1.1", *SOURCES, hours=4))
    house.act()
    house.now += timedelta(hours=4)
    assert house.act().measures["P1.1"].says == "ended"
    assert not house.blocked()


def test_extended_it_stands_longer_and_goes_back_to_what_was(tmp_path: Path) -> None:
    house = acting(tmp_path)
    house.plan(block("P1.1", *SOURCES, hours=4))
    house.act()
    house.say("extended", {"measure": "P1.1", "ends": (NIGHT + timedelta(hours=9)).isoformat()})
    house.act()
    house.now += timedelta(hours=5)
    assert house.act().measures["P1.1"].says == "standing"
    assert "2017-06-24T12:00:00" in (tmp_path / "door.json").read_text()
    house.now += timedelta(hours=5)
    assert house.act().measures["P1.1"].says == "ended"
    assert not (tmp_path / "door.json").exists()


def test_some_can_be_taken_back_alone(tmp_path: Path) -> None:
    house = acting(tmp_path)
    house.plan(block("P1.1", *SOURCES))
    house.act()
    house.revert("P1.1", SOURCES[0])
    house.act()
    assert house.act().measures["P1.1"].says == "standing"
    assert house.blocked() == set(SOURCES[1:])
    house.say("extended", {"measure": "P1.1", "ends": (NIGHT + timedelta(hours=9)).isoformat()})
    house.act()
    assert house.blocked() == set(SOURCES[1:])
    house.now += timedelta(hours=9)
    assert house.act().measures["P1.1"].says == "ended"
    assert house.effects().count(f"{SOURCES[0]} -") == 1
    assert not (tmp_path / "door.json").exists()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_measures_that_overlap_hold_what_any_of_them_holds(tmp_path: Path, data: st.DataObject) -> None:
    """Whatever order they come and go in, the door holds the union of those that stand, and in the end nothing."""
    folder = tmp_path / str(time.monotonic_ns())
    folder.mkdir()
    house = acting(folder)
    wanted: dict[str, tuple[set[str], float]] = {}
    for turn in range(data.draw(st.integers(2, 5))):
        uid = f"P{turn}.1"
        sources = data.draw(st.sets(st.sampled_from(SOURCES), min_size=1))
        hours = data.draw(st.sampled_from([1.0, 2.0, 3.0, 8.0]))
        house.plan(block(uid, *sorted(sources), hours=hours + (house.now - NIGHT) / timedelta(hours=1)))
        wanted[uid] = (sources, hours + (house.now - NIGHT) / timedelta(hours=1))
        house.act()
        if data.draw(st.booleans()):
            gone = data.draw(st.sampled_from(sorted(wanted)))
            house.revert(gone)
            del wanted[gone]
        house.now += timedelta(hours=data.draw(st.sampled_from([0, 1])))
        house.act()
        wanted = {uid: it for uid, it in wanted.items() if NIGHT + timedelta(hours=it[1]) > house.now}
        assert house.blocked() == {source for sources, _ in wanted.values() for source in sources}
        if not wanted:
            break
    house.now += timedelta(days=1)
    assert {it.says for it in house.act().measures.values()} == {"ended"}
    assert not (folder / "door.json").exists()


# Faults


def test_a_device_that_hangs_keeps_no_other_door_open(tmp_path: Path) -> None:
    (tmp_path / "slow").mkdir()
    slow = Faulty(tmp_path / "slow", hangs=3, seconds=0.5)
    house = acting(tmp_path)
    house.others = {"slow": Target("slow", slow.connector(), slow.settings, simulate=False)}
    house.plan(replace(block("P1.1", *SOURCES), target="slow"), block("P1.2", *SOURCES))
    began = time.monotonic()
    its = house.act().measures
    assert time.monotonic() - began < 2.5
    assert house.blocked() == set(SOURCES)
    assert its["P1.1"].says == "refused"
    assert "does not answer" in its["P1.1"].trouble
    time.sleep(3.5)
    assert not slow.folder.joinpath("door.json").exists()  # it came back when nobody waited, and did nothing more


def test_a_device_that_refuses_is_told_and_tried_again(tmp_path: Path) -> None:
    house = acting(tmp_path, refuses="connection refused")
    house.plan(block("P1.1", *SOURCES))
    it = house.act().measures["P1.1"]
    assert (it.says, it.trouble) == ("refused", "door: connection refused")
    house.device.refuses = ""
    assert house.act().measures["P1.1"].says == "standing"
    assert house.blocked() == set(SOURCES)


def test_a_device_that_lies_is_not_believed(tmp_path: Path) -> None:
    house = acting(tmp_path, lies=True)
    house.plan(block("P1.1", *SOURCES))
    it = house.act().measures["P1.1"]
    assert it.says == "partly"
    assert it.done == set()
    assert set(it.failed.values()) == {executor.LYING}
    house.device.lies = False
    assert house.act().measures["P1.1"].done == set(SOURCES)


def test_a_device_that_dies_half_way_is_finished_later(tmp_path: Path) -> None:
    house = acting(tmp_path, dies_after=1)
    house.plan(block("P1.1", *SOURCES))
    it = house.act().measures["P1.1"]
    assert (len(it.done), len(it.failed)) == (1, 2)
    assert set(it.failed.values()) == {"the line is gone"}
    house.device.dies_after = None
    assert house.act().measures["P1.1"].done == set(SOURCES)
    assert len(house.effects()) == 3
    house.revert("P1.1")
    house.act()
    assert not (tmp_path / "door.json").exists()


def test_what_is_so_already_by_another_hand_is_left_to_that_hand(tmp_path: Path) -> None:
    """We did not do it, so we do not undo it."""
    other = acting(tmp_path / "other")
    (tmp_path / "other").mkdir()
    other.plan(block("P1.1", SOURCES[0]))
    other.act()
    (tmp_path / "door.json").write_bytes((tmp_path / "other" / "door.json").read_bytes())
    house = acting(tmp_path)
    house.plan(block("P1.1", SOURCES[0]))
    assert house.act().measures["P1.1"].says == "standing"
    house.revert("P1.1")
    house.act()
    assert house.blocked() == {SOURCES[0]}


def test_what_somebody_changed_since_is_left_and_told(tmp_path: Path) -> None:
    house = acting(tmp_path)
    house.plan(block("P1.1", *SOURCES))
    house.act()
    door = tmp_path / "door.json"
    door.write_text(door.read_text().replace("2017-06-24T07:00", "2017-06-25T07:00", 1))
    house.revert("P1.1")
    it = house.act().measures["P1.1"]
    assert it.ended
    assert [set(step.lost.values()) for step in it.steps] == [{executor.KEPT}]
    assert len(house.blocked()) == 1


def test_never_block_that_was_added_since_holds_at_once(tmp_path: Path) -> None:
    house = acting(tmp_path)
    house.plan(block("P1.1", *SOURCES), block("P1.2", SOURCES[0]))
    house.keep = Guarded(never_block=("198.51.100.0/24",))
    its = house.act().measures
    assert house.blocked() == set(SOURCES[1:])
    assert its["P1.2"].trouble.startswith("held back by never_block: 198.51.100.7")


def test_many_accounts_in_an_hour_need_a_second_person(tmp_path: Path) -> None:
    house = acting(tmp_path)
    house.allowed = 3
    house.plan(contain("P1.1", "ada", "bob"))
    house.plan(contain("P2.1", "cleo", "dan"))
    its = house.act().measures
    assert (its["P1.1"].says, its["P2.1"].says) == ("standing", "refused")
    assert its["P2.1"].trouble == executor.SECOND
    house.say("approved", {"plan": "P2", "measures": ["P2.1"]}, "eve")
    assert house.act().measures["P2.1"].says == "standing"


def test_a_clock_that_is_set_back_brings_nothing_back(tmp_path: Path) -> None:
    house = acting(tmp_path)
    house.plan(block("P1.1", *SOURCES, hours=4))
    house.act()
    house.now += timedelta(hours=5)
    house.act()
    house.now -= timedelta(hours=5)
    house.plan(block("P2.1", SOURCES[0], hours=4.5))
    its = house.act().measures
    assert {it.says for it in its.values()} == {"ended"}
    assert not house.blocked()


def test_two_at_once_do_nothing_twice(tmp_path: Path) -> None:
    house = acting(tmp_path, hangs=0.3)
    house.plan(block("P1.1", *SOURCES))
    told: list[object] = []

    def run() -> None:
        try:
            house.act()
        except UnreadableError as error:
            told.append(str(error))

    both = [threading.Thread(target=run) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(told) == 1
    assert "another serjeant is acting" in str(told[0])
    assert len(house.effects()) == 3


def test_without_room_for_the_ledger_nothing_is_done(tmp_path: Path) -> None:
    house = acting(tmp_path)
    house.plan(block("P1.1", *SOURCES))
    ledger = house.ledger

    def full(*_: object, **__: object) -> None:
        raise UnreadableError("the ledger cannot be used: database or disk is full")

    ledger.append = full  # type: ignore[method-assign,assignment]
    with pytest.raises(UnreadableError, match="full"):
        house.executor(ledger).act()
    assert not house.effects()
    assert house.act().measures["P1.1"].says == "standing"


def test_killed_at_every_step_in_turn(tmp_path: Path) -> None:
    """Doing and undoing: whenever it dies, the next pass ends where an undisturbed one would have."""
    killed = 0
    for last in range(1, 100):
        folder = tmp_path / str(last)
        folder.mkdir()
        house = acting(folder)
        house.plan(block("P1.1", "192.0.2.99"))
        house.act()
        before = (folder / "door.json").read_bytes()
        house.plan(block("P2.1", *SOURCES), contain("P2.2", "ada"))
        done = _killed(folder, last)
        killed += not done
        its = house.act().measures
        assert {it.says for it in its.values()} == {"standing"}
        assert house.blocked() == {"192.0.2.99", *SOURCES}
        assert len(house.effects()) == len(set(house.effects())) == 5
        house.revert("P2.1")
        house.revert("P2.2")
        undone = _killed(folder, last)
        its = house.act().measures
        assert {uid: it.says for uid, it in its.items()} == {"P1.1": "standing", "P2.1": "ended", "P2.2": "ended"}
        assert (folder / "door.json").read_bytes() == before
        assert len(house.effects()) == len(set(house.effects())) == 9
        house.ledger.verify()
        if done and undone:
            break
    else:
        pytest.fail("it never came to its end")
    assert killed >= 20


def _killed(folder: Path, last: int) -> bool:
    """Whether it came to its end before it would have been killed; run by a process that never opened a ledger."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["acting"])
    process = context.Process(target=main, args=(folder, last))
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode == 0


def test_a_target_that_is_gone_from_the_settings_is_told(tmp_path: Path) -> None:
    house = acting(tmp_path)
    house.plan(Measure("P1.1", "block_source", "close", "elsewhere", SOURCES, NIGHT + timedelta(hours=1), "C1", "ada"))
    assert "no target 'elsewhere'" in house.act().measures["P1.1"].trouble
