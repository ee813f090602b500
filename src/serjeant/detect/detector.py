"""detector: one test over the evidence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from serjeant.detect.evidence import Evidence
from serjeant.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Detector:
    """A test, with what it claims and what it cannot see.

    :param name: as in findings and settings (``[detect.NAME]``)
    :param test: its number in the design (T1 …)
    :param technique: the ATT&CK technique that it claims; empty for a guard
    :param settings: a frozen dataclass of thresholds, each field with a default and ``help``
    :param find: (evidence, settings) -> findings; pure
    :param blind: what it cannot see, in one sentence, for the docs
    """

    name: str
    test: str
    technique: str
    settings: type[Any]
    find: Callable[[Evidence, Any], list[Finding]]
    blind: str
