"""run: all worlds, several at once, with a bar."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from serjeant.prove.judge import judge
from serjeant.prove.tasks import Task
from serjeant.proving.marks import Marks


def run(tasks: Sequence[Task], jobs: int, keep: Path | None) -> list[Marks]:
    """The marks of all, in the order of the tasks.

    :param jobs: worlds at once, each in a process of its own
    :param keep: see ``judge``
    """
    done: dict[Task, list[Marks]] = {}
    with _bar(len(tasks)) as tell:
        for task, marks in _judged(tasks, min(jobs, len(tasks)), keep):
            done[task] = marks
            tell(task)
    return [marks for task in tasks for marks in done[task]]


def _judged(tasks: Sequence[Task], jobs: int, keep: Path | None) -> Iterator[tuple[Task, list[Marks]]]:
    if jobs <= 1:
        yield from ((task, judge(task, keep)) for task in tasks)
        return
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # the processes share the cores already
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        work = {pool.submit(partial(judge, keep=keep), task): task for task in tasks}
        try:
            for future in as_completed(work):
                yield work[future], future.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


@contextmanager
def _bar(total: int) -> Iterator["_Tell"]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Tell(None)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Tell(progress, total)


class _Tell:
    """Moves the bar on, where there is one."""

    def __init__(self, progress: Progress | None, total: int = 0) -> None:
        self._progress = progress
        if progress is not None:
            self._task = progress.add_task("drawing worlds", total=total)

    def __call__(self, task: Task) -> None:
        if self._progress is not None:
            self._progress.update(self._task, description=f"{task.world}, seed {task.seed}", advance=1)
