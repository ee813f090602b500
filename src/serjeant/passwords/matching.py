"""matching: which guesses have the fingerprint of a candidate.

*within*: Dovecot's ``pwhash``, whose nonce is ours, differs from account to account: each match is a chance of its own.
*across*: a SHA-1 of the password alone is the same on all accounts: a password that is on no list matches a common
candidate wherever it is tried, so that single candidates can only be told where they are made for each account.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import polars as pl

from serjeant.model.guess import pwhash, pwhash_text, sha1
from serjeant.passwords.candidates import Candidates

Seal = Callable[[pl.Series], pl.Series]
"""What a log says of guesses, as fingerprints of the lake."""

BUDGET: Final = 2_000_000
"""Hashes that are made for one campaign; of more accounts than that allows for, some are looked at."""

_TAGS: Final = 65_536
_HITS: Final = pl.Schema({"candidate": pl.Int64, "user_name": pl.String, "tag": pl.String})


@dataclass(frozen=True, slots=True)
class Kind:
    """How the logs make fingerprints.

    :param nonce: of Dovecot's policy hash; None: a SHA-1 without one
    :param bits: of the policy hash that are kept
    :param digits: of the SHA-1 that are kept
    """

    nonce: bytes | None = None
    bits: int = 12
    digits: int = 6


@dataclass(frozen=True, slots=True)
class Matches:
    """What the comparison gave.

    :param tries: different guesses at each name: ``user_name, tag``
    :param hits: which candidates have the fingerprint of one of them: ``candidate, user_name, tag``; candidates are
        numbered, common ones first, as ``Candidates`` has them
    :param shared: how likely a password matches a common candidate wherever it is tried
    :param own: how likely a guess matches what was compared with it on its account only
    :param each: how likely a guess matches one certain candidate; 0 where that cannot be told
    """

    tries: pl.DataFrame
    hits: pl.DataFrame
    shared: float
    own: float
    each: float


def match(tries: pl.DataFrame, candidates: Candidates, kind: Kind, seal: Seal) -> Matches:
    """Compare guesses with candidates.

    :param tries: ``user_name, tag``
    """
    tries = tries.drop_nulls().unique().sort("user_name", "tag")
    if kind.nonce is None:
        return _across(_some(tries, len(candidates.templates)), candidates, kind, seal)
    return _within(_some(tries, len(candidates)), candidates, kind, seal)


def _some(tries: pl.DataFrame, each: int) -> pl.DataFrame:
    """Tries at as many names as can be hashed in a few seconds, whichever names these are."""
    names = tries["user_name"].unique()
    most = BUDGET // max(1, each)
    if len(names) <= most:
        return tries
    kept = pl.DataFrame({"user_name": names}).sort(pl.col("user_name").hash(7)).head(most)
    return tries.join(kept, on="user_name", how="semi").sort("user_name", "tag")


def _across(tries: pl.DataFrame, candidates: Candidates, kind: Kind, seal: Seal) -> Matches:
    names = tries["user_name"].unique(maintain_order=True).to_list()
    common = seal(pl.Series([sha1(each, kind.digits) for each in candidates.common], dtype=pl.String))
    everywhere = pl.DataFrame({"tag": common}).with_row_index("candidate").join(tries, on="tag")
    made = pl.DataFrame(
        {
            "user_name": list(chain.from_iterable([name] * len(candidates.templates) for name in names)),
            "candidate": list(range(len(common), len(candidates))) * len(names),
            "tag": seal(
                pl.Series(
                    [sha1(each, kind.digits) for name in names for each in candidates.made_for(name)], dtype=pl.String
                )
            ),
        },
        schema_overrides=_HITS,
    )
    own = made.join(tries, on=["user_name", "tag"])
    by_name = made.select("user_name", "tag").n_unique() / max(1, len(names))
    hits = pl.concat([part.select(pl.col(name).cast(of) for name, of in _HITS.items()) for part in (everywhere, own)])
    return Matches(tries, hits, common.n_unique() / _TAGS, by_name / _TAGS, 1 / _TAGS)


def _within(tries: pl.DataFrame, candidates: Candidates, kind: Kind, seal: Seal) -> Matches:
    nonce = kind.nonce or b""
    sealed = seal(pl.Series([pwhash_text(value, kind.bits) for value in range(1 << kind.bits)]))
    # Few as the bits are, two hashes may get one fingerprint: they are one.
    alike = sealed.rank("dense").to_numpy().astype(np.int64)
    numbers = dict(zip(sealed, alike.tolist(), strict=True))
    sizes = np.bincount(alike)
    kept: list[tuple[str, str]] = []
    hits: list[tuple[int, str, str]] = []
    matching = 0.0
    by_name = tries.group_by("user_name", maintain_order=True).agg("tag")
    for user, tags in by_name.iter_rows():
        # A mechanism that shows no password gives the hash of none, attempt after attempt: nothing was guessed.
        hashes = pwhash(nonce, user, ["", *candidates.common, *candidates.made_for(user)], kind.bits)
        empty, *theirs = alike[hashes].tolist()
        where: dict[int, list[int]] = {}
        for candidate, number in enumerate(theirs):
            where.setdefault(number, []).append(candidate)
        some = [tag for tag in tags if numbers.get(tag) != empty]
        kept += [(user, tag) for tag in some]
        matching += len(some) * float(sizes[list(where)].sum()) / len(sealed)
        hits += [(candidate, user, tag) for tag in some for candidate in where.get(numbers.get(tag, -1), ())]
    return Matches(
        pl.DataFrame(kept, dict(tries.schema), orient="row"),
        pl.DataFrame(hits, dict(_HITS), orient="row"),
        0.0,
        matching / max(1, len(kept)),
        1 / len(sealed) + 1 / _TAGS,
    )
