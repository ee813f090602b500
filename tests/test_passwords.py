"""What is said of guesses, and that it is neither too much nor a password of anybody's."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakes import KEY
from serjeant.collect.seal import fingerprints, tried
from serjeant.errors import SerjeantError
from serjeant.model.guess import pwhash, pwhash_text, sha1
from serjeant.passwords.candidates import MOST, Candidates, candidates, read_list, read_nonce
from serjeant.passwords.matching import Kind, Matches, match
from serjeant.passwords.share import share
from serjeant.passwords.told import confirmed, told, weak

NONCE = b"not a secret"
OURS = candidates(["Westminster"], [], [2016, 2017, 2018])
WITHIN, ACROSS = Kind(NONCE), Kind()
kinds = pytest.mark.parametrize("kind", [WITHIN, ACROSS], ids=["within", "across"])


def seal(texts: pl.Series) -> pl.Series:
    return fingerprints(texts, KEY)


def tries(guesses: Sequence[tuple[str, str]], kind: Kind) -> pl.DataFrame:
    """(name, password) as fingerprints of the lake."""
    texts = [
        sha1(word, kind.digits)
        if kind.nonce is None
        else pwhash_text(pwhash(kind.nonce, name, [word], kind.bits)[0], kind.bits)
        for name, word in guesses
    ]
    spelt = pl.Series([name for name, _ in guesses], dtype=pl.String)
    return pl.DataFrame({"user_name": spelt, "tag": seal(pl.Series(texts, dtype=pl.String))})


def compared(guesses: Sequence[tuple[str, str]], kind: Kind, against: Candidates = OURS) -> Matches:
    return match(tries(guesses, kind), against, kind, seal)


def names(count: int) -> list[str]:
    return [f"a{number}.winter{number}" for number in range(count)]


# How servers write guesses


def test_the_policy_hash_is_dovecots() -> None:
    """Its formula, as the manual has it: of the name as typed, and without any length of its own."""
    whole = hashlib.sha256(b"nonce" + b"Alice@x" + b"\0" + "päss".encode()).hexdigest()
    assert pwhash_text(pwhash(b"nonce", "Alice@x", ["päss"], 16)[0], 16) == whole[:4]
    assert pwhash_text(pwhash(b"nonce", "Alice@x", ["päss"], 12)[0], 12) == "0" + whole[:3]


def test_longer_hashes_are_read_as_six_digits_and_no_password_as_no_guess() -> None:
    whole, empty = hashlib.sha1(b"secret").hexdigest(), hashlib.sha1(b"").hexdigest()
    given_ = pl.Series([whole, whole[:6], empty, empty[:6], empty[:4], None])
    assert tried(given_).to_list() == [whole[:6], whole[:6], None, None, None, None]


# Candidates


def test_templates_are_made_of_the_name_however_it_was_typed() -> None:
    for name in ("a.winter", "A.Winter@parliament.example", "PARL\\a.winter"):
        made = OURS.made_for(name)
        assert {"Winter2017", "winter123", "a.winter2017!"} <= set(made)
        assert len(made) == len(OURS.templates)


def test_hostile_names_make_candidates_like_any_other() -> None:
    for name in ("{user}", "{0.__class__}", "", "@", "\\", "-", "a\0b", "\ud7ff" * 300):
        assert len(OURS.made_for(name)) == len(OURS.templates)


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "nonce"
    place.write_text("secret\n")
    place.chmod(0o640)
    with pytest.raises(SerjeantError) as refused:
        read_nonce(place)
    assert "chmod 600" in str(refused.value)
    assert "secret\n" not in str(refused.value)
    place.chmod(0o600)
    assert read_nonce(place) == b"secret"


def test_a_list_that_would_drown_the_truth_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "list"
    place.write_text("".join(f"word{number}\n" for number in range(MOST + 1)))
    with pytest.raises(SerjeantError) as refused:
        read_list(place)
    assert "word1" not in str(refused.value)
    with pytest.raises(SerjeantError):
        read_list(tmp_path / "none")


# The share


@pytest.mark.parametrize(
    ("weights", "shared", "own"), [((1,), 0.0, 0.2), ((1, 1, 40), 0.015, 0.001), ((300,), 0.1, 0.0)]
)
@pytest.mark.parametrize("truth", [0.0, 0.3, 0.9])
def test_the_interval_covers_the_truth(weights: tuple[int, ...], shared: float, own: float, truth: float) -> None:
    """Passwords that are on the list always match; the others by chance, and then wherever they were tried."""
    rng = np.random.default_rng(5)
    missed, rounds = 0, 300
    for _ in range(rounds):
        sizes = np.array([weights[number % len(weights)] for number in range(120)], dtype=float)
        listed = rng.random(len(sizes)) < truth
        by_chance = np.where(rng.random(len(sizes)) < shared, sizes, rng.binomial(sizes.astype(int), own))
        matched = float(np.where(listed, sizes, by_chance).sum())
        found = share(sizes, matched, shared, own)
        missed += not found.low <= sizes[listed].sum() / sizes.sum() <= found.high
    assert missed <= rounds * 0.05 + 3 * (rounds * 0.05 * 0.95) ** 0.5


@given(
    sizes=st.lists(st.integers(1, 10_000), min_size=1, max_size=40),
    part=st.floats(0, 1),
    shared=st.floats(0, 0.5),
    own=st.floats(0, 0.5),
)
def test_it_is_an_interval_of_shares(sizes: list[int], part: float, shared: float, own: float) -> None:
    weights = np.array(sizes, dtype=float)
    found = share(weights, part * weights.sum(), shared, own)
    assert 0 <= found.low <= found.estimate <= found.high <= part + 1e-9


def test_many_guesses_make_it_narrow() -> None:
    few, many = (share(np.ones(n), n * 0.6, 0.0, 0.217) for n in (100, 10_000))
    assert many.high - many.low < 0.04 < few.high - few.low
    assert many.low < (0.6 - 0.217) / 0.783 < many.high


# Matching


@kinds
def test_of_guesses_that_are_on_no_list_nothing_is_said(kind: Kind) -> None:
    """At the chance that is stated: a campaign of twenty thousand made-up passwords."""
    rng = np.random.default_rng(2)
    found = compared([(name, f"zz{rng.integers(1 << 60)}") for name in names(400) for _ in range(10)], kind)
    assert weak(found).low == 0.0
    assert list(confirmed(found, OURS)) == []
    expected = len(found.tries) * (1 - (1 - found.shared) * (1 - found.own))
    hit = found.hits.select("user_name", "tag").n_unique()
    assert abs(hit - expected) < 5 * expected**0.5 + 1


@kinds
def test_half_of_the_guesses_were_made_of_the_names(kind: Kind) -> None:
    rng = np.random.default_rng(3)
    crew = [(name, f"{name.partition('.')[2].capitalize()}2017") for name in names(300)]
    crew += [(name, f"zz{rng.integers(1 << 60)}") for name in names(300)]
    found = compared(crew, kind)
    counted = weak(found)
    assert counted.low < 0.5 < counted.high
    assert counted.low > 0.4
    (only,) = confirmed(found, OURS)
    assert only.name == "{Name}2017"
    assert 295 <= only.accounts <= 300
    assert any("at least" in each.says for each in told(found, OURS))


def test_a_common_password_is_named_where_chance_is_ruled_out_for_each_account() -> None:
    crew = [(name, word) for name in names(120) for word in ("Summer2017", "Welcome1")]
    assert {each.name for each in confirmed(compared(crew, WITHIN), OURS)} == {"Summer2017", "Welcome1"}


def test_of_fingerprints_that_are_alike_on_all_accounts_no_common_password_is_named() -> None:
    """A password on no list, sprayed over a thousand accounts, has a common one's fingerprint once in 150 campaigns."""
    alike = next(
        word
        for word in (f"unlisted{number}" for number in range(10**6))
        if _sealed(word) in set(map(_sealed, OURS.common))
    )
    found = compared([(name, alike) for name in names(1000)], ACROSS)
    assert len(found.hits) == 1000
    assert list(confirmed(found, OURS)) == []


def _sealed(word: str, known: dict[str, str] = {}) -> str:  # noqa: B006
    if word not in known:
        known[word] = str(seal(pl.Series([sha1(word, 6)]))[0])
    return known[word]


def test_a_mechanism_without_a_password_is_no_guess() -> None:
    """It gives the hash of an empty one, attempt after attempt."""
    found = compared([(name, "") for name in names(50)], WITHIN)
    assert len(found.tries) == 0
    assert told(found, OURS) == ()


@kinds
def test_of_few_accounts_nothing_is_said(kind: Kind) -> None:
    """What was guessed at one account may be told of its owner's habits."""
    crew = [(name, word) for name in names(3) for word in OURS.common]
    assert told(compared(crew, kind), OURS) == ()


def test_names_from_lists_are_harmless_where_they_are_shown() -> None:
    evil = "\x1b[2J\u202e" + "A" * 10_000
    against = Candidates((evil, *OURS.common), OURS.templates)
    says = told(compared([(name, evil) for name in names(100)], WITHIN, against), against)
    assert any("guessed for certain" in each.says for each in says)
    assert all(each.says.isprintable() and len(each.says) < 400 for each in says)


@kinds
@settings(max_examples=20, deadline=None)
@given(guesses=st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=30))
def test_whatever_was_tried_is_compared(kind: Kind, guesses: list[tuple[str, str]]) -> None:
    against = Candidates(("123456", "Welcome1"), ("{User}1",))
    guesses = [(name, word) for name, word in guesses if name.isascii() and word.isascii()]
    found = compared(guesses, kind, against)
    assert set(found.hits["candidate"]) <= {0, 1, 2}
    listed = {(name, word) for name, word in guesses if word in against.common or word in against.made_for(name)}
    hit = set(found.hits.select("user_name", "tag").rows())
    assert set(tries(sorted(listed), kind).rows()) <= hit | (set(tries(guesses, kind).rows()) - set(found.tries.rows()))
