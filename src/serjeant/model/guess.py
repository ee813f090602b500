"""guess: what servers write of a password that was tried; Serjeant keeps a short keyed fingerprint of it."""

import hashlib
from collections.abc import Sequence
from typing import Final

SHA1_DIGITS: Final = 6
"""Digits of a SHA-1 that are read, however many a log holds: hosts that write more can be compared with others."""

UNSEEN: Final = r"^(?:cram-md5|digest-md5|apop|ntlm|gssapi|gss-spnego|external|xoauth2|oauthbearer|kerberos|scram-.*)$"
"""Mechanisms that never show the server a password; what it writes of one is the same for every attempt."""


def pwhash(nonce: bytes, user_name: str, passwords: Sequence[str], bits: int) -> list[int]:
    """What Dovecot's auth policy makes of passwords: the first bits of SHA-256 of nonce, name, zero and password."""
    begun = hashlib.sha256(nonce + user_name.encode() + b"\0")
    hashes = []
    for password in passwords:
        each = begun.copy()
        each.update(password.encode())
        hashes.append(int.from_bytes(each.digest()[:4], "big") >> (32 - bits))
    return hashes


def pwhash_text(value: int, bits: int) -> str:
    """As Dovecot writes it: whole bytes, in hexadecimal."""
    return f"{value:0{2 * -(-bits // 8)}x}"


def sha1(password: str, digits: int) -> str:
    """What ``auth_verbose_passwords = sha1:N`` writes of a password."""
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()[:digits]
