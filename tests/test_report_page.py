"""``report.html``: one file, no script, no request, every claim with its log line."""

import dataclasses
import os
import re
import subprocess
import sys
import time
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from example_incident import HOSTILE, attack, quiet
from serjeant.model.account import Account
from serjeant.model.assessment import Reason
from serjeant.model.finding import Evidence
from serjeant.model.incident import Incident, Read
from serjeant.report import wall
from serjeant.report.text import plain
from serjeant.report.writers import cells, page
from test_report_document import EMPTY, SMALL
from test_report_text import ANY_TEXT

VOID = {"meta", "br", "link", "img", "hr", "input", "source", "wbr", "col", "base", "area", "embed", "track"}


class Reader(HTMLParser):
    """Reads a page strictly: every element closed, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.charts_with_table = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.extend((tag, name, value or "") for name, value in attrs)
        if tag == "table" and self.open[-3:-1] == ["figure", "details"]:
            self.charts_with_table += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.extend((tag, name, value or "") for name, value in attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    assert not reader.faults
    return reader


@pytest.fixture(scope="module")
def attacked() -> tuple[Incident, str]:
    incident = attack()
    return incident, page.render(incident)


@pytest.mark.parametrize("incident", [attack(), quiet(), EMPTY], ids=["attack", "quiet", "empty"])
def test_it_is_whole_and_asks_for_nothing(incident: Incident) -> None:
    html = page.render(incident)
    seen = read(html)
    assert "<script" not in html.lower()
    assert not {
        tag for tag in seen.tags if tag in {"script", "link", "img", "iframe", "object", "embed", "base", "form", "i"}
    }
    fetching = {"src", "href", "xlink:href", "srcset", "poster", "data", "action", "background"}
    targets = [value for _, name, value in seen.attributes if name in fetching]
    assert all(re.fullmatch(r"#[\w.-]+", it) for it in targets), targets
    assert not [name for _, name, _ in seen.attributes if name.startswith("on")]
    style = "".join(value for _, name, value in seen.attributes if name in ("style", "clip-path")) + html
    assert not re.findall(r"url\((?!#)|@import", style)
    assert not re.findall(r"https?://", html)
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert ("meta", "content", policy) in seen.attributes


def test_ids_are_unique_and_links_lead_somewhere(attacked: tuple[Incident, str]) -> None:
    seen = read(attacked[1])
    ids = [value for _, name, value in seen.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    links = {value[1:] for _, name, value in seen.attributes if name in ("href", "xlink:href")}
    links |= set(re.findall(r"url\(#([^)]+)\)", attacked[1]))
    assert links <= set(ids)


def test_every_chart_is_named_and_has_its_table(attacked: tuple[Incident, str]) -> None:
    incident, html = attacked
    seen = read(html)
    charts = 2 + len(incident.campaigns)
    assert html.count('<svg class="chart" role="img" aria-label="') == charts
    assert seen.charts_with_table == charts
    assert seen.tags["title"] >= charts + 1


def test_the_answers_come_in_their_order(attacked: tuple[Incident, str]) -> None:
    text = read(attacked[1]).text
    order = (
        "Attack on all accounts", "How sure?", "Is this an attack?", "When it happened", "On whom", "Every account",
        "By whom", "The accounts that fell", "Accounts under suspicion", "What was set aside", "What was read",
    )  # fmt: skip
    places = [text.rindex(it) if it == "By whom" else text.index(it) for it in order if it != "On whom"]
    assert places == sorted(places)


def test_every_fallen_account_stands_there_with_a_log_line(attacked: tuple[Incident, str]) -> None:
    incident, html = attacked
    articles = html.split('<article class="account">')[1:]
    fallen = [it for it in incident.accounts if it.assessment == "compromised"]
    for it, article in zip(fallen, articles, strict=False):
        text = read(article.split("</article>")[0]).text
        assert plain(it.account, 64) in text
        assert it.why[1].log in text
        assert it.certainty in text


def test_a_log_line_is_shown_however_many_reasons_come_before() -> None:
    incident = attack(size=60, sources=4, campaigns=1, fallen=1)
    why = (*(Reason(f"Reason {index}.") for index in range(30)), Reason("The last.", "mail.log:99"))
    fallen = dataclasses.replace(incident.accounts[0], why=why)
    text = read(page.render(dataclasses.replace(incident, accounts=(fallen,)))).text
    assert "mail.log:99" in text
    assert "22 more reasons" in text


def test_long_lists_are_cut_and_counted() -> None:
    text = read(page.render(attack(sources=2_500, campaigns=1))).text
    assert "2,303 more sources: see incident.json" in text
    assert text.count("never block whole") == 3


def test_names_are_text_and_nothing_else(attacked: tuple[Incident, str]) -> None:
    text = read(attacked[1]).text
    for name in HOSTILE:
        assert plain(name, 64) in text
    assert all(it.isprintable() for it in attacked[1].split("\n"))
    assert "{{ 7 * 7 }}" in text


def test_the_wall_counts_every_account(attacked: tuple[Incident, str]) -> None:
    incident, html = attacked
    built = wall.build(incident)
    assert built.whole.size == len(incident.directory)
    assert built.whole.counts[:2] == (26, 4)
    assert built.whole.tried == len(incident.tried)
    text = read(html).text
    for state, count in zip(wall.STATES, built.whole.counts, strict=True):
        assert f"{count} {state}" in text


@given(st.tuples(*[st.integers(0, 400)] * 4), st.sampled_from([1, 2, 4, 7, 9]))
def test_the_wall_draws_a_cell_for_every_account(counts: tuple[int, int, int, int], side: int) -> None:
    drawn = cells.draw(wall.Block("x", counts), side)
    paths = dict(re.findall(r'<path class="(\w+)"[^>]* d="([^"]+)"', drawn))
    for index, (state, count) in enumerate(zip(wall.STATES, counts, strict=True)):
        size = max(side, 7) if index < 2 else side
        gap = 0 if size < 4 else 1 if size < 9 else 2
        strokes = [int(it) for it in re.findall(r"h(\d+)", paths.get(state, ""))]
        assert sum((it + gap) // size for it in strokes) == count


@pytest.mark.parametrize("size", [9_000, 500_000])
def test_the_wall_stays_small(size: int) -> None:
    directory = tuple(Account(f"u{index}", department=f"d{index % 700}") for index in range(size))
    incident = dataclasses.replace(EMPTY, directory=directory, tried=frozenset(f"u{it}" for it in range(0, size, 2)))
    built = wall.build(incident)
    assert len(built.blocks) == 40
    assert built.blocks[-1].name == "661 smaller departments"
    assert built.whole.size == size
    side = cells.pitch(size)
    assert sum(len(cells.draw(it, side)) for it in built.blocks) < 500_000


def test_totals_add_up(attacked: tuple[Incident, str]) -> None:
    for html in (attacked[1], page.render(quiet())):
        tables = re.findall(r"<table>\s*<thead>.*?</table>", html[html.index('<section id="read">') :], re.DOTALL)
        summed = [it for it in tables if "<tfoot>" in it]
        assert summed
        for table in summed:
            *parts, whole = (int(it.replace(",", "")) for it in re.findall(r'<td class="n">([\d,]+)</td>', table))
            assert sum(parts) == whole


def test_unread_lines_of_one_log_are_summed(attacked: tuple[Incident, str]) -> None:
    assert re.search(r"<td>vpn-\\x1b\[31m\.log</td><td class=\"n\">1,000</td>", attacked[1])


def test_only_the_page_needs_heavy_libraries() -> None:
    code = (
        "import sys, serjeant.report.writers.document, serjeant.report.writers.screen;"
        "sys.exit(bool({'matplotlib', 'jinja2', 'numpy', 'pyarrow', 'jsonschema'} & set(sys.modules)))"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )


def test_quiet_is_calm() -> None:
    text = read(page.render(quiet())).text
    assert "No password guessing was found in 61,204 sign-ins of 909 accounts" in text
    assert "What was looked at" in text
    assert "What was set aside" in text
    for alarm in ("compromised", "By whom\n", "The accounts that fell"):
        assert alarm not in text


def test_nothing_read_is_not_called_quiet() -> None:
    text = read(page.render(dataclasses.replace(EMPTY, read=Read(files=1, lines=9, unparsed=9)))).text
    assert "Nothing can be said" in text
    assert "Quiet" not in text


def test_without_a_directory_nobody_claims_to_know_all() -> None:
    incident = attack(size=60, sources=4, campaigns=1, fallen=1)
    coverage = dataclasses.replace(incident.campaigns[0].coverage, directory=0, all_accounts=False)
    campaign = dataclasses.replace(incident.campaigns[0], coverage=coverage)
    text = read(page.render(dataclasses.replace(incident, directory_given=False, campaigns=(campaign,)))).text
    assert "No directory was given" in text
    assert "All of us" not in text.replace("On whom? All of us?", "")


@settings(max_examples=12, deadline=None)
@given(ANY_TEXT)
def test_any_name_is_text(attacked: tuple[Incident, str], name: str) -> None:
    incident = SMALL
    fallen = dataclasses.replace(
        incident.accounts[0], account=name, sources=(name,), reaches=(name,), why=(Reason(name, name),)
    )
    campaign = dataclasses.replace(
        incident.campaigns[0],
        classes=(name,),
        tempo=(),
        sources=(name, "192.0.2.1"),
        shared_sources=(),
        evidence=(Evidence(name, name, {name: name}),),
        tools=(dataclasses.replace(incident.campaigns[0].tools[0], name=name),),
    )
    someone = dataclasses.replace(incident.directory[0], department=name)
    unread = dataclasses.replace(incident.read.unread[0], log=name, says=name, example=name)
    html = page.render(
        dataclasses.replace(
            incident,
            accounts=(fallen,),
            campaigns=(campaign,),
            directory=(someone, *incident.directory[1:]),
            read=dataclasses.replace(incident.read, unread=(unread,), ignored_by={name: 1}),
        )
    )
    assert all(it.isprintable() for it in html.split("\n"))
    assert set(read(html).tags) <= set(read(attacked[1]).tags)


def test_the_same_incident_gives_the_same_page(attacked: tuple[Incident, str]) -> None:
    assert page.render(attacked[0]) == attacked[1]


def test_nine_thousand_accounts_take_little_time_and_room() -> None:
    incident = attack(size=9_000, sources=2_500)
    begin = time.process_time()
    html = page.render(incident)
    assert time.process_time() - begin < 3
    assert len(html) < 1_000_000


def _luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(it * 2 for it in colour[1:])
    parts = (int(full[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1, 2], ids=["light", "dark", "print"])
def test_colours_can_be_read(theme: int) -> None:
    """WCAG 2.2 AA: text 4.5 to 1, graphical objects 3 to 1."""
    css = files("serjeant.report.writers").joinpath("templates/report.css").read_text("utf-8")
    rules = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", rules[theme]))
    for ground in ("paper", "card"):
        for text in ("ink", "muted", "hot", "calm", "cool"):
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for drawn in ("suspected", "tried", "untouched"):
        assert _contrast(colours[drawn], colours["paper"]) >= 3, drawn
