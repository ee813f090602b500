"""matrix: the drawn worlds that there are. Attacks and parameters: the detection notes, 3.2 and 3.3."""

from typing import Final

from serjeant.errors import UsageError
from serjeant.proving.attacks import brute, covert, inside, parliament, spray, stuffing, switch

_MODULES: Final = (brute, spray, parliament, covert, stuffing, inside, switch)
_SHAPES: Final = [shape for module in _MODULES for shape in module.SHAPES]

ATTACKS: Final = {shape.name: shape for shape in sorted(_SHAPES, key=lambda shape: int(shape.name[1:]))}
"""By name, A1 to A14."""

CONFOUNDERS: Final = {
    "quiet": "An ordinary week: the attack begins on a Tuesday, Wednesday or Thursday.",
    "monday": "It begins on a Monday morning, when people mistype 1.6 times as often.",
    "expiry": "It begins on the day on which 8 % of passwords run out, and a quarter of those people forget a phone.",
    "recess": "It begins on the day on which everybody comes back from a recess and mistypes three times as often.",
    "outage": "Within its first hours the password database is away for 25 minutes.",
}
"""What honest people do at the time of the onset (3.3)."""

ADVERSARIES: Final = {
    "mimicry": "The crew keeps our working hours and its clients call themselves as ours do.",
    "ramp": "It begins with a twentieth of its tempo and adds as much every day.",
    "laundered": "From every address it first signs in to an account of its own.",
    "ipv6": "All its addresses are /64 networks of one /48.",
    "variants": "It spells each account in many ways: capitals, the domain before or after, a tag.",
    "dark": "It begins while the password database is away.",
    "mangled": "Of the log lines 2 % are lost and 2 % doubled, and one server's clock is five minutes fast.",
    "lucky": "Each right guess is the only attempt that ever came from its address.",
    "single": "No address is used for a second guess.",
    "crews": "A second crew with other addresses, tools and guesses is at work at the same time.",
    "changes": "For a day, or a third of a short attack, the crew has another tool, service and addresses.",
}
"""What a crew does in order not to be seen, or what else makes it harder (3.3; *single*, *crews*, *changes*: ours)."""

CLEAN: Final = "clean"
"""A world without attack, in which every trap is laid: all confounders and those of ``traps``."""

SECOND: Final = {"A9": "A4"}
"""The attack of the second crew, where it is not A9."""


_BRIEF: Final = ("A1", "A2", "A3", "A4", "A9", "A10", "A11", "A12", "A14")
_LEFT_OUT: Final = frozenset(
    {
        *("A8 single", "A10 lucky", "A11 ipv6", "A11 single", "A12 ipv6", "A12 single"),
        *(f"{attack} ramp" for attack in _BRIEF),
    }
)
"""The adversary finds nothing to change there; and what is over in a day or three has no time to rise."""


def worlds() -> tuple[str, ...]:
    """Every world by name: ``clean``, each attack alone, with each confounder and each adversary that suits it."""
    names = (f"{attack} {other}" for attack in ATTACKS for other in (*CONFOUNDERS, *ADVERSARIES))
    return (CLEAN, *ATTACKS, *(name for name in names if name not in _LEFT_OUT))


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
