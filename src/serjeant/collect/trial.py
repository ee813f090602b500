"""trial: what the rules make of a few lines, shown before a log is relied on; nothing is kept."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect import hops, parse
from serjeant.collect.batch import PARSED, UNPARSED, Batch
from serjeant.collect.known import envelopes, formats, wrappings
from serjeant.collect.near import near
from serjeant.collect.source import Block, Damaged, Input
from serjeant.collect.sources import files
from serjeant.collect.stream import Readable
from serjeant.collect.time import Clock
from serjeant.collect.years import first_year_of
from serjeant.config import Settings
from serjeant.directory.networks import source_of
from serjeant.errors import UnreadableError
from serjeant.model.login import HOPS

_HEAD: Final = 400
_BLOCK: Final = 1 << 20
_LIKES: Final = 20
"""Unknown lines of which is told what they begin like."""
_UNSEEN: Final = ("guess_site", "guess_account", *HOPS)
"""What is keyed before it is kept and shown to nobody, and what an address was found by."""

_BESIDE: Final = ("pam", "sshd", "saslauthd", "llng")
"""Formats of what runs behind a daemon; elsewhere the last witness may be the only one who is heard."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The first lines of a log, and what became of each.

    :param oversized: positions of lines too long to be read; they are ``""``
    :param likes: for some lines that nobody knew, by position, the rule that they begin like
    """

    lines: pl.Series
    batch: Batch
    oversized: frozenset[int] = frozenset()
    likes: Mapping[int, str] = field(default_factory=dict)

    def rule(self, position: int) -> str:
        """``format:rule``, ``other:program``, or nothing where no rule took the line."""
        index = int(self.batch.explained[position])
        return "" if index < 0 or position in self.oversized else self.batch.rule_names[index]

    def logins(self) -> dict[int, dict[str, Any]]:
        """What each line that tells of a sign-in says of it, by position."""
        rows = self.batch.rows.drop(_UNSEEN).unique("line", keep="first", maintain_order=True)
        return {row.pop("line"): row for row in rows.iter_rows(named=True)}

    def was_read(self, position: int) -> bool:
        """Whether a line tells of a sign-in."""
        return bool(self.batch.verdicts[position] == PARSED)


def tried(file: Path, settings: Settings, most: int, *, only: int | None = None) -> Trial:
    """The first lines of a file as an investigation reads them.

    :param most: lines, at most
    :param only: judge the first line and this one (from 0), which are then all that the trial holds
    :raises UnreadableError: when the file cannot be read
    """
    parts: list[pl.Series] = []
    oversized: set[int] = set()
    count = 0
    for block in _blocks(file):
        parts.append(block.lines)
        oversized |= {count + int(at) for at in block.oversized}
        count += len(block.lines)
        if count >= most:
            break
    lines = pl.concat(parts).head(most) if parts else pl.Series([], dtype=pl.String)
    if only is not None:
        kept = [at for at in dict.fromkeys((0, only)) if at < len(lines)]
        lines, oversized = lines.gather(kept), {i for i, at in enumerate(kept) if at in oversized}
    batch = _judged(file, lines, settings)
    return Trial(lines, batch, frozenset(oversized), _likes(lines, batch, settings))


def _likes(lines: pl.Series, batch: Batch, settings: Settings) -> dict[int, str]:
    known = formats(settings)
    around, found = envelopes(known), {}
    for position in (batch.verdicts == UNPARSED).nonzero()[0][:_LIKES]:
        rules = sorted(near(lines[int(position)], known, around), key=lambda each: -len(each[1]))
        if rules:
            found[int(position)] = rules[0][0]
    return found


def alone(file: Path, settings: Settings, most: int | None) -> Iterator[dict[str, Any] | None]:
    """Each line judged by itself, whatever wrote it: the columns of a login, or None; in order, one for each line.

    Rows of a table are read under the header of their file.

    :param file: ``-``: the lines of standard input, which are taken as they come
    """
    zone, present = ZoneInfo(settings.timezone), datetime.now(UTC)
    known = formats(settings)
    around, shippers = envelopes(known), wrappings()
    piped = str(file) == files.STDIN
    # Objects that the settings map column by column mean something by themselves, rows of a table under its header.
    tables, head, left = [form for form in known if piped and form.parse is not None], "", most
    for at, block in enumerate(_lines() if piped else _blocks(file)):
        lines = block.lines if left is None else block.lines.head(left)
        clock = Clock(zone, present.year, apart=present)
        rows = parse.parse_lines(lines, known, around, clock, wrappings=shippers, anybodys=True).rows
        if at == 0 and not piped:
            head = "\n".join(lines.head(_HEAD))
            table = parse.table_format(known, file.name, lines.head(_HEAD))
            tables = [table] if table else []
        for table in tables:
            more = parse.parse_table(lines, table, head, Clock(zone, present.year)).rows
            rows = pl.concat([rows, more.join(rows, on="line", how="anti")])
        told = {row.pop("line"): row for row in _shown(_behind(rows, settings)).iter_rows(named=True)}
        for position in range(len(lines)):
            row = told.get(position)
            yield row and {name: value for name, value in row.items() if value is not None}
        if left is not None:
            left -= len(lines)
            if not left:
                return


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    """What may be shown of logins: no fingerprint of a guess."""
    time = pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")
    # PAM speaks beside a daemon that tells of the attempt itself.
    rows = rows.filter(pl.col("witness").ne_missing("pam") | pl.col("format").is_in(_BESIDE).not_())
    rows = rows.unique("line", keep="first", maintain_order=True)
    return rows.with_columns(time, *source_of(rows["src_ip"])).drop(_UNSEEN)


def _behind(rows: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """With the clients behind proxies that are trusted."""
    return rows.with_columns(src_ip=hops.clients(rows, hops.networks(settings.trusted_proxies)))


def _judged(file: Path, lines: pl.Series, settings: Settings) -> Batch:
    zone = ZoneInfo(settings.timezone)
    known, head = formats(settings), lines.head(_HEAD)
    around = sorted(envelopes(known), key=lambda each: -int(head.str.contains(each.pattern).sum()))
    given = _input(file)
    clock = Clock(zone, first_year_of(given, head, around, [given], datetime.now(UTC)))
    table = parse.table_format(known, file.name, head)
    if table is not None:
        batch = parse.parse_table(lines, table, "\n".join(head), clock)
    else:
        batch = parse.parse_lines(lines, known, around, clock, wrappings=wrappings())
    return replace(batch, rows=_behind(batch.rows, settings))


def _input(file: Path) -> Input:
    if str(file) == files.STDIN:
        return Input("standard input", None, None, 0)
    written = datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.is_file() else None
    return Input(str(file), file, written, 0)


def _blocks(file: Path) -> Iterator[Block]:
    """A file as it is read for good: unpacked, and each record of it a line."""
    given = _input(file)
    try:
        with files.open_input(given) as stream:
            yield from files.blocks(stream, size=_BLOCK)
    except Damaged as damage:
        raise UnreadableError(damage.says, where=given.name, hint="name another file") from damage


def _lines() -> Iterator[Block]:
    """Standard input as it is: what the lines look like together says nothing of how they are to be read."""
    return files.blocks(cast(Readable, sys.stdin.buffer), size=_BLOCK)
