"""Whom a crew goes for next: in an order, or from a list of some length."""

from collections.abc import Iterator

import numpy as np
import pytest

from evidence import Login, at, evidence
from serjeant.detect.targets import targets
from serjeant.directory.directory import Directory
from serjeant.model.account import Account

NAMES = [f"name{(7919 * n) % 1000:03}" for n in range(1000)]
DIRECTORY = Directory(tuple(Account(name) for name in NAMES), given=True)


def tries(users: list[str], sources: int = 50) -> Iterator[Login]:
    """One every two minutes, each source in turn."""
    for number, user in enumerate(users):
        yield Login(at(3, 0, 2 * number), user, f"10.0.{number % sources}.1")


def said(users: list[str], directory: Directory = DIRECTORY, sources: int = 50) -> str:
    tables = evidence(tries(users, sources), directory)
    told = targets(tables.pairs, directory, tables.last)
    return told.says if told else ""


def test_the_order_of_the_directory_is_seen_and_when_it_is_through() -> None:
    says = said(NAMES[200:700])
    assert "in the order of the directory" in says
    assert "through on 07 Jun at 09:" in says  # 500 more, two minutes each, after the last on 6 June at 16:38


def test_the_order_of_the_alphabet_is_seen() -> None:
    assert "order of the alphabet" in said(sorted(NAMES)[100:400])


def test_each_source_with_a_part_of_the_list_is_an_order_too() -> None:
    ordered = sorted(NAMES)
    users = [ordered[part * 100 + step] for step in range(60) for part in range(10)]
    assert "order of the alphabet" in said(users, sources=10)


def test_who_is_through_is_promised_nothing() -> None:
    assert "through on" not in said(NAMES)


@pytest.mark.parametrize("seed", range(4))
def test_the_length_of_a_list_is_told_from_what_was_tried_twice(seed: int) -> None:
    rng = np.random.default_rng(seed)
    users = [NAMES[n] for n in rng.integers(0, 400, 300)]
    tables = evidence(tries(users), DIRECTORY)
    told = targets(tables.pairs, DIRECTORY, tables.last)
    assert told is not None
    assert float(told.figures["low"]) <= 400 * 1.1
    assert float(told.figures["high"]) >= 400 * 0.9


def test_nothing_is_said_of_a_handful_nor_without_repetition() -> None:
    assert said(NAMES[:20]) == ""
    shuffled = [str(name) for name in np.random.default_rng(1).permutation(NAMES)]
    assert said(shuffled[:300]) == ""
