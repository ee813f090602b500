"""run: every detector over the evidence."""

from collections.abc import Mapping

from serjeant.config import settings_for
from serjeant.detect.detector import Detector
from serjeant.detect.evidence import Evidence
from serjeant.errors import UsageError
from serjeant.model.finding import Finding
from serjeant.plugins import builtin


def detectors() -> tuple[Detector, ...]:
    """The detectors of the folder ``detectors``, by their test's number."""
    return tuple(sorted(builtin("serjeant.detect.detectors", "DETECTOR", Detector), key=lambda each: each.test))


def findings(tables: Evidence, settings: Mapping[str, Mapping[str, object]]) -> list[Finding]:
    """What all of them claim.

    :param settings: thresholds by detector name, where they are not the defaults
    :raises UsageError: a setting is wrong, or for a detector that is not there
    """
    known = detectors()
    strange = set(settings) - {each.name for each in known}
    if strange:
        raise UsageError(f"there is no detector {min(strange)!r}", where="[detect]", hint="see: serjeant detectors")
    return [
        finding
        for each in known
        for finding in each.find(
            tables, settings_for(each.settings, settings.get(each.name, {}), "serjeant.toml", f"detect.{each.name}.")
        )
    ]
