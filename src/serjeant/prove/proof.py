"""proof: what was asked for is drawn, judged, shown and written."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console

from serjeant.errors import UnreadableError, UsageError
from serjeant.prove import document, page, screen
from serjeant.prove.rivals import rivals
from serjeant.prove.run import run
from serjeant.prove.sheet import Sheet
from serjeant.prove.tasks import ACCOUNTS, tasks
from serjeant.prove.texts import texts
from serjeant.prove.whole import whole
from serjeant.proving.bounds import hold
from serjeant.proving.grade import Grade

TEXTS = ("parliament", "quiet")
"""Worlds that are written as logs and read back; of 9,000 accounts where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to prove, and what to leave.

    :param texts: worlds that are written as logs
    :param worlds: worlds that are drawn as sign-ins
    :param accounts: of each world; None: as many as its kind has
    :param jobs: worlds at once
    :param keep: a folder for what was found out, so that it need not be again
    :param page: where the HTML page goes; ``document``: the same as Markdown
    :param command: what was typed
    """

    texts: Sequence[str]
    worlds: Sequence[str]
    seeds: Sequence[int]
    accounts: int | None = None
    rivals: bool = True
    jobs: int = 1
    keep: Path | None = None
    page: Path | None = None
    document: Path | None = None
    as_json: bool = False
    command: str = ""


def prove(asked: Asked) -> bool:
    """Does it all.

    :return: whether every bound is met
    """
    console = Console(stderr=asked.as_json)
    for place in (asked.page, asked.document):
        if place is not None and not place.parent.is_dir():  # said now, not hours later
            raise UsageError(f"there is no folder {place.parent}", hint="make it first")
    grades: list[Grade] = []
    told: dict[str, object] = {}
    met = True
    if asked.texts:
        grades, met = texts(asked.texts, asked.seeds, asked.accounts or 9000, console)
        told["texts"] = [asdict(each) for each in grades]
    if asked.worlds:
        wanted = tasks(asked.worlds, asked.seeds, asked.accounts or ACCOUNTS, rivals=asked.rivals and bool(rivals()))
        marks = run(wanted, asked.jobs, asked.keep)
        held = hold(each for each in marks if each.judge == "serjeant")
        met &= all(each.met for each in held)
        sheet = whole(marks, held, rivals() if asked.rivals else (), grades, asked.command)
        screen.render(sheet, console)
        _write(sheet, asked)
        told["bounds"] = [
            {"name": each.bound.name, "limit": each.bound.limit, "met": each.met}
            | ({} if each.found is None else asdict(each.found))
            for each in held
        ]
        told["marks"] = [each.as_json() for each in marks]
    if asked.as_json:
        Console(soft_wrap=True).print_json(json.dumps(told))
    console.print("every bound is met" if met else "a bound is NOT met")
    return met


def _write(sheet: Sheet, asked: Asked) -> None:
    for place, text in ((asked.page, page.render), (asked.document, document.render)):
        if place is None:
            continue
        try:
            place.write_text(text(sheet), "utf-8")
        except OSError as error:
            raise UnreadableError(f"cannot be written: {error.strerror or error}", where=str(place)) from error
