"""From log lines to what is said of the guesses."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from serjeant.app import Serjeant
from serjeant.config import Settings
from serjeant.config.passwords import PasswordSettings
from serjeant.errors import SerjeantError
from serjeant.model.guess import pwhash, pwhash_text, sha1
from serjeant.report.writers import document, page

NOW = datetime(2017, 7, 1, tzinfo=UTC)
NONCE = b"not a secret"
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


def reports(place: Path) -> Path:
    """weakforced's: quiet days; then a crew tries two passwords on sixty accounts, and a client without any retries."""
    lines = []
    begun = datetime(2017, 6, 1, 8, tzinfo=UTC)

    def report(when: datetime, user: str, source: str, word: str, *, success: bool = False) -> None:
        told = pwhash_text(pwhash(NONCE, user, [word], 12)[0], 12)
        each = {"login": user, "pwhash": told, "remote": source, "success": success, "t": when.timestamp()}
        lines.append({**each, "policy_reject": False, "protocol": "imap", "attrs": {}, "device_id": ""})

    for day in range(14):
        for person in range(60):
            right = f"right{person}"
            report(
                begun + timedelta(days=day, minutes=person), f"u.hale{person}", f"192.0.2.{person}", right, success=True
            )
    for day in range(4):
        for turn in range(40):
            report(begun + timedelta(days=10 + day, minutes=20 * turn), "oauth", "198.51.100.9", "")
    for turn, word in enumerate(("Spring2017", "Hale{}2017")):
        for person in range(60):
            when, source = begun + timedelta(days=14, minutes=8 * person + turn), f"203.0.113.{person % 4}"
            report(when, f"u.hale{person}", source, word.format(person))
    place.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return place


def test_with_the_nonce_single_candidates_are_named(tmp_path: Path) -> None:
    place = tmp_path / "nonce"
    place.write_bytes(NONCE + b"\n")
    place.chmod(0o600)
    serjeant = Serjeant(tmp_path / "out", Settings(passwords=PasswordSettings(nonce_file=str(place))))
    incident = serjeant.investigate([str(reports(tmp_path / "wforce.json"))], now=NOW)
    says = [each.says for campaign in incident.campaigns for each in campaign.evidence if each.test == "passwords"]
    assert any("“{Name}2017” on" in each and "“Spring2017” on" in each for each in says), says
    kept = pl.concat([pl.read_parquet(day) for day in (tmp_path / "out" / "lake" / "logins").glob("*.parquet")])
    assert kept.filter(pl.col("user_name") == "oauth")["guess_account"].null_count() == 160
    assert kept.filter(pl.col("outcome") == "success")["guess_account"].null_count() == 14 * 60
    assert kept.filter(pl.col("source").str.starts_with("203."))["guess_account"].null_count() == 0
    assert not any(finding.detector == "stale" for finding in incident.guards)
