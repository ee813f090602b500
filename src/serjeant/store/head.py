"""head: the last hash of a ledger, kept in a file beside it, since a chain cannot show that its end was cut off."""

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeAlias

from serjeant.errors import UnreadableError

Head: TypeAlias = tuple[int, str]
"""(seq, hash) of an entry."""

_HEAD: Final = re.compile(r"([1-9][0-9]{0,18}):([0-9a-f]{64})")


def head(text: str, where: str) -> Head:
    """``SEQ:HASH`` as somebody kept it.

    :raises UnreadableError: it is none
    """
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        raise UnreadableError("is no SEQ:HASH", where=where, hint="take it from: serjeant ledger verify")
    return int(found[1]), found[2]


def kept(file: Path) -> Head | None:
    """What the file says; None where there is none.

    :raises UnreadableError: it cannot be read, or says something else
    """
    try:
        text = file.read_text("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}", where=str(file)) from error
    return head(text, str(file)) if text.strip() else None


def keep(file: Path, seq: int, digest: str, stands: Callable[[Head], bool]) -> None:
    """Writes it down, unless the file knows better: a later entry, or one that the ledger does not hold any more.

    The entry stands all the same where this cannot be written: an old head only shows less.

    :param stands: whether the ledger holds that entry
    """
    with suppress(OSError, UnreadableError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with _alone(file.parent):
            there = kept(file)
            if there is not None and (there[0] >= seq or not stands(there)):
                return
            fresh = file.with_name(f".{file.name}.new")
            fresh.write_text(f"{seq}:{digest}\n", "ascii")
            fresh.replace(file)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process and one thread at a time."""
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)
