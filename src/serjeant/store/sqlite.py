"""sqlite: a ledger in a file of its own."""

import fcntl
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from serjeant.errors import UnreadableError
from serjeant.store.chain import Row
from serjeant.store.door import BUSY, TABLES, WAIT, Common
from serjeant.store.pseudonyms import Known

_SET: Final = ("pragma journal_mode = wal", "pragma synchronous = full", "pragma secure_delete = on")
_ONLY_ADDED: Final = tuple(
    f"create trigger if not exists no_{what} before {what} on entries "
    "begin select raise(abort, 'entries are only added'); end"
    for what in ("update", "delete")
)
_HINT: Final = "make room, or mend its rights, and run it again; nothing was done that is not written there"


class Sqlite(Common):
    """A ledger in a file of its own; made where it is missing."""

    _mark = "?"
    _among = "in (select value from json_each(?))"
    _several = staticmethod(json.dumps)

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        self._path = path
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        try:
            for statement in _SET:
                self._run(statement)
            if not self._run("select 1 from sqlite_master where name = 'no_delete'").fetchone():
                with self.writing():
                    for statement in (*TABLES, *_ONLY_ADDED):
                        self._run(statement)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, alone; what it wrote outlives a power cut, or nothing of it is there."""
        with self._transaction("begin immediate"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What is read within is of one moment."""
        if self._connection.in_transaction:
            yield
            return
        with self._transaction("begin"):
            yield

    def rows(self, after: int, kinds: tuple[str, ...]) -> Iterator[Row]:
        """Entries in their order, a few at a time."""
        with self._told():
            yield from self._connection.execute(*self._rows(after, kinds))

    def shred(self) -> None:
        """The file holds zeros in the place of what was removed; so shall the journal beside it."""
        self._run("pragma wal_checkpoint(truncate)")

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Held by one process at a time."""
        with self._told():
            lock = self._path.with_name(f"{self._path.name}.acting").open("w", encoding="ascii")
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise UnreadableError(BUSY, where=self.where, hint="wait for it to end") from error
            yield

    def close(self) -> None:
        """Ends it."""
        self._connection.close()

    def _run(self, statement: str, values: Sequence[Any] = ()) -> Any:
        with self._told():
            return self._connection.execute(statement, tuple(values))

    def _add_names(self, names: Sequence[Known]) -> None:
        with self._told():
            self._connection.executemany("insert into names (token, name, salt, key) values (?, ?, ?, ?)", names)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        self._run(begin)
        try:
            yield
            self._run("commit")
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.rollback()
            raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            says = getattr(error, "strerror", None) or str(error)
            raise UnreadableError(f"the ledger cannot be used: {says}", where=self.where, hint=_HINT) from error
