"""places: all of them are worked on at the same time, and one that hangs keeps nobody else waiting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic


class GivenUpError(Exception):
    """It took too long: others go on without it, and it must do nothing more."""


@dataclass
class Places:
    """The workers, by the name of their place."""

    _workers: dict[str, Thread] = field(default_factory=dict)
    _left: set[str] = field(default_factory=set)
    _faults: list[BaseException] = field(default_factory=list)

    def work(self, jobs: Mapping[str, Callable[[], None]], seconds: Mapping[str, float]) -> frozenset[str]:
        """Does all jobs at once.

        :param seconds: how long each may take
        :return: the places that did not answer in time, and those that hang still since an earlier time
        :raises Exception: what a job raised
        """
        done: SimpleQueue[str] = SimpleQueue()
        began, waiting, late = monotonic(), set[str](), set[str]()
        for name, job in jobs.items():
            if self._hangs(name):
                late.add(name)
            else:
                waiting.add(name)
                self._start(name, job, done)
        while waiting:
            first = min(seconds[name] for name in waiting)
            try:
                waiting.discard(done.get(timeout=max(began + first - monotonic(), 0.01)))
            except Empty:
                slow = {name for name in waiting if monotonic() - began >= seconds[name]}
                waiting -= slow
                late |= slow
                self._left |= slow
        if self._faults:
            raise self._faults.pop()
        return frozenset(late)

    def stay(self, name: str) -> None:
        """Asked by a job before each thing that it does.

        :raises GivenUpError: nobody waits for it any more
        """
        if name in self._left:
            raise GivenUpError

    def _hangs(self, name: str) -> bool:
        if name in self._workers and self._workers[name].is_alive():
            return True
        self._left.discard(name)
        return False

    def _start(self, name: str, job: Callable[[], None], done: "SimpleQueue[str]") -> None:
        def run() -> None:
            try:
                job()
            except GivenUpError:
                pass
            except Exception as error:  # noqa: BLE001 - raised again where somebody waits for it
                self._faults.append(error)
            finally:
                done.put(name)

        self._workers[name] = Thread(target=run, name=f"place {name}", daemon=True)
        self._workers[name].start()
