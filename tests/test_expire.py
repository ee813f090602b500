"""Fingerprints do not stay for ever; the logins do."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from lakes import NOW, Held, text
from serjeant.store.expire import expire

_WHO = "Jun  5 09:12:33 mx dovecot: auth: passwd-file({},192.0.2.7,<S{}>)"
WRONG = _WHO + ": Password mismatch (SHA1 of given password: 1a2b3c)"


@pytest.fixture
def held(tmp_path: Path) -> Held:
    (tmp_path / "mail.log").write_text(text(WRONG.format(f"user{n}", n) for n in range(4)))
    held = Held(tmp_path / "lake")
    held.read(tmp_path / "mail.log", year=2026)
    assert {row["guess_site"] is None for row in held.logins()} == {False}
    return held


def age(held: Held, days: int) -> None:
    """As if the log had been read so many days before."""
    moment = (NOW - timedelta(days=days)).timestamp()
    for place in (held.folder / "lines").glob("*/*.parquet"):
        os.utime(place, (moment, moment))


def test_they_expire_and_nothing_else_does(held: Held) -> None:
    before = held.logins()
    age(held, 100)
    assert expire(held.lake, NOW - timedelta(days=90)) == 1
    assert held.logins() == [{**row, "guess_site": None} for row in before]
    assert expire(held.lake, NOW + timedelta(days=90)) == 0


def test_what_was_read_lately_keeps_them(held: Held) -> None:
    age(held, 80)
    assert expire(held.lake, NOW - timedelta(days=90)) == 0
    assert all(row["guess_site"] for row in held.logins())


def test_the_log_is_not_read_again_for_it(held: Held, tmp_path: Path) -> None:
    age(held, 100)
    expire(held.lake, NOW - timedelta(days=90))
    held.read(tmp_path / "mail.log", year=2026)
    assert [row["guess_site"] for row in held.logins()] == [None] * 4
