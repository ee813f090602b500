"""wall: every account of the directory by department, and what became of it."""

from collections import Counter
from dataclasses import dataclass

from serjeant.model.incident import Incident

STATES = ("compromised", "suspected", "tried", "untouched")
"""In the order they are drawn: what matters first."""

UNKNOWN_DEPARTMENT = "department not known"
_SHOWN_DEPARTMENTS = 40


@dataclass(frozen=True, slots=True)
class Block:
    """One department.

    :param counts: how many accounts are in each state, in the order of ``STATES``
    """

    name: str
    counts: tuple[int, int, int, int]

    @property
    def size(self) -> int:
        """All its accounts."""
        return sum(self.counts)

    @property
    def tried(self) -> int:
        """Those that were tried at all, fallen ones among them."""
        return self.size - self.counts[-1]

    @property
    def share(self) -> float:
        """The part that was tried, 0 to 1."""
        return self.tried / self.size if self.size else 0.0


@dataclass(frozen=True, slots=True)
class Wall:
    """The directory as blocks, largest first, those without a department last.

    :param smaller: how many departments the last block stands for; 0 when each has its own
    """

    blocks: tuple[Block, ...]
    smaller: int = 0

    @property
    def whole(self) -> Block:
        """All blocks in one."""
        a, b, c, d = (sum(block.counts[state] for block in self.blocks) for state in range(len(STATES)))
        return Block("", (a, b, c, d))


def build(incident: Incident) -> Wall:
    """Sort every account of ``incident.directory`` into its department and state."""
    judged = {it.account: it.assessment for it in incident.accounts if it.assessment in ("compromised", "suspected")}
    counted = Counter(
        (it.department, judged.get(it.account) or ("tried" if it.account in incident.tried else "untouched"))
        for it in incident.directory
    )
    names = {name for name, _ in counted}
    blocks = [_block(name, counted, [name]) for name in names]
    blocks.sort(key=lambda block: (block.name == UNKNOWN_DEPARTMENT, -block.size, block.name))
    if len(blocks) <= _SHOWN_DEPARTMENTS:
        return Wall(tuple(blocks))
    shown, rest = blocks[: _SHOWN_DEPARTMENTS - 1], blocks[_SHOWN_DEPARTMENTS - 1 :]
    hidden = names - {block.name for block in shown}
    return Wall((*shown, _block(f"{len(rest)} smaller departments", counted, sorted(hidden))), smaller=len(rest))


def _block(name: str, counted: Counter[tuple[str, str]], members: list[str]) -> Block:
    a, b, c, d = (sum(counted[member, state] for member in members) for state in STATES)
    return Block(name or UNKNOWN_DEPARTMENT, (a, b, c, d))
