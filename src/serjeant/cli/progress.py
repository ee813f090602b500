"""progress: one bar on a terminal, nothing in a pipe."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from serjeant.app import Steps
from serjeant.collect.source import Input
from serjeant.report.text import plain


@dataclass(frozen=True, slots=True)
class Shown(Steps):
    """Steps that are shown."""

    say: Callable[[str], None] = lambda _: None


@contextmanager
def shown() -> Iterator[Shown]:
    """Shows how far the work is, on stderr, while the block runs."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Shown()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = _Bar(progress)
        yield Shown(bar.start, bar.read, bar.day, bar.say)


class _Bar:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("starting", total=None)
        self._done: dict[str, int] = {}
        self._step = ""

    def start(self, inputs: Sequence[Input]) -> None:
        self._progress.update(self._task, total=sum(each.size for each in inputs) or None)

    def read(self, log: Input, count: int) -> None:
        # A packed log has more bytes than its file; the bar takes it as done when its file is.
        self._done[log.name] = min(count, log.size) if log.size else count
        self._progress.update(
            self._task, description=f"reading {plain(log.name, 40)}", completed=sum(self._done.values())
        )

    def day(self, step: str, day: date, days: int) -> None:
        if step != self._step:
            self._step = step
            self._progress.reset(self._task, total=days)
        self._progress.update(self._task, description=f"{step} of {day:%d %b %Y}", advance=1)

    def say(self, what: str) -> None:
        self._progress.update(self._task, description=what, total=None)
