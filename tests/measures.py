"""measures: one measure, carried out and taken back as the executor would, for the tests of connectors."""

from datetime import UTC, datetime, timedelta
from typing import Any

from serjeant.contain.connector import Connector
from serjeant.model.measure import Change, Measure, State, agrees

NOW = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


def a_measure(action: str, *subjects: str, spares: tuple[str, ...] = (), ends: datetime | None = None) -> Measure:
    """One measure at the place that is tried."""
    return Measure(
        uid="P1.1",
        action=action,
        stage="close",
        target="place",
        subjects=subjects,
        ends=ends or NOW + timedelta(days=1),
        reason="the campaign C1",
        owner="ada",
        spares=spares,
    )


def planned(connector: Connector, settings: Any, measure: Measure) -> list[Change]:
    """What it would do now."""
    return connector.changes(settings, measure, connector.read(settings, measure))


def carried_out(connector: Connector, settings: Any, measure: Measure, now: datetime = NOW) -> list[Change]:
    """Does it, and holds it to the laws: it is read back, and there is nothing left to do; nor is it done twice."""
    changes = planned(connector, settings, measure)
    for change in changes:
        for _ in range(2):
            connector.run(settings, change.do, measure.ends, now)
        _shows(connector.read(settings, measure), change.do.after)
    assert planned(connector, settings, measure) == []
    return changes


def taken_back(
    connector: Connector, settings: Any, measure: Measure, changes: list[Change], now: datetime = NOW
) -> None:
    """Undoes it, and holds it to the laws."""
    for change in reversed(changes):
        assert change.undo is not None
        for _ in range(2):
            connector.run(settings, change.undo, measure.ends, now)
        _shows(connector.read(settings, measure), change.undo.after)


def _shows(state: State, wanted: State) -> None:
    unlike = {name: state.get(name) for name, shape in wanted.items() if not agrees(state.get(name), shape)}
    assert not unlike
