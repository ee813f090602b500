"""collector: logs go into the lake, block by block, each line once however often and under whatever name it is read."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pyarrow as pa

from serjeant.collect import batch, hops, parse, seal
from serjeant.collect.batch import IGNORED, PARSED, UNPARSED, Batch
from serjeant.collect.envelope import Envelope, Wrapping
from serjeant.collect.format import Format
from serjeant.collect.recognise import Opened, opened
from serjeant.collect.source import TAIL, Block, Damaged, Input
from serjeant.collect.sources import files
from serjeant.collect.time import Clock
from serjeant.collect.years import first_year_of
from serjeant.directory.networks import source_of
from serjeant.model.incident import Unread
from serjeant.model.login import LINES
from serjeant.store.lake import Lake, block_name
from serjeant.store.progress import Tally

BLOCK: Final = 8 * 1024 * 1024
_WORKERS: Final = 2
_SAMPLE: Final = 400
_ROWS: Final = batch.schema_of(LINES)

Tick = Callable[[Input, int], None]
"""Told how many bytes (unpacked) of which log are in the lake."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How logs are to be read.

    :param formats: all that may be found in the logs
    :param envelopes: all that are known
    :param wrappings: all that are known
    :param zone: of stamps that name none
    :param now: the moment of reading, for logs whose age nobody knows
    :param year: of the first stamp without a year; None: found out
    :param forced: the formats were named by the user, so that a log need not look like theirs
    :param proxies: networks whose word on where a connection came from is believed
    :param nonce: of Dovecot's policy hash, of which ``hash_bits`` are kept; None: not known
    """

    formats: Sequence[Format]
    envelopes: Sequence[Envelope]
    wrappings: Sequence[Wrapping]
    zone: ZoneInfo
    now: datetime
    year: int | None = None
    forced: bool = False
    proxies: Sequence[hops.Network] = ()
    nonce: bytes | None = None
    hash_bits: int = 12


def collect(lake: Lake, inputs: Sequence[Input], reading: Reading, tick: Tick | None = None) -> list[Unread]:
    """Reads what the lake does not hold yet.

    :return: a line for each log that could not be read, or not to its end
    """
    troubles: dict[Input, str] = {}
    known = {log.uid: log for log in lake.logs()}
    with ThreadPoolExecutor(_WORKERS) as pool:
        # The longest first: where one log is the beginning of another it is then known to be another, in each run.
        for given in sorted(inputs, key=lambda each: -each.size):
            try:
                with opened(given, known, lake.key) as log:
                    if not log.stream.head:
                        raise Damaged("is empty")
                    known[log.log.uid] = log.log
                    troubles[given] = _Log(lake, given, log, reading, inputs).read(pool, tick)
            except Damaged as damage:
                troubles[given] = damage.says
    # Arrow keeps what the blocks took, and what follows needs it.
    pa.default_memory_pool().release_unused()
    return [Unread(given.name, troubles[given]) for given in inputs if troubles[given]]


@dataclass(slots=True)
class _Job:
    """A block being parsed; ``clock`` is where it was taken to begin."""

    block: Block
    lines: pl.Series
    clock: Clock
    before: str
    tail: bytes


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of a block; ``after`` is where its clock ended."""

    tally: Tally
    segments: Mapping[date, pl.DataFrame]
    after: Clock


class _Log:
    """The reading of one log."""

    def __init__(self, lake: Lake, given: Input, opened: Opened, reading: Reading, inputs: Sequence[Input]) -> None:
        self.lake, self.given, self.opened, self.reading, self.inputs = lake, given, opened, reading, inputs
        self.log = opened.log
        self.log.name, self.renamed = given.name, self.log.name != given.name

    def read(self, pool: ThreadPoolExecutor, tick: Tick | None) -> str:
        """Everything beyond what the lake holds; a sentence if the log could not be read, or not to its end."""
        trouble = "is no text (it holds zero bytes)" if files.looks_binary(self.opened.stream.head) else ""
        reading: deque[tuple[_Job, Future[_Result]]] = deque()
        writing: deque[tuple[_Job, _Result, Future[None]]] = deque()

        def parsed() -> None:
            job, future = reading.popleft()
            result = future.result()
            if reading and reading[0][0].clock != result.after:
                # Blocks are parsed side by side, each from a guess at where the one before ends; this one was wrong.
                later = reading[0][0]
                later.clock = replace(result.after)
                reading[0] = (later, pool.submit(self._parse, later))
            writing.append((job, result, pool.submit(self._put, job, result)))

        def written() -> None:
            job, result, future = writing.popleft()
            future.result()
            self._commit(job, result)
            if tick is not None:
                tick(self.given, self.log.end)

        try:
            for job in self._jobs():
                reading.append((job, pool.submit(self._parse, job)))
                if len(reading) > _WORKERS:
                    parsed()
                if len(writing) > _WORKERS:
                    written()
        except Damaged as damage:
            trouble = damage.says
        while reading:
            parsed()
        while writing:
            written()
        if self.renamed:
            self.lake.rename(self.log)
        return trouble

    def _jobs(self) -> Iterator[_Job]:
        log, clock, before, tail = self.log, None, self.opened.before, self.opened.tail
        stream, first = self.opened.stream, self.log.done.lines + 1
        for block in files.blocks(stream, size=BLOCK, start=log.end, first=first, passed=True):
            lines = block.lines
            tail = (tail + block.tail)[-TAIL:]
            if clock is None:
                self._choose(lines)
                clock = self._clock(lines)
            yield _Job(block, lines, replace(clock), before, tail)
            parse.stamps(lines.gather([0, len(lines) - 1]), self._envelopes(), clock)
            before = lines[-1]

    def _choose(self, lines: pl.Series) -> None:
        """Finds out, once for a log, what writes it."""
        if self.log.format or self.log.envelope:
            return
        name = self.given.path.name if self.given.path else self.given.name
        first = lines.head(_SAMPLE)
        table = parse.table_format(self.reading.formats, name, first, forced=self.reading.forced)
        if table is not None:
            self.log.format = table.name
            return
        hits = {each.name: int(first.str.contains(each.pattern).sum()) for each in self.reading.envelopes}
        self.log.envelope = max(hits, key=lambda name: hits[name], default="")

    def _envelopes(self) -> list[Envelope]:
        return sorted(self.reading.envelopes, key=lambda each: each.name != self.log.envelope)

    def _clock(self, lines: pl.Series) -> Clock:
        reading, log = self.reading, self.log
        if log.year:
            return Clock(reading.zone, log.year, log.last_stamp)
        year = reading.year or first_year_of(
            self.given, lines.head(_SAMPLE), self._envelopes(), self.inputs, reading.now
        )
        return Clock(reading.zone, year)

    def _parse(self, job: _Job) -> _Result:
        clock = replace(job.clock)
        form = next((each for each in self.reading.formats if each.name == self.log.format), None)
        if form is not None:
            read = parse.parse_table(job.lines, form, self.opened.text, clock)
        else:
            reading = self.reading
            read = parse.parse_lines(
                job.lines, reading.formats, self._envelopes(), clock, wrappings=reading.wrappings, before=job.before
            )
        return _Result(_tally(read, job.block), _by_day(self._finish(read.rows, job)), clock)

    def _put(self, job: _Job, result: _Result) -> None:
        block = job.block
        self.lake.put(self.log.uid, block_name(block.first, 0 if block.ended else block.end), result.segments)

    def _commit(self, job: _Job, result: _Result) -> None:
        block, log, after = job.block, self.log, result.after
        closed = log.open is None
        if block.ended:
            log.done.add(result.tally)
            log.end, log.open, log.open_end = block.end, None, 0
            log.tail, log.tail_bytes = seal.mark(job.tail, self.lake.key), len(job.tail)
            log.year, log.stamp = after.year, after.last.isoformat() if after.last else ""
        else:
            log.open, log.open_end = result.tally, block.end
        self.lake.commit(log, closed=closed)

    def _judged(self, rows: pl.DataFrame) -> pl.Series:
        """Policy hashes, but for those of no password at all, where that can be known."""
        hashes, nonce = rows["guess_account"], self.reading.nonce
        if nonce is None or hashes.null_count() == len(hashes):
            return hashes
        return seal.judged(hashes, rows["user_name"], nonce, self.reading.hash_bits)

    def _finish(self, rows: pl.DataFrame, job: _Job) -> pl.DataFrame:
        key = self.lake.key
        rows = rows.with_columns(
            raw_hash=seal.line_hashes(job.lines.gather(rows["line"]), key),
            guess_site=seal.fingerprints(seal.tried(rows["guess_site"]), key),
            guess_account=seal.fingerprints(self._judged(rows), key),
            log=pl.lit(self.log.name),
            log_uid=pl.lit(self.log.uid),
            log_offset=pl.col("line").cast(pl.Int64) + job.block.first,
            account=pl.lit(None, dtype=pl.String),
        )
        # A right password leaves no trace of itself; whoever was refused may have given the right one.
        wrong = pl.col("outcome") == "failure"
        rows = rows.with_columns(pl.when(wrong).then(pl.col("guess_site", "guess_account")))
        rows = rows.with_columns(source_of(hops.clients(rows, self.reading.proxies)))
        return rows.select(pl.col(name).cast(kind) for name, kind in _ROWS.items())


def _by_day(rows: pl.DataFrame) -> dict[date, pl.DataFrame]:
    if not len(rows):
        return {}
    days = rows["time"].dt.date()
    least, most = days.min(), days.max()
    if least == most and isinstance(least, date):
        return {least: rows}
    if days.is_sorted():
        begins = (days != days.shift(1)).fill_null(value=True).arg_true().to_list()
        ends = [*begins[1:], len(rows)]
        return {days[begin]: rows[begin:end] for begin, end in zip(begins, ends, strict=True)}
    parts = rows.with_columns(day=days).partition_by("day", as_dict=True, include_key=False)
    return {day: part for (day,), part in parts.items()}


def _tally(result: Batch, block: Block) -> Tally:
    verdicts = result.verdicts.copy()
    verdicts[block.oversized] = UNPARSED
    unparsed = np.flatnonzero(verdicts == UNPARSED)
    by_rule = np.bincount(result.explained[verdicts == IGNORED], minlength=len(result.rule_names))
    formats = result.rows["format"].value_counts()
    return Tally(
        lines=len(verdicts),
        parsed=int((verdicts == PARSED).sum()),
        ignored=int((verdicts == IGNORED).sum()),
        unparsed=len(unparsed),
        oversized=len(block.oversized),
        damaged=len(block.damaged),
        unparsed_at=block.first + int(unparsed[0]) if len(unparsed) else 0,
        damaged_at=block.first + int(block.damaged[0]) if len(block.damaged) else 0,
        by_format=Counter({str(name): int(count) for name, count in formats.iter_rows()}),
        ignored_by=Counter({name: int(by_rule[i]) for i, name in enumerate(result.rule_names) if by_rule[i]}),
    )
