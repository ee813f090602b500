"""document: an incident as ``incident.json``, schema ``serjeant.incident/1``."""

import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from serjeant.model.assessment import Assessment
from serjeant.model.campaign import Campaign, Share, Stratum, Undecided
from serjeant.model.finding import Evidence, Figure, Finding
from serjeant.model.incident import Incident, Read
from serjeant.report.text import unseen_escaped

SCHEMA = "serjeant.incident/1"


def document(incident: Incident) -> dict[str, object]:
    """The incident as JSON values, keys in the order of the schema.

    Names are exact, hostile or not: this is data. Only a lone surrogate, which no UTF-8 can hold, becomes ``\\udc80``.
    """
    return {
        "schema": SCHEMA,
        "generated_at": _time(incident.generated_at),
        "window": {"first": _time_or_null(incident.first), "last": _time_or_null(incident.last)},
        "read": _read(incident.read),
        "status": incident.status,
        "campaigns": [_campaign(it) for it in incident.campaigns],
        "accounts": [_assessment(it) for it in incident.accounts],
        "measures": [],
        "guards": [_guard(it) for it in incident.guards],
        "hours": [
            {
                "hour": _time(it.hour),
                "successes": it.successes,
                "failures": it.failures,
                "expected_failures": it.expected_failures,
            }
            for it in incident.hours
        ],
    }


def dumps(incident: Incident) -> str:
    """The text of ``incident.json``: UTF-8 as it is, indented by two, what cannot be seen written as escapes."""
    text = json.dumps(document(incident), ensure_ascii=False, allow_nan=False, indent=2)
    return unseen_escaped(text) + "\n"


def validate(document: Mapping[str, object]) -> None:
    """Check a document against the published schema.

    :raises ValueError: it does not fit; says where and why in one line
    """
    from jsonschema.exceptions import best_match

    error = best_match(_validator().iter_errors(document))
    if error is not None:
        raise ValueError(f"not a {SCHEMA}: at {error.json_path}: {error.message[:200]}")


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) as it is published in the package."""
    loaded: dict[str, Any] = json.loads(files("serjeant.report").joinpath("incident.schema.json").read_text("utf-8"))
    return loaded


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema())


def _read(read: Read) -> dict[str, object]:
    return {
        "files": read.files,
        "lines": read.lines,
        "parsed": read.parsed,
        "ignored": read.ignored,
        "unparsed": read.unparsed,
        "logins": read.logins,
        "by_format": {_text(name): count for name, count in sorted(read.by_format.items())},
        "ignored_by": {_text(name): count for name, count in sorted(read.ignored_by.items())},
        "unread": [
            {"log": _text(it.log), "says": _text(it.says), "lines": it.lines, "example": _text(it.example)}
            for it in read.unread
        ],
        "told_apart": read.told_apart,
    }


def _campaign(campaign: Campaign) -> dict[str, object]:
    coverage = campaign.coverage
    return {
        "uid": campaign.uid,
        "techniques": _texts(campaign.techniques),
        "classes": _texts(campaign.classes),
        "first_seen": _time(campaign.first_seen),
        "last_seen": _time(campaign.last_seen),
        "detected_at": _time(campaign.detected_at),
        "attempts": campaign.attempts,
        "failures": campaign.failures,
        "sources": _texts(campaign.sources),
        "shared_sources": _texts(campaign.shared_sources),
        "attributed_sources": _texts(campaign.attributed_sources),
        "undecided": _undecided(campaign.undecided),
        "accounts": _texts(campaign.accounts),
        "accounts_tried": len(campaign.accounts),
        "unknown_tried": campaign.unknown_tried,
        "coverage": {
            "directory": coverage.directory,
            "tried": coverage.tried,
            "share": coverage.share,
            "all_accounts": coverage.all_accounts,
            "departments": [_stratum(it) for it in coverage.departments],
            "kinds": [_stratum(it) for it in coverage.kinds],
        },
        "targets": _evidence(campaign.targets) if campaign.targets else None,
        "evidence": [_evidence(it) for it in campaign.evidence],
        "tempo": [{"hour": _time(hour), "failures": failures} for hour, failures in campaign.tempo],
        "networks": [_share(it) for it in campaign.networks],
        "tools": [_share(it) for it in campaign.tools],
        "services": [_share(it) for it in campaign.services],
    }


def _undecided(it: Undecided | None) -> dict[str, float] | None:
    return (
        None if it is None else {"expected": round(it.expected, 1), "low": round(it.low, 1), "high": round(it.high, 1)}
    )


def _assessment(it: Assessment) -> dict[str, object]:
    return {
        "account": _text(it.account),
        "assessment": it.assessment,
        "certainty": it.certainty,
        "campaign": it.campaign,
        "first_access": _time_or_null(it.first_access),
        "sources": _texts(it.sources),
        "reaches": _texts(it.reaches),
        "why": [{"says": _text(reason.says), "log": _text(reason.log)} for reason in it.why],
    }


def _guard(finding: Finding) -> dict[str, object]:
    return {
        "detector": finding.detector,
        "first_seen": _time(finding.first_seen),
        "last_seen": _time(finding.last_seen),
        "sources": _texts(finding.sources),
        "accounts": _texts(finding.accounts),
        "evidence": [_evidence(it) for it in finding.evidence],
    }


def _evidence(it: Evidence) -> dict[str, object]:
    return {
        "test": it.test,
        "says": _text(it.says),
        "figures": {_text(name): _figure(figure) for name, figure in it.figures.items()},
    }


def _stratum(it: Stratum) -> dict[str, object]:
    return {"name": _text(it.name), "directory": it.directory, "tried": it.tried, "share": it.share}


def _share(it: Share) -> dict[str, object]:
    return {"name": _text(it.name), "attempts": it.attempts}


def _figure(figure: Figure) -> Figure:
    """JSON has no infinity: it is told in words."""
    if isinstance(figure, float) and not math.isfinite(figure):
        return str(figure)
    return _text(figure) if isinstance(figure, str) else figure


def _time(time: datetime) -> str:
    """RFC 3339 in UTC; a time without a zone is a fault of the caller."""
    if time.tzinfo is None:
        raise ValueError(f"a time without a time zone: {time.isoformat()}")
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _time_or_null(time: datetime | None) -> str | None:
    return None if time is None else _time(time)


def _text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _texts(texts: Iterable[str]) -> list[str]:
    return [_text(text) for text in texts]
