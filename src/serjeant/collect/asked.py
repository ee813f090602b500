"""asked: which formats are asked about a message, in which order, and who has the last word."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect import headers, records, rules
from serjeant.collect.batch import IGNORED, PARSED, UNPARSED, Build
from serjeant.collect.format import OWN, Format
from serjeant.collect.time import Clock
from serjeant.collect.told import chosen_rows, keep, tell

_OBJECT: Final = r"^(?:@cee: ?)?[ \t]*\{"
_MANY: Final = 1_000
_SAMPLE: Final = 50
_PROGRAMS: Final = 50
"""That sign nobody in, of a batch, which are told by name."""

Positions = npt.NDArray[np.int64]


class Asked:
    """Asks the formats; what they decide it notes in the build."""

    def __init__(self, formats: Sequence[Format], clock: Clock, build: Build) -> None:
        self.own = tuple(form for form in formats if not form.general)
        self.general = tuple(form for form in formats if form.general)
        self.formats = (*self.own, *self.general)
        self.clock, self.build = clock, build
        self.exactly: dict[str, list[int]] = {}
        for number, form in enumerate(self.formats):
            for name in form.programs:
                self.exactly.setdefault(name, []).append(number)
        self.starred = [
            number for number, form in enumerate(self.formats) if any("*" in name for name in form.programs)
        ]

    def about(self, program: str) -> tuple[int, ...]:
        """Which of the formats a program's messages may be of."""
        chosen = [at for at in self.starred if self.formats[at].wrote(program)]
        return tuple(sorted({*self.exactly.get(program, ()), *chosen}))

    def anybodys(self, frame: pl.DataFrame) -> None:
        """Messages whose program nobody knows: a sign-in first, and else what some format ignores."""
        for is_sign_in in (True, False):
            for form in self.formats:
                left = frame.filter(self.build.verdicts[frame["position"].to_numpy()] == UNPARSED)
                if form.rules and len(left):
                    matches, _ = rules.apply(form.rules, rules.Messages.of(left["message"]))
                    tell(form, [match for match in matches if bool(match.rule.outcome) == is_sign_in], left, self.build)

    def messages(self, frame: pl.DataFrame, *, own: bool) -> None:
        """Messages go to the format of their program.

        :param frame: ``position``, ``message``, ``program`` and, where they are known, ``time``, ``host``, ``pid``,
            ``times``
        :param own: the envelope was a product's own, so that a program nobody knows is nothing to note
        """
        programs = frame["program"]
        rest = np.ones(len(frame), dtype=np.bool_)
        asked: dict[tuple[int, ...], list[str]] = {}
        for program in programs.unique().drop_nulls().to_list():
            forms = self.about(program)
            if forms:
                asked.setdefault(forms, []).append(program)
        for forms, them in asked.items():
            mine = programs.is_in(them).fill_null(value=False).to_numpy()
            rest &= ~mine
            self._by_program([self.formats[form] for form in forms], frame, np.flatnonzero(mine))
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

    def _by_program(self, forms: Sequence[Format], frame: pl.DataFrame, among: Positions) -> None:
        """The formats of a program about its messages.

        :param among: where they stand in the frame
        """
        self._in_turn(forms, frame, among)
        left = frame[among[self.build.verdicts[frame["position"].to_numpy()[among]] == UNPARSED]]
        blank = left["message"].str.contains("[ \r]$")
        if blank.any():
            # Some programs end some lines with a blank; the last line of a log may be cut off within its end.
            rest = left.filter(blank).with_columns(pl.col("message").str.strip_chars_end(" \r"))
            self._in_turn(forms, rest, np.arange(len(rest)))

    def _in_turn(self, forms: Sequence[Format], frame: pl.DataFrame, among: Positions) -> None:
        """Each of the formats about what those before it left."""
        messages = rules.Messages.of(frame["message"], among)
        positions = frame["position"].to_numpy()
        free = messages.all()
        for form in forms:
            unknown = np.flatnonzero(free)
            if form.rules:
                matches, unknown = rules.apply(form.rules, messages, free)
                tell(form, matches, frame, self.build)
            if form.envelopes and not form.records:
                unknown = unknown[rules.beginning(form.envelopes, messages)[unknown]]
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
                tell(form, matches, within, self.build)
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
        left = self.records("json", formats, texts, at, around)
        self.records("logfmt", formats, texts.gather(left), at[left], chosen_rows(around, left))

    def records(
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
            keep(form, decided, self.build, at[left], chosen_rows(around, left[decided.positions]))
            left = left[self.build.verdicts[at[left]] == UNPARSED]
        return left
