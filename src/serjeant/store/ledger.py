"""ledger: what we decided and did: append-only, each entry with actor, reason and the hash of the one before.

Names of people are not in the chain, only what stands for them (``pseudonyms``). Forgetting a name removes it and its
salt from a table of their own, and the chain stays whole. The last hash is kept outside as well (``head``).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any, Final

from serjeant.errors import UnreadableError, UsageError
from serjeant.store import chain, head, pseudonyms
from serjeant.store.chain import Body, Chain, Entry, TamperedError
from serjeant.store.door import Door
from serjeant.store.pseudonyms import Known, Name

__all__ = ["FORGOT", "Body", "Entry", "Ledger", "Name", "TamperedError", "Whole", "place"]

FORGOT: Final = "forgot"
"""The kind of an entry that says which names were forgotten."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A chain that is as it was.

    :param count: how many entries it has
    :param last: the last hash
    :param vouched: somebody kept a head, so that nothing can have been cut off before it
    """

    count: int
    last: str
    vouched: bool


def place(out: Path, url: str = "", *, make: bool = True) -> "Ledger":
    """The ledger of an investigation.

    :param out: its folder, where the head is kept, and the ledger itself if the settings name no place
    :param url: ``Settings.ledger``
    :param make: where there is none
    :raises UnreadableError: there is none, or it cannot be used
    """
    url = url or f"sqlite:///{out / 'ledger.db'}"
    file = Path(url.removeprefix("sqlite:///"))
    if not make and url.startswith("sqlite:///") and not file.exists():
        raise UnreadableError("there is no ledger here", where=str(file), hint="name the folder with --out")
    return Ledger(url, out / "ledger.head")


class Ledger:
    """The ledger at a place.

    :param url: ``sqlite:///PATH`` or ``postgresql://…``
    :param head: a file beside it that keeps the last hash
    """

    def __init__(self, url: str, head: Path) -> None:
        self._door = _opened(url)
        self._head = head
        self._alone = RLock()

    @property
    def where(self) -> str:
        """Its place, for messages."""
        return self._door.where

    def append(self, kind: str, body: Body, *, actor: str, reason: str, now: datetime) -> Entry:
        """Adds an entry; when this returns, it outlives a power cut.

        :raises UnreadableError: it could not be written; nothing was
        """
        with self._alone:
            with self._door.writing():
                added = self._add(kind, body, actor, reason, now)
            self._keep_head(added)
        return added

    def entries(self, kinds: Iterable[str] = (), *, after: int = 0, names: bool = True) -> Iterator[Entry]:
        """Those entries in their order.

        :param names: names as they are or, once forgotten, as what stands for them; else only the latter
        """
        with self._alone, self._door.reading():
            known = {each.token: self._name(each) for each in self._door.names()} if names else {}
            rows = list(self._door.rows(after, tuple(kinds)))
        for row in rows:
            yield self._read(row, known)

    def last_at(self) -> datetime | None:
        """When the last entry was made."""
        with self._alone, self._door.reading():
            last = self._door.last()
        return None if last is None else self._read(last, {}).at

    def verify(self, given: str = "") -> Whole:
        """Goes over the whole chain, and over the names.

        :param given: ``SEQ:HASH`` as somebody kept it elsewhere
        :raises TamperedError: names the first entry that is not as it was
        """
        # The file is read first: what others add meanwhile is then later than it.
        heads = [each for each in (head.kept(self._head), head.head(given, "--head") if given else None) if each]
        over = Chain(self._door.where, heads)
        standing: set[str] = set()
        forgotten: set[str] = set()
        with self._alone, self._door.reading():
            for row in self._door.rows(0, ()):
                over.add(row)
                standing.update(pseudonyms.tokens(row[2]))
                if row[1] == FORGOT:
                    forgotten.update(self._read(row, {}).body["names"])
            over.end()
            for known in self._door.names():
                self._name(known)
                standing.discard(known.token)
        if standing - forgotten:
            token = min(standing - forgotten)
            raise TamperedError(f"the name that {pseudonyms.shown(token)} stands for was removed", self.where)
        return Whole(over.count, over.last, bool(heads))

    def exported(self) -> Iterator[str]:
        """The entries as lines that anybody can go over, with what stands for names."""
        with self._alone, self._door.reading():
            for row in self._door.rows(0, ()):
                yield chain.line(row)

    def forget(
        self,
        before: datetime,
        *,
        needed: Callable[[Iterable[Entry]], Iterable[str]],
        actor: str,
        reason: str,
        now: datetime,
    ) -> int:
        """Forgets names that stand only in entries before a moment; entries and chain stay as they are.

        :param needed: says of all entries which names are needed still
        :return: how many
        """
        with self._alone:
            with self._door.writing():
                kept = {pseudonyms.key(name) for name in needed(self.entries())}
                rows = self._door.rows(0, ())
                late = {
                    token for row in rows if self._read(row, {}).at >= before for token in pseudonyms.tokens(row[2])
                }
                gone = [each.token for each in self._door.names() if each.token not in late and each.key not in kept]
                if not gone:
                    return 0
                self._door.remove_names(gone)
                added = self._add(FORGOT, {"names": gone}, actor, reason, now)
            self._keep_head(added)
            self._door.shred()
        return len(gone)

    def acting(self) -> AbstractContextManager[None]:
        """Held by the one process that acts.

        :raises UnreadableError: another does
        """
        return self._door.acting()

    def close(self) -> None:
        """Ends it."""
        self._door.close()

    def _add(self, kind: str, body: Body, actor: str, reason: str, now: datetime) -> Entry:
        last = self._door.last()
        seq, at, before = 0, now.astimezone(UTC), chain.FIRST
        if last is not None:
            latest = self._read(last, {})
            seq, at, before = latest.seq, max(at, latest.at), latest.hash
        keys = {name: pseudonyms.key(name) for name in set(pseudonyms.names(body))}
        known = {each.key: each for each in self._door.named(sorted({*keys.values()}))} if keys else {}
        fresh = {key: pseudonyms.known(name) for name, key in keys.items() if key not in known}
        known |= fresh
        hidden = pseudonyms.hidden(body, lambda name: known[keys[name]].token)
        row = chain.row(seq + 1, at, actor, kind, reason, hidden, before)
        self._door.add(row, [*fresh.values()])
        return self._read(row, {each.token: self._name(each) for each in known.values()})

    def _keep_head(self, added: Entry) -> None:
        def stands(kept: head.Head) -> bool:
            if kept == (added.seq - 1, added.before):
                return True
            row = self._door.entry(kept[0])
            return row is not None and row[3] == kept[1]

        head.keep(self._head, added.seq, added.hash, stands)

    def _name(self, known: Known) -> str:
        if not known.whole:
            raise TamperedError(f"the name that {pseudonyms.shown(known.token)} stands for was altered", self.where)
        return known.name

    def _read(self, row: Any, known: dict[str, str]) -> Entry:
        try:
            return chain.entry(row, known)
        except TamperedError as error:
            raise TamperedError(error.what, self.where) from error


def _opened(url: str) -> Door:
    """The door to a ledger; made where it is missing.

    :raises UsageError: for a kind that is none of ours
    """
    if url.startswith(("postgresql://", "postgres://")):
        from serjeant.store.postgres import Postgres

        return Postgres(url)
    if url.startswith("sqlite:///") and url != "sqlite:///":
        from serjeant.store.sqlite import Sqlite

        return Sqlite(Path(url.removeprefix("sqlite:///")))
    kind = url.partition(":")[0][:20]
    raise UsageError(f"{kind!r} is no ledger's place", hint="write sqlite:///PATH or postgresql://HOST/NAME")
