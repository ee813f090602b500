"""seal: keyed, so that nobody without the lake's key can make two lines look alike or give a guess back."""

import hmac
from itertools import repeat

import numpy as np
import polars as pl
from xxhash import xxh3_64_intdigest

from serjeant.model.guess import SHA1_DIGITS, pwhash, pwhash_text, sha1

GUESS_DIGITS = 4
"""Hexadecimal digits of a guess fingerprint: 16 bits tell guesses apart and give no password back."""


def line_hashes(lines: pl.Series, key: str) -> pl.Series:
    """64 bits of each line (XXH3 with a secret seed), the same for the same line and key on every machine."""
    seed = int(key[:16], 16)
    encoded = lines.cast(pl.Binary).to_list()
    return pl.Series(np.fromiter(map(xxh3_64_intdigest, encoded, repeat(seed)), np.uint64, len(encoded)))


def mark(data: bytes, key: str) -> str:
    """By which the same bytes are known again, in hexadecimal. A short log may hold little but a password."""
    return hmac.digest(bytes.fromhex(key), b"mark:" + data, "sha256").hex()


def tried(hashes: pl.Series) -> pl.Series:
    """As many digits of SHA-1 as are read. No password is no guess; which it was is not to be told from such a hash."""
    short = hashes.cast(pl.String).str.slice(0, SHA1_DIGITS)
    nothing = [sha1("", digits) for digits in range(SHA1_DIGITS + 1)]
    return short.set(short.is_in(nothing), None)


def judged(hashes: pl.Series, names: pl.Series, nonce: bytes, bits: int) -> pl.Series:
    """Policy hashes without those of an empty password, which a mechanism that shows none gives at every attempt."""
    distinct = names.filter(hashes.is_not_null()).drop_nulls().unique()
    empty = [pwhash_text(pwhash(nonce, name, [""], bits)[0], bits) for name in distinct]
    of_none = names.replace_strict(distinct, pl.Series(empty, dtype=pl.String), default=None, return_dtype=pl.String)
    return hashes.cast(pl.String).set((hashes == of_none).fill_null(value=False), None)


def fingerprints(guesses: pl.Series, key: str) -> pl.Series:
    """What a log says of a guess (part of an unsalted hash) -> a short keyed fingerprint; null stays null."""
    distinct = guesses.drop_nulls().unique()
    if not len(distinct):
        return guesses.cast(pl.String)
    secret = bytes.fromhex(key)
    short = [hmac.digest(secret, b"guess:" + text.encode(), "sha256").hex()[:GUESS_DIGITS] for text in distinct]
    return guesses.replace_strict(distinct, pl.Series(short), default=None, return_dtype=pl.String)
