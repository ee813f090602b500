"""marking: what is counted in the same way of every judge."""

from collections.abc import Set
from datetime import datetime, timedelta

import polars as pl

from serjeant.proving.facts import MANY, Crew, Facts
from serjeant.proving.marks import CrewMarks, SourceMarks


def crew_marks(crew: Crew, alarm: datetime | None, facts: Facts, pieces: int = 0, *, merged: bool = False) -> CrewMarks:
    """What was made of a crew.

    :param alarm: when it was first told of; None: never
    """
    attempts, lost, fallen = facts.before(crew, alarm)
    hours = None if alarm is None else (alarm - crew.first) / timedelta(hours=1)
    return CrewMarks(crew.name, crew.slow, hours, attempts, fallen, lost, pieces, merged)


def source_marks(facts: Facts, named: Set[str], offered: Set[str]) -> SourceMarks:
    """What was made of the addresses.

    :param named: those called the attackers'
    :param offered: those offered for blocking, or blocked
    """
    by_source = facts.sources.group_by("source").agg(pl.col("tried").max(), pl.col("own").all())
    many = by_source.filter("own", pl.col("tried") >= MANY)["source"]
    few = by_source.filter("own", pl.col("tried").is_between(1, MANY - 1))["source"]
    return SourceMarks(
        named=len(named),
        right=len(named & set(by_source["source"])),
        named_honest=len(named & facts.honest),
        many=len(many),
        many_named=len(named & set(many)),
        few=len(few),
        few_named=len(named & set(few)),
        offered=len(offered),
        honest=len(offered & facts.honest),
    )
