"""ledger_files: a ledger as a file that anybody can go over."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click

from serjeant.errors import UnreadableError
from serjeant.store.chain import Chain, read
from serjeant.store.head import head


def gone_over(file: Path, given: str) -> tuple[int, str, bool]:
    """How many entries an export has, its last hash, and whether somebody kept a head.

    :param given: ``SEQ:HASH``; empty: nobody did
    :raises TamperedError: names the first entry that is not as it was
    """
    over = Chain(str(file), [head(given, "--head")] if given else [])
    try:
        with click.open_file(str(file), encoding="utf-8", errors="surrogateescape") as lines:
            for row in read(lines, str(file)):
                over.add(row)
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}", where=str(file)) from error
    over.end()
    return over.count, over.last, bool(given)


def written(file: Path, lines: Iterable[str]) -> int:
    """Writes them, all or none; how many."""
    fresh, count = file.with_name(f".{file.name}.new"), 0
    try:
        with fresh.open("w", encoding="ascii") as to:
            for line in lines:
                to.write(f"{line}\n")
                count += 1
        fresh.replace(file)
    except OSError as error:
        says = f"cannot be written: {error.strerror or error}"
        raise UnreadableError(says, where=str(file), hint="name another file") from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return count
