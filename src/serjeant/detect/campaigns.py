"""campaigns: accused sources that belong together, so that one crew is one campaign and two are two.

Sources join a campaign one by one in the order in which they appear (detection notes 4.2, T8): by whom they go for,
with which tools, at what rate, from which networks, weighted and fading with time. The first sources of a crew have no
account in common yet; campaigns that go for the same accounts in the end are one. The cost is sources × open campaigns,
never sources².
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import exp
from typing import Final

import polars as pl

from serjeant.detect.describe import describe
from serjeant.detect.evidence import Evidence as Tables
from serjeant.directory.networks import network_of
from serjeant.model.campaign import Campaign
from serjeant.model.finding import Finding

_JOINS: Final = 0.55
_FADES: Final = timedelta(days=7)
_CLOSED: Final = timedelta(days=30)
_CROWD: Final = ("site", "spray")
"""The detectors that accuse addresses of one try each: nearly all of them rightly."""
_SAME: Final = 0.8
"""Share of the smaller campaign's accounts that the other one goes for as well, where both are one crew's."""


@dataclass(frozen=True, slots=True)
class _Node:
    """An accused source, with what it is compared by."""

    source: str
    first: datetime
    last: datetime
    users: frozenset[str]
    known_share: float
    per_user: float
    tools: frozenset[str]
    network: str


@dataclass(slots=True)
class _Crew:
    """A campaign in the making."""

    nodes: list[_Node] = field(default_factory=list)
    users: set[str] = field(default_factory=set)
    tools: Counter[str] = field(default_factory=Counter)
    networks: set[str] = field(default_factory=set)
    known_share: float = 0.0
    per_user: float = 0.0
    first: datetime | None = None
    last: datetime | None = None

    def add(self, node: _Node) -> None:
        """Takes a source in."""
        n = len(self.nodes)
        self.known_share = (self.known_share * n + node.known_share) / (n + 1)
        self.per_user = (self.per_user * n + node.per_user) / (n + 1)
        self.nodes.append(node)
        self.users |= node.users
        self.tools.update(node.tools)
        self.networks.add(node.network)
        self.first = node.first if self.first is None else min(self.first, node.first)
        self.last = node.last if self.last is None else max(self.last, node.last)

    def meets(self, finding: Finding) -> bool:
        """Whether it was at work while the finding held."""
        if self.first is None or self.last is None:
            return False
        return finding.first_seen <= self.last and finding.last_seen >= self.first

    def as_node(self, first: datetime, last: datetime) -> _Node:
        """All of it as if it were one source."""
        users, tools = frozenset(self.users), frozenset(self.tools)
        return _Node("", first, last, users, self.known_share, self.per_user, tools, "")

    def likeness(self, node: _Node) -> float:
        """0 to 1: whom it tries 0.45, tools 0.2, rate 0.15, network 0.2, fading over a week of silence."""
        quiet = timedelta()
        if self.first is not None and self.last is not None:
            quiet = max(quiet, node.first - self.last, self.first - node.last)
        if quiet > _CLOSED:
            return 0.0
        overlap = len(node.users & self.users) / len(node.users) if node.users else 0.0
        target = 0.5 * (1 - abs(node.known_share - self.known_share)) + 0.5 * overlap
        if target < 0.5 and node.known_share * self.known_share == 0:
            target = 0.0
        tool = len(node.tools & self.tools.keys()) / len(node.tools) if node.tools else 0.0
        rate = 1 - abs(node.per_user - self.per_user) / (node.per_user + self.per_user or 1.0)
        network = 1.0 if node.network in self.networks else 0.0
        return (0.45 * target + 0.2 * tool + 0.15 * rate + 0.2 * network) * float(exp(-quiet / _FADES) ** 0.25)


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
    since = {source: min(each.first_seen for each in theirs) for source, theirs in by_source.items()}
    crews = _merge(_nodes(since, tables))
    biggest = max((len(crew.nodes) for crew in crews), default=0)
    told: set[int] = set()
    made = []
    for crew in crews:
        sources = tuple(sorted(node.source for node in crew.nodes))
        theirs = _distinct(finding for source in sources for finding in by_source[source])
        # One or two addresses do not move the whole site; the alarm belongs to whoever can have raised it.
        wide = [each for each in site if crew.meets(each)] if len(crew.nodes) * 10 >= biggest else []
        told.update(id(each) for each in wide)
        crowd = tuple(source for source in sources if all(each.detector in _CROWD for each in by_source[source]))
        made.append(_with_crowd(describe(sources, [*theirs, *wide], tables), crowd))
    made += [describe((), [each], tables) for each in site if id(each) not in told]
    ordered = sorted(made, key=lambda each: (each.first_seen, each.sources))
    return tuple(replace(each, uid=f"C{number}") for number, each in enumerate(ordered, 1))


def _with_crowd(campaign: Campaign, crowd: Iterable[str]) -> Campaign:
    return replace(campaign, attributed_sources=tuple(sorted(set(crowd) & set(campaign.sources))))


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    return list({id(finding): finding for finding in findings}.values())


def _merge(nodes: Sequence[_Node]) -> list[_Crew]:
    crews: list[_Crew] = []
    for node in nodes:
        best = max(crews, key=lambda crew: crew.likeness(node), default=None)
        if best is None or best.likeness(node) < _JOINS:
            best = _Crew()
            crews.append(best)
        best.add(node)
    return _joined(crews)


def _joined(crews: list[_Crew]) -> list[_Crew]:
    """The smaller ones go into those that turned out to be the same crew's."""
    left = sorted(crews, key=lambda crew: len(crew.users))
    kept = []
    while left:
        crew = left.pop(0)
        if crew.first is None or crew.last is None:
            continue
        node = crew.as_node(crew.first, crew.last)
        same = [other for other in left if len(crew.users & other.users) >= _SAME * len(crew.users)]
        best = max(same, key=lambda other: other.likeness(node), default=None)
        if best is None or best.likeness(node) < _JOINS:
            kept.append(crew)
            continue
        for each in crew.nodes:
            best.add(each)
    return kept


def _nodes(since: dict[str, datetime], tables: Tables) -> list[_Node]:
    """The accused sources, by when they began."""
    if not since:
        return []
    wanted = pl.DataFrame({"source": list(since), "since": list(since.values())})
    used = tables.pairs.select("user", "source", "known", "first_t", "last_t", "fail", "refused", "challenged")
    pairs = used.join(wanted, on="source").filter(pl.col("last_t") >= pl.col("since"))
    attempts = pl.col("fail") + pl.col("refused") + pl.col("challenged")
    tried = (
        pairs.filter(attempts > 0)
        .group_by("source", "user")
        .agg(
            known=pl.col("known").any(),
            first=pl.max_horizontal("first_t", "since").min(),
            last=pl.col("last_t").max(),
            n=attempts.sum(),
        )
    )
    by_source = tried.group_by("source").agg(
        pl.col("first").min(),
        pl.col("last").max(),
        pl.col("user"),
        known_share=pl.col("known").mean(),
        per_user=pl.col("n").mean(),
    )
    tools = (
        tables.cells.join(wanted, on="source", how="semi")
        .group_by("source")
        .agg(
            tools=pl.concat_str(
                [pl.col("service").fill_null("?"), pl.col("client").fill_null("")], separator=" "
            ).unique()
        )
    )
    table = by_source.join(tools, on="source", how="left").sort("first", "source")
    networks = network_of(table["source"]).to_list()
    return [
        _Node(source, first, last, frozenset(users), known, per_user, frozenset(tool or ()), network or source)
        for (source, first, last, users, known, per_user, tool), network in zip(
            table.iter_rows(), networks, strict=True
        )
    ]
