"""rivals: whoever else judges the worlds."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Rival:
    """Stand-in."""

    name: str
    product: str
    source: str
    says: str
    judge: Callable[[pl.DataFrame], pl.DataFrame]
    blocks: bool


def rivals() -> tuple[Rival, ...]:
    """All of them."""
    return ()
