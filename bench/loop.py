"""loop: what one would write first: Python's ``re``, one process, a few patterns in order, typed tuples.

Run as ``python -m bench.loop LOG``. Its results stay in memory; it writes no file and joins nothing.
"""

import re
import sys
from datetime import datetime
from pathlib import Path
from time import perf_counter

from bench.rivals import YEAR

_MONTHS = {
    name: at
    for at, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1)
}
_HEAD = r"^(\w{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\S+) sshd\[(\d+)\]: "
_PATTERNS = [
    (re.compile(_HEAD + tail), outcome, reason)
    for tail, outcome, reason in (
        (r"Failed password for invalid user (.*) from (\S+) port (\d+) ssh2$", "failure", "unknown_account"),
        (r"Failed password for (.*) from (\S+) port (\d+) ssh2$", "failure", "bad_password"),
        (r"Accepted \S+ for (.*) from (\S+) port (\d+) ssh2(?:: .*)?$", "success", None),
        (r"Invalid user (.*) from (\S+) port (\d+)$", "failure", "unknown_account"),
    )
]

Login = tuple[datetime, str, int, str, str, int, str, str | None]


def read(log: Path) -> tuple[list[Login], int]:
    """The logins, and how many lines there were."""
    logins: list[Login] = []
    lines = 0
    with log.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            lines += 1
            for pattern, outcome, reason in _PATTERNS:
                found = pattern.match(line)
                if found:
                    month, day, hour, minute, second, host, pid, user, ip, port = found.groups()
                    time = datetime(YEAR, _MONTHS[month], int(day), int(hour), int(minute), int(second))  # noqa: DTZ001
                    logins.append((time, host, int(pid), user, ip, int(port), outcome, reason))
                    break
    return logins, lines


if __name__ == "__main__":
    begin = perf_counter()
    found, count = read(Path(sys.argv[1]))
    print(f"{count} lines, {len(found)} logins, processed in {perf_counter() - begin:.3f} sec")
