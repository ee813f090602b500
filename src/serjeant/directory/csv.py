"""csv: read the directory from an export of it, as any spreadsheet or directory server writes one."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from serjeant.directory.columns import SYNONYMS, Columns, columns_of
from serjeant.directory.directory import Directory
from serjeant.directory.names import fold, normalise, plain
from serjeant.errors import UnreadableError
from serjeant.model.account import Account
from serjeant.model.incident import Unread

LONGEST: Final = 256
"""Characters of the longest cell entry that is kept."""

_RECORD_LINES: Final = 20  # a quote that is never closed must not swallow the rest of the file
_SEPARATOR: Final = re.compile(r"[;|\s]+")
_NOT_SPACE: Final = re.compile(r"[;|]+")
_DN: Final = re.compile(r"\s*[A-Za-z][A-Za-z0-9-]*=[^,;|]+,")  # which may hold spaces
_SMTP: Final = re.compile(r"(?i)^(?:smtp|sip|x500):")
_MOST_ADDRESSES: Final = 0.1

_KINDS: Final = {
    **dict.fromkeys(("", "person", "personal", "user", "employee", "staff", "member", "human"), "person"),
    **dict.fromkeys(("service", "svc", "system", "application", "app", "machine", "robot"), "service"),
    **dict.fromkeys(("shared", "role", "group", "functional", "mailbox", "resource", "room"), "shared"),
    **dict.fromkeys(("decoy", "honeypot", "honeytoken", "canary"), "decoy"),
}
_YES: Final = frozenset({"true", "t", "yes", "y", "1", "on", "enabled", "active"})
_NO: Final = frozenset({"false", "f", "no", "n", "0", "off", "disabled", "inactive"})
_WORDS: Final = _YES | _NO | {""}


def read(path: Path, domains: frozenset[str] = frozenset()) -> tuple[Directory, list[Unread]]:
    """The directory in a CSV file.

    The first line names the columns (``columns.SYNONYMS``); only ``account`` is required. Cells are parted by comma,
    semicolon or tab; the entries of a list by ``;``, ``|`` or space. Rows of the same account are merged: it is
    enabled when one of them says so, and has the aliases and reaches of all.

    :param domains: our own mail domains; when none are given, those of at least a tenth of the addresses in the file
    :returns: the directory, and one line for each kind of trouble with its rows
    :raises UnreadableError: when the file cannot be read, or names no account
    """
    name = str(path).encode("utf-8", "replace").decode()
    try:
        text, lines_in_latin_1 = _decoded(path.read_bytes())
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}", where=name) from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise UnreadableError("is empty", where=name, hint="give a CSV file with a column named account")
    columns = columns_of(lines[first])
    if "account" not in columns.at:
        raise UnreadableError(
            "has no column that names the account",
            where=f"{name}:{first + 1}",
            hint=f"name one column of its first line account (or {', '.join(SYNONYMS['account'][1:])})",
        )
    told = _Told(name)
    told.at += [("not UTF-8, read as Latin-1", number) for number in lines_in_latin_1]
    told.at += [(f"a second column {column!r:.60}, left out", first + 1) for column in columns.doubled]
    rows = list(_rows(lines, first + 1, columns, told))
    if not rows:
        raise UnreadableError("names no account", where=name, hint="give one account a line below the first line")
    domains = domains or _own_domains(rows)
    _normalise(rows, domains, told)
    return Directory(_accounts(rows, told), given=True, domains=domains), told.unread()


@dataclass(slots=True)
class _Told:
    log: str
    at: list[tuple[str, int]] = field(default_factory=list)

    def unread(self) -> list[Unread]:
        """One row for each kind of trouble, in the order in which they were met."""
        counts = Counter(says for says, _ in self.at)
        first = dict(reversed(self.at))
        return [Unread(self.log, says, count, f"{self.log}:{first[says]}") for says, count in counts.items()]


@dataclass(slots=True)
class _Row:
    line: int
    account: str
    aliases: Sequence[str]
    department: str
    kind: str
    enabled: bool
    reaches: Sequence[str]


def _decoded(data: bytes) -> tuple[str, list[int]]:
    """The text, and the numbers of lines that were not UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace"), []
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(), []
    except UnicodeDecodeError:
        lines, odd = [], []
        for number, line in enumerate(data.split(b"\n"), 1):
            try:
                lines.append(line.decode())
            except UnicodeDecodeError:
                lines.append(line.decode("latin-1"))
                odd.append(number)
        return "\n".join(lines), odd


def _records(lines: list[str], start: int, delimiter: str, told: _Told) -> Iterator[tuple[int, list[str]]]:
    """Line numbers (from 1) and cells; a record that breaks off costs one line."""
    csv.field_size_limit(2**31 - 1)
    at = start

    def record() -> Iterator[str]:
        nonlocal at
        while at < min(len(lines), start + _RECORD_LINES):
            at += 1
            yield f"{lines[at - 1]}\n"

    while start < len(lines):
        try:
            for cells in csv.reader(record(), delimiter=delimiter, strict=True):
                yield start + 1, cells
                start = at
        except csv.Error:
            told.at.append(("not CSV, left out", start + 1))
            start = at = start + 1


def _rows(lines: list[str], start: int, columns: Columns, told: _Told) -> Iterator[_Row]:
    width = columns.width
    absent = (width,)  # one cell beyond the last, always empty
    of = {column: columns.at.get(column, absent) for column in SYNONYMS}
    (at_account, *_), (at_department, *_), (at_kind, *_) = of["account"], of["department"], of["kind"]
    (at_enabled, *_), (at_disabled, *_) = of["enabled"], of["disabled"]
    for number, cells in _records(lines, start, columns.delimiter, told):
        if not "".join(cells).strip():
            continue
        if len(cells) != width:
            told.at.append((f"another number of cells than the first line ({width})", number))
        cell = [*cells[:width], *[""] * max(width - len(cells), 0), ""]
        account = cell[at_account].strip()[:LONGEST]
        if not account:
            told.at.append(("no account in it, left out", number))
            continue
        kind = _KINDS.get(cell[at_kind].strip().casefold())
        enabled, disabled = cell[at_enabled].strip().casefold(), cell[at_disabled].strip().casefold()
        if kind is None:
            told.at.append(("a kind other than person, service, shared, decoy, read as person", number))
        if enabled not in _WORDS or disabled not in _WORDS:
            told.at.append(("neither yes nor no in enabled or disabled, read as enabled", number))
        yield _Row(
            number,
            account,
            aliases=[entry for at in of["aliases"] for entry in _entries(cell[at])],
            department=cell[at_department].strip()[:LONGEST],
            kind=kind or "person",
            enabled=enabled not in _NO and disabled not in _YES,
            reaches=[entry for at in of["reaches"] for entry in _entries(cell[at])],
        )


def _entries(cell: str) -> list[str]:
    if not cell:
        return []
    separator = _NOT_SPACE if _DN.match(cell) else _SEPARATOR
    return [_SMTP.sub("", entry)[:LONGEST] for entry in separator.split(cell) if entry.strip()]


def _own_domains(rows: list[_Row]) -> frozenset[str]:
    addresses = [name for row in rows for name in (row.account, *row.aliases) if "@" in name]
    counts = Counter(address.rpartition("@")[2].lower() for address in addresses)
    return frozenset(
        fold(domain) for domain, count in counts.items() if domain and count >= _MOST_ADDRESSES * len(addresses)
    )


def _normalise(rows: list[_Row], domains: frozenset[str], told: _Told) -> None:
    """Gives every name the form that ``normalise`` has, all in one go.

    A name that would then be another account's stays as it is written: two accounts of the directory stay two.
    """
    names = pl.Series([name for row in rows for name in (row.account, *row.aliases, *row.reaches)], dtype=pl.String)
    to = iter(list(zip(normalise(names, domains).to_list(), plain(names).to_list(), strict=True)))
    named = [(row, next(to), [next(to) for _ in row.aliases], [next(to) for _ in row.reaches]) for row in rows]
    written: dict[str, set[str]] = {}
    for _, (name, exact), _, _ in named:
        written.setdefault(name, set()).add(exact)
    apart = {name for name, forms in written.items() if len(forms) > 1 and _are_several(name, forms)}
    for row, (name, exact), _, _ in named:
        row.account = exact if name in apart else name
        if name in apart and name != exact:
            told.at.append(("an account that looks like another one, kept apart from it", row.line))
    accounts = {row.account for row in rows}
    claims: dict[str, set[str]] = {}
    for row, _, aliases, _ in named:
        for name, _ in aliases:
            claims.setdefault(name, set()).add(row.account)
    for row, _, aliases, reaches in named:
        row.aliases = [
            exact if name in apart or len(claims[name]) > 1 or (name in accounts and name != row.account) else name
            for name, exact in aliases
        ]
        row.reaches = [exact if exact in accounts else name for name, exact in reaches]


def _are_several(name: str, forms: set[str]) -> bool:
    """Whether these ways of writing a name are accounts of their own, and not one with and without its domain."""
    others = forms - {name}
    by_address = {form for form in others if form.startswith(f"{name}@")}
    by_domain = {form for form in others if form.endswith((f"\\{name}", f"/{name}"))}
    return bool(others - by_address - by_domain) or len(by_address) > 1 or len(by_domain) > 1


def _accounts(rows: list[_Row], told: _Told) -> tuple[Account, ...]:
    """One account for each name, by name; what is odd across rows is told."""
    by_account: dict[str, list[_Row]] = {}
    for row in rows:
        same = by_account.setdefault(row.account, [])
        if same:
            told.at.append(("an account that stands above already, merged with it", row.line))
        same.append(row)
    accounts = tuple(_merged(by_account[name]) for name in sorted(by_account))
    owners = {alias: account.account for account in reversed(accounts) for alias in account.aliases}
    owners |= {name: name for name in by_account}
    for row in rows:
        if any(owners.get(alias, row.account) != row.account for alias in row.aliases):
            told.at.append(("an alias that means another account", row.line))
    return accounts


def _merged(rows: list[_Row]) -> Account:
    itself = {rows[0].account, ""}
    aliases = {alias for row in rows for alias in row.aliases} - itself
    return Account(
        rows[0].account,
        aliases=tuple(sorted(aliases)),
        department=next((row.department for row in rows if row.department), ""),
        kind=next((row.kind for row in rows if row.kind != "person"), "person"),
        enabled=any(row.enabled for row in rows),
        reaches=tuple(sorted({reach for row in rows for reach in row.reaches} - itself - aliases)),
    )
