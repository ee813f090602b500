"""The proving ground: what is drawn, kept, shown and written of a run."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Cli
from serjeant.errors import UsageError
from serjeant.prove import document, page, proof
from serjeant.prove import judge as judging
from serjeant.prove.edge import edge
from serjeant.prove.logs import logs
from serjeant.prove.proof import Asked, prove
from serjeant.prove.sheet import Cell, Section, Sheet, Table, both, hours
from serjeant.prove.tasks import Task, every_attack, tasks, the_frontier
from serjeant.prove.whole import whole
from serjeant.proving import frontier, matrix
from serjeant.proving.bounds import BOUNDS, hold
from serjeant.proving.grade import Grade, Mark
from serjeant.proving.marks import CrewMarks, Marks, SourceMarks, Tier, Undecided
from serjeant.proving.spread import Spread, spread, wilson

SMALL = Task("A7", 100, accounts=200, days=7, rivals=False)


def perfect(world: str, seed: int = 100, *, fingerprints: bool = False) -> Marks:
    """What nobody could do better."""
    quiet = world == "clean"
    crew = CrewMarks("A", slow=False, hours=0.5, attempts=10, fallen=4, lost=0, pieces=1)
    return Marks(
        "serjeant",
        world,
        seed,
        2000,
        90.0 if quiet else 28.0,
        fingerprints=fingerprints,
        noise=4.0,
        crews=() if quiet else (crew,),
        sources=SourceMarks() if quiet else SourceMarks(20, 20, 0, 10, 10, 10, 10, 10, 0),
        tiers={} if quiet else {"confirmed": Tier(3, 3), "probable": Tier(1, 1)},
        fallen=0 if quiet else 4,
        found=0 if quiet else 4,
        undecided=None if quiet else Undecided(0, 0.5, 2, 1),
    )


def silent(world: str, seed: int = 100) -> Marks:
    """What somebody asleep would say."""
    crew = CrewMarks("A", slow=True, hours=None, attempts=500, fallen=4, lost=4)
    return replace(perfect(world, seed), crews=(crew,), sources=SourceMarks(many=10, few=10), tiers={}, found=0)


WORLDS = ["clean", "A1", "A7 expiry", "A8", frontier.name(1, 1), frontier.name(30, 1)]


def run_of(*marks: Marks) -> Sheet:
    return whole(marks, hold(marks), (), (), "serjeant prove")


# What is drawn


def test_every_attack_is_drawn_with_whatever_else_may_go_on() -> None:
    worlds = every_attack()
    assert len(set(worlds)) == len(worlds)
    for attack in matrix.ATTACKS:
        assert attack in worlds
        assert {f"{attack} {other}" for other in matrix.CONFOUNDERS if other != "quiet"} <= set(worlds)
    assert set(matrix.ADVERSARIES) <= {word for world in worlds for word in (world, world.partition(" ")[2])}


def test_clean_worlds_are_long_and_each_attack_is_drawn_with_fingerprints_too() -> None:
    wanted = tasks(["clean", "A7", "A7", "A7 single", "A7 monday", frontier.name(30, 1)], [100, 101], 500, rivals=True)
    assert [(each.world, each.days, each.fingerprints, each.rivals) for each in wanted if each.seed == 101] == [
        ("clean", 90, False, True),
        ("A7", 28, False, True),
        ("A7", 28, True, False),
        ("A7 single", 28, False, False),
        ("A7 monday", 28, False, True),
        ("frontier 30d x1", 28, False, False),
    ]
    assert len({each.name for each in wanted}) == len(wanted)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", each.name) for each in wanted)


def test_the_corners_of_the_frontier_are_worlds() -> None:
    assert len(the_frontier()) == len(frontier.EVERY) * len(frontier.USES)
    assert all(frontier.shape(world) is not None for world in the_frontier())


def test_a_world_that_is_not_there_is_one_clear_line(cli: Cli) -> None:
    with pytest.raises(UsageError):
        tasks(["A99"], [100], 500, rivals=False)
    ran = cli("prove", "--world", "A99")
    assert ran.returncode == 2
    assert "A99" in ran.stderr
    assert "Traceback" not in ran.stderr


# What is kept


def test_what_was_found_out_is_not_found_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = judging.judge(SMALL, tmp_path)
    assert [each.judge for each in once] == ["serjeant"]
    assert once[0].crews

    def draw(*_: object, **__: object) -> None:
        raise AssertionError("drawn again")

    with monkeypatch.context() as patch:
        patch.setattr(judging, "draw", draw)
        assert judging.judge(SMALL, tmp_path) == once
        (kept,) = tmp_path.rglob("*.json")
        kept.write_text("{")
        with pytest.raises(AssertionError):
            judging.judge(SMALL, tmp_path)
        monkeypatch.setattr(judging, "code", lambda: "other")
    again = judging.judge(SMALL, tmp_path)
    assert [replace(each, seconds=0.0) for each in again] == [replace(each, seconds=0.0) for each in once]


def test_other_code_judges_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / judging.code() / f"{SMALL.name}.json"
    place.parent.mkdir()
    place.write_text(json.dumps([perfect("A7").as_json()]))
    assert judging.judge(SMALL, tmp_path) == [perfect("A7")]
    monkeypatch.setattr(judging, "code", lambda: "newer")
    assert judging.judge(SMALL, tmp_path) != [perfect("A7")]


# What is said


def test_bounds_are_met_by_perfection_and_not_by_silence() -> None:
    good = hold([perfect(world, seed) for world in WORLDS for seed in (100, 101)])
    assert len(good) == len(BOUNDS)
    assert all(each.met for each in good)
    bad = hold([silent(world) for world in WORLDS[1:]])
    unmet = {each.bound.name for each in bad if not each.met}
    assert "crews found" in unmet
    assert "crews that are one campaign, with nobody else in it" in unmet
    assert len(unmet) >= 7


def test_one_bad_seed_of_many_is_a_bound_that_is_not_met() -> None:
    marks = [perfect("clean", seed) for seed in range(100, 110)]
    assert all(each.met for each in hold(marks))
    marks[3] = replace(marks[3], alarms=1, false_alarms=1)
    (alarms,) = [each for each in hold(marks) if not each.met]
    assert alarms.found is not None
    assert (alarms.found.median, alarms.found.n) == (0, 10)
    assert alarms.found.worst == pytest.approx(1 / 3)


def test_what_the_frontier_cannot_show_is_no_broken_promise() -> None:
    marks = [perfect("A1"), silent(frontier.name(90, 1))]
    assert all(each.met for each in hold(marks))
    assert not all(each.met for each in hold([perfect("A1"), silent(frontier.name(1, 1))]))


def test_the_frontier_says_where_it_ends() -> None:
    found = [perfect(frontier.name(every, 1), seed) for every in (1, 3, 10) for seed in (100, 101)]
    lost = [perfect(frontier.name(30, 1)), silent(frontier.name(30, 1), 101), silent(frontier.name(90, 1))]
    sentence, why = edge([*found, *lost]).says
    assert "down to one guess per account in 10 days (200 a day in all)" in sentence
    assert "of one guess per account in 30 days (66.7 a day in all), 1 of 2" in sentence
    assert "among 4 failures a day" in why
    reached, _ = edge(found).says
    assert "the end was not reached" in reached
    assert edge([perfect("A1")]).tables == ()


def test_a_rival_stands_beside_us_on_the_worlds_that_both_judged() -> None:
    rival = replace(silent("A1"), judge="rival", sources=SourceMarks(4, 2, 1, 10, 2, 10, 0, 4, 1))
    alone = perfect("A8")
    tables = {table.caption: table for each in run_of(perfect("A1"), rival, alone).sections for table in each.tables}
    rows = {cells[0].text: [cell.text for cell in cells[1:]] for cells in tables["In attacks"].rows}
    assert rows["serjeant"] == ["1 of 1", "30 min", "0 %", "100 %", "100 %", "0 %"]
    assert rows["rival"] == ["0 of 1", "never", "100 %", "20 %", "0 %", "25 %"]


def test_worlds_that_were_read_back_stand_in_the_page() -> None:
    good = Grade("quiet", 100, (Mark("verdict", "quiet", "quiet"), Mark("told of", "3")))
    bad = Grade("quiet", 101, (Mark("verdict", "attack", "quiet", met=False), Mark("told of", "4")))
    (table,) = logs([good, bad]).tables
    assert [[cell.text for cell in cells] for cells in table.rows] == [
        ["verdict", "quiet", "quiet", "1 of 2"],
        ["told of", "–", "3", ""],
    ]
    assert table.rows[0][-1].state == "unmet"
    assert logs([good]).tables[0].rows[0][-1].state == "met"
    assert not logs([]).says


def test_an_exit_status_tells_of_a_bound_that_is_not_met(monkeypatch: pytest.MonkeyPatch) -> None:
    def judged(marks: Sequence[Marks]) -> bool:
        monkeypatch.setattr(proof, "run", lambda *_: list(marks))
        return prove(Asked((), ["A7"], [100], rivals=False))

    assert judged([perfect("A1")])
    assert not judged([silent("A1")])


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.2, "12 min"), (3.25, "3.2 h"), (24.0, "24 h"), (96.0, "4 days"), (inf, "never"), (None, "–")],
)
def test_delays_read_as_people_say_them(value: float | None, told: str) -> None:
    assert hours(value) == told


def test_the_worst_is_told_where_it_is_another() -> None:
    assert both(spread([0.0, 1.0, 2.0], low=True)) == "1 (2)"
    assert both(spread([1.0, 1.0], low=True)) == "1"
    assert both(spread([None], low=True)) == "–"
    assert spread([0.2, 0.9, 0.5], low=False) == Spread(0.5, 0.2, 3)


@given(whole=st.integers(1, 5000), share=st.floats(0, 1))
def test_wilsons_interval_holds_the_share_and_narrows(whole: int, share: float) -> None:
    part = round(share * whole)
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole + 1e-9
    assert part / whole - 1e-9 <= high <= 1
    wider = wilson(part, whole)
    narrower = wilson(part * 10, whole * 10)
    assert narrower[1] - narrower[0] < wider[1] - wider[0]


def test_wilsons_interval_as_published() -> None:
    """Newcombe 1998, table I, method 3."""
    assert [round(each, 4) for each in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(each, 4) for each in wilson(15, 148)] == [0.0624, 0.1605]
    assert [round(each, 4) for each in wilson(0, 20)] == [0.0, 0.1611]
    assert [round(each, 4) for each in wilson(1, 29)] == [0.0061, 0.1718]


# What is written


class Tags(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or name in {"src", "href"} for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


HOSTILE = '<script>alert(1)</script> | " &'


def test_the_page_runs_nothing_and_asks_nobody() -> None:
    table = Table(HOSTILE, (HOSTILE, HOSTILE), ((Cell(HOSTILE), Cell(HOSTILE, "met", 0.5)),), HOSTILE)
    sheet = Sheet(HOSTILE, HOSTILE, HOSTILE, ((HOSTILE, HOSTILE),), (Section(HOSTILE, (HOSTILE,), (table,)),))
    text = page.render(sheet)
    tags = Tags()
    tags.feed(text)
    assert "script" not in tags.tags
    assert "default-src 'none'" in text
    assert "http:" not in text
    assert tags.text.count("alert(1)") == 14
    told = document.render(sheet)
    rows = [line for line in told.splitlines() if line.startswith("|")]
    assert all("<script" not in row and len(re.findall(r"(?<!\\)\|", row)) == 3 for row in rows)


def test_the_page_and_the_document_say_what_was_measured(tmp_path: Path, cli: Cli) -> None:
    html, markdown = tmp_path / "page.html", tmp_path / "page.md"
    words = ["--world", "A7", "--world", "clean", "--seeds", "1", "--accounts", "200", "--no-rivals"]
    ran = cli("prove", *words, "--json", "--html", html, "--markdown", markdown, timeout=300)
    told = json.loads(ran.stdout)
    assert ran.returncode == (0 if all(each["met"] for each in told["bounds"]) else 1), ran.stderr
    assert {(each["world"], each["fingerprints"]) for each in told["marks"]} == {
        ("A7", False),
        ("A7", True),
        ("clean", False),
    }
    tags = Tags()
    tags.feed(html.read_text("utf-8"))
    text = markdown.read_text("utf-8")
    for bound in told["bounds"]:
        state = "not asked" if "worst" not in bound else "met" if bound["met"] else "**not met**"
        assert re.search(rf"^\| {re.escape(bound['name'])} \|.* {re.escape(state)} \|$", text, re.MULTILINE)
        assert bound["name"] in tags.text
    assert "serjeant prove --world A7" in text
    assert "serjeant prove --world A7" in tags.text


def test_a_page_that_cannot_be_written_is_said_at_once(tmp_path: Path, cli: Cli) -> None:
    ran = cli("prove", "--matrix", "--html", tmp_path / "nowhere" / "page.html", timeout=20)
    assert ran.returncode == 2
    assert "nowhere" in ran.stderr
    assert "Traceback" not in ran.stderr
