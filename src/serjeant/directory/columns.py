"""columns: which column of a directory export holds what, whatever it is called there."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

DELIMITERS: Final = (",", ";", "\t")

SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "account": ("account", "user", "username", "samaccountname", "login", "uid"),
    "aliases": (
        *("aliases", "alias", "mail", "email", "emailaddress", "userprincipalname", "upn", "proxyaddresses"),
        *("distinguishedname", "dn", "sid", "objectsid", "guid", "objectguid", "objectid", "principal"),
    ),
    "department": ("department", "ou", "unit"),
    "kind": ("kind", "type"),
    "enabled": ("enabled", "active"),
    "disabled": ("disabled",),
    "reaches": ("reaches", "delegates", "mailboxes"),
}
"""What may stand in the header for each column; case, spaces, ``_`` and ``-`` do not count."""

_MEANING: Final = {synonym: column for column, synonyms in SYNONYMS.items() for synonym in synonyms}
_LISTS: Final = frozenset({"aliases", "reaches"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand in each row.

    :param delimiter: what parts the cells
    :param width: cells of the header
    :param at: positions by column; more than one only for lists
    :param doubled: columns that the header has twice, as it writes them; the first one counts
    """

    delimiter: str
    width: int
    at: Mapping[str, tuple[int, ...]]
    doubled: tuple[str, ...]


def columns_of(header: str) -> Columns:
    """Reads the header; the delimiter is the one that gives the most known columns."""
    candidates = [_columns(header, delimiter) for delimiter in DELIMITERS]
    return max(candidates, key=lambda columns: (len(columns.at), columns.width))


def _columns(header: str, delimiter: str) -> Columns:
    try:
        cells: Sequence[str] = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        cells = []
    at: dict[str, tuple[int, ...]] = {}
    doubled = []
    for position, cell in enumerate(cells):
        plain = cell.strip().casefold()
        meaning = _MEANING.get(plain.replace(" ", "").replace("_", "").replace("-", ""))
        if meaning is None:
            continue
        if meaning in at and meaning not in _LISTS:
            doubled.append(cell.strip())
        else:
            at[meaning] = (*at.get(meaning, ()), position)
    return Columns(delimiter, len(cells), at, tuple(doubled))
