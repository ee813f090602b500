"""others: what the rivals said of the same sign-ins."""

from collections.abc import Sequence

from serjeant.prove.attacks import ATTACKS, found
from serjeant.prove.rivals import Rival
from serjeant.prove.sheet import NOTHING, Cell, Section, Table, both, figure, row
from serjeant.proving import sums
from serjeant.proving.marks import Marks
from serjeant.proving.spread import ratio, spread


def others(marks: Sequence[Marks], rivals: Sequence[Rival]) -> Section:
    """Serjeant and each rival, on the worlds that all of them judged."""
    asked = {(m.world, m.seed) for m in marks if m.judge != "serjeant"}
    same = [m for m in marks if (m.world, m.seed) in asked and not m.fingerprints]
    judges = dict.fromkeys(m.judge for m in same)
    by_judge = {judge: [m for m in same if m.judge == judge] for judge in judges}
    shapes = [name for name in ATTACKS if any(m.world.partition(" ")[0] == name for m in same)]
    tables = []
    if any(m.crews for m in same):
        header = (
            "",
            "crews found",
            "after",
            "fallen lost by then",
            "three accounts or more: named",
            "one or two: named",
            "named and honest",
        )
        tables.append(Table("In attacks", header, tuple(_attacks(judge, some) for judge, some in by_judge.items())))
        grid = tuple(_grid(judge, some, shapes) for judge, some in by_judge.items())
        tables.append(Table("Crews found, by attack", ("", *shapes), grid))
    if any(not m.crews for m in same):
        quiet = ("", "alarms in 30 days", "not of passers-by alone", "honest addresses blocked in 30 days")
        tables.append(Table("In clean days", quiet, tuple(_clean(judge, some) for judge, some in by_judge.items())))
    if rivals:
        known = tuple(row(each.name, (each.product, each.says, each.source)) for each in rivals)
        tables.append(Table("The rivals", ("", "product", "rule", "source"), known, words=4))
    says = (
        "Each rival has its published rules and thresholds, and sees the same sign-ins as Serjeant, never the truth. "
        "Alarms of one rule about the same address or account count once a day. One that names an address is right "
        "when a crew had used that address by then; one that names none is right when at least half of the failures of "
        "the day before were a crew's. All others are false; those about passers-by are told apart: a "
        "ban does them no wrong.",
        "Some of these rules are meant to be looked at beside others: what counts is what they find together with what "
        "they raise on clean days.",
    )
    return Section("Others, on the same sign-ins", says if tables else (), tuple(tables) if len(judges) > 1 else ())


def _attacks(judge: str, some: Sequence[Marks]) -> tuple[Cell, ...]:
    attacked = [m for m in some if m.crews]
    crews = sums.crews(attacked)
    share, delay = found(attacked)
    return row(
        judge,
        (
            share,
            both(delay, "h"),
            figure(ratio(sum(crew.lost for crew in crews), sum(crew.fallen for crew in crews)), "%"),
            figure(sums.share(attacked, "many_named", "many"), "%"),
            figure(sums.share(attacked, "few_named", "few"), "%"),
            figure(sums.share(attacked, "named_honest", "named"), "%"),
        ),
    )


def _grid(judge: str, some: Sequence[Marks], shapes: Sequence[str]) -> tuple[Cell, ...]:
    seen = [sums.found(m for m in some if m.world.partition(" ")[0] == name) for name in shapes]
    return row(judge, (Cell(_short(each), share=each) for each in seen))


def _short(share: float | None) -> str:
    """In whole percent, rounded down: all is all."""
    return NOTHING if share is None else f"{int(share * 100)} %"


def _clean(judge: str, some: Sequence[Marks]) -> tuple[Cell, ...]:
    quiet = sums.clean(some)
    alarms = spread((30 * m.false_alarms / m.days for m in quiet if m.days), low=True)
    people = spread((30 * (m.false_alarms - m.of_strangers) / m.days for m in quiet if m.days), low=True)
    honest = spread((30 * m.sources.honest / m.days for m in quiet if m.days), low=True)
    return row(judge, (both(alarms), both(people), both(honest)))
