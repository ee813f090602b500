"""rivals: whoever else judges the worlds."""

from serjeant.proving.rival import Rival
from serjeant.proving.rivals import RIVALS

__all__ = ["Rival", "rivals"]


def rivals() -> tuple[Rival, ...]:
    """All of them."""
    return RIVALS
