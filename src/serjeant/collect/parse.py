"""parse: a run of lines becomes a batch: what is around a message is taken off, then the formats are asked.

Pure: the only state is the clock of stamps without a year.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect import bare, fields, headers, records, rules
from serjeant.collect.batch import IGNORED, PARSED, UNPARSED, Batch, Build, likely, shape
from serjeant.collect.envelope import Envelope, Wrapping
from serjeant.collect.format import OWN, Format, Rule
from serjeant.collect.record import Case
from serjeant.collect.time import Clock, moment

_REPEATED_BARE: Final = (
    r"^[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}(?: [^ ]+|: ---) last message repeated "
    r"(?P<count>[0-9]{1,9}) times?(?: ---)?$"
)
_REPEATED: Final = r"^message repeated (?P<times>[0-9]{1,6}) times: \[ ?(?P<message>.*)\]$"
_OBJECT: Final = r"^(?:@cee: ?)?[ \t]*\{"
_LOGFMT: Final = r"^(?:<[0-9]{1,3}>)?[A-Za-z_@][A-Za-z0-9_@.-]*="
_WRAPPED: Final = ("message", "time", "host", "program", "pid", "container")
_MANY: Final = 1_000
_SAMPLE: Final = 50
_PROGRAMS: Final = 50
"""That sign nobody in, of a batch, which are told by name."""
_DEEPEST: Final = 3
"""Logs in logs: a shipper's JSON around a container's JSON around a syslog line."""

Positions = npt.NDArray[np.int64]


def parse_lines(
    lines: pl.Series,
    formats: Sequence[Format],
    envelopes: Sequence[Envelope],
    clock: Clock,
    *,
    wrappings: Sequence[Wrapping] = (),
    before: str = "",
    anybodys: bool = False,
) -> Batch:
    """Read lines that mean something by themselves: of text formats and objects.

    :param lines: strings without nulls and without line ends
    :param formats: a message goes to the one whose ``programs`` hold the program that wrote it
    :param envelopes: tried in this order; the first should be the usual one of this log
    :param before: the line before the first one, for ``last message repeated``
    :param anybodys: each line stands by itself: one without an envelope may be any format's message, and its row may
        have no ``time``
    """
    if before and len(lines) and "repeated" in lines[0]:
        both = pl.concat([pl.Series([before]), lines.rename("")])
        return _without_first(parse_lines(both, formats, envelopes, clock, wrappings=wrappings, anybodys=anybodys))
    build = Build(len(lines), timeless=anybodys)
    empty = (lines.str.len_bytes() == 0).to_numpy()
    build.note("empty line", np.flatnonzero(empty), IGNORED)
    reader = _Reader(formats, envelopes, wrappings, clock, build)
    at = np.arange(len(lines))
    if empty.any():
        at = at[~empty]
        reader.lines(lines.gather(at), at)
    else:
        reader.lines(lines, at)
    if not anybodys:
        _repeats(lines, reader.undecided(at), build)
    else:
        left = reader.undecided(at)
        reader.bare(lines.gather(left), left)
    return build.done()


def table_format(formats: Iterable[Format], name: str, first: pl.Series, *, forced: bool = False) -> Format | None:
    """The format that reads a log as a whole, if one does.

    :param name: of the file
    :param first: its first lines
    :param forced: the user says that it is one of these
    """
    for form in formats:
        by_itself = form.takes is not None and (forced or form.takes(name, first))
        if by_itself or (len(first) and records.takes(form.records, first) is not None):
            return form
    return None


def parse_table(lines: pl.Series, form: Format, head: str, clock: Clock) -> Batch:
    """Read lines of a whole-line format.

    :param head: the first lines of the log
    """
    build = Build(len(lines))
    if form.parse is not None:
        table = form.parse(lines, head)
        build.note(f"{form.name}:header", table.ignored.to_numpy().astype(np.int64), IGNORED)
        build.add(table.rows, form.name, [f"{form.name}:row"])
        return build.done()
    record = records.takes(form.records, pl.Series(head.splitlines() or [""]))
    if record is None:
        raise ValueError(f"{form.name} has no table with this header")
    decided, heading = records.table(record, lines, head, clock)
    build.note(f"{form.name}:header", heading, IGNORED)
    _keep(form, decided, build)
    return build.done()


def stamps(lines: pl.Series, envelopes: Sequence[Envelope], clock: Clock) -> pl.Series:
    """The times of some lines, null where a line is in no envelope; the clock goes on."""
    for envelope in envelopes:
        found = lines.str.extract_groups(envelope.pattern).struct.field("stamp")
        if found.null_count() < len(lines):
            return envelope.time(found.fill_null(""), clock)
    return pl.Series([None] * len(lines), dtype=pl.Datetime("us", "UTC"))


def _without_first(both: Batch) -> Batch:
    rows = both.rows.filter(pl.col("line") > 0).with_columns(line=pl.col("line") - 1)
    return Batch(rows, both.verdicts[1:], both.explained[1:], both.rule_names)


class _Reader:
    """Asks the formats; what it decides it notes in the build."""

    def __init__(
        self,
        formats: Sequence[Format],
        envelopes: Sequence[Envelope],
        wrappings: Sequence[Wrapping],
        clock: Clock,
        build: Build,
    ) -> None:
        self.own = tuple(form for form in formats if not form.general)
        self.general = tuple(form for form in formats if form.general)
        self.formats = (*self.own, *self.general)
        self.envelopes, self.wrappings = envelopes, wrappings
        self.clock, self.build = clock, build
        self.exactly: dict[str, list[int]] = {}
        for number, form in enumerate(self.formats):
            for name in form.programs:
                self.exactly.setdefault(name, []).append(number)
        self.starred = [
            number for number, form in enumerate(self.formats) if any("*" in name for name in form.programs)
        ]
        self.any_own = _any_of(tuple(each.pattern for each in envelopes if each.program))

    def asked_about(self, program: str) -> tuple[int, ...]:
        """Which of the formats a program's messages may be of."""
        chosen = [at for at in self.starred if self.formats[at].wrote(program)]
        return tuple(sorted({*self.exactly.get(program, ()), *chosen}))

    def undecided(self, at: Positions) -> Positions:
        """Those of the positions that nobody decided so far."""
        left: Positions = at[self.build.verdicts[at] == UNPARSED]
        return left

    def lines(self, texts: pl.Series, at: Positions, around: pl.DataFrame | None = None, depth: int = 0) -> None:
        """Whole lines of some log.

        :param at: where each stands in the batch
        :param around: ``time`` and ``host`` of each, where something around them told it
        """
        left = np.arange(len(texts))
        # A sample of one look: logs of objects hold nothing else.
        objects = texts.str.starts_with("{").to_numpy()
        if objects.any():
            chosen = left[objects]
            self.objects(texts.gather(chosen), at[chosen], _rows(around, chosen), depth)
            left = left[~objects]
        own = np.zeros(len(texts), dtype=np.bool_)
        asked = False
        for envelope in self.envelopes:
            tried = left
            if envelope.program:
                if not asked:
                    # One look for all products' own envelopes: there are many, and most lines are in none of them.
                    own[left] = texts.gather(left).str.contains(self.any_own).to_numpy()
                    asked = True
                tried = left[own[left]]
            if not len(tried):
                continue
            frame = headers.taken_off(texts if len(tried) == len(texts) else texts.gather(tried), envelope)
            if not len(frame):
                continue
            here = tried[frame["at"].to_numpy()]
            self._opened(envelope, frame, at[here], _rows(around, here), depth)
            if envelope.program:
                here = here[self.build.verdicts[at[here]] != UNPARSED]
            left = np.setdiff1d(left, here, assume_unique=True)
        self._pairs(texts, left, at, around, depth)

    def bare(self, texts: pl.Series, at: Positions) -> None:
        """Messages that nothing but a stamp or a sender is around, or not even that: whose sign-in they tell."""
        sent = texts.str.extract_groups(bare.SENDER).struct.unnest().with_columns(position=pl.Series(at))
        self._messages(sent.filter(pl.col("program").is_not_null()), own=True)
        frame = pl.DataFrame({"position": at, "message": texts})
        for envelope in bare.envelopes(""):
            inside = headers.taken_off(texts, envelope)
            times = envelope.time(inside["stamp"], self.clock)
            self._anybodys(frame[inside["at"]].with_columns(message=inside["message"], time=times))
        self._anybodys(frame)

    def _anybodys(self, frame: pl.DataFrame) -> None:
        """Messages whose program nobody knows: a sign-in first, and else what some format ignores."""
        for is_sign_in in (True, False):
            for form in self.formats:
                left = frame.filter(self.build.verdicts[frame["position"].to_numpy()] == UNPARSED)
                if form.rules and len(left):
                    matches, _ = rules.apply(form.rules, rules.Messages.of(left["message"]))
                    self._told(form, [match for match in matches if bool(match.rule.outcome) == is_sign_in], left)

    def objects(self, texts: pl.Series, at: Positions, around: pl.DataFrame | None, depth: int) -> None:
        """JSON objects: a product's own, a message that a shipper wrapped, or else what somebody made of either."""
        self._wrapped("json", texts, self._records("json", self.own, texts, at, around), at, around, depth)
        left = self._nobodys(at)
        self._records("json", self.general, texts.gather(left), at[left], _rows(around, left))

    def _nobodys(self, at: Positions) -> Positions:
        """Which of the positions nobody decided, or only because their program is not known."""
        names = np.array([name.startswith("other:") for name in self.build.names] or [False])
        unknown = names[self.build.explained[at]] & (self.build.verdicts[at] == IGNORED)
        return np.flatnonzero((self.build.verdicts[at] == UNPARSED) | unknown)

    def _wrapped(
        self, kind: str, texts: pl.Series, left: Positions, at: Positions, around: pl.DataFrame | None, depth: int
    ) -> None:
        """Objects that are no product's own: messages that a shipper wrapped."""
        for wrapping in self.wrappings:
            if not len(left) or depth == _DEEPEST:
                return
            if wrapping.kind == kind:
                some = texts.gather(left)
                fits = records.marked(wrapping, some)
                left = self._unwrapped(wrapping, some.filter(fits), left, fits, at, around, depth)

    def _unwrapped(
        self,
        wrapping: Wrapping,
        texts: pl.Series,
        left: Positions,
        fits: pl.Series,
        at: Positions,
        around: pl.DataFrame | None,
        depth: int,
    ) -> Positions:
        """Reads the messages inside; which of ``left`` are still nobody's."""
        if not len(texts):
            return left
        paths = {name: told for name in _WRAPPED if (told := getattr(wrapping, name))}
        found = fields.extracted(wrapping.kind, texts, paths)
        inside = found["message"].is_not_null()
        mine = left[np.flatnonzero(fits.to_numpy())[inside.to_numpy()]]
        if not len(mine):
            return left
        found = found.filter(inside)
        times = {"time": moment(found["time"], self.clock)} if "time" in found.columns else {}
        frame = found.with_columns(
            **times, message=fields.spelt(found["message"]).str.strip_chars_end("\r\n"), position=pl.Series(at[mine])
        )
        frame = _over(frame, _rows(around, mine))
        # What a program said is its own, though it look like another's line; a container's output is lines of any log.
        known = pl.col("program").is_not_null() if "program" in frame.columns else pl.lit(value=False)
        if "container" in frame.columns:
            known &= pl.col("container").is_null()
        self._named(frame.filter(known))
        frame = frame.filter(pl.Series(self.build.verdicts[at[mine]] == UNPARSED))
        whole = frame["position"].to_numpy()
        outer = frame.select(pl.col("^(time|host|pid)$"))
        self.lines(frame["message"], whole, outer if outer.width else None, depth + 1)
        if "container" in frame.columns:
            program = [name for name in ("container", "program") if name in frame.columns]
            frame = frame.with_columns(program=pl.coalesce(program))
            self._named(frame.filter(pl.Series(self.build.verdicts[whole] == UNPARSED)))
        return np.setdiff1d(left, mine, assume_unique=True)

    def _named(self, frame: pl.DataFrame) -> None:
        """Messages that something around them says the program of."""
        if len(frame) and "program" in frame.columns:
            self._messages(frame.filter(pl.col("program").is_not_null() & likely(frame["time"])), own=False)

    def _opened(
        self, envelope: Envelope, frame: pl.DataFrame, at: Positions, around: pl.DataFrame | None, depth: int
    ) -> None:
        """What lay in an envelope."""
        times = envelope.time(frame["stamp"], self.clock)
        frame = frame.drop("at", "stamp").with_columns(time=times, position=pl.Series(at))
        if around is not None:
            frame = _over(frame, around.select(pl.col("^(time|host|pid)$")))
        if envelope.inner:
            if depth < _DEEPEST:
                self.lines(frame["message"], at, frame.select("time", "host", "pid"), depth + 1)
                self._messages(
                    frame.filter(pl.col("program").is_not_null(), pl.Series(self.build.verdicts[at] == UNPARSED)),
                    own=True,
                )
            return
        if envelope.program:
            frame = frame.with_columns(program=pl.lit(envelope.program))
        if frame["message"].str.starts_with(" ").any():
            # rsyslog's own templates leave the blank there that RFC 3164 has before a message.
            frame = frame.with_columns(pl.col("message").str.strip_chars_start(" "))
        frame = _unrepeated(frame)
        valid = likely(frame["time"])
        if self.build.timeless:
            valid |= frame["time"].is_null()
        self._messages(frame if valid.all() else frame.filter(valid), own=bool(envelope.program))

    def _messages(self, frame: pl.DataFrame, *, own: bool) -> None:
        """Messages go to the format of their program.

        :param frame: ``position``, ``message``, ``program`` and, where they are known, ``time``, ``host``, ``pid``,
            ``times``
        :param own: the envelope was a product's own, so that a program nobody knows is nothing to note
        """
        programs = frame["program"]
        rest = np.ones(len(frame), dtype=np.bool_)
        asked: dict[tuple[int, ...], list[str]] = {}
        for program in programs.unique().drop_nulls().to_list():
            forms = self.asked_about(program)
            if forms:
                asked.setdefault(forms, []).append(program)
        for forms, them in asked.items():
            mine = programs.is_in(them).fill_null(value=False).to_numpy()
            rest &= ~mine
            self._asked([self.formats[form] for form in forms], frame if mine.all() else frame.filter(mine))
        if own or not rest.any():
            return
        others = frame.filter(rest)
        objects = others.filter(pl.col("message").str.contains(_OBJECT))
        if len(objects):
            self._within(objects, self.formats)
            others = others.filter(self.build.verdicts[others["position"].to_numpy()] == UNPARSED)
        # Whoever can write to syslog chooses the tag: each line may have another.
        commonest = (
            others["program"]
            .value_counts()
            .sort("count", "program", descending=[True, False])["program"]
            .head(_PROGRAMS)
        )
        named = pl.when(pl.col("program").is_in(commonest.implode())).then(pl.col("program").str.head(40))
        for (program,), part in others.group_by(named.otherwise(pl.lit("any other program"))):
            self.build.note(f"other:{program}", part["position"].to_numpy(), IGNORED)

    def _asked(self, forms: Sequence[Format], frame: pl.DataFrame) -> None:
        """The formats of a program about its messages."""
        self._in_turn(forms, frame)
        left = frame.filter(self.build.verdicts[frame["position"].to_numpy()] == UNPARSED)
        blank = left["message"].str.contains("[ \r]$")
        if blank.any():
            # Some programs end some lines with a blank; the last line of a log may be cut off within its end.
            self._in_turn(forms, left.filter(blank).with_columns(pl.col("message").str.strip_chars_end(" \r")))

    def _in_turn(self, forms: Sequence[Format], frame: pl.DataFrame) -> None:
        """Each of the formats about what those before it left."""
        messages = rules.Messages.of(frame["message"])
        positions = frame["position"].to_numpy()
        free = np.ones(len(frame), dtype=np.bool_)
        for form in forms:
            unknown = np.flatnonzero(free)
            if form.rules:
                matches, unknown = rules.apply(form.rules, messages, free)
                self._told(form, matches, frame)
            if len(unknown) and (form.envelopes or form.records):
                self._inside(form, frame[unknown])
            # What one format read as a sign-in another must not call nothing; the user's own has the last word.
            told = self.build.verdicts[positions]
            free &= told == UNPARSED if form.group == OWN else told != PARSED

    def _inside(self, form: Format, frame: pl.DataFrame) -> None:
        """One format about messages that none of its rules knows as they are."""
        for envelope in form.envelopes:
            if not len(frame):
                return
            inner = headers.taken_off(frame["message"], envelope)
            if len(inner):
                within = frame[inner["at"]].with_columns(message=inner["message"])
                matches, unknown = rules.apply(form.rules, rules.Messages.of(within["message"]))
                self._told(form, matches, within)
                if form.records:
                    self._within(within[unknown], (form,))
                frame = frame.filter(self.build.verdicts[frame["position"].to_numpy()] == UNPARSED)
        if len(frame) and form.records:
            self._within(frame, (form,))

    def _within(self, frame: pl.DataFrame, formats: Iterable[Format]) -> None:
        """Objects and pairs as messages."""
        texts = frame["message"].str.replace(r"^@cee: ?", "")
        around = frame.select(pl.col("^(time|host)$"))
        at = frame["position"].to_numpy()
        formats = tuple(formats)
        left = self._records("json", formats, texts, at, around)
        self._records("logfmt", formats, texts.gather(left), at[left], _rows(around, left))

    def _pairs(self, texts: pl.Series, left: Positions, at: Positions, around: pl.DataFrame | None, depth: int) -> None:
        """Lines in no envelope: ``key=value``, and Windows' events."""
        for kind, begins in (("logfmt", _LOGFMT), ("xml", "^<Event[ >]")):
            if len(left):
                fits = texts.gather(left).str.contains(begins).to_numpy()
                chosen = left[fits]
                if len(chosen):
                    some, where, outer = texts.gather(chosen), at[chosen], _rows(around, chosen)
                    self._wrapped(
                        kind, some, self._records(kind, self.formats, some, where, outer), where, outer, depth
                    )

    def _records(
        self,
        kind: str,
        formats: Iterable[Format],
        texts: pl.Series,
        at: Positions,
        around: pl.DataFrame | None,
    ) -> Positions:
        """Asks the formats that have such records; which of the texts are still nobody's."""
        left = np.arange(len(texts))
        asked = [(form, record) for form in formats for record in form.records if record.kind == kind]
        if len(texts) >= _MANY:
            # Nearly all objects of a log are one product's: it is asked first, after the user's own.
            sample = texts.gather_every(len(texts) // _SAMPLE)
            hits = zip(records.hits([record for _, record in asked], sample), asked, strict=True)
            order = sorted(hits, key=lambda each: (each[1][0].general, each[1][0].group != OWN, -each[0]))
            asked = [each for _, each in order]
        for form, record in asked:
            if not len(left):
                break
            some = texts if len(left) == len(texts) else texts.gather(left)
            decided = records.apply(record, some, self.clock)
            if decided is None:
                continue
            _keep(form, decided, self.build, at[left], _rows(around, left[decided.positions]))
            left = left[self.build.verdicts[at[left]] == UNPARSED]
        return left

    def _told(self, form: Format, matches: Sequence[rules.Match], frame: pl.DataFrame) -> None:
        """Notes what rules decided, and adds the rows."""
        positions = frame["position"].to_numpy()
        told = []
        for match in matches:
            rule, where = match.rule, positions[match.positions]
            self.build.note(f"{form.name}:{rule.name}", where, PARSED if rule.outcome else IGNORED)
            if rule.outcome:
                told.append(match)
        if not told:
            return
        around = frame.select(pl.col("^(time|host|pid|times)$"))
        rows = pl.concat([match.columns for match in told], how="diagonal")
        where = np.concatenate([match.positions for match in told])
        told_around = list(around[where]) if around.width else []
        rows = rows.hstack([*told_around, pl.Series("line", positions[where], dtype=pl.UInt32)])
        rows = _said(
            rows,
            [match.rule for match in told],
            np.repeat(np.arange(len(told)), [len(match.positions) for match in told]),
        )
        if "times" in rows.columns:
            counts = pl.col("count").cast(pl.Int32, strict=False) if "count" in rows.columns else pl.lit(1)
            rows = rows.with_columns(count=counts.fill_null(1) * pl.col("times").fill_null(1))
        if "host" in rows.columns:
            named = pl.col("dst_host") if "dst_host" in rows.columns else pl.lit(None, pl.String)
            rows = rows.with_columns(dst_host=pl.coalesce(named, "host")).drop("host")
            if "pid" in rows.columns:
                process = pl.col("dst_host") + ":" + pl.col("pid")
                own = pl.when("names_session").then("session_uid") if "session_uid" in rows.columns else None
                rows = rows.with_columns(session_uid=pl.when("names_session").then(own).otherwise(process))
        self.build.pieces.append(shape(_valued(rows, form), form.name))


@cache
def _any_of(patterns: tuple[str, ...]) -> str:
    """A pattern that fits what one of these fits."""
    return "|".join(f"(?:{re.sub(r'[(][?]P<[a-z_]+>', '(?:', pattern)})" for pattern in patterns) or "^$"


def _keep(
    form: Format,
    decided: records.Decided,
    build: Build,
    at: Positions | None = None,
    around: pl.DataFrame | None = None,
) -> None:
    """Notes what the cases of a record decided, and adds the rows; a sign-in without a time is none.

    :param at: where in the batch its positions are; at the same places where not given
    :param around: what was said around each sign-in
    """
    for case, where in decided.beside:
        build.note(f"{form.name}:{case.name}", where if at is None else at[where], IGNORED)
    if not len(decided.positions):
        return
    where = decided.positions if at is None else at[decided.positions]
    rows = _said(decided.columns.with_columns(line=pl.Series(where, dtype=pl.UInt32)), decided.cases, decided.which)
    if around is not None:
        told = [name for name in ("time", "host") if name in around.columns]
        outer = around.select(told).rename({"host": "dst_host"}, strict=False)
        rows = rows.with_columns(
            pl.coalesce(name, outer[name]).alias(name) if name in rows.columns else outer[name]
            for name in outer.columns
        )
    build.add(_valued(rows, form), form.name, [f"{form.name}:{case.name}" for case in decided.cases], decided.which)


def _rows(around: pl.DataFrame | None, at: Positions) -> pl.DataFrame | None:
    return None if around is None else around if len(around) == len(at) else around[at]


def _over(frame: pl.DataFrame, around: pl.DataFrame | None) -> pl.DataFrame:
    """What a message says of itself, and else what was said around it."""
    if around is None:
        return frame
    return frame.with_columns(
        pl.coalesce(name, around[name]).alias(name) if name in frame.columns else around[name]
        for name in around.columns
    )


def _valued(rows: pl.DataFrame, form: Format) -> pl.DataFrame:
    return rows.with_columns(
        pl.col(column).replace(dict(values)) for column, values in form.values.items() if column in rows.columns
    )


def _unrepeated(frame: pl.DataFrame) -> pl.DataFrame:
    """``message repeated 2 times: [ … ]`` (rsyslog) is its message, twice: the column ``times`` says how often."""
    told = frame["message"].str.starts_with("message repeated ")
    if not told.any():
        return frame
    said = frame.select(pl.when(told).then("message")).to_series()
    found = said.str.extract_groups(_REPEATED).struct.unnest()
    return frame.with_columns(
        message=found["message"].fill_null(frame["message"]), times=found["times"].cast(pl.Int32, strict=False)
    )


def _said(rows: pl.DataFrame, told: Sequence[Rule | Case], which: Positions) -> pl.DataFrame:
    """What the rules themselves say of the rows that they took, and whether they name a session (``names_session``).

    :param which: of ``told``, for each row
    """
    said = pl.DataFrame(
        [
            {
                "outcome": rule.outcome,
                "reason": rule.reason,
                "witness": rule.witness,
                "names_session": "session_uid" in {*rule.groups, *rule.constants},
                **rule.constants,
            }
            for rule in told
        ],
        schema_overrides=dict.fromkeys(("outcome", "reason", "witness"), pl.String),
        infer_schema_length=None,
    )
    said = said[which]
    captured = {name: said[name].fill_null(rows[name]) for name in said.columns if name in rows.columns}
    return rows.with_columns(said.with_columns(**captured))


def _repeats(lines: pl.Series, left: Positions, build: Build) -> None:
    """``last message repeated N times`` stands for N more of the line before it (BSD syslogd, sysklogd)."""
    if not len(left):
        return
    counts = lines.gather(left).str.extract(_REPEATED_BARE, 1).cast(pl.Int32, strict=False)
    hit = counts.is_not_null().to_numpy()
    if not hit.any():
        return
    where = left[hit]
    # Several in a row all speak of the line before the first of them.
    starts = np.diff(where, prepend=-2) != 1
    before = where[np.maximum.accumulate(np.where(starts, np.arange(len(where)), 0))] - 1
    after = before >= 0
    before = np.maximum(before, 0)
    build.note("syslog:repeated", where, IGNORED)
    known = build.verdicts[before] == PARSED
    repeated = pl.DataFrame(
        {"line": before[after & known].astype(np.uint32), "at": where[after & known].astype(np.uint32)}
    ).with_columns(times=counts.filter(hit).filter(after & known))
    if not len(repeated):
        return
    build.note("syslog:repeated", where[after & known], PARSED)
    rows = pl.concat(build.pieces)
    copies = rows.join(repeated, on="line", how="inner")
    build.pieces.append(
        copies.with_columns(line=pl.col("at"), count=pl.col("count") * pl.col("times")).select(rows.columns)
    )
