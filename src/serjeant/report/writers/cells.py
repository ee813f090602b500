"""cells: the wall as SVG, one small cell for every account, one path for each state of a department."""

import html
from dataclasses import dataclass

from serjeant.report import words
from serjeant.report.text import plain
from serjeant.report.wall import STATES, Block

_WIDTH = 756
_PITCHES = ((3_000, 9), (15_000, 7), (60_000, 4), (200_000, 2))
_ALARM_PITCH = 7
_ALARMS = 2  # the states that must be found at a glance: compromised and suspected


@dataclass(frozen=True, slots=True)
class _Grid:
    """A lattice of cells that fills its rows from the left."""

    pitch: int

    @property
    def columns(self) -> int:
        return _WIDTH // self.pitch

    @property
    def gap(self) -> int:
        return 0 if self.pitch < 4 else 1 if self.pitch < 9 else 2

    def rows(self, cells: int) -> int:
        return -(-cells // self.columns)

    def path(self, start: int, count: int, top: int) -> str:
        """Strokes through the middle of the cells from ``start`` on; dashes cut them into cells."""
        parts = []
        while count > 0:
            row, column = divmod(start, self.columns)
            length = min(count, self.columns - column)
            y = top + row * self.pitch + (self.pitch - self.gap) / 2
            parts.append(f"M{column * self.pitch} {y:g}h{length * self.pitch - self.gap}")
            start, count = start + length, count - length
        return "".join(parts)

    def dashes(self) -> str:
        """The attribute that cuts a stroke into cells."""
        return f' stroke-dasharray="{self.pitch - self.gap} {self.gap}"' if self.gap else ""

    def thickness(self, state: int) -> float:
        """States differ in height too, for eyes and printers without colour."""
        full = self.pitch - self.gap
        return full if not self.gap else (full, full, full * 0.6, full * 0.3)[state]


def pitch(accounts: int) -> int:
    """The side of a cell in pixels, its gap included: smaller, the larger the directory."""
    return next((it for most, it in _PITCHES if accounts <= most), 1)


def draw(block: Block, side: int) -> str:
    """One department. Where cells are tiny, the accounts that fell or may have fallen are drawn larger, above."""
    small, large = _Grid(side), _Grid(max(side, _ALARM_PITCH))
    apart = large.pitch > small.pitch
    alarms = sum(block.counts[:_ALARMS])
    top = large.rows(alarms) * large.pitch if apart else 0
    height = top + small.rows(block.size - alarms if apart else block.size) * small.pitch
    name = html.escape(plain(block.name))
    told = ", ".join(f"{words.number(count)} {state}" for state, count in zip(STATES, block.counts, strict=True))
    paths = []
    start = 0
    for state, count in enumerate(block.counts):
        if apart and state == _ALARMS:
            start = 0
        alarm = apart and state < _ALARMS
        grid = large if alarm else small
        if count:
            paths.append(
                f'<path class="{STATES[state]}" stroke-width="{grid.thickness(state):g}"{grid.dashes()} '
                f'd="{grid.path(start, count, 0 if alarm else top)}"/>'
            )
        start += count
    return (
        f'<svg class="cells" role="img" aria-label="{name}: {told}" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}"><title>{name}: {told}</title>{"".join(paths)}</svg>'
    )
