"""reports: sign-ins as services told of them, a JSON object a line in weakforced's form, for ``investigate``.

Of a right password nothing is kept, and of a wrong one only the short hash that Dovecot makes of name and password.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from serjeant.model.guess import UNSEEN

_HASH: Final = re.compile(r"[0-9a-f]{1,16}\Z")
_UNSEEN: Final = re.compile(UNSEEN)
_LAST: Final = 64 * 1024 * 1024
"""Bytes at the end of a file from which who is familiar is learnt."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One attempt, once it is over.

    :param right: it was let in
    :param refused: we turned it away
    :param verified: its password was right, whatever became of it
    """

    login: str
    remote: str
    service: str
    right: bool
    refused: bool = False
    verified: bool = False
    guess: str = ""
    mechanism: str = ""
    client: str = ""
    session: str = ""
    why: str = ""

    def line(self, now: datetime) -> str:
        """As it stands in the file. ASCII only, so that no name can end or hide a line."""
        unjudged = self.right or self.verified or self.refused or _UNSEEN.match(self.mechanism.lower())
        told = {
            "t": round(now.timestamp(), 6),
            "login": self.login,
            "remote": self.remote,
            "protocol": self.service,
            "pwhash": "" if unjudged or not _HASH.match(self.guess) else self.guess,
            "success": self.right,
            "policy_reject": self.refused,
            "fail_type": self.why,
            "device_id": self.client,
            "session_id": self.session,
            "attrs": {"verified": "1" if self.verified else "", "mech": self.mechanism},
        }
        return json.dumps(told)


class Reports:
    """The file. It may be moved away at any time, as logrotate does: a new one is begun."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def add(self, sign_in: SignIn, now: datetime) -> None:
        """Appends a line in one write.

        :raises OSError: it could not be written whole
        """
        if self.path is None:
            return
        line = sign_in.line(now).encode("ascii") + b"\n"
        to = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            if os.write(to, line) != len(line):
                os.write(to, b"\n")  # what comes next begins a line of its own
                raise OSError(28, "written in part only")
        finally:
            os.close(to)

    def successes(self) -> Iterator[tuple[str, str]]:
        """Who signed in from where, as far back as the file tells; empty where there is none."""
        if self.path is None or not self.path.is_file():
            return
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - _LAST))
            for line in file:
                if b'"success": true' in line:
                    try:
                        told = json.loads(line)
                        if not told["policy_reject"]:
                            yield str(told["login"]), str(told["remote"])
                    except (ValueError, KeyError, TypeError):
                        continue
