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

_SAMPLE: Final = 200
_TAGS: Final = 8
_FEWEST: Final = 200
"""Lines below which the pattern alone is as quick."""

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
    free = np.ones(len(lines), dtype=np.bool_)
    parts = []
    if len(lines) >= _FEWEST:
        for tag in _tags(lines, envelope):
            part = _by_tag(lines, tag, free)
            if part is not None:
                free[part["at"].to_numpy()] = False
                parts.append(part)
    rest = np.flatnonzero(free)
    if len(rest):
        parts.append(_by_pattern(lines if len(rest) == len(lines) else lines.gather(rest), rest, envelope))
    frame = pl.concat(parts) if parts else _by_pattern(lines, rest, envelope)
    return frame if len(parts) == 1 else frame.sort("at")


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


def _by_tag(lines: pl.Series, tag: _Tag, free: npt.NDArray[np.bool_]) -> pl.DataFrame | None:
    hit = lines.str.slice(tag.width, len(tag.before)) == tag.before
    at = np.flatnonzero(hit.to_numpy() & free)
    if len(at) < _FEWEST:
        return None
    some = lines.gather(at)
    rest = some.str.slice(tag.width + len(tag.before))
    pid = pl.Series([None] * len(at), dtype=pl.String)
    if tag.after:
        cut = rest.str.find(tag.after, literal=True)
        pid = rest.str.head(cut.fill_null(0))
        rest = rest.str.slice(cut.fill_null(0) + len(tag.after))
        whole = pid.str.contains("^[0-9]+$").to_numpy()
        if not whole.all():
            at, some, pid, rest = at[whole], some.filter(whole), pid.filter(whole), rest.filter(whole)
    return pl.DataFrame({"at": pl.Series(at, dtype=pl.UInt32), "stamp": some.str.head(tag.width)}).with_columns(
        host=pl.lit(tag.host, pl.String), program=pl.lit(tag.program, pl.String), pid=pid, message=rest
    )
