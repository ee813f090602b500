"""texts: the worlds that are written as logs, read back whole, and held against their truth."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from serjeant.app import Serjeant, now
from serjeant.config import Settings
from serjeant.proving.grade import Grade, before_first_fall, grade
from serjeant.proving.simulate import simulate

_SHARE_BEFORE_FALL = 0.8
"""At least four of five worlds must be found out before any account fell."""


def texts(worlds: Iterable[str], seeds: Sequence[int], accounts: int, console: Console) -> tuple[list[Grade], bool]:
    """Shows the grades.

    :return: them, and whether every bound is met
    """
    grades: list[Grade] = []
    met = True
    for kind in worlds:
        early = []
        for seed in seeds:
            one, before = _world(kind, seed, accounts)
            grades.append(one)
            early.append(before)
            _show(one, console)
        if kind == "parliament":
            enough = sum(early) >= _SHARE_BEFORE_FALL * len(early)
            met &= enough
            console.print(
                f"found before the first account fell: {sum(early)} of {len(early)} worlds"
                f" (at least four of five) {_word(enough)}"
            )
    return grades, met and all(each.met for each in grades)


def _world(kind: str, seed: int, accounts: int) -> tuple[Grade, bool]:
    with tempfile.TemporaryDirectory(prefix="serjeant-prove-") as folder:
        place = Path(folder)
        truth = simulate(kind, place / "world", seed=seed, accounts=accounts)
        incident = Serjeant(place / "out", Settings()).investigate(
            [str(place / "world" / "logs")], now=now(), accounts=place / "world" / "accounts.csv"
        )
    return grade(truth, incident), kind == "quiet" or before_first_fall(truth, incident)


def _show(one: Grade, console: Console) -> None:
    table = Table(title=f"{one.kind}, seed {one.seed}", title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    table.add_column("measured")
    table.add_column("bound")
    table.add_column("")
    for mark in one.marks:
        table.add_row(mark.name, mark.value, mark.bound, _word(mark.met) if mark.bound else "")
    console.print(table)
    console.print()


def _word(met: bool) -> str:
    return "[green]met[/green]" if met else "[red]NOT MET[/red]"
