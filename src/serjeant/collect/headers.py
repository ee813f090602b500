"""headers: take the envelope off a run of lines.

Nearly all lines of a log begin alike: a stamp of one width, then one of a few tags (`` gate sshd[``), then a process
number. A sample shows which tags there are; lines that begin with one are cut by position, the others by the envelope's
pattern, which costs several times as much. Both ways give the same (``tests/test_headers.py``).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.texts import Places, cut, number

_SAMPLE: Final = 200
_TAGS: Final = 8
_FEWEST: Final = 200
"""Lines below which the pattern alone is as quick."""
_LONGEST_PID: Final = 8
_ENDS: Final = tuple((number(b"\xff" * len(text)), number(text)) for text in (b"[ID ", "\ufeff".encode()))
"""What headers may end with, here on one line and not on the next."""

COLUMNS: Final = ("stamp", "host", "program", "pid")


@dataclass(frozen=True, slots=True)
class _Tag:
    """How some lines go on after their stamp: ``before``, a process number and ``after`` it, where they have one."""

    width: int
    before: str
    after: str
    host: str | None
    program: str | None


def taken_off(lines: pl.Series, envelope: Envelope) -> pl.DataFrame:
    """The parts of the lines that are in the envelope.

    :param lines: strings without nulls
    :return: ``at`` (position), ``stamp``, ``host``, ``program``, ``pid``, ``message``; ascending
    """
    tags = _tags(lines, envelope) if len(lines) >= _FEWEST else []
    if not tags:
        return _by_pattern(lines, np.arange(len(lines)), envelope)
    places = Places.of(lines)
    cut = _Cut(places)
    for at, tag in enumerate(tags):
        cut.by(at, tag)
    rest = np.flatnonzero(cut.tag < 0)
    quick = cut.frame(tags)
    if not len(rest):
        return quick
    slow = _by_pattern(lines if len(rest) == len(lines) else lines.gather(rest), rest, envelope)
    if not len(slow):
        return quick
    return pl.concat([quick, slow]).sort("at") if len(quick) else slow


def _by_pattern(lines: pl.Series, at: npt.NDArray[np.int64], envelope: Envelope) -> pl.DataFrame:
    frame = lines.str.extract_groups(envelope.pattern).struct.unnest()
    told = [pl.col(name) if name in frame.columns else pl.lit(None, pl.String).alias(name) for name in COLUMNS]
    message = lines.str.strip_prefix(frame["header"])
    inside = pl.col("header").is_not_null()
    whole = frame.with_columns(at=pl.Series(at, dtype=pl.UInt32), message=message)
    return whole.filter(inside).select("at", *told, "message")


def _tags(lines: pl.Series, envelope: Envelope) -> list[_Tag]:
    """The commonest ways in which a sample goes on."""
    sample = lines.gather_every(max(1, len(lines) // _SAMPLE))
    found = _by_pattern(sample, np.arange(len(sample)), envelope)
    seen: dict[_Tag, int] = {}
    for at, stamp, host, program, pid, message in found.iter_rows():
        header = sample[at].removesuffix(message)
        if not header.startswith(stamp) or not header.isascii():
            continue  # a priority stands before the stamp
        before, bracket, after = header.removeprefix(stamp).rpartition(f"[{pid}]") if pid else (header, "", "")
        if pid and not bracket:
            continue
        tag = _Tag(
            len(stamp),
            before + "[" if pid else header.removeprefix(stamp),
            "]" + after if pid else "",
            host,
            envelope.program or program,
        )
        seen[tag] = seen.get(tag, 0) + 1
    return sorted(seen, key=lambda tag: -seen[tag])[:_TAGS]


class _Cut:
    """Where the parts of lines begin and end, as far as tags tell."""

    def __init__(self, places: Places) -> None:
        self.places = places
        count = len(places.starts)
        self.tag = np.full(count, -1, np.int8)
        self.behind = np.zeros(count, np.int64)
        self.digits = np.zeros(count, np.int64)

    def by(self, place: int, tag: _Tag) -> None:
        """Takes the lines that have this tag."""
        free = np.flatnonzero(self.tag < 0)
        if len(free) < _FEWEST:
            return
        lines = self.places if len(free) == len(self.tag) else self.places.at(free)
        before, after = tag.before.encode(), tag.after.encode()
        hit = np.flatnonzero(lines.holds(before, tag.width))
        if len(hit) < _FEWEST:
            return
        at = free[hit]
        width = tag.width + len(before)
        rest, digits = lines.at(hit).behind(width), np.zeros(len(at), np.int64)
        if after:
            digits = rest.digits()
            whole = np.flatnonzero((digits > 0) & (digits < _LONGEST_PID))
            if len(whole) < len(at):
                at, rest, digits = at[whole], rest.at(whole), digits[whole]
            held = np.flatnonzero(rest.behind_each(digits).holds(after))
            if len(held) < len(at):
                at, rest, digits = at[held], rest.at(held), digits[held]
        behind = digits + len(after)
        doubtful = _doubtful(rest.behind_each(behind), self.places.data[self.places.starts[at] + tag.width - 1])
        if doubtful.any():
            at, digits, behind = at[~doubtful], digits[~doubtful], behind[~doubtful]
        self.tag[at] = place
        self.digits[at] = digits
        self.behind[at] = width + behind

    def frame(self, tags: list[_Tag]) -> pl.DataFrame:
        """The parts of the lines that were taken."""
        at = np.flatnonzero(self.tag >= 0)
        some = self.places if len(at) == len(self.tag) else self.places.at(at)
        which, digits, behind = self.tag[at], self.digits[at], self.behind[at]
        widths = np.array([tag.width for tag in tags])[which]
        afters = np.array([len(tag.after.encode()) for tag in tags])[which]
        pids = cut(some.data, some.starts + behind - afters - digits, digits)
        return pl.DataFrame(
            {
                "at": pl.Series(at.astype(np.uint32)),
                "stamp": cut(some.data, some.starts, widths),
                "host": pl.Series([tag.host for tag in tags], dtype=pl.String).gather(which),
                "program": pl.Series([tag.program for tag in tags], dtype=pl.String).gather(which),
                "pid": pids if digits.all() else pids.set(pl.Series(digits == 0), None),
                "message": some.behind_each(behind).text(),
            }
        )


def _doubtful(messages: Places, lasts: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Where the header may go on in what looks like the message, or a shorter stamp ended with a blank.

    :param lasts: the last byte of each stamp
    """
    words = messages.word()
    doubtful: npt.NDArray[np.bool_] = lasts == ord(" ")
    for bits, text in _ENDS:
        doubtful |= (words & bits) == text
    return doubtful
