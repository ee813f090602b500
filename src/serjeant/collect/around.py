"""around: what is around a message is taken off: envelopes, objects that a shipper wrapped it in, logs in logs."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect import bare, fields, headers, records
from serjeant.collect.asked import Asked
from serjeant.collect.batch import IGNORED, UNPARSED, Build, likely
from serjeant.collect.envelope import Envelope, Wrapping
from serjeant.collect.format import Format
from serjeant.collect.time import Clock, moment
from serjeant.collect.told import chosen_rows

_REPEATED: Final = r"^message repeated (?P<times>[0-9]{1,6}) times: \[ ?(?P<message>.*)\]$"
_LOGFMT: Final = r"^(?:<[0-9]{1,3}>)?[A-Za-z_@][A-Za-z0-9_@.-]*="
_WRAPPED: Final = ("message", "time", "host", "program", "pid", "container")
_ODD: Final = 20
"""Where one of so many lines, or fewer, are in no envelope so far, they are likely to be in none."""
_DEEPEST: Final = 3
"""Logs in logs: a shipper's JSON around a container's JSON around a syslog line."""

Positions = npt.NDArray[np.int64]


class Around:
    """Takes off what is around messages, and has the formats asked; what is decided stands in the build."""

    def __init__(
        self,
        formats: Sequence[Format],
        envelopes: Sequence[Envelope],
        wrappings: Sequence[Wrapping],
        clock: Clock,
        build: Build,
    ) -> None:
        self.envelopes, self.wrappings = envelopes, wrappings
        self.clock, self.build = clock, build
        self.asked = Asked(formats, clock, build)
        self.any_of = {
            own: _any_of(tuple(each.pattern for each in envelopes if bool(each.program) is own))
            for own in (True, False)
        }

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
        if objects.all():
            self.objects(texts, at, around, depth)
            return
        if objects.any():
            chosen = left[objects]
            self.objects(texts.gather(chosen), at[chosen], chosen_rows(around, chosen), depth)
            left = left[~objects]
        fits: dict[bool, npt.NDArray[np.bool_]] = {}
        for envelope in self.envelopes:
            if not len(left):
                return
            tried, own = left, bool(envelope.program)
            # One look for all: most lines are in no product's own envelope, and the odd ones in none that is left.
            if own or len(left) * _ODD < len(texts):
                if own not in fits:
                    fits[own] = np.zeros(len(texts), dtype=np.bool_)
                    fits[own][left] = texts.gather(left).str.contains(self.any_of[own]).to_numpy()
                tried = left[fits[own][left]]
            if not len(tried):
                continue
            frame = headers.taken_off(texts if len(tried) == len(texts) else texts.gather(tried), envelope)
            if not len(frame):
                continue
            here = tried[frame["at"].to_numpy()]
            self._opened(envelope, frame, at[here], chosen_rows(around, here), depth)
            if envelope.program:
                here = here[self.build.verdicts[at[here]] != UNPARSED]
            left = np.setdiff1d(left, here, assume_unique=True)
        self._pairs(texts, left, at, around, depth)

    def bare(self, texts: pl.Series, at: Positions) -> None:
        """Messages that nothing but a stamp or a sender is around, or not even that: whose sign-in they tell."""
        sent = texts.str.extract_groups(bare.SENDER).struct.unnest().with_columns(position=pl.Series(at))
        self.asked.messages(sent.filter(pl.col("program").is_not_null()), own=True)
        frame = pl.DataFrame({"position": at, "message": texts})
        for envelope in bare.envelopes(""):
            inside = headers.taken_off(texts, envelope)
            times = envelope.time(inside["stamp"], self.clock)
            self.asked.anybodys(frame[inside["at"]].with_columns(message=inside["message"], time=times))
        self.asked.anybodys(frame)

    def objects(self, texts: pl.Series, at: Positions, around: pl.DataFrame | None, depth: int) -> None:
        """JSON objects: a product's own, a message that a shipper wrapped, or else what somebody made of either."""
        self._wrapped("json", texts, self.asked.records("json", self.asked.own, texts, at, around), at, around, depth)
        left = self._nobodys(at)
        self.asked.records("json", self.asked.general, texts.gather(left), at[left], chosen_rows(around, left))

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
        frame = _over(frame, chosen_rows(around, mine))
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
            self.asked.messages(frame.filter(pl.col("program").is_not_null() & likely(frame["time"])), own=False)

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
                self.asked.messages(
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
        self.asked.messages(frame if valid.all() else frame.filter(valid), own=bool(envelope.program))

    def _pairs(self, texts: pl.Series, left: Positions, at: Positions, around: pl.DataFrame | None, depth: int) -> None:
        """Lines in no envelope: ``key=value``, and Windows' events."""
        for kind, begins in (("logfmt", _LOGFMT), ("xml", "^<Event[ >]")):
            if len(left):
                fits = texts.gather(left).str.contains(begins).to_numpy()
                chosen = left[fits]
                if len(chosen):
                    some, where, outer = texts.gather(chosen), at[chosen], chosen_rows(around, chosen)
                    self._wrapped(
                        kind,
                        some,
                        self.asked.records(kind, self.asked.formats, some, where, outer),
                        where,
                        outer,
                        depth,
                    )


@cache
def _any_of(patterns: tuple[str, ...]) -> str:
    """A pattern that fits what one of these fits."""
    return "|".join(f"(?:{re.sub(r'[(][?]P<[a-z_]+>', '(?:', pattern)})" for pattern in patterns) or "^$"


def _over(frame: pl.DataFrame, around: pl.DataFrame | None) -> pl.DataFrame:
    """What a message says of itself, and else what was said around it."""
    if around is None:
        return frame
    return frame.with_columns(
        pl.coalesce(name, around[name]).alias(name) if name in frame.columns else around[name]
        for name in around.columns
    )


def _unrepeated(frame: pl.DataFrame) -> pl.DataFrame:
    """``message repeated 2 times: [ … ]`` (rsyslog) is its message, twice: the column ``times`` says how often."""
    messages = frame["message"]
    told = messages.str.starts_with("message repeated ").arg_true()
    found = messages.gather(told).str.extract_groups(_REPEATED).struct.unnest()
    whole = found["message"].is_not_null()
    if not whole.any():
        return frame
    at, found = told.filter(whole), found.filter(whole)
    times = pl.repeat(None, len(frame), dtype=pl.Int32, eager=True)
    return frame.with_columns(
        message=messages.clone().scatter(at, found["message"]), times=times.scatter(at, found["times"].cast(pl.Int32))
    )
