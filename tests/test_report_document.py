"""``incident.json``: fits its schema, survives a round trip, safe to print."""

import copy
import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from example_incident import HOSTILE, attack, quiet
from serjeant.model.incident import Incident, Read
from serjeant.report.writers.document import document, dumps, schema, validate
from test_report_text import ANY_TEXT

SMALL = dataclasses.replace(attack(size=60, sources=4, campaigns=1, fallen=1), hours=())
EMPTY = Incident(datetime(2017, 6, 24, tzinfo=UTC), None, None, Read(), "quiet")


@pytest.mark.parametrize("incident", [attack(), quiet(), EMPTY], ids=["attack", "quiet", "empty"])
def test_fits_the_schema_and_round_trips(incident: Incident) -> None:
    told = json.loads(dumps(incident))
    validate(told)
    assert told == document(incident)
    assert dumps(incident) == dumps(incident)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$id"] == "serjeant.incident/1"


def test_keys_stand_in_the_published_order() -> None:
    told = document(attack())
    assert list(told)[:7] == ["schema", "generated_at", "window", "read", "status", "campaigns", "accounts"]
    assert told["measures"] == []


def test_names_are_exact() -> None:
    told = json.loads(dumps(attack()))
    assert [it["account"] for it in told["accounts"][: len(HOSTILE)]] == list(HOSTILE)


def test_printing_it_drives_no_terminal() -> None:
    text = dumps(attack()).replace("\n", "")
    assert text.isprintable()
    assert "\\u001b[2J" in text
    assert "\\u202e" in text


def test_times_are_utc_with_z() -> None:
    abroad = datetime(2017, 6, 24, 9, 30, 0, 120_000, tzinfo=timezone(timedelta(hours=2)))
    assert document(dataclasses.replace(EMPTY, generated_at=abroad))["generated_at"] == "2017-06-24T07:30:00.120000Z"


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        document(dataclasses.replace(EMPTY, generated_at=datetime(2017, 6, 24)))  # noqa: DTZ001


@pytest.mark.parametrize(
    "path", [(), ("read",), ("window",), ("campaigns", 0), ("accounts", 0), ("accounts", 0, "why", 0)]
)
def test_a_misspelt_or_missing_field_is_found(path: tuple[str | int, ...]) -> None:
    told = json.loads(dumps(attack()))

    def at(root: object) -> dict[str, object]:
        for step in path:
            root = root[step]  # type: ignore[index]
        return root  # type: ignore[return-value]

    misspelt = copy.deepcopy(told)
    at(misspelt)["acount"] = 1
    with pytest.raises(ValueError, match="acount"):
        validate(misspelt)
    missing = copy.deepcopy(told)
    at(missing).pop(next(iter(at(missing))))
    with pytest.raises(ValueError, match="required"):
        validate(missing)


@pytest.mark.parametrize("absent", ["hours", "guards"])
def test_additive_fields_may_be_absent(absent: str) -> None:
    told = document(attack())
    del told[absent]
    validate(told)


@settings(max_examples=40, deadline=None)
@given(ANY_TEXT)
def test_any_name_makes_valid_utf8_json(name: str) -> None:
    fallen = dataclasses.replace(SMALL.accounts[0], account=name)
    text = dumps(dataclasses.replace(SMALL, accounts=(fallen,)))
    told = json.loads(text.encode("utf-8"))
    validate(told)
    assert told["accounts"][0]["account"] == name.encode("utf-8", "backslashreplace").decode()
    assert not {it for it in text if not it.isprintable() and it != "\n"} & set(map(chr, range(0xA0)))
