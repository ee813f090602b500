"""labels: what is true of a finished world, from the attempts that were written."""

from datetime import datetime, timedelta

import polars as pl

from serjeant.proving import attack, truth
from serjeant.proving.site import Site
from serjeant.proving.world import moment


def label(
    site: Site,
    done: pl.DataFrame,
    crew: attack.Crew | None,
    *,
    kind: str,
    mailboxes: tuple[str, ...],
    files: tuple[str, ...],
    lines: int,
    returned: datetime | None,
) -> truth.Truth:
    """The labels of a finished world.

    :param done: ATTEMPTS, every row of them written
    :param crew: the attacker's addresses; None in a world without attack
    :param returned: the day on which everybody came back from recess, where there is one
    """
    when, name = site.calendar, site.people.table["account"]
    texts = site.book.texts
    honest, strangers, attacked = (done.filter(actor=actor) for actor in ("honest", "background", "attack"))
    falls = attacked.filter(pl.col("outcome") == "ok", pl.col("phase") != "access").sort("time")
    expiry = when.first + timedelta(days=when.expiry)
    within = returned is not None and when.first <= returned < when.first + timedelta(days=when.days)
    ours = set(honest["source"].unique().to_list())
    return truth.Truth(
        seed=site.seed,
        kind=kind,
        status="attack" if crew else "quiet",
        first=_iso(int(done["time"].to_numpy().min())),
        last=_iso(int(done["time"].to_numpy().max())),
        accounts=len(site.people.rate),
        logins=int(done["count"].sum()),
        lines=lines,
        files=files,
        campaigns=(_crime(attacked, crew, texts),) if crew else (),
        fallen=tuple(
            truth.Fall(name[account], _iso(time), texts[source], service)
            for account, time, source, service in falls.select("account", "time", "source", "service").iter_rows()
        ),
        mailboxes=mailboxes,
        shared_sources=_named(attacked.filter(pl.col("source").is_in(list(ours)))["source"].unique(), texts),
        honest_sources=_named(honest["source"].unique(), texts),
        background_sources=_named(strangers["source"].unique(), texts),
        outages=tuple(
            truth.Outage(host, _iso(when.outage[0]), _iso(when.outage[1]), told_as)
            for host, told_as in (("mx1", "backend"), ("mx2", "bad_password"))
        ),
        expiry_day=expiry.date().isoformat(),
        return_day=returned.date().isoformat() if returned and within else None,
    )


def _crime(attacked: pl.DataFrame, crew: attack.Crew, texts: list[str]) -> truth.Crime:
    guessed = attacked.filter(pl.col("phase") != "access")
    return truth.Crime(
        sources=_named(attacked["source"].unique(), texts),
        operators=_named(attacked.filter(pl.col("source").is_in(crew.operators.tolist()))["source"].unique(), texts),
        first_seen=_iso(int(attacked["time"].to_numpy().min())),
        last_seen=_iso(int(attacked["time"].to_numpy().max())),
        attempts=attacked.height,
        phases=_stretches(attacked, "phase", ("quiet", "overt", "access")),
        services=_stretches(guessed, "service", attack.SERVICES),
    )


def _stretches(attacked: pl.DataFrame, column: str, names: tuple[str, ...]) -> tuple[truth.Stretch, ...]:
    found = []
    for name in names:
        part = attacked.filter(pl.col(column) == name)["time"].to_numpy()
        if len(part):
            found.append(truth.Stretch(name, _iso(int(part.min())), _iso(int(part.max())), len(part)))
    return tuple(found)


def _named(sources: pl.Series, texts: list[str]) -> tuple[str, ...]:
    return tuple(sorted(texts[source] for source in sources.to_list()))


def _iso(value: int) -> str:
    return moment(value).isoformat(timespec="microseconds").replace("+00:00", "Z")
