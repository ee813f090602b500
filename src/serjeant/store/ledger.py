"""ledger: what we decided and did: append-only, each entry with actor, reason and the hash of the one before.

Names of people are not in the chain, only what stands for them: a name lies in a table of its own with its salt, and
what stands for it is ``HMAC(salt, name)``. Forgetting a name removes that row, and the chain stays whole.

The last hash is kept outside as well (``head``), since a chain cannot show that its end was cut off.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any, Final, TypeAlias

from serjeant.errors import UnreadableError
from serjeant.store.ledgers import Door, opened

Body: TypeAlias = Mapping[str, Any]
"""JSON values; a name of a person is a ``Name``."""

_MARK: Final = "~"
_FIRST: Final = "0" * 64
_TOKEN: Final = re.compile(r"^[0-9a-f]{24}$")


class Name(str):
    """A name of a person inside a body; can be forgotten."""

    __slots__ = ()


class TamperedError(UnreadableError):
    """An entry was altered or removed."""


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


class Ledger:
    """The ledger at a place.

    :param url: ``sqlite:///PATH`` or ``postgresql://…``
    :param head: a file beside it that keeps the last hash
    """

    def __init__(self, url: str, head: Path) -> None:
        self._door: Door = opened(url)
        self._head = head
        self._alone = RLock()

    def append(self, kind: str, body: Body, *, actor: str, reason: str, now: datetime) -> Entry:
        """Adds an entry; when this returns, it outlives a power cut.

        :raises UnreadableError: it could not be written; nothing was
        """
        with self._alone, self._door.writing():
            last = self._door.last()
            before, seq, at = (_FIRST, 0, now) if last is None else (last[7], int(last[0]), _time(last[1]))
            at = max(now.astimezone(UTC), at)
            text = self._encoded(body, seq + 1)
            row = (seq + 1, at.isoformat(), actor, kind, reason, text, before)
            digest = _digest(row)
            self._door.add((*row, digest))
        self._keep_head(seq + 1, digest)
        return Entry(seq + 1, at, actor, kind, reason, body, before, digest)

    def entries(self, kinds: Iterable[str] = (), *, after: int = 0) -> Iterator[Entry]:
        """Those entries in their order, names as they are or, once forgotten, as what stands for them."""
        with self._alone:
            names = {token: name for token, name, _ in self._door.names()}
            rows = list(self._door.rows(after, tuple(kinds)))
        for row in rows:
            yield _entry(row, names)

    def last_at(self) -> datetime | None:
        """When the last entry was made."""
        with self._alone:
            last = self._door.last()
        return None if last is None else _time(last[1])

    def verify(self, head: str = "") -> tuple[int, str]:
        """Goes over the whole chain.

        :param head: ``SEQ:HASH`` as somebody kept it elsewhere
        :return: how many entries, and the last hash
        :raises TamperedError: names the first entry that is not as it was
        """
        before, count = _FIRST, 0
        wanted = dict(_heads(head, self._head))
        for row in self._door.rows(0, ()):
            seq = int(row[0])
            if seq != count + 1:
                raise TamperedError(f"entry {count + 1} was removed", where=self._door.where, hint=_HINT)
            if row[6] != before or _digest(row[:7]) != row[7]:
                raise TamperedError(f"entry {seq} was altered", where=self._door.where, hint=_HINT)
            count, before = seq, row[7]
            if wanted.get(seq, before) != before:
                raise TamperedError(f"entry {seq} or one before it was replaced", where=self._door.where, hint=_HINT)
        if any(seq > count for seq in wanted):
            raise TamperedError(f"entries after {count} were removed", where=self._door.where, hint=_HINT)
        for token, name, salt in self._door.names():
            if _token(salt, name) != token:
                raise TamperedError(f"the name behind {token} was altered", where=self._door.where, hint=_HINT)
        return count, before

    def forget(self, before: datetime, *, keep: Iterable[str] = ()) -> int:
        """Forgets names that stand only in entries before a moment; entries and chain stay as they are.

        :param keep: names that are needed still
        :return: how many
        """
        kept = set(keep)
        late = {token for row in self._door.rows(0, ()) if _time(row[1]) >= before for token in _tokens(row[5])}
        gone = [token for token, name, _ in self._door.names() if token not in late and name not in kept]
        with self._door.writing():
            self._door.remove_names(gone)
        return len(gone)

    def acting(self) -> AbstractContextManager[None]:
        """Held by the one process that acts.

        :raises UnreadableError: another does
        """
        return self._door.acting()

    def close(self) -> None:
        """Ends it."""
        self._door.close()

    def _encoded(self, body: Body, seq: int) -> str:
        known = {name: token for token, name, _ in self._door.names()} if _has_name(body) else {}
        fresh: list[tuple[str, str, str]] = []

        def token(name: str) -> str:
            if name not in known:
                salt = secrets.token_hex(16)
                known[name] = _token(salt, name)
                fresh.append((known[name], str(name), salt))
            return known[name]

        text = json.dumps(_out(body, token), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        self._door.add_names(fresh, seq)
        return text

    def _keep_head(self, seq: int, digest: str) -> None:
        fresh = self._head.with_name(f".{self._head.name}.new")
        try:
            fresh.write_text(f"{seq}:{digest}\n", "ascii")
            fresh.replace(self._head)
        except OSError:  # the entry stands all the same: an old head only shows less
            fresh.unlink(missing_ok=True)


_HINT: Final = "compare with a copy: serjeant ledger export"


def _entry(row: Sequence[Any], names: Mapping[str, str]) -> Entry:
    seq, at, actor, kind, reason, text, before, digest = row
    try:
        body = _in(json.loads(text), names)
    except ValueError as error:
        raise TamperedError(f"entry {seq} was altered", hint=_HINT) from error
    return Entry(int(seq), _time(at), actor, kind, reason, body, before, digest)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _token(salt: str, name: str) -> str:
    return hmac.new(bytes.fromhex(salt), name.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:24]


def _digest(row: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps([int(row[0]), *row[1:7]], ensure_ascii=True).encode()).hexdigest()


def _has_name(value: Any) -> bool:
    match value:
        case Name():
            return True
        case Mapping():
            return any(_has_name(each) for each in value.values())
        case list() | tuple():
            return any(_has_name(each) for each in value)
    return False


def _out(value: Any, token: Any) -> Any:
    match value:
        case Name():
            return {_MARK: token(value)}
        case Mapping():
            return {str(key): _out(each, token) for key, each in value.items()}
        case list() | tuple():
            return [_out(each, token) for each in value]
    return value


def _in(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case {"~": str(token)} if len(value) == 1 and _TOKEN.match(token):
            return Name(names.get(token, f"~{token[:8]}"))
        case dict():
            return {key: _in(each, names) for key, each in value.items()}
        case list():
            return [_in(each, names) for each in value]
    return value


def _tokens(text: str) -> list[str]:
    return re.findall(r'\{"~":"([0-9a-f]{24})"\}', text)


def _heads(given: str, file: Path) -> Iterator[tuple[int, str]]:
    try:
        kept = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        kept = ""
    for text, where in ((kept, str(file)), (given, "--head")):
        seq, _, digest = text.partition(":")
        if text and not (seq.isdecimal() and re.fullmatch("[0-9a-f]{64}", digest)):
            raise UnreadableError("is no SEQ:HASH", where=where, hint="take it from: serjeant ledger verify")
        if text:
            yield int(seq), digest


def place(out: Path, url: str) -> Ledger:
    """The ledger of an investigation's folder.

    :param out: the folder
    :param url: where the settings want it; empty: ``ledger.db`` in the folder
    """
    return Ledger(url or f"sqlite:///{out / 'ledger.db'}", out / "ledger.head")
