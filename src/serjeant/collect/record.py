"""record: how the objects of one product are read: JSON, ``key=value``, event XML, or the rows of a table.

A record has named fields; a *case* says what a record means by patterns that its fields must match. The first case that
fits decides. Unlike a line of text a record cannot be deceived by a name that imitates a field: what stands inside a
value is quoted there.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from serjeant.collect.time import Clock, moment

KINDS = ("json", "logfmt", "xml", "csv", "tsv", "w3c")
TABLES = ("csv", "tsv", "w3c")
"""Kinds whose lines mean nothing without the header above them."""


@dataclass(frozen=True)
class Case:
    r"""One kind of record.

    :param name: what the record is, for ``explain`` and the samples; unique in its format
    :param where: field -> RE2 pattern, ``^…$``, that its text must match; a field that is missing reads as ``""``.
        Named groups are columns of ``model.login.LINES``, and win over fields of that name
    :param outcome: one of ``model.login.OUTCOMES``; empty: the record is known and is no sign-in of its own
    :param reason: one of ``model.login.REASONS``; None for a success
    :param witness: see ``model.login.LINES``
    :param constants: columns that this kind of record always has
    """

    name: str
    where: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""
    reason: str | None = None
    witness: str | None = None
    constants: Mapping[str, str | bool] = field(default_factory=dict)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The columns that the patterns capture."""
        return tuple(name for pattern in self.where.values() for name in re.findall(r"\(\?P<([a-z_]+)>", pattern))


@dataclass(frozen=True)
class Record:
    r"""One way in which a product writes records.

    :param fields: name -> where it stands: a path (``actor.alternateId``, ``target[0].type``, ``"a.b"`` where a key
        has dots itself), a key of ``key=value``, a column's title; several where products differ, and the first that
        is there counts. Names of columns of ``model.login.LINES`` go into them; any other name (``event``) is for
        the cases. All values are text
    :param cases: in the order in which they are tried
    :param kind: one of ``KINDS``. *xml*: ``System.EventID``, ``EventData.TargetUserName`` of Windows' event XML
    :param marks: what every line of this kind holds, all of it: keys with their quotes (``"eventType"``), or titles of
        a table. They only save work: an object that they fit and no case takes is tried by the next
    :param time: texts of the field ``time`` -> moments; where the field is missing, the envelope's stamp stands
    :param derive: makes fields of fields, where a path does not reach: all rows in, all rows out, in order
    """

    fields: Mapping[str, str | tuple[str, ...]]
    cases: tuple[Case, ...]
    kind: str = "json"
    marks: tuple[str, ...] = ()
    time: Callable[[pl.Series, Clock], pl.Series] = moment
    derive: Callable[[pl.DataFrame], pl.DataFrame] | None = None

    @property
    def is_table(self) -> bool:
        """Whether its lines are rows under a header."""
        return self.kind in TABLES
