"""preview: a measure replayed on our own sign-ins: whom it stops, whom it cuts off.

One pass of the engine brings the sign-ins down to ``footprints``; each measure is then a question to that table.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import ibis.expr.types as ir
import polars as pl

from serjeant.contain.case import Case
from serjeant.contain.networks import within
from serjeant.model.account import Account
from serjeant.model.login import LOGINS
from serjeant.model.measure import Measure
from serjeant.store.engine import table

DAY: Final = timedelta(days=1)
LATELY: Final = timedelta(days=14)
"""How far back honest sign-ins are looked at: who has not signed in since will hardly telephone first."""
SIGNED_IN: Final = timedelta(hours=12)
"""How long somebody who signed in counts as being signed in."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a measure, or a whole plan, would have done.

    :param stopped: of the attempts from the campaigns' own addresses since they began: (refused, all); what comes from
        addresses that carry honest people too cannot be told from theirs one by one, and is in neither number
    :param stopped_day: the same of the last day
    :param logins: of honest sign-ins of the last fortnight: (refused, all)
    :param accounts: honest accounts with a refused one: how many, of all that signed in
    :param signed_in: those of them that are signed in now
    :param only_remote: those that would be refused wherever they came from lately
    :param departments: (department, accounts refused), most first
    :param first: accounts whose owners will telephone first
    :param saved: accounts that would not have fallen, of those that fell after the moment of the replay
    :param cannot: what it does not stop, a sentence each
    :param reveals: what it tells the attacker, a sentence each
    """

    stopped: tuple[int, int]
    stopped_day: tuple[int, int]
    logins: tuple[int, int]
    accounts: tuple[int, int]
    signed_in: int
    only_remote: int
    departments: tuple[tuple[str, int], ...] = ()
    first: tuple[str, ...] = ()
    saved: tuple[int, int] = (0, 0)
    cannot: tuple[str, ...] = ()
    reveals: tuple[str, ...] = ()


def footprints(since: datetime, at: datetime) -> ir.Table:
    """Who came from where to which service, and how often.

    :param since: attempts from here on are counted as ``tries``
    :param at: the end of what is replayed
    :return: ``user, source, service, first, tries, tries_day, ok, last_ok, mfa``; ``ok`` counts successes of the last
        fortnight, ``mfa`` those of all time with a second factor
    """
    logins = table("logins", LOGINS)
    named = logins.filter(logins.time <= at).mutate(user=logins.account.fill_null(logins.user_name.lower()))
    right = named.outcome == "success"
    return named.group_by(["user", "source", "service"]).aggregate(
        first=named.time.min(),
        tries=named["count"].sum(where=named.time >= since).fill_null(0).cast("int64"),
        tries_day=named["count"].sum(where=named.time >= max(since, at - DAY)).fill_null(0).cast("int64"),
        ok=named["count"].sum(where=right & (named.time >= at - LATELY)).fill_null(0).cast("int64"),
        last_ok=named.time.max(where=right),
        mfa=(right & named.is_mfa.fill_null(False)).sum().fill_null(0).cast("int64"),
    )


def preview(
    measures: Sequence[Measure],
    rows: pl.DataFrame,
    case: Case,
    *,
    directory: Iterable[Account] = (),
    telephone_first: Collection[str] = (),
    reveals: Iterable[str] = (),
    moment: datetime | None = None,
) -> Preview:
    """Measures together, as if they had stood.

    :param rows: ``footprints``
    :param moment: since when, by what was known then; the beginning of the first campaign where left out
    """
    if moment is not None:
        measures = [_known_then(each, rows, case, moment) for each in measures]
    refused = _any([refuses(each, rows) for each in measures], len(rows))
    theirs = _theirs(rows, case)
    honest = rows.filter(~theirs & (rows["ok"] > 0)).with_columns(refused=refused.filter(~theirs & (rows["ok"] > 0)))
    hit = honest.filter("refused")
    names = hit["user"].unique()
    free = honest.filter(~pl.col("refused"))["user"].unique()
    known = {each.account: each for each in directory}
    crew = rows.with_columns(refused=refused).filter(theirs)
    caught = crew.filter("refused")
    return Preview(
        stopped=(int(caught["tries"].sum()), int(crew["tries"].sum())),
        stopped_day=(int(caught["tries_day"].sum()), int(crew["tries_day"].sum())),
        logins=(int(hit["ok"].sum()), int(honest["ok"].sum())),
        accounts=(len(names), honest["user"].n_unique()),
        signed_in=hit.filter(pl.col("last_ok") >= case.at - SIGNED_IN)["user"].n_unique(),
        only_remote=len(names.filter(~names.is_in(free.implode()))),
        departments=_departments(names, known),
        first=_first(names, known, telephone_first),
        saved=_saved(caught, case, moment),
        cannot=_cannot(crew, measures, case),
        reveals=tuple(dict.fromkeys(reveals)),
    )


def refuses(measure: Measure, rows: pl.DataFrame) -> pl.Series:
    """Which sign-ins it would refuse, right password or not."""
    nobody = pl.Series([False] * len(rows), dtype=pl.Boolean)
    at = rows["service"].is_in(measure.services) if measure.services else ~nobody
    at = at.fill_null(value=False)
    networks = [each for each in measure.spares if "/" in each]
    spared = within(rows["source"], networks) | rows["user"].is_in(measure.spares).fill_null(value=False)
    match measure.action:
        case "block_source":
            exact = rows["source"].is_in(measure.subjects).fill_null(value=False)
            wide = [each for each in measure.subjects if "/" in each and not each.endswith("/64")]
            return at & (exact | within(rows["source"], wide)) if wide else at & exact
        case "contain_account":
            return at & rows["user"].is_in(measure.subjects).fill_null(value=False)
        case "close_remote":
            return at & ~spared & rows["source"].is_not_null()
    return nobody


def _known_then(measure: Measure, rows: pl.DataFrame, case: Case, moment: datetime) -> Measure:
    """A measure without the sources and the fallen that nobody could have known of by then."""
    if measure.action == "block_source":
        early = set(rows.filter(pl.col("first") < moment)["source"].drop_nulls())
        return replace(measure, subjects=tuple(each for each in measure.subjects if each in early))
    if measure.action == "contain_account":
        fell = {name for name, (first, _) in case.fallen.items() if first is not None and first < moment}
        return replace(measure, subjects=tuple(each for each in measure.subjects if each in fell))
    return measure


def _theirs(rows: pl.DataFrame, case: Case) -> pl.Series:
    """What the attackers did: all from their sources, and where they got in elsewhere."""
    own = rows["source"].is_in(list(case.theirs)).fill_null(value=False)
    pairs = [(account, source) for account, (_, sources) in case.fallen.items() for source in sources]
    if not pairs:
        return own
    table = pl.DataFrame(pairs, {"user": pl.String, "source": pl.String}, orient="row").unique()
    in_pairs = rows.select("user", "source").join(
        table.with_columns(theirs=True), on=["user", "source"], how="left", maintain_order="left"
    )
    return own | in_pairs["theirs"].fill_null(value=False)


def _any(each: Sequence[pl.Series], rows: int) -> pl.Series:
    found = pl.Series([False] * rows, dtype=pl.Boolean)
    for one in each:
        found = found | one
    return found


def _departments(names: pl.Series, known: Mapping[str, Account]) -> tuple[tuple[str, int], ...]:
    if not known:
        return ()
    counts: dict[str, int] = {}
    for name in names:
        department = known[name].department if name in known else ""
        counts[department or "no department"] = counts.get(department or "no department", 0) + 1
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _first(names: pl.Series, known: Mapping[str, Account], telephone_first: Collection[str]) -> tuple[str, ...]:
    hit = set(names)
    services = {name for name in hit if name in known and known[name].kind in ("service", "shared")}
    return tuple(sorted((hit & set(telephone_first)) | services))


def _saved(caught: pl.DataFrame, case: Case, moment: datetime | None) -> tuple[int, int]:
    """Accounts that fell later, all of whose accesses would have been refused."""
    if moment is None:
        return 0, 0
    later = {name: sources for name, (first, sources) in case.fallen.items() if first is not None and first >= moment}
    shut = set(zip(caught["user"], caught["source"], strict=True))
    return sum(all((name, each) in shut for each in sources) for name, sources in later.items()), len(later)


def _cannot(crew: pl.DataFrame, measures: Sequence[Measure], case: Case) -> tuple[str, ...]:
    says = []
    left = crew.filter(~pl.col("refused"))
    services = left.filter(pl.col("tries_day") > 0).group_by("service").agg(pl.col("tries_day").sum()).sort("service")
    for service, tries in services.iter_rows():
        says.append(f"{tries:,} of their attempts of the last day at {service or 'an unnamed service'} go on")
    blocks = any(each.action == "block_source" for each in measures)
    if blocks and case.shared:
        says.append(f"{len(case.shared):,} addresses carry honest people too and stay open")
    if blocks and case.attributed:
        says.append(f"{len(case.attributed):,} addresses are theirs by their number only and stay open")
    if blocks:
        says.append("an address that they have not used yet")
    if any(each.action in ("contain_account", "close_remote") for each in measures):
        says.append("sessions that are open already, until they are ended")
    return tuple(says)
