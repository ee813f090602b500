"""ledgers: the two places that a ledger can lie at, SQLite and PostgreSQL, through one door."""

import fcntl
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

from serjeant.errors import UnreadableError, UsageError

Row: TypeAlias = Sequence[Any]
_COLUMNS: Final = "seq, at, actor, kind, reason, body, before, hash"
_TABLES: Final = (
    "create table if not exists entries (seq bigint primary key, at text not null, actor text not null, "
    "kind text not null, reason text not null, body text not null, before text not null, hash text not null)",
    "create table if not exists names (token text primary key, name text not null, salt text not null, "
    "seq bigint not null)",
)
_BUSY: Final = "another serjeant is acting"
_LOCK: Final = 0x5E71EA47
"""The number of the advisory lock; any that nobody else takes."""


class Door(Protocol):
    """What a ledger needs of a database."""

    where: str

    def writing(self) -> AbstractContextManager[None]:
        """One transaction, alone; what it wrote outlives a power cut, or nothing of it is there."""

    def last(self) -> Row | None:
        """The last entry."""

    def rows(self, after: int, kinds: tuple[str, ...]) -> Iterator[Row]:
        """Entries in their order."""

    def names(self) -> list[tuple[str, str, str]]:
        """(token, name, salt) of all names that are known still."""

    def add(self, row: Row) -> None:
        """Adds an entry."""

    def add_names(self, names: Sequence[tuple[str, str, str]], seq: int) -> None:
        """Adds names that an entry is the first to hold."""

    def remove_names(self, tokens: Sequence[str]) -> None:
        """Forgets names."""

    def acting(self) -> AbstractContextManager[None]:
        """Held by one process at a time."""

    def close(self) -> None:
        """Ends it."""


def opened(url: str) -> Door:
    """The door to a ledger; made where it is missing.

    :raises UsageError: for a kind that is none of ours
    """
    if url.startswith("sqlite:///"):
        return _Sqlite(Path(url.removeprefix("sqlite:///")))
    if url.startswith(("postgresql://", "postgres://")):
        return _Postgres(url)
    raise UsageError(f"{url.partition(':')[0]!r} is no ledger", hint="write sqlite:///PATH or postgresql://HOST/NAME")


class _Common:
    """What both say in the same words, but for the mark of a parameter."""

    mark: str
    where: str

    def _run(self, statement: str, values: Sequence[Any] = ()) -> Any:
        raise NotImplementedError

    def _many(self, statement: str, values: Sequence[Sequence[Any]]) -> None:
        raise NotImplementedError

    def last(self) -> Row | None:
        row: Row | None = self._run(f"select {_COLUMNS} from entries order by seq desc limit 1").fetchone()
        return row

    def rows(self, after: int, kinds: tuple[str, ...]) -> Iterator[Row]:
        marks = ", ".join([self.mark] * len(kinds))
        only = f" and kind in ({marks})" if kinds else ""
        statement = f"select {_COLUMNS} from entries where seq > {self.mark}{only} order by seq"
        yield from self._run(statement, (after, *kinds))

    def names(self) -> list[tuple[str, str, str]]:
        return [
            (str(token), str(name), str(salt)) for token, name, salt in self._run("select token, name, salt from names")
        ]

    def add(self, row: Row) -> None:
        marks = ", ".join([self.mark] * len(row))
        self._run(f"insert into entries ({_COLUMNS}) values ({marks})", row)

    def add_names(self, names: Sequence[tuple[str, str, str]], seq: int) -> None:
        marks = ", ".join([self.mark] * 4)
        rows = [(*each, seq) for each in names]
        if rows:
            self._many(f"insert into names (token, name, salt, seq) values ({marks})", rows)

    def remove_names(self, tokens: Sequence[str]) -> None:
        if tokens:
            self._many(f"delete from names where token = {self.mark}", [(token,) for token in tokens])


class _Sqlite(_Common):
    mark = "?"

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        self._path = path
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            for statement in ("pragma journal_mode = wal", "pragma synchronous = full", *_TABLES):
                self._connection.execute(statement)
            for what in ("update", "delete"):
                self._connection.execute(
                    f"create trigger if not exists no_{what} before {what} on entries "
                    "begin select raise(abort, 'entries are only added'); end"
                )

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._told():
            self._connection.execute("begin immediate")
            try:
                yield
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    @contextmanager
    def acting(self) -> Iterator[None]:
        with self._path.with_name(f"{self._path.name}.acting").open("w", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise UnreadableError(_BUSY, where=self.where, hint="wait for it to end") from error
            yield

    def close(self) -> None:
        self._connection.close()

    def _run(self, statement: str, values: Sequence[Any] = ()) -> Any:
        with self._told():
            return self._connection.execute(statement, tuple(values))

    def _many(self, statement: str, values: Sequence[Sequence[Any]]) -> None:
        with self._told():
            self._connection.executemany(statement, values)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as error:
            hint = "make room, or mend its rights, and run it again; nothing was done that is not written there"
            raise UnreadableError(f"the ledger cannot be used: {error}", where=self.where, hint=hint) from error


class _Postgres(_Common):
    mark = "%s"

    def __init__(self, url: str) -> None:
        try:
            import psycopg
        except ImportError as error:
            raise UsageError(
                "a ledger in PostgreSQL needs psycopg", hint="pipx inject serjeant 'psycopg[binary]'"
            ) from error
        self._psycopg = psycopg
        self.where = url.rpartition("@")[2]
        self._url = url
        with self._told():
            self._connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
            with self._connection.transaction():
                self._run("select pg_advisory_xact_lock(%s)", (_LOCK,))
                for statement in _TABLES:
                    self._run(statement)

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._told(), self._connection.transaction():
            self._run("lock table entries in exclusive mode")
            yield

    @contextmanager
    def acting(self) -> Iterator[None]:
        with self._told():
            alone = self._psycopg.connect(self._url, autocommit=True, connect_timeout=10)
        try:
            held = alone.execute("select pg_try_advisory_lock(%s)", (_LOCK + 1,)).fetchone()
            if held is None or not held[0]:
                raise UnreadableError(_BUSY, where=self.where, hint="wait for it to end")
            yield
        finally:
            alone.close()

    def close(self) -> None:
        self._connection.close()

    def _run(self, statement: str, values: Sequence[Any] = ()) -> Any:
        with self._told():
            return self._connection.execute(statement, tuple(values))

    def _many(self, statement: str, values: Sequence[Sequence[Any]]) -> None:
        with self._told(), self._connection.cursor() as cursor:
            cursor.executemany(statement, values)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._psycopg.Error as error:
            says = str(error).partition("\n")[0]
            raise UnreadableError(
                f"the ledger cannot be used: {says}", where=self.where, hint="see to its server"
            ) from error
