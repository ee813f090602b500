"""victims: the 26 people whose passwords are weak, and the 39 mailboxes that open with them (as in June 2017)."""

from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.people import OFFICE, People
from serjeant.proving.world import Ints

FALLEN: Final = (
    ("Members of the Commons", 6),
    (OFFICE, 11),
    ("Members of the Lords", 1),
    ("Commons administration", 4),
    ("Contractors", 2),
    ("Lords administration", 2),
)
"""How many fell in each department, after the final count of 20 July 2017."""
GENERIC: Final = 11
LINKED: Final = 2


def choose(people: People, rng: np.random.Generator) -> tuple[People, Ints, tuple[str, ...]]:
    """Pick who will fall, and write the directory so that they reach 39 mailboxes, their own included.

    :returns: the people with those ``reaches``, the rows of the fallen, and the mailboxes, sorted
    """
    usual = people.mobile & (people.rate > 0)
    picked: list[int] = []
    for department, wanted in FALLEN:
        rows = np.flatnonzero(usual & (people.table["department"] == department).to_numpy())
        picked += rng.choice(rows, min(wanted, len(rows)), replace=False).tolist()
    rest = np.setdiff1d(np.flatnonzero(usual), picked)
    picked += rng.choice(rest, sum(wanted for _, wanted in FALLEN) - len(picked), replace=False).tolist()
    fallen = np.sort(np.array(picked, dtype=np.int64))

    names = people.table["account"]
    shared = np.flatnonzero((people.table["kind"] == "shared").to_numpy())
    colleagues = np.setdiff1d(np.flatnonzero(usual), fallen)
    reached = [*rng.choice(shared, GENERIC, replace=False), *rng.choice(colleagues, LINKED, replace=False)]
    reaches = people.table["reaches"].to_list()
    for row in fallen:
        reaches[row] = []
    # Two of them open two mailboxes each, nine one, the others none but their own.
    for index, mailbox in enumerate(reached):
        reaches[fallen[index % GENERIC * 2]].append(names[int(mailbox)])
    table = people.table.with_columns(reaches=pl.Series(reaches, dtype=pl.List(pl.String)))
    mailboxes = {names[int(row)] for row in (*fallen, *reached)}
    return replace(people, table=table), fallen, tuple(sorted(mailboxes))
