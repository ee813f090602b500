"""progress: how far one log has been read, and what became of its lines.

Kept as one small JSON file in the lake, replaced whole after every block, so that a run killed at any moment goes on
at the last block that is wholly in the lake.
"""

import json
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import datetime


@dataclass(slots=True)
class Tally:
    """Lines counted; ``lines == parsed + ignored + unparsed``.

    :param by_format: parsed lines by format
    :param ignored_by: ignored lines by rule, or by the program that signs nobody in
    :param oversized: of the unparsed, those too long to be a log line
    :param damaged: lines that were not valid UTF-8, whatever became of them
    :param unparsed_at: number of the first unparsed line; 0 for none
    """

    lines: int = 0
    parsed: int = 0
    ignored: int = 0
    unparsed: int = 0
    oversized: int = 0
    damaged: int = 0
    unparsed_at: int = 0
    damaged_at: int = 0
    by_format: Counter[str] = field(default_factory=Counter)
    ignored_by: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Counts what the other counted, too."""
        for name in ("lines", "parsed", "ignored", "unparsed", "oversized", "damaged"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.unparsed_at = self.unparsed_at or other.unparsed_at
        self.damaged_at = self.damaged_at or other.damaged_at
        self.by_format.update(other.by_format)
        self.ignored_by.update(other.ignored_by)


@dataclass(slots=True)
class Progress:
    """What was read of one log.

    :param uid: names its segments in the lake
    :param name: the file's name when it was last read
    :param head: keyed hash of its first ``head_bytes`` bytes: the log is known again by it, under any name
    :param end: bytes (unpacked) that are wholly in the lake
    :param tail: keyed hash of the ``tail_bytes`` bytes before ``end``: the log is still the same there
    :param done: what became of the lines up to ``end``
    :param open: the same for a last line without a line end, which may still grow; read again next time
    :param open_end: bytes up to the end of that line; 0 for none
    :param envelope: the usual envelope's name, so that it need not be found again
    :param year: of the next stamp without a year; ``stamp``: the last such stamp (ISO), empty before the first
    """

    uid: str
    name: str
    head: str
    head_bytes: int
    end: int = 0
    tail: str = ""
    tail_bytes: int = 0
    done: Tally = field(default_factory=Tally)
    open: Tally | None = None
    open_end: int = 0
    format: str = ""
    envelope: str = ""
    year: int = 0
    stamp: str = ""

    @property
    def tally(self) -> Tally:
        """All lines, the open one too."""
        both = Tally()
        both.add(self.done)
        if self.open is not None:
            both.add(self.open)
        return both

    @property
    def last_stamp(self) -> datetime | None:
        """``stamp`` as a time."""
        return datetime.fromisoformat(self.stamp) if self.stamp else None

    def dumps(self) -> str:
        """The progress as JSON."""
        return json.dumps(self, default=_fields, ensure_ascii=True, sort_keys=True)

    @classmethod
    def loads(cls, text: str) -> "Progress":
        """The progress from JSON."""
        values = json.loads(text)
        for name in ("done", "open"):
            if values[name] is not None:
                tally = values[name]
                for counter in ("by_format", "ignored_by"):
                    tally[counter] = Counter(tally[counter])
                values[name] = Tally(**tally)
        return cls(**values)


def _fields(value: Tally | Progress) -> dict[str, object]:
    return {each.name: getattr(value, each.name) for each in fields(value)}
