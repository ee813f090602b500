"""campaigns: what the findings come to: one for each crew, so that one crew is one campaign and two are two."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import polars as pl

from serjeant.detect.crews import Crew, Node, crews
from serjeant.detect.describe import describe
from serjeant.detect.evidence import Evidence as Tables
from serjeant.directory.networks import network_of
from serjeant.model.campaign import Campaign
from serjeant.model.codes import categories
from serjeant.model.finding import Finding

_TIME: Final = pl.Datetime("us", "UTC")
_EGRESS: Final = "egress"
"""The detector that tells of addresses that others use as well."""
_SITE: Final = "site"
_REST: Final = {_SITE: 0.02, "spray": 0.02, "depth": 0.1}
"""Where many are accused together, the part that may be others': what is like no crew, and no more, is taken for it."""
_CROWD: Final = (_SITE, "spray")
"""The detectors that accuse addresses of one try each: nearly all of them rightly."""


def campaigns(findings: Sequence[Finding], tables: Tables) -> tuple[Campaign, ...]:
    """What the findings come to.

    :param findings: of all detectors; guards (without a technique) are passed over
    :return: by first_seen, ``C1`` first
    """
    accusing = [finding for finding in findings if finding.technique and finding.sources]
    site = [finding for finding in findings if finding.technique and not finding.sources]
    by_source: dict[str, list[Finding]] = defaultdict(list)
    for finding in accusing:
        for source in finding.sources:
            by_source[source].append(finding)
    spans = {source: _span(theirs) for source, theirs in by_source.items()}
    crowd = {source for source, theirs in by_source.items() if all(each.detector in _CROWD for each in theirs)}
    found = crews(_nodes(spans, crowd, tables))
    biggest = max((len(crew.sources) for crew in found), default=0)
    found = [crew for crew in found if not _is_rest(crew, by_source)]
    told: set[int] = set()
    made = []
    for crew in found:
        sources = crew.sources
        theirs = _distinct(finding for source in sources for finding in by_source[source])
        # One or two addresses do not move the whole site; the alarm belongs to whoever can have raised it.
        wide = [each for each in site if _meets(crew, each, found)] if len(sources) * 10 >= biggest else []
        told.update(id(each) for each in wide)
        made.append(_with_crowd(describe(sources, [*theirs, *wide], tables), crowd))
    made += [describe((), [each], tables) for each in site if id(each) not in told]
    ordered = sorted(made, key=lambda each: (each.first_seen, each.sources))
    return tuple(replace(each, uid=f"C{number}") for number, each in enumerate(ordered, 1))


def _is_rest(crew: Crew, by_source: Mapping[str, Sequence[Finding]]) -> bool:
    """Whether all that is held against it is that it stood beside many more."""
    mine = set(crew.sources)
    theirs = _distinct(finding for source in mine for finding in by_source[source])
    # A crowd is told of by tool, and is pure as a whole.
    whole = sum(any(each.detector == _SITE for each in told) for told in by_source.values())
    sizes = [(each, whole if each.detector == _SITE else len(each.sources)) for each in theirs]
    return all(len(mine.intersection(each.sources)) <= _REST.get(each.detector, 0) * n for each, n in sizes)


def _with_crowd(campaign: Campaign, crowd: Iterable[str]) -> Campaign:
    return replace(campaign, attributed_sources=tuple(sorted(set(crowd) & set(campaign.sources))))


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    return list({id(finding): finding for finding in findings}.values())


def _meets(crew: Crew, finding: Finding, found: Sequence[Crew]) -> bool:
    """Whether it can have raised the alarm: it was at work by then, or, where none was, while it lasted."""
    first = finding.detected_at if any(_works(each, finding, finding.detected_at) for each in found) else None
    return _works(crew, finding, first or finding.last_seen)


def _works(crew: Crew, finding: Finding, by: datetime) -> bool:
    return finding.first_seen <= crew.last and by >= crew.first


def _span(findings: Sequence[Finding]) -> tuple[datetime, datetime | None]:
    """Since when a source is the crew's, and until when where others use it as well."""
    since = min(each.first_seen for each in findings)
    shared = all(each.detector == _EGRESS for each in findings)
    return since, max(each.last_seen for each in findings) if shared else None


def _nodes(spans: Mapping[str, tuple[datetime, datetime | None]], crowd: set[str], tables: Tables) -> list[Node]:
    """The accused sources, by when they began; those of the crowd as one for each tool."""
    if not spans:
        return []
    wanted = pl.DataFrame(
        [(source, *span) for source, span in spans.items()],
        {"source": tables.pairs.schema["source"], "since": _TIME, "until": _TIME},
        orient="row",
    ).sort("source")
    after, before = (pl.col(name).dt.epoch("s") // 3600 for name in ("since", "until"))
    inside = (pl.col("hour") >= after) & (pl.col("hour") <= before).fill_null(value=True)
    cells = tables.cells.join(wanted, on="source").filter(inside).drop("since", "until")
    tools = cells.group_by("source").agg(tools=pl.coalesce("client", "service").fill_null("?").unique().sort())
    wanted = wanted.join(tools, on="source", how="left", maintain_order="left").with_columns(
        pl.col("tools").fill_null([]), network=network_of(wanted["source"]).fill_null(wanted["source"].cast(pl.String))
    )
    crowded = pl.col("source").is_in(list(crowd))
    node = (
        pl.when(crowded)
        .then(pl.lit("crowd ") + pl.col("tools").cast(pl.List(pl.String)).list.join("\0"))
        .otherwise(pl.col("source").cast(pl.String))
    )
    # Numbers in the order of the nodes' names: there may be millions of pairs to join them with.
    wanted = wanted.with_columns(node=node.rank("dense"))
    narrow = wanted.select("source", "since", "until", "node")
    attempts = pl.col("fail") + pl.col("refused") + pl.col("challenged")
    tried = (
        tables.pairs.select("user", "source", "known", "first_t", "last_t", attempts=attempts)
        .filter(pl.col("attempts") > 0)
        .join(narrow, on="source")
        .filter(pl.col("last_t") >= pl.col("since"))
        .filter((pl.col("first_t") <= pl.col("until")).fill_null(value=True))
        .group_by("node", "user")
        .agg(
            known=pl.col("known").any(),
            first=pl.max_horizontal("first_t", "since").min(),
            last=pl.min_horizontal("last_t", "until").max(),
            n=pl.col("attempts").sum() / pl.col("source").n_unique(),
        )
    )
    by_user = tried.group_by("node").agg(
        pl.col("first").min(),
        pl.col("last").max(),
        pl.col("user").to_physical(),
        known_share=pl.col("known").mean(),
        per_user=pl.col("n").mean(),
    )
    by_source = wanted.group_by("node").agg("source", "network", pl.col("tools").explode())
    busy = cells.join(wanted.select("source", "node"), on="source").group_by("node", "hour")
    hours = busy.agg(n=(pl.col("ok") + pl.col("fail") + pl.col("excused")).sum()).group_by("node").agg("hour", "n")
    table = by_user.join(by_source, on="node").join(hours, on="node").sort("first", "node")
    # One text for each user, not one for each row that names him.
    users = categories(tables.pairs["user"]).to_list()
    return [
        Node(
            tuple(row["source"]),
            row["first"],
            row["last"],
            frozenset([users[user] for user in row["user"]]),
            row["known_share"],
            row["per_user"],
            frozenset(row["tools"]),
            frozenset(row["network"]) if len(row["source"]) == 1 else frozenset(),
            tuple(zip(row["hour"], row["n"], strict=True)),
        )
        for row in table.iter_rows(named=True)
    ]
