"""whole: the sheet of a run."""

from collections.abc import Sequence

from serjeant.prove.attacks import ATTACKS, attacks
from serjeant.prove.edge import edge
from serjeant.prove.fell import fell
from serjeant.prove.logs import logs
from serjeant.prove.others import others
from serjeant.prove.promises import promises
from serjeant.prove.rivals import Rival
from serjeant.prove.sheet import Section, Sheet, Table, figure, row
from serjeant.proving import frontier, matrix
from serjeant.proving.bounds import Held
from serjeant.proving.grade import Grade
from serjeant.proving.marks import Marks
from serjeant.report import words


def whole(
    marks: Sequence[Marks], held: Sequence[Held], rivals: Sequence[Rival], grades: Sequence[Grade], command: str
) -> Sheet:
    """What is told of these marks.

    :param grades: of the worlds that were written as logs
    :param command: what was typed
    """
    ours = [each for each in marks if each.judge == "serjeant"]
    on_edge = [each for each in ours if frontier.split(each.world)]
    rest = [each for each in ours if not frontier.split(each.world)]
    asked = [each for each in held if each.found is not None]
    met = sum(each.met for each in asked)
    worlds = words.counted(len(ours), "world")
    sections = (
        promises(held),
        attacks(rest),
        fell(rest),
        edge(on_edge),
        others(marks, rivals),
        logs(grades),
        _worlds(ours),
    )
    return Sheet(
        title="How well it works",
        lead=f"{met} of {words.counted(len(asked), 'bound')} met, on {worlds} drawn for this run.",
        command=command,
        facts=tuple(_facts(ours)),
        sections=tuple(each for each in sections if each.says or each.tables),
    )


def _facts(ours: Sequence[Marks]) -> list[tuple[str, str]]:
    seeds = sorted({each.seed for each in ours})
    accounts = sorted({each.accounts for each in ours})
    days = sum(each.days for each in ours)
    return [
        ("worlds", words.number(len(ours))),
        ("seeds", f"{seeds[0]} to {seeds[-1]}" if seeds else "none"),
        ("accounts in each", " and ".join(words.number(each) for each in accounts)),
        ("days judged", words.number(round(days))),
        ("days in which nobody attacks", words.number(round(sum(each.days for each in ours if not each.crews)))),
        ("seconds for one world", figure(sum(each.seconds for each in ours) / len(ours)) if ours else "none"),
    ]


def _worlds(ours: Sequence[Marks]) -> Section:
    """What the worlds are, in the words of those who drew them."""
    there = {word for each in ours for word in (each.world, *each.world.split(" "))}
    shapes = tuple(
        row(name, (matrix.ATTACKS[name].says, matrix.ATTACKS[name].source)) for name in ATTACKS if name in there
    )
    ways = {**matrix.CONFOUNDERS, **matrix.ADVERSARIES}
    others = tuple(row(name, (says,)) for name, says in ways.items() if name in there)
    tables = []
    if shapes:
        tables.append(Table("Attacks", ("", "what the crew does", "after"), shapes, words=3))
    if others:
        tables.append(Table("What else is going on", ("", ""), others, words=2))
    says = (
        "Every world is drawn from its seed: people of many habits who mistype, travel, forget, leave telephones with "
        "old passwords behind and share addresses; passers-by from the Internet; and a crew, or none. The labels are "
        "made before the sign-ins, and nobody who judges sees them. Seeds 0 to 4 are for tuning and are refused here.",
        "They are worlds of our own making, wherever their figures were taken from. Other places have other people.",
    )
    return Section("The worlds", says, tuple(tables))
