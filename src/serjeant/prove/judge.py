"""judge: one world is drawn, and everybody judges it. What came of it can be kept."""

import hashlib
import json
import tempfile
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl

import serjeant
from serjeant.app import Serjeant, now
from serjeant.config import Settings
from serjeant.prove.rivals import rivals
from serjeant.prove.tasks import Task
from serjeant.proving import frontier
from serjeant.proving.drawn import Drawn, draw
from serjeant.proving.facts import Facts
from serjeant.proving.grade_alarms import grade_alarms
from serjeant.proving.grade_incident import grade_incident
from serjeant.proving.marks import Marks

_LABELS = ("actor", "crew", "phase")


def judge(task: Task, keep: Path | None = None) -> list[Marks]:
    """The marks of everybody who judged a world, Serjeant first.

    :param keep: a folder in which they are kept, so that they need not be found out again by the same code
    """
    place = keep / code() / f"{task.name}.json" if keep is not None else None
    kept = _kept(place)
    if kept is not None:
        return kept
    drawn = draw(
        task.world,
        task.seed,
        task.accounts,
        task.days,
        fingerprints=task.fingerprints,
        shape=frontier.shape(task.world),
    )
    facts = Facts.of(drawn)
    marks = [_ours(drawn, facts)]
    if task.rivals:
        marks += _theirs(drawn, facts)
    marks = [replace(each, fingerprints=task.fingerprints) for each in marks]
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_name(f".{place.name}.new")
        fresh.write_text(json.dumps([each.as_json() for each in marks]), "utf-8")
        fresh.replace(place)
    return marks


def _ours(drawn: Drawn, facts: Facts) -> Marks:
    with tempfile.TemporaryDirectory(prefix="serjeant-prove-") as folder:
        accounts = Path(folder) / "accounts.csv"
        drawn.accounts.with_columns(pl.col("aliases", "reaches").list.join(";")).write_csv(accounts)
        began = time.perf_counter()
        settings = Settings(monitors=tuple(f"{account}@{address}" for account, address in drawn.allowed))
        incident = Serjeant(Path(folder) / "out", settings).judge(
            drawn.logins.drop(_LABELS), now=now(), accounts=accounts
        )
        seconds = time.perf_counter() - began
    return replace(grade_incident(facts, incident), seconds=seconds)


def _theirs(drawn: Drawn, facts: Facts) -> list[Marks]:
    """Rivals have the allow-list as well."""
    allowed = pl.DataFrame(drawn.allowed, {"account": pl.String, "source": pl.String}, orient="row")
    logins = drawn.logins.drop(_LABELS).join(allowed, on=["account", "source"], how="anti", maintain_order="left")
    marks = []
    for rival in rivals():
        began = time.perf_counter()
        alarms = rival.judge(logins)
        seconds = time.perf_counter() - began
        marks.append(replace(grade_alarms(facts, rival.name, alarms, blocks=rival.blocks), seconds=seconds))
    return marks


@cache
def code() -> str:
    """Names the code that judges, by its content."""
    digest = hashlib.sha256()
    root = Path(serjeant.__file__).parent
    for place in sorted(root.rglob("*.py")):
        digest.update(str(place.relative_to(root)).encode() + b"\0" + place.read_bytes())
    return digest.hexdigest()[:12]


def _kept(place: Path | None) -> list[Marks] | None:
    if place is None:
        return None
    try:
        return [Marks.from_json(each) for each in json.loads(place.read_text("utf-8"))]
    except (OSError, ValueError, TypeError, KeyError):
        return None
