"""Fields out of objects: whatever else stands in the batch, and whatever an attacker put into a value."""

import json

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from serjeant.collect.fields import Paths, extracted, spelt

PATHS: Paths = {"user": ("user.name", "name"), "ip": "ip", "none": ("nowhere", "else.where")}
ODD = [
    '{"user":"a"',
    "[1]",
    "5",
    "null",
    "",
    "{}",
    '{"user":1} {"user":2}',
    '{"ip":"\\ud800"}',
    '{"user":"\\ud83d\\ude00"}',
]

values = st.one_of(st.text(max_size=8), st.sampled_from(['","ip":"198.51.100.1', '"}{"', "\\", "\x00", "é"]))
objects = st.builds(lambda user, ip: json.dumps({"user": {"name": user}, "ip": ip}), values, values)


def read(*texts: str) -> list[tuple[str | None, ...]]:
    return extracted("json", pl.Series(texts, dtype=pl.String), PATHS).rows()


@settings(max_examples=50)
@given(st.lists(st.one_of(objects, st.sampled_from(ODD)), min_size=1, max_size=6))
def test_an_object_says_the_same_whatever_stands_beside_it(texts: list[str]) -> None:
    assert read(*texts) == [read(text)[0] for text in texts]


@given(values, values)
def test_what_stands_in_a_value_is_no_field(user: str, ip: str) -> None:
    told = read(json.dumps({"user": {"name": user}, "ip": ip}, ensure_ascii=False))
    assert told == [(user or None, ip or None, None)]


def test_of_a_key_that_is_there_twice_the_first_counts() -> None:
    assert read('{"ip":"192.0.2.7","name":"alice","ip":"198.51.100.1"}') == [("alice", "192.0.2.7", None)]


def test_half_a_character_costs_itself_only() -> None:
    assert read('{"name":"a\\ud800b","ip":"192.0.2.7"}') == [("a\ufffdb", "192.0.2.7", None)]


def test_no_objects_and_no_fields() -> None:
    assert read() == []
    assert read('{"x":1}', '{"x":2}') == [(None, None, None)] * 2


def test_a_text_given_by_its_bytes() -> None:
    given_so = pl.Series(["[65,195,169,255]", "[not bytes]", "[]", "plain", None])
    assert spelt(given_so).to_list() == ["Aé\ufffd", "[not bytes]", "[]", "plain", None]


def test_in_a_log_of_objects_that_are_alike_the_other_ones_say_what_they_say_alone() -> None:
    other = [
        '{"user":{"name":"first"},"name":"second","ip":"192.0.2.7"}',
        '{"us\\u0065r":{"name":"spelt"},"name":"second"}',
        '{"user":{"name":""},"name":"","else":{"where":"there"}}',
        '{"nowhere":"5","name":"a","name":"b"}',
        '{"user":"no object","name":"c"}',
        '{"name":"\\"user\\": {\\"name\\"","ip":"\\ud800"}',
        *ODD,
    ]
    alike = [f'{{"name":"user{number}","ip":"198.51.100.{number % 250}"}}' for number in range(1_000)]
    texts = list(alike)
    for number, text in enumerate(other):
        texts.insert(3 + 40 * number, text)
    said = [(f"user{number}", f"198.51.100.{number % 250}", None) for number in range(1_000)]
    assert read(*alike) == said
    alone = dict(zip(alike, said, strict=True)) | {text: read(text)[0] for text in other}
    assert read(*texts) == [alone[text] for text in texts]
