"""connector: how a kind of device is read, asked and told.

Laws (``tests/test_connector_laws.py``): ``changes`` is pure and empty where all is as wanted; ``run`` brings ``before``
to ``after`` and, asked again, changes nothing; the reversed operation brings back what was read; only what is ours is
ever touched.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from serjeant.model.measure import Change, Measure, Operation, Shape, State, agrees


class RefusedError(Exception):
    """The device could not be reached, or said no; the message is one sentence, without secrets.

    :param each: why for single subjects, where the others were done
    """

    def __init__(self, says: str, each: Mapping[str, str] | None = None) -> None:
        super().__init__(says)
        self.each: Mapping[str, str] = each or {}


@dataclass(frozen=True, slots=True)
class Connector:
    """A kind of device.

    :param name: as in the settings: ``connector = "nftables"``
    :param actions: those of ``model.measure.ACTIONS`` that it can do
    :param settings: a frozen dataclass; each field with ``help``. Where it has ``actions`` or ``reads_back``, they say
        it for that place
    :param read: (settings, measure) -> what the device says of the measure's subjects (of its own rule, where there
        are none); reads only. Raises ``RefusedError``
    :param changes: (settings, measure, state) -> what it would do; pure
    :param run: (settings, operation, measure's end, now) -> nothing; does it, after comparing where the device can.
        Raises ``RefusedError``
    :param proven: against what it was tried, in a sentence for the docs and the preview
    :param reads_back: ``read`` shows what ``run`` did
    :param seconds: how long a device may take before it counts as hanging
    """

    name: str
    actions: tuple[str, ...]
    settings: type[Any]
    read: Callable[[Any, Measure], State]
    changes: Callable[[Any, Measure, State], list[Change]]
    run: Callable[[Any, Operation, datetime, datetime], None]
    proven: str
    reads_back: bool = True
    seconds: float = 30


def until(found: Shape, measure: Measure) -> str:
    """When a thing of ours ends: where another measure holds it longer, when that one ends.

    :param found: what is there, with its end as ``until``
    """
    ends = measure.ends.astimezone(UTC).isoformat(timespec="seconds")
    other = found.get("until") if found is not None else None
    return max(ends, other) if isinstance(other, str) else ends


def wanted(
    measure: Measure, state: State, shapes: State, says: str, *, subjects: Iterable[str] | None = None
) -> list[Change]:
    """One exact change that brings the subjects which differ to what is wanted; none where all is so already.

    :param shapes: what each subject shall be, by subject
    :param says: one sentence; ``{n}`` stands for how many
    :param subjects: which of the shapes; all where left out
    """
    differ = [name for name in (shapes if subjects is None else subjects) if not agrees(state.get(name), shapes[name])]
    if not differ:
        return []
    before = {name: state.get(name) for name in differ}
    do = Operation(before, {name: shapes[name] for name in differ}, measure.action)
    return [Change(says.format(n=f"{len(differ):,}"), do, do.reversed())]
