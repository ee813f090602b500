"""door: what a ledger needs of a database, and what SQLite and PostgreSQL say in the same words."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from serjeant.store.chain import Row
from serjeant.store.pseudonyms import Known

TABLES: Final = (
    "create table if not exists entries (seq bigint primary key, kind text not null, entry text not null, "
    "hash text not null)",
    "create table if not exists names (token text primary key, name text not null, salt text not null, "
    "key text not null unique)",
)
BUSY: Final = "another serjeant is acting"
WAIT: Final = 30
"""Seconds that a writer waits for another."""


class Door(Protocol):
    """What a ledger needs of a database."""

    @property
    def where(self) -> str:
        """Its place, for messages; without secrets."""

    def writing(self) -> AbstractContextManager[None]:
        """One transaction, alone; what it wrote outlives a power cut, or nothing of it is there."""

    def reading(self) -> AbstractContextManager[None]:
        """What is read within is of one moment."""

    def last(self) -> Row | None:
        """The last entry."""

    def entry(self, seq: int) -> Row | None:
        """One entry."""

    def rows(self, after: int, kinds: tuple[str, ...]) -> Iterator[Row]:
        """Entries in their order, a few at a time."""

    def names(self) -> Iterator[Known]:
        """All names that are known."""

    def named(self, keys: Sequence[str]) -> Iterator[Known]:
        """Those of them with these keys."""

    def add(self, row: Row, names: Sequence[Known]) -> None:
        """Adds an entry, and names that it is the first to hold."""

    def remove_names(self, tokens: Sequence[str]) -> None:
        """Forgets names."""

    def shred(self) -> None:
        """Sees to it that what was forgotten cannot be read from the database's files."""

    def acting(self) -> AbstractContextManager[None]:
        """Held by one process at a time."""

    def close(self) -> None:
        """Ends it."""


class Common:
    """What both say in the same words, but for the mark of a parameter, and for whether a text is among several."""

    _mark: str
    _among: str
    _run: Callable[..., Any]
    _several: Callable[[Sequence[str]], Any]
    _add_names: Callable[[Sequence[Known]], None]

    def last(self) -> Row | None:
        """The last entry."""
        row: Row | None = self._run("select seq, kind, entry, hash from entries order by seq desc limit 1").fetchone()
        return row

    def entry(self, seq: int) -> Row | None:
        """One entry."""
        statement = f"select seq, kind, entry, hash from entries where seq = {self._mark}"
        row: Row | None = self._run(statement, (seq,)).fetchone()
        return row

    def names(self) -> Iterator[Known]:
        """All names that are known."""
        return self._known("select token, name, salt, key from names")

    def named(self, keys: Sequence[str]) -> Iterator[Known]:
        """Those of them with these keys."""
        statement = f"select token, name, salt, key from names where key {self._among}"
        return self._known(statement, (self._several(keys),))

    def add(self, row: Row, names: Sequence[Known]) -> None:
        """Adds an entry, and names that it is the first to hold."""
        marks = ", ".join([self._mark] * 4)
        self._run(f"insert into entries (seq, kind, entry, hash) values ({marks})", row)
        if names:
            self._add_names(names)

    def remove_names(self, tokens: Sequence[str]) -> None:
        """Forgets names."""
        self._run(f"delete from names where token {self._among}", (self._several(tokens),))

    def _known(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Known]:
        return (Known(*map(str, each)) for each in self._run(statement, values).fetchall())

    def _rows(self, after: int, kinds: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
        only = f" and kind in ({', '.join([self._mark] * len(kinds))})" if kinds else ""
        statement = f"select seq, kind, entry, hash from entries where seq > {self._mark}{only} order by seq"
        return statement, (after, *kinds)
