"""nginx: is asked which files it was started with, made to load them anew, and seen to have done so.

It says nowhere what it goes by, but its workers go by what the files said when they were started. So the file as it was
is kept beside it, with the names of the workers that go by it, until there are others.
"""

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from serjeant.contain.connector import RefusedError
from serjeant.contain.programs import answer

_PATIENCE: Final = 10.0
_WORKER: Final = b"nginx: worker process"


@dataclass(frozen=True, slots=True)
class Nginx:
    """One that runs.

    :param command: what starts it, with the options that it was started with
    :param pid_file: where it wrote its number
    """

    command: Sequence[str]
    pid_file: str

    def includes(self, path: Path) -> bool:
        """Its configuration has that file in it, and is right.

        :raises RefusedError: with what is wrong about it
        """
        return f"\n# configuration file {path}:\n" in "\n" + answer(self.command, "-T", "-q")

    def in_force(self, path: Path) -> tuple[bytes, bool]:
        """What it goes by of a file, and whether that is what stands in it."""
        workers = self.workers()
        try:
            text = path.read_bytes()
            kept = _kept(path).read_bytes() if _kept(path).exists() else None
        except OSError as error:
            raise RefusedError(f"{path}: {error.strerror or error}") from None
        if kept is None:
            return text, True
        names, _, before = kept.partition(b"\n")
        if workers - set(names.decode("ascii", "replace").split()):
            return text, True
        return before, before == text

    def bring(self, path: Path, before: bytes, after: bytes) -> None:
        """Lets it go by something else; where it cannot, all is as it was.

        :raises RefusedError: with what it says about it
        """
        workers = self.workers()
        try:
            _replace(_kept(path), " ".join(sorted(workers)).encode() + b"\n" + before, path)
            _replace(path, after, path)
            try:
                answer(self.command, "-t", "-q")
                self._load(workers)
            except RefusedError:
                _replace(path, before, path)
                with contextlib.suppress(OSError):  # it may have taken the new one after all
                    os.kill(self._master(), signal.SIGHUP)
                raise
            finally:
                _kept(path).unlink(missing_ok=True)
        except OSError as error:
            raise RefusedError(f"{path}: {error.strerror or error}") from None

    def workers(self) -> set[str]:
        """Those who answer, by number and by when they were started; who is shutting down takes nobody new."""
        master = self._master()
        try:
            children = Path(f"/proc/{master}/task/{master}/children").read_text("ascii").split()
        except OSError:
            raise RefusedError("nginx does not run") from None
        found = set()
        for child in children:
            with contextlib.suppress(OSError, IndexError):
                if Path(f"/proc/{child}/cmdline").read_bytes().rstrip(b"\0 ") == _WORKER:
                    since = Path(f"/proc/{child}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19]
                    found.add(f"{child}:{since}")
        return found

    def _master(self) -> int:
        try:
            master = int(Path(self.pid_file).read_text("ascii"))
            if b"nginx: master" in Path(f"/proc/{master}/cmdline").read_bytes():
                return master
        except (OSError, ValueError):
            pass
        raise RefusedError(f"nginx does not run: {self.pid_file} names no master of it")

    def _load(self, workers: set[str]) -> None:
        os.kill(self._master(), signal.SIGHUP)
        deadline = time.monotonic() + _PATIENCE
        while not (now := self.workers()) or now & workers:  # both take connections for a while
            if time.monotonic() > deadline:
                raise RefusedError("nginx was told to load its files anew and did not: look at its error log")
            time.sleep(0.02)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else of us writes the file meanwhile."""
    try:
        with path.with_name(f".{path.name}.lock").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise RefusedError(f"{path}: {error.strerror or error}") from None


def _kept(path: Path) -> Path:
    return path.with_name(f".{path.name}.before")


def _replace(path: Path, text: bytes, like: Path) -> None:
    """In one move, with the owner and the mode of a file that is there."""
    was = like.stat()
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as file:
        os.fchown(file.fileno(), was.st_uid, was.st_gid)
        os.fchmod(file.fileno(), was.st_mode & 0o7777)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
