"""candidates: what crews guess everywhere, and what they make of an organisation, of names and of the calendar.

A *common* candidate is one password for all accounts; a *template* makes one of each account's name. Templates are
written as they are shown: ``{User}2017``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from serjeant.errors import UnreadableError, UsageError

MOST: Final = 10_000
"""Lines that are taken of a list of common passwords; with more of them chance matches hide the true ones."""

_EVERYWHERE: Final = (
    "123 1234 12345 123456 1234567 12345678 123456789 1234567890 111111 000000 123123 654321 666666 987654321 abc123 "
    "abcd1234 1q2w3e 1q2w3e4r 1qaz2wsx qwerty qwerty1 qwerty123 qwertyuiop qazwsx asdfgh asdfghjkl zxcvbnm azerty "
    "password Password password1 Password1 password123 Password123 Password1! Passw0rd Passw0rd! P@ssw0rd P@ssword1 "
    "passwort Passwort1 motdepasse welcome Welcome Welcome1 Welcome1! welcome123 Welcome123 letmein letmein1 "
    "admin admin1 admin123 Admin123 administrator root toor test test1 test123 Test1234 testing guest user user123 "
    "changeme Changeme1 Changeme123 default secret secret123 login master monkey dragon iloveyou sunshine princess "
    "football baseball superman batman trustno1 shadow michael office Office1 mail mail123 email temp temp123 Temp1234 "
    "support helpdesk company Company1 service backup server"
)
"""By blanks. Written down from what every such list has; any of them is as good."""
_SEASONS: Final = (
    "Spring Summer Autumn Fall Winter January February March April May June July August September October November "
    "December"
)
_ENDS: Final = ("", "1", "12", "123", "1234", "!", "1!", "123!")
_BASES: Final = ("{user}", "{User}", "{name}", "{Name}")


@dataclass(frozen=True, slots=True)
class Candidates:
    """What guesses are compared with.

    :param common: the same for all accounts
    :param templates: made for each account
    """

    common: tuple[str, ...]
    templates: tuple[str, ...]

    def made_for(self, user_name: str) -> list[str]:
        """What the templates make of a name that was typed, in their order."""
        user = user_name.rpartition("\\")[2].partition("@")[0].lower()
        name = max(user.replace("-", ".").replace("_", ".").split("."), key=len)
        words = {"user": user, "User": user.capitalize(), "name": name, "Name": name.capitalize()}
        return [template.format_map(words) for template in self.templates]

    def __len__(self) -> int:
        return len(self.common) + len(self.templates)


def candidates(words: Iterable[str], listed: Iterable[str], years: Iterable[int]) -> Candidates:
    """The candidates of one organisation.

    :param words: that guesses are made of there
    :param listed: common passwords besides those that are tried everywhere
    :param years: that guesses may end in
    """
    calendar = [*(str(year) for year in years), *(f"{year}!" for year in years)]
    ends = (*_ENDS, *calendar, *(f"@{year}" for year in years))
    ours = [form for word in words for form in (word, word.lower(), word.capitalize())]
    common = [
        *_EVERYWHERE.split(),
        *listed,
        *(form + end for word in _SEASONS.split() for form in (word, word.lower()) for end in ("1", "123", *calendar)),
        *(word + end for word in ours for end in ends),
    ]
    templates = [base + end for base in _BASES for end in ends]
    return Candidates(tuple(dict.fromkeys(common)), tuple(dict.fromkeys(templates)))


def read_list(path: Path) -> list[str]:
    """A list of passwords, one a line.

    :raises UnreadableError: it cannot be read, or is no text
    :raises UsageError: it is longer than ``MOST``
    """
    listed = list(_lines(path))
    if len(listed) > MOST:
        raise UsageError(
            f"holds {len(listed):,} passwords", where=str(path), hint=f"keep the {MOST:,} that are used most"
        )
    return listed


def read_nonce(path: Path) -> bytes:
    """The secret in Dovecot's hashes. Whoever has it and the logs can try passwords, so nobody else may read it.

    :raises UnreadableError: it cannot be read, or others can
    """
    try:
        mode = path.stat().st_mode
        nonce = path.read_bytes().rstrip(b"\r\n")
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
    if mode & 0o077:
        raise UnreadableError(
            "holds a secret, and others than its owner may read it", where=str(path), hint="chmod 600 it"
        )
    if not nonce:
        raise UnreadableError("is empty", where=str(path), hint="write Dovecot's auth_policy_hash_nonce into it")
    return nonce


def _lines(path: Path) -> Iterator[str]:
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise UnreadableError("is not UTF-8", where=str(path), hint="save it as UTF-8") from error
    return (line for line in text.splitlines() if line)
