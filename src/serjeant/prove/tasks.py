"""tasks: which worlds are drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from serjeant.proving import frontier, matrix

ACCOUNTS: Final = 2000
DAYS: Final = 28
CLEAN_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Task:
    """One world to be drawn and judged.

    :param rivals: they judge it as well
    """

    world: str
    seed: int
    accounts: int = ACCOUNTS
    days: int = DAYS
    fingerprints: bool = False
    rivals: bool = True

    @property
    def name(self) -> str:
        """As a file can be called."""
        parts = [self.world.replace(" ", "_"), f"{self.seed}", f"{self.accounts}x{self.days}"]
        return "-".join([*parts, *["prints"] * self.fingerprints, *["rivals"] * self.rivals])


def every_attack() -> list[str]:
    """Each attack alone, with each thing that honest people do meanwhile, and with each way of not being seen."""
    alike = {f"{attack} quiet" for attack in matrix.ATTACKS}
    return [world for world in matrix.worlds() if world != matrix.CLEAN and world not in alike]


def the_frontier() -> list[str]:
    """Every corner of it."""
    return [frontier.name(every, uses) for uses in frontier.USES for every in frontier.EVERY]


def tasks(worlds: Iterable[str], seeds: Sequence[int], accounts: int, *, rivals: bool) -> list[Task]:
    """Each world with each seed, seed by seed.

    Each attack by itself is drawn once more, with logs that tell one wrong password from another. Rivals are asked of
    clean days and of attacks, whatever honest people do meanwhile; not of crews that take care, nor on the frontier.
    """
    made = []
    for world in dict.fromkeys(worlds):
        edge = frontier.shape(world) is not None
        clean = not edge and matrix.split(world)[0] == matrix.CLEAN
        days = CLEAN_DAYS if clean else DAYS
        careful = world.partition(" ")[2] in matrix.ADVERSARIES
        made.append((world, days, False, rivals and not edge and not careful))
        if world in matrix.ATTACKS:
            made.append((world, days, True, False))
    return [
        Task(world, seed, accounts, days, fingerprints, asked)
        for seed in seeds
        for world, days, fingerprints, asked in made
    ]
