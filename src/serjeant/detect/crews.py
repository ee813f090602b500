"""crews: accused sources that one crew works from, told from another crew's.

Sources join a crew one by one in the order in which they appear (detection notes 4.2, T8): by whom they go for, at what
rate, from which networks, weighted and fading with time; never where they have no tool in common. Crews that turn out
to be one are joined afterwards: they go for the same accounts with the same tools, or one works only while the other
rests, or they began and stopped together. The cost is sources × open crews, never sources².
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import exp
from typing import Final

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_JOINS: Final = 0.55
_FADES: Final = timedelta(days=7)
_CLOSED: Final = timedelta(days=30)
_SAME: Final = 0.8
"""Share of the smaller crew's accounts that the other one goes for as well, where both are one."""
_OTHER_SHAPE: Final = 0.05
"""Rates per account that lie further apart than this are no one crew's: spraying is not brute force."""
_USUAL: Final = 0.05
"""Share of its sources that use a tool, where it is the crew's."""
_FEW: Final = 0.02
"""Sources that are no crew of their own, for each of a crew with the same tool."""
_TURNS: Final = 0.1
"""Most of the smaller one's attempts that fall into hours in which the other works too, where they take turns."""
_KEEPS_ON: Final = 0.2
"""Part of the one's tempo at which the other works, at least, where they take turns: the work goes on."""
_RESTS: Final = 0.1
"""Part of its tempo on the day before and after, below which a crew rests, though a fallen account be read."""
_DAY: Final = 24
_HANDOVER: Final = timedelta(hours=12)
"""Longest rest of a crew that changes its tools."""
_TOGETHER: Final = timedelta(hours=2)
"""How far apart the parts of one crew begin, and stop; or a tenth of the time that it works."""


@dataclass(frozen=True, slots=True)
class Node:
    """Accused sources that are not told apart: one, or a crowd with one tool.

    :param users: whom they tried
    :param known_share: part of those that are accounts
    :param per_user: attempts at each
    :param tools: what the clients call themselves, or the services where they say nothing
    :param hours: attempts by hour since 1970
    """

    sources: tuple[str, ...]
    first: datetime
    last: datetime
    users: frozenset[str]
    known_share: float
    per_user: float
    tools: frozenset[str]
    networks: frozenset[str]
    hours: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Crew:
    """A crew in the making."""

    nodes: list[Node] = field(default_factory=list)
    users: set[str] = field(default_factory=set)
    used: Counter[str] = field(default_factory=Counter)
    networks: set[str] = field(default_factory=set)
    hours: Counter[int] = field(default_factory=Counter)
    size: int = 0
    known_share: float = 0.0
    per_user: float = 0.0
    first: datetime = _EVER
    last: datetime = _EVER

    def add(self, node: Node) -> None:
        """Takes a source in."""
        n = len(self.nodes)
        self.known_share = (self.known_share * n + node.known_share) / (n + 1)
        self.per_user = (self.per_user * n + node.per_user) / (n + 1)
        self.first = min(self.first, node.first) if n else node.first
        self.last = max(self.last, node.last) if n else node.last
        self.nodes.append(node)
        self.users |= node.users
        self.used.update(dict.fromkeys(node.tools, len(node.sources)))
        self.size += len(node.sources)
        self.networks |= node.networks
        self.hours.update(dict(node.hours))

    @property
    def tools(self) -> set[str]:
        """What it works with; not what one of its sources was once seen with."""
        return {tool for tool, n in self.used.items() if n >= _USUAL * self.size}

    @property
    def sources(self) -> tuple[str, ...]:
        """All of them, sorted."""
        return tuple(sorted(source for node in self.nodes for source in node.sources))

    def likeness(self, node: Node) -> float:
        """0 to 1: whom it tries 0.45, tools 0.2, rate 0.15, network 0.2, fading over a week of silence."""
        quiet = max(timedelta(), node.first - self.last, self.first - node.last)
        tools = self.tools
        if quiet > _CLOSED or (node.tools and tools and not node.tools & tools):
            return 0.0
        rate = _alike(node.per_user, self.per_user)
        if rate < _OTHER_SHAPE:
            return 0.0
        overlap = len(node.users & self.users) / len(node.users) if node.users else 0.0
        target = 0.5 * (1 - abs(node.known_share - self.known_share)) + 0.5 * overlap
        if target < 0.5 and node.known_share * self.known_share == 0:
            target = 0.0
        tool = 1.0 if node.tools & tools else 0.0
        network = 1.0 if node.networks & self.networks else 0.0
        fades = float(exp(-quiet / _FADES) ** 0.25)
        return (0.45 * target + 0.2 * tool + 0.15 * rate + 0.2 * network) * fades

    def same(self, other: "Crew") -> float:
        """How sure it is that the other, larger one is the same crew; 0 where it is not."""
        if _alike(self.per_user, other.per_user) < _OTHER_SHAPE or self._apart(other) > _CLOSED:
            return 0.0
        overlap = len(self.users & other.users) / len(self.users) if self.users else 0.0
        if overlap >= _SAME and other.likeness(self._as_node()) >= _JOINS:
            return 1 + overlap
        if abs(self.known_share - other.known_share) > 0.5:
            return 0.0
        if self._is_part_of(other):
            return 0.75 + overlap / 4
        if self._takes_turns(other) or self._goes_along(other):
            return 0.5 + overlap / 4
        return 0.0

    def _apart(self, other: "Crew") -> timedelta:
        return max(timedelta(), self.first - other.last, other.first - self.last)

    def _takes_turns(self, other: "Crew") -> bool:
        """Whether one rests while the other works, without a long rest between: a change of tools."""
        if not self.hours:
            return False
        begins, ends = min(self.hours), max(self.hours)
        # The hour in which the one takes over is both's.
        within = {hour: n for hour, n in self.hours.items() if begins < hour < ends} or self.hours
        beside = [n for hour, n in other.hours.items() if begins - _DAY <= hour < begins or ends < hour <= ends + _DAY]
        tempo = sum(beside) / max(1, len(beside))
        rests = _RESTS * tempo
        shared = sum(n for hour, n in within.items() if other.hours.get(hour, 0) > rests)
        if shared > _TURNS * sum(within.values()):
            return False
        if beside and _alike(sum(within.values()) / max(1, ends - begins - 1), tempo) < _KEEPS_ON:
            return False
        before = max((hour for hour in other.hours if hour <= begins), default=None)
        after = min((hour for hour in other.hours if hour >= ends), default=None)
        pauses = [
            *([begins - before] if before is not None else []),
            *([after - ends] if after is not None else []),
        ]
        return bool(pauses) and max(pauses) <= _HANDOVER / timedelta(hours=1)

    def _goes_along(self, other: "Crew") -> bool:
        """Whether both began and stopped together: one crew with several tools."""
        pace = timedelta(hours=3 / max(1e-9, sum(self.hours.values())) * max(1, len(self.hours)))
        room = max(_TOGETHER, min(pace, timedelta(days=1)), (other.last - other.first) / 10)
        return abs(self.first - other.first) <= room and abs(self.last - other.last) <= room

    def _is_part_of(self, other: "Crew") -> bool:
        """A few sources with a tool of a crew that was at work all the while."""
        few = self.size <= _FEW * other.size
        return few and bool(self.tools & other.tools) and other.first <= self.first and self.last <= other.last

    def _as_node(self) -> Node:
        """All of it as if it were one source."""
        return Node(
            self.sources,
            self.first,
            self.last,
            frozenset(self.users),
            self.known_share,
            self.per_user,
            frozenset(self.tools),
            frozenset(),
        )


def crews(nodes: Iterable[Node]) -> list[Crew]:
    """The crews behind the nodes.

    :param nodes: by when they began
    """
    found: list[Crew] = []
    for node in nodes:
        likeness, _, best = max(
            ((crew.likeness(node), -at, crew) for at, crew in enumerate(found)), default=(0, 0, None)
        )
        if best is None or likeness < _JOINS:
            best = Crew()
            found.append(best)
        best.add(node)
    return _joined(found)


def _joined(found: Sequence[Crew]) -> list[Crew]:
    """The smaller ones go into those that turned out to be the same crew's."""
    left = sorted(found, key=lambda crew: (len(crew.users), sum(crew.hours.values()), crew.first))
    kept = []
    while left:
        crew = left.pop(0)
        best = max(left, key=crew.same, default=None)
        if best is None or crew.same(best) == 0.0:
            kept.append(crew)
            continue
        for node in crew.nodes:
            best.add(node)
    return kept


def _alike(one: float, other: float) -> float:
    return min(one, other) / max(one, other) if max(one, other) > 0 else 1.0
