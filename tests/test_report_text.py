"""Hostile text: nothing that drives a terminal, hides or floods may come through."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from example_incident import HOSTILE
from serjeant.report import words
from serjeant.report.text import plain

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)
"""Every code point, lone surrogates too."""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("ada.brook", "ada.brook"),
        ("Zoë Müller 東京", "Zoë Müller 東京"),
        ("SITE\\ada", "SITE\\ada"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\x9b31m", r"\x9b31m"),
        ("a\u202eb", r"a\u202eb"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\ud800x", r"\ud800x"),
        ("a\u200bb\xa0c\xad", r"a\u200bb\xa0c\xad"),
        ("\u3164", r"\u3164"),
        ("\U000e0041", r"\U000e0041"),
        ("e\u0301\u0301\u0301", "e\u0301\u0301\\u0301"),
        ("\u0301e", r"\u0301e"),
        ("", ""),
    ],
)
def test_shows_what_was_typed(typed: str, shown: str) -> None:
    assert plain(typed) == shown


def test_long_text_loses_its_middle_and_keeps_both_ends() -> None:
    shown = plain("start" + "a" * 1_000_000 + "end.log:17", 40)
    assert len(shown) == 40
    assert shown.startswith("start")
    assert shown.endswith("…" + "a" * 9 + "end.log:17")


def test_no_escape_is_cut_in_two() -> None:
    assert plain("\x1b" * 50, 11) == r"\x1b…\x1b"


@given(ANY_TEXT, st.integers(1, 90))
def test_nothing_unsafe_comes_through(typed: str, limit: int) -> None:
    shown = plain(typed, limit)
    assert shown.isprintable()
    assert not {unicodedata.bidirectional(it) for it in shown} & {
        "LRE",
        "RLE",
        "LRO",
        "RLO",
        "PDF",
        "LRI",
        "RLI",
        "FSI",
    }
    assert cell_len(shown) <= limit
    assert plain(shown, limit) == shown
    shown.encode("utf-8")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_examples(name: str) -> None:
    assert plain(name).isprintable()
    assert len(plain(name)) <= 80


@pytest.mark.parametrize(
    ("share", "told"),
    [(1, "100 %"), (0.99999, "> 99.9 %"), (0.998, "99.8 %"), (0.5, "50 %"), (0.00001, "< 0.1 %"), (0, "0 %")],
)
def test_nearly_all_is_not_all(share: float, told: str) -> None:
    assert words.percent(share) == told
