"""charts: figures as inline SVG, each with the table it was drawn from."""

import html
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.typing import RcKeyType
from numpy.typing import NDArray

from serjeant.model.campaign import Campaign
from serjeant.model.incident import Incident
from serjeant.report import words
from serjeant.report.text import plain
from serjeant.report.wall import Wall

_POINTS: Final = 700
_BINS: Final = (1, 2, 3, 6, 12, 24, 168, 720)
_TICKS: Final = (1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 720, 2160, 8760)
_DEPARTMENTS: Final = 16
_LABEL: Final = "label-{}-label"
# Stand-ins that the page's own colours replace, so that a chart is dark on paper and light at night.
_INK, _MUTED, _RULE, _HOT, _COOL = ("#0a0b01", "#0a0b02", "#0a0b03", "#0a0b04", "#0a0b05")
_COLOURS: Final = {_INK: "ink", _MUTED: "muted", _RULE: "rule", _HOT: "hot", _COOL: "cool"}
_SETTINGS: Final[dict[RcKeyType, Any]] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": _MUTED,
    "text.parse_math": False,
    "axes.edgecolor": _RULE,
    "axes.labelcolor": _MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.unicode_minus": False,
    "xtick.color": _MUTED,
    "ytick.color": _MUTED,
    "ytick.left": False,
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure and its table.

    :param svg: an ``<svg role="img">`` for use within HTML; safe, all names in it escaped
    :param caption: what it shows, in one sentence
    """

    title: str
    caption: str
    svg: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Series:
    """Counts in equal steps of time."""

    start: datetime
    step: timedelta
    counts: NDArray[np.float64]

    def times(self) -> list[datetime]:
        """The beginning of each step."""
        return [self.start + index * self.step for index in range(len(self.counts))]

    @property
    def midnight(self) -> datetime:
        """Where the time axis counts its hours from."""
        return self.start.replace(hour=0)

    def edges(self) -> NDArray[np.float64]:
        """The beginning of each step and the end of the last, in hours on the time axis."""
        hours = self.start.hour + np.arange(len(self.counts) + 1) * (self.step / timedelta(hours=1))
        return hours.astype(np.float64)

    @property
    def unit(self) -> str:
        """``hour``, ``6 hours``, ``day``."""
        return words.span(self.step).removeprefix("1 ") if self.step > timedelta(hours=1) else "hour"


@mpl.rc_context(_SETTINGS)
def timeline(incident: Incident) -> Chart:
    """Failures of the whole site by hour against what was to be expected, and successes below."""
    hours = [it.hour for it in incident.hours]
    failures = _series(hours, [it.failures for it in incident.hours])
    successes = _series(hours, [it.successes for it in incident.hours])
    expected = _series(hours, [_or_nan(it.expected_failures) for it in incident.hours])
    unit = failures.unit
    figure = _figure(4.2)
    top, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1), gridspec_kw={"hspace": 0.22})
    _steps(top, failures, _HOT if incident.campaigns else _MUTED)
    top.step(expected.edges(), np.append(expected.counts, np.nan), where="post", color=_INK, lw=1.1, ls=(0, (3, 2)))
    _count_axis(top, failures, f"failures / {unit}")
    _steps(below, successes, _COOL)
    _count_axis(below, successes, f"successes / {unit}", ticks=2)
    _time_axis(below, failures)
    _marks(top, incident, failures)
    rows = zip(failures.times(), successes.counts, failures.counts, expected.counts, strict=True)
    return Chart(
        title=f"Sign-ins per {unit}",
        caption=f"Failed sign-ins per {unit} (filled), those to be expected (dashed), successful ones below. UTC.",
        svg=_svg(figure, "timeline", f"Sign-ins per {unit}, failures against what was to be expected"),
        header=("from (UTC)", "successes", "failures", "expected failures"),
        rows=tuple(
            (words.moment(time), words.number(ok), words.number(bad), "–" if np.isnan(usual) else words.number(usual))
            for time, ok, bad, usual in rows
        ),
    )


@mpl.rc_context(_SETTINGS)
def tempo(campaign: Campaign, name: str, window: tuple[datetime, datetime]) -> Chart:
    """A campaign's failed guesses by hour.

    :param name: unlike that of any other chart on the page
    :param window: the time to show, so that campaigns can be compared
    """
    series = _series([hour for hour, _ in campaign.tempo], [count for _, count in campaign.tempo], window)
    figure = _figure(2.0)
    axes = figure.subplots()
    _steps(axes, series, _HOT)
    _count_axis(axes, series, f"failures / {series.unit}")
    _time_axis(axes, series)
    _mark(axes, campaign.detected_at, "evidence suffices", _INK, series, row=0)
    return Chart(
        title=f"Tempo of {plain(campaign.uid)}",
        caption=f"Its failed guesses per {series.unit}. UTC.",
        svg=_svg(figure, name, f"Tempo of campaign {plain(campaign.uid)}: failed guesses per {series.unit}"),
        header=("from (UTC)", "failures"),
        rows=tuple(
            (words.moment(time), words.number(count))
            for time, count in zip(series.times(), series.counts, strict=True)
            if count
        ),
    )


@mpl.rc_context(_SETTINGS)
def departments(wall: Wall) -> Chart:
    """How much of each department was tried."""
    shown = wall.blocks[:_DEPARTMENTS]
    figure = _figure(0.35 + 0.26 * len(shown))
    figure.subplots_adjust(left=0.27, right=0.81, top=0.98, bottom=0.2 / figure.get_figheight())
    axes = figure.subplots()
    at = np.arange(len(shown))
    axes.barh(at, [1.0] * len(shown), height=0.56, color=_RULE)
    axes.barh(at, [it.share for it in shown], height=0.56, color=_COOL)
    for index, block in enumerate(shown):
        told = f"{words.number(block.tried)} of {words.number(block.size)}"
        axes.text(1.015, index, told, va="center", color=_INK)
        axes.text(-0.015, index, _LABEL.format(index), va="center", ha="right", color=_INK)
    axes.set(xlim=(0, 1), ylim=(len(shown) - 0.5, -0.5), yticks=[], xticks=(0, 0.25, 0.5, 0.75, 1))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0)
    title = "Share of each department that was tried"
    return Chart(
        title=title,
        caption="The part of each department with at least one attempt of a campaign.",
        svg=_svg(figure, "departments", title, [plain(it.name, 28) for it in shown]),
        header=("department", "accounts", "tried", "share", "suspected", "compromised"),
        rows=tuple(
            (
                plain(it.name),
                words.number(it.size),
                words.number(it.tried),
                words.percent(it.share),
                words.number(it.counts[1]),
                words.number(it.counts[0]),
            )
            for it in wall.blocks
        ),
    )


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _series(
    hours: Sequence[datetime], counts: Iterable[float], window: tuple[datetime, datetime] | None = None
) -> _Series:
    """Fill the gaps, and widen the steps until they are few enough to be seen."""
    first, last = window or (min(hours), max(hours))
    start = min(first, *hours).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    index = np.fromiter(((it - start) // timedelta(hours=1) for it in hours), np.int64, len(hours))
    total = max(int(index.max()), (last - start) // timedelta(hours=1)) + 1
    width = next((it for it in _BINS if total / it <= _POINTS), -(-total // _POINTS))
    weights = np.fromiter(counts, np.float64, len(hours))
    filled = np.bincount(index // width, weights=weights, minlength=-(-total // width))
    return _Series(start, timedelta(hours=width), filled.astype(np.float64))


def _figure(height: float) -> Figure:
    figure = Figure(figsize=(10, height))
    FigureCanvasSVG(figure)
    figure.subplots_adjust(left=0.07, right=0.995, top=1 - 0.28 / height, bottom=0.32 / height)
    return figure


def _steps(axes: Axes, series: _Series, colour: str) -> None:
    counts = np.append(series.counts, series.counts[-1])
    axes.fill_between(series.edges(), counts, step="post", color=colour, alpha=0.25, lw=0)
    axes.step(series.edges(), counts, where="post", color=colour, lw=1.1)


def _count_axis(axes: Axes, series: _Series, label: str, ticks: int = 4) -> None:
    """Linear; logarithmic above ten where a storm would flatten everything before it."""
    highest = float(np.nanmax(series.counts))
    busy = series.counts[series.counts > 0]
    if len(busy) and highest > 60 * max(1.0, float(np.median(busy))):
        axes.set_yscale("symlog", linthresh=10)
        axes.set_ylim(0, highest * 8)
        axes.set_yticks([0.0, 10.0, *(10.0**power for power in range(2, int(np.log10(highest)) + 1))])
        axes.minorticks_off()
        label += ", log scale"
    else:
        axes.yaxis.set_major_locator(MaxNLocator(ticks, integer=True))
        axes.set_ylim(0, max(1.0, highest) * 1.3)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
    axes.grid(axis="y", color=_RULE, lw=0.6)
    axes.set_axisbelow(True)
    axes.set_title(label, loc="left", fontsize=11, color=_MUTED, pad=4)


def _time_axis(axes: Axes, series: _Series) -> None:
    first, last = series.edges()[[0, -1]]
    axes.set_xlim(first, last)
    step = next((it for it in _TICKS if (last - first) / it <= 9), _TICKS[-1])
    at = np.arange(-(-first // step), last // step + 1) * step
    axes.set_xticks(at, [_tick(series.midnight + timedelta(hours=it)) for it in at.tolist()])


def _tick(time: datetime) -> str:
    return f"{time:%H:%M}" if time.hour else words.day(time).rpartition(" ")[0]


def _marks(axes: Axes, incident: Incident, series: _Series) -> None:
    detected = min((it.detected_at for it in incident.campaigns), default=None)
    access = min((it.first_access for it in incident.accounts if it.first_access), default=None)
    if detected:
        _mark(axes, detected, "evidence suffices", _INK, series, row=0)
    if access:
        _mark(axes, access, "first access", _HOT, series, row=1)


def _mark(axes: Axes, time: datetime, label: str, colour: str, series: _Series, row: int) -> None:
    where = (time - series.start) / (len(series.counts) * series.step)
    if not 0 <= where <= 1:
        return
    axes.axvline((time - series.midnight) / timedelta(hours=1), color=colour, lw=1.2)
    left = where > 0.5
    axes.annotate(
        f"{label} {words.short_moment(time)}",
        (where, 1 - 0.1 * row),
        (-5 if left else 5, -2),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right" if left else "left",
        va="top",
        color=colour,
    )


def _svg(figure: Figure, name: str, title: str, labels: Sequence[str] = ()) -> str:
    """Draw, and fit into a page: its colours and type, no ids in common with other charts, no metadata."""
    target = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with mpl.rc_context({"svg.hashsalt": name}):
        figure.savefig(target, format="svg", metadata=nothing, transparent=True)
    drawn = target.getvalue()
    body = drawn[drawn.index(">", drawn.index("<svg")) + 1 :]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = re.sub(r'(url\(#|href="#)', rf"\1{name}-", body)
    body = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", body)
    body = re.sub(r"(?<= )(\d+\.\d)\d+", r"\1", body)
    for stand_in, variable in _COLOURS.items():
        body = body.replace(stand_in, f"var(--{variable})")
    for index, label in enumerate(labels):
        body = body.replace(_LABEL.format(index), html.escape(label))
    width, height = (72 * float(it) for it in figure.get_size_inches())
    escaped = html.escape(title)
    begin = f'<svg class="chart" role="img" aria-label="{escaped}" viewBox="0 0 {width:g} {height:g}">'
    body = re.sub(r"\s*\n\s*", "\n", body).strip()
    return f"{begin}<title>{escaped}</title>{body}"
