"""postgres: a ledger in a PostgreSQL database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from serjeant.errors import UnreadableError, UsageError
from serjeant.store.chain import Row
from serjeant.store.door import BUSY, TABLES, WAIT, Common
from serjeant.store.pseudonyms import Known

if TYPE_CHECKING:
    import psycopg

_ONLY_ADDED: Final = (
    "create or replace function serjeant_only_added() returns trigger language plpgsql as "
    "$$ begin raise exception 'entries are only added'; end $$",
    "create or replace trigger only_added before update or delete or truncate on entries "
    "execute function serjeant_only_added()",
)
_LOCK: Final = 0x5E71EA47
"""The number of the advisory lock of writers, and the one after it of the one who acts; nobody else takes these."""
_TIMES: Final = {"connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 30_000}


class Postgres(Common):
    """A ledger in a database; its tables are made where they are missing."""

    _mark = "%s"
    _among = "= any(%s)"
    _several = list

    def __init__(self, url: str) -> None:
        try:
            import psycopg
            from psycopg.conninfo import conninfo_to_dict
        except ImportError as error:
            hint = "pipx inject serjeant 'psycopg[binary]'"
            raise UsageError("a ledger in PostgreSQL needs psycopg", hint=hint) from error
        try:
            asked = conninfo_to_dict(url)
        except psycopg.Error:  # its words may hold what was written there
            raise UsageError("is no ledger's place", where="ledger", hint="write postgresql://HOST/NAME") from None
        if asked.get("password"):
            hint = "write it into ~/.pgpass, which only its owner may read"
            raise UsageError("a password does not belong into the settings", where="ledger", hint=hint)
        self.where = f"postgresql://{asked.get('host', '')}/{asked.get('dbname', '')}"
        self._asked: dict[str, Any] = {**_TIMES, **asked}
        self._psycopg = psycopg
        with self._told():
            self._connection = self._connected()
        try:
            # Whoever may only read or add must not need the right to make tables.
            if self._run("select to_regclass('entries')").fetchone()[0] is None:
                with self.writing():
                    for statement in (*TABLES, *_ONLY_ADDED):
                        self._run(statement)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, alone; what it wrote outlives a power cut, or nothing of it is there."""
        with self._told(), self._there().transaction():
            self._run("select pg_advisory_xact_lock(%s)", (_LOCK,))
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What is read within is of one moment."""
        if self._connection.info.transaction_status == self._psycopg.pq.TransactionStatus.INTRANS:
            yield
            return
        with self._told(), self._there().transaction():
            self._run("set transaction isolation level repeatable read, read only")
            yield

    def rows(self, after: int, kinds: tuple[str, ...]) -> Iterator[Row]:
        """Entries in their order, a few at a time."""
        statement, values = self._rows(after, kinds)
        with self._told(), self._connection.cursor("entries") as cursor:
            cursor.execute(statement.encode(), values)
            yield from cursor

    def shred(self) -> None:
        """The table is written anew; what was removed stays in old write-ahead logs and backups until these go."""
        self._run("vacuum full names")

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Held by one process at a time."""
        with self._told():
            alone = self._connected()
        try:
            with self._told():
                held = alone.execute(b"select pg_try_advisory_lock(%s)", (_LOCK + 1,)).fetchone()
            if held is None or not held[0]:
                raise UnreadableError(BUSY, where=self.where, hint="wait for it to end")
            yield
        finally:
            alone.close()

    def close(self) -> None:
        """Ends it."""
        self._connection.close()

    def _connected(self) -> "psycopg.Connection[tuple[Any, ...]]":
        connection = self._psycopg.connect(autocommit=True, **self._asked)
        connection.execute(f"set lock_timeout = '{WAIT}s'".encode())
        return connection

    def _there(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """The connection, a new one where the server ended it."""
        if self._connection.closed:
            self._connection = self._connected()
        return self._connection

    def _run(self, statement: str, values: Sequence[Any] = ()) -> Any:
        with self._told():
            return self._connection.execute(statement.encode(), tuple(values) or None)

    def _add_names(self, names: Sequence[Known]) -> None:
        copied = b"copy names (token, name, salt, key) from stdin"
        with self._told(), self._connection.cursor() as cursor, cursor.copy(copied) as copy:
            for each in names:
                copy.write_row(each)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._psycopg.Error as error:
            says = str(error).partition("\n")[0]
            hint = "see to its server and run it again; nothing was done that is not written there"
            raise UnreadableError(f"the ledger cannot be used: {says}", where=self.where, hint=hint) from error
