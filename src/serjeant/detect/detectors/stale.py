"""T0, stale: devices that keep trying one wrong password, told so that nobody takes them for guessing."""

from dataclasses import dataclass, field

import polars as pl

from serjeant.detect.detector import Detector
from serjeant.detect.evidence import Evidence as Tables
from serjeant.model.finding import Evidence, Finding


@dataclass(frozen=True, slots=True)
class Settings:
    """When a device counts as forgotten."""

    failures: int = field(default=5, metadata={"help": "failures of one (account, source) in a day"})
    same: float = field(default=0.9, metadata={"help": "share of them with one and the same wrong password"})


def find(tables: Tables, settings: Settings) -> list[Finding]:
    """One finding for all of them: they are many on any Monday."""
    forgotten = stale(tables.pairs, settings)
    if not len(forgotten):
        return []
    fail = int(forgotten["fail"].sum())
    pairs = forgotten.select(pl.struct("user", "source").n_unique()).item()
    says = f"{pairs} forgotten devices repeated one wrong password {fail} times; each counts once"
    first, last = forgotten["first_fail"].min(), forgotten["last_fail"].max()
    evidence = (Evidence("stale", says, {"devices": pairs, "failures": fail}),)
    return [Finding("stale", "", first, last, last, evidence=evidence)]  # type: ignore[arg-type]


def stale(pairs: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The (user, source, day) rows that are forgotten devices, where the log tells guesses apart."""
    return pairs.filter(
        (pl.col("guessed") >= settings.failures) & (pl.col("same_guess") >= settings.same * pl.col("guessed"))
    )


DETECTOR = Detector(
    "stale",
    "T0",
    "",
    Settings,
    find,
    "Without guess fingerprints a forgotten device looks like any other failing client; it then counts once a week.",
)
