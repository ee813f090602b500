"""The screen: all four answers on 80 by 40, whatever the names."""

import dataclasses
import io

import pytest
from hypothesis import given, settings
from rich.cells import cell_len
from rich.console import Console

from example_incident import attack, quiet
from serjeant.model.incident import Incident, Read, Unread
from serjeant.report.writers.screen import render
from test_report_document import EMPTY, SMALL
from test_report_text import ANY_TEXT


def shown(incident: Incident, *, width: int = 80, terminal: bool = False, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    console = Console(
        file=file, width=width, height=40, force_terminal=terminal, color_system="standard" if terminal else None
    )
    render(incident, out="./serjeant-report/", console=console)
    file.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("campaigns", [1, 5, 40])
@pytest.mark.parametrize("fallen", [0, 26, 400])
def test_an_attack_fits_one_screen(campaigns: int, fallen: int) -> None:
    incident = attack(campaigns=campaigns, fallen=fallen)
    lines = shown(incident).splitlines()
    assert len(lines) <= 39
    assert max(map(cell_len, lines)) <= 80
    assert all(line.isprintable() for line in lines)


def test_it_answers_the_four_questions() -> None:
    text = shown(attack())
    assert text.startswith("ATTACK ON ALL ACCOUNTS\n")
    assert "904 of 909 accounts (99.4 %)" in text
    assert "1  Yes." in text
    assert "2  All of us." in text
    assert "3  5 campaigns." in text
    assert "4  26 accounts. 19 confirmed, 7 probable" in text
    assert "since 5 Jun 2017 09:12 UTC" in text
    assert r"\x1b[2Jnobody" in text
    assert "./serjeant-report/" in text
    assert "1,012 lines and 1 file" in text


def test_what_does_not_fit_is_counted() -> None:
    incident = attack()
    lines = shown(incident).splitlines()
    named = sum(" confirmed " in line or " probable " in line for line in lines if line.startswith("   "))
    assert named >= 10
    assert f"   and {len(incident.accounts) - named} more accounts: see report.html" in lines


def test_quiet_is_short_and_calm() -> None:
    text = shown(quiet())
    assert text.startswith("QUIET\n")
    assert "1  No." in text
    assert "61,204 sign-ins of 909 accounts" in text.replace("\n", " ")
    assert len(text.splitlines()) < 20


def test_nothing_read_is_not_called_quiet() -> None:
    text = shown(dataclasses.replace(EMPTY, read=Read(files=1, lines=9, unparsed=9)))
    assert "NOTHING CAN BE SAID" in text
    assert "QUIET" not in text


def test_colour_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1;31m" in shown(attack(), terminal=True)
    assert "\x1b" not in shown(attack())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31m" not in shown(attack(), terminal=True)


def test_a_terminal_of_letters_only() -> None:
    lines = shown(attack(), encoding="ascii").splitlines()
    assert len(lines) <= 39
    assert max(map(len, lines)) <= 80


@settings(max_examples=60, deadline=None)
@given(ANY_TEXT)
def test_any_name_is_safe(name: str) -> None:
    incident = SMALL
    fallen = dataclasses.replace(incident.accounts[0], account=name, sources=(name,))
    campaign = dataclasses.replace(incident.campaigns[0], classes=(name,))
    lines = shown(dataclasses.replace(incident, accounts=(fallen,), campaigns=(campaign,))).split("\n")
    assert len(lines) <= 40
    assert all(line.isprintable() and cell_len(line) <= 80 for line in lines)


def test_a_quiet_answer_says_that_a_file_is_missing_from_it() -> None:
    incident = quiet()
    read = dataclasses.replace(incident.read, lines=incident.read.parsed + incident.read.ignored, unparsed=0, unread=())
    whole = shown(dataclasses.replace(incident, read=read))
    torn = dataclasses.replace(read, unread=(Unread("broken.gz", "breaks off"),))
    assert "Every line could be read" in whole
    assert "Every line could be read" not in shown(dataclasses.replace(incident, read=torn))
    assert "1 file could not be read" in " ".join(shown(dataclasses.replace(incident, read=torn)).split())


def test_it_says_in_one_line_that_wrong_passwords_are_all_alike() -> None:
    """Without fingerprints an answer is less sure."""
    incident = quiet()
    alike = dataclasses.replace(incident, read=dataclasses.replace(incident.read, told_apart=False))
    more = set(shown(alike).splitlines()) - set(shown(incident).splitlines())
    (line,) = more
    assert "all alike" in line
    assert cell_len(line) <= 80
