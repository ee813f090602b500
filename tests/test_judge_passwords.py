"""From log lines to what is said of the guesses."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from serjeant.app import Serjeant
from serjeant.config import Settings
from serjeant.config.passwords import PasswordSettings
from serjeant.errors import SerjeantError
from serjeant.model.guess import sha1
from serjeant.report.writers import document, page

NOW = datetime(2017, 7, 1, tzinfo=UTC)
WORDS = ("Kestrel2017", "Kestrel123", "Spring2017", "unguessable-by-lists")


def logs(place: Path) -> Path:
    """Quiet days, and then four passwords on sixty accounts, each from an address of its own."""
    lines = []
    begun = datetime(2017, 6, 1, 8, tzinfo=UTC)
    for day in range(14):
        for person in range(60):
            where = f"rip=192.0.2.{person}, lip=192.0.2.250, mpid=1, TLS, session=<q{day}x{person}>"
            text = f"imap-login: Login: user=<u{person}.hale{person}>, method=PLAIN, {where}"
            lines.append((begun + timedelta(days=day, minutes=person), text))
    for turn, word in enumerate(WORDS):
        for person in range(60):
            who = f"u{person}.hale{person},203.0.113.{(person * 4 + turn) % 250},<s{turn}x{person}>"
            worker = f"auth-worker(9): conn unix:auth-worker (pid=8,uid=1): auth-worker<3>: sql({who})"
            text = f"{worker}: Password mismatch (SHA1 of given password: {sha1(word, 6)})"
            lines.append((begun + timedelta(days=14 + turn, minutes=9 * person), text))
    written = (f"{when:%b} {when.day:2} {when:%H:%M:%S} mx dovecot: {text}\n" for when, text in sorted(lines))
    place.write_text("".join(written))
    return place


def asked(tmp_path: Path, settings: PasswordSettings) -> tuple[Serjeant, list[str], str]:
    serjeant = Serjeant(tmp_path / "out", Settings(passwords=settings))
    incident = serjeant.investigate([str(logs(tmp_path / "mail.log"))], now=NOW, year=2017)
    (campaign,) = incident.campaigns
    told = [each.says for each in campaign.evidence if each.test == "passwords"]
    return serjeant, told, document.dumps(incident) + page.render(incident)


def test_the_share_of_guesses_made_of_our_words_is_told(tmp_path: Path) -> None:
    _, told, _ = asked(tmp_path, PasswordSettings(words=("Kestrel",)))
    (says,) = told
    assert says.startswith("at least")
    assert "of 240 on 60 names" in says


def test_no_password_is_left_anywhere(tmp_path: Path) -> None:
    """Neither in the answer nor in the lake, nor as the hash that the log wrote."""
    _, _, answer = asked(tmp_path, PasswordSettings(words=("Kestrel",)))
    kept = b"".join(file.read_bytes() for file in (tmp_path / "out").rglob("*") if file.is_file())
    for word in WORDS:
        assert word not in answer
        assert word.encode() not in kept
        assert sha1(word, 6) not in answer


def test_a_nonce_that_others_can_read_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    place = tmp_path / "nonce"
    place.write_text("secret")
    place.chmod(0o644)
    with pytest.raises(SerjeantError, match="chmod 600"):
        Serjeant(tmp_path / "out", Settings(passwords=PasswordSettings(nonce_file=str(place))))
