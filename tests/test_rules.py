"""Rules are asked only about messages that begin as their matches do; what comes out is what asking all would give."""

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from serjeant.collect import rules
from serjeant.collect.beginnings import beginnings, literals
from serjeant.collect.format import Format
from test_format_laws import FORMATS, compiled, messages

TEXT_FORMATS = [form for form in FORMATS if form.rules]


def one_by_one(form: Format, texts: list[str]) -> dict[str, list[tuple[int, tuple[str | None, ...]]]]:
    """For each rule what it takes, and what it captures there."""
    told: dict[str, list[tuple[int, tuple[str | None, ...]]]] = {}
    for at, text in enumerate(texts):
        for rule in form.rules:
            found = compiled(rule.pattern).match(text)
            if found is not None:
                captured = tuple(found.group(name) for name in rule.groups)
                told.setdefault(rule.name, []).append((at, captured))
                break
    return told


def at_once(form: Format, texts: list[str]) -> dict[str, list[tuple[int, tuple[str | None, ...]]]]:
    matches, unknown = rules.apply(form.rules, rules.Messages.of(pl.Series(texts, dtype=pl.String)))
    told = {
        match.rule.name: list(
            zip(
                match.positions.tolist(),
                match.columns.rows() if match.rule.groups else [()] * len(match.positions),
                strict=True,
            )
        )
        for match in matches
    }
    taken = sorted(at for each in told.values() for at, _ in each)
    assert sorted([*taken, *unknown.tolist()]) == list(range(len(texts)))
    return told


@pytest.mark.parametrize("form", TEXT_FORMATS, ids=lambda form: form.name)
# Making a failing example smaller takes longer than the time that a test has.
@settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_asking_the_likely_ones_gives_what_asking_all_gives(form: Format, data: st.DataObject) -> None:
    known = [text for _, _, text in messages(form.name)]
    cut = st.tuples(st.sampled_from(known), st.integers(0, 40), st.sampled_from(["", "x", " ", "é", "[", "0"]))
    bent = cut.map(lambda each: each[0][: each[1]] + each[2] + each[0][each[1] :])
    short = st.tuples(st.sampled_from(known), st.integers(0, 24)).map(lambda each: each[0][: each[1]])
    texts = data.draw(st.lists(st.one_of(st.sampled_from(known), bent, short), min_size=1, max_size=30))
    often = data.draw(st.sampled_from([1, 40]))
    assert at_once(form, texts * often) == one_by_one(form, texts * often)


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("^Failed (?:none|publickey) for .*$", [[(0, b"Failed none for ")], [(0, b"Failed publickey")]]),
        (r"^(?:\[[0-9]\] )?a{2}\.b.*c$", [[(0, b"["), (2, b"] aa.b")], [(0, b"aa.b")]]),
        ("^[^ ]+ said$", [[]]),
        ("^é[a-b]?c$", [[(0, "é".encode()), (3, b"c")], [(0, "éc".encode())]]),
        ("^(?i)failed$", [[]]),
    ],
)
def test_how_matches_begin_is_found_in_the_pattern(pattern: str, says: list[list[tuple[int, bytes]]]) -> None:
    assert [list(literals(each)) for each in beginnings(pattern, 16, 64)] == says


def test_ten_thousand_ways_to_begin_are_no_trouble() -> None:
    form = next(form for form in FORMATS if form.name == "sshd")
    texts = [f"{number:08d} says nothing" for number in range(10_000)] + ["Invalid user a from 192.0.2.1 port 7"]
    matches, unknown = rules.apply(form.rules, rules.Messages.of(pl.Series(texts)))
    assert [(match.rule.name, match.positions.tolist()) for match in matches] == [("invalid_user", [10_000])]
    assert np.array_equal(unknown, np.arange(10_000))
