"""chain: entries as they are written, each with the hash of the one before, and whether all are as they were.

What is hashed (SHA-256) is the entry as JSON: keys sorted, no blanks, ASCII. An exported line holds these very bytes,
so that anybody can go over it without Serjeant.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias

from serjeant.errors import UnreadableError
from serjeant.store.pseudonyms import revealed

Body: TypeAlias = Mapping[str, Any]
"""JSON values; a name of a person is a ``Name``."""
Row: TypeAlias = Sequence[Any]
"""(seq, kind, entry, hash): the entry as JSON, and what a database finds it by."""

FIRST: Final = "0" * 64
"""What the first entry names as the hash before it."""
_HINT: Final = "compare with a copy: serjeant ledger export"
_KIND: Final = re.compile("[a-z][a-z_]*")
_LINE: Final = re.compile(r'\{"hash":"([0-9a-f]{64})","entry":(\{.*\})\}')


class TamperedError(UnreadableError):
    """An entry was altered or removed."""

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(what, where=where, hint=_HINT)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger.

    :param seq: counted from 1, without gaps
    :param at: never before the entry before it, whatever the clock does
    :param kind: what it records, for example ``plan``, ``approved``, ``began``
    :param before: the hash of the entry before
    """

    seq: int
    at: datetime
    actor: str
    kind: str
    reason: str
    body: Body
    before: str
    hash: str


def row(
    seq: int, at: datetime, actor: str, kind: str, reason: str, body: Any, before: str
) -> tuple[int, str, str, str]:
    """An entry as it is kept.

    :param body: as ``pseudonyms.hidden`` gives it
    :raises TypeError: it holds what JSON has no word for
    :raises ValueError: it holds a number that is none, or the kind is no word
    """
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is no kind")
    entry = {
        "seq": seq,
        "at": at.isoformat(),
        "actor": actor,
        "kind": kind,
        "reason": reason,
        "body": body,
        "before": before,
    }
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return seq, kind, text, _hash(text)


def entry(kept: Row, names: Mapping[str, str]) -> Entry:
    """An entry as it was meant; that it follows the one before is for ``Chain`` to see.

    :param names: those that are known, by what stands for them
    :raises TamperedError: it is none
    """
    seq, kind, text, digest = kept
    try:
        it = json.loads(text)
        if _hash(text) != digest or (it["seq"], it["kind"]) != (seq, kind):
            raise TamperedError(f"entry {seq} was altered")
        body = revealed(it["body"], names)
        at = datetime.fromisoformat(it["at"])
        return Entry(it["seq"], at, it["actor"], it["kind"], it["reason"], body, it["before"], digest)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise TamperedError(f"entry {seq} was altered") from error


def line(kept: Row) -> str:
    """An entry as an exported line."""
    _, _, text, digest = kept
    return f'{{"hash":"{digest}","entry":{text}}}'


def read(lines: Iterable[str], where: str) -> Iterable[Row]:
    """The entries in exported lines.

    :raises TamperedError: a line is none
    """
    for number, each in enumerate(lines, 1):
        found = _LINE.fullmatch(each.rstrip("\n"))
        try:
            it = json.loads(found[2]) if found else None
            if found and isinstance(it, dict):
                yield it["seq"], it["kind"], found[2], found[1]
                continue
        except (ValueError, KeyError, RecursionError):
            pass
        raise TamperedError(f"line {number} is no entry", where)


@dataclass
class Chain:
    """Goes over entries in their order.

    :param heads: (seq, hash) as they were kept elsewhere
    """

    where: str
    heads: Sequence[tuple[int, str]] = ()
    count: int = 0
    last: str = FIRST
    _wanted: dict[int, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._wanted = {}
        for seq, digest in self.heads:
            self._wanted.setdefault(seq, set()).add(digest)

    def add(self, kept: Row) -> None:
        """The next entry.

        :raises TamperedError: names the one that is not as it was
        """
        seq, digest = kept[0], kept[3]
        if seq != self.count + 1:
            if not isinstance(seq, int) or seq <= self.count:
                raise TamperedError(f"after entry {self.count} stands another that is no next one", self.where)
            gone = f"entry {seq - 1} was" if seq == self.count + 2 else f"entries {self.count + 1} to {seq - 1} were"
            raise TamperedError(f"{gone} removed", self.where)
        try:
            it = entry(kept, {})
        except TamperedError as error:
            raise TamperedError(error.what, self.where) from error
        if it.before != self.last:
            raise TamperedError(f"entry {seq - 1} is not the one that entry {seq} was written after", self.where)
        if self._wanted.get(seq, {digest}) != {digest}:
            raise TamperedError(f"entry {seq} or one before it was replaced", self.where)
        self.count, self.last = seq, digest

    def end(self) -> None:
        """There are no more.

        :raises TamperedError: there were
        """
        most = max(self._wanted, default=0)
        if most > self.count:
            gone = f"entry {most} was" if most == self.count + 1 else f"entries {self.count + 1} to {most} were"
            raise TamperedError(f"{gone} cut off", self.where)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
