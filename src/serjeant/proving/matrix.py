"""matrix: the drawn worlds that there are. Attacks and parameters: the detection notes, 3.2 and 3.3."""

from typing import Final

from serjeant.errors import UsageError
from serjeant.proving.attacks import covert, parliament
from serjeant.proving.shape import Shape

ATTACKS: Final[dict[str, Shape]] = {shape.name: shape for module in (parliament, covert) for shape in module.SHAPES}
"""By name, A1 to A14."""

CONFOUNDERS: Final = {
    "quiet": "An ordinary week: the attack begins on a Tuesday, Wednesday or Thursday.",
    "monday": "It begins on a Monday morning, when people mistype 1.6 times as often.",
    "expiry": "It begins on the day on which 8 % of passwords run out, and a quarter of those people forget a phone.",
    "recess": "It begins on the day on which everybody comes back from a recess and mistypes three times as often.",
    "outage": "Within its first hours the password database is away for 25 minutes.",
}
"""What honest people do at the time of the onset (3.3)."""

ADVERSARIES: Final[dict[str, str]] = {}
"""What a crew does in order not to be seen (3.3)."""

CLEAN: Final = "clean"


def split(name: str) -> tuple[str, str]:
    """The attack and the other word of a world's name.

    :raises UsageError: there is no such world
    """
    attack, _, other = name.partition(" ")
    if attack == CLEAN and not other:
        return attack, other
    if attack not in ATTACKS or (other and other not in CONFOUNDERS and other not in ADVERSARIES):
        raise UsageError(
            f"there is no world {name!r}",
            hint=f"it is {CLEAN}, or one of {' '.join(ATTACKS)}, alone or with one of "
            f"{' '.join([*CONFOUNDERS, *ADVERSARIES])}",
        )
    return attack, other
