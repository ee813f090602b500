"""Sample files: above each log line stands, as JSON, what it must mean; above a table's rows ``#= `` and its header."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "formats"


@dataclass(frozen=True)
class Sample:
    """A log line and its meaning; ``where`` is file:line."""

    where: str
    line: str
    meaning: dict[str, Any]
    header: str = ""

    @property
    def verdict(self) -> str:
        return next((word for word in ("ignored", "unparsed") if self.meaning.get(word)), "parsed")

    @property
    def columns(self) -> dict[str, Any]:
        return {k: v for k, v in self.meaning.items() if k not in {"rule", "ignored", "unparsed", "injection"}}


@cache
def samples(name: str) -> list[Sample]:
    path = FOLDER / f"{name}.log"
    found, meaning, header = [], None, ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("## ") or not line:
            continue
        if line.startswith("#="):
            header = line[2:].strip()
            continue
        if line.startswith("# "):
            meaning = json.loads(line[2:])
            continue
        assert meaning is not None, f"{path.name}:{number} says not what the line means"
        found.append(Sample(f"{path.name}:{number}", line, meaning, header))
        meaning = None
    return found
