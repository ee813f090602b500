"""A short run of the fuzzing that ``make fuzz`` does at length, and what that has found."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz.mutate import mutated
from fuzz.properties import holds_for_file, holds_for_lines
from fuzz.seeds import by_header, files
from serjeant.collect.format import Format, Rule
from serjeant.collect.known import line_formats

FORMATS = line_formats()
ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(("target", "seconds"), [("files", 5), ("windows", 5)])
def test_no_input_fails_hangs_or_makes_up_a_source(target: str, seconds: int, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris has no wheel for this machine")
    asked = [target, "--seconds", str(seconds), "--seed", "1", "--keep", str(tmp_path)]
    ran = subprocess.run(
        [sys.executable, "-m", "fuzz", *asked],
        cwd=ROOT / "tests",
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-5_000:]
    assert "no inputs" not in ran.stdout


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_no_mutation_of_samples_fails_or_makes_up_a_source(form: Format) -> None:
    """One batch of each; without libFuzzer, which takes seconds to begin."""
    for header, lines in by_header(form.name):
        chosen: list[str] = []
        while len(chosen) < 100:
            chosen += mutated(chosen, lines, random.Random(random.getrandbits(32)))
        holds_for_lines([part for line in chosen for part in line.split("\n")], [form], header)


def test_a_source_that_is_not_in_the_line_is_seen() -> None:
    liar = Rule("liar", "^(?P<user_name>.*) tries$", "failure", "other", constants={"src_ip": "203.0.113.9"})
    form = Format("liar", "Liar", "other", programs=("liar",), rules=(liar,))
    with pytest.raises(AssertionError, match=r"203\.0\.113\.9 of"):
        holds_for_lines(["Jun  5 09:12:33 host liar: alice tries"], [form])


@pytest.mark.parametrize(
    "odd",
    [
        'INFO,a"x,"never closed',
        '"a"",b"',
        "INFO,user.session.start,a\rb,c",
        "\r",
        '"',
    ],
)
def test_no_row_of_a_table_takes_the_place_of_another(odd: str) -> None:
    """A quote left open, or a carriage return, made Arrow count other rows than there are lines."""
    form = next(form for form in FORMATS if form.name == "okta")
    for header, lines in by_header("okta"):
        if header:
            for at in range(len(lines) + 1):
                holds_for_lines(
                    [*lines[:at], odd, *lines[at:], lines[0].replace("192.0.2.7", "192.0.2.99")], [form], header
                )


def test_a_text_that_is_no_object_costs_only_itself() -> None:
    """DuckDB's word on it cut the text within a character, which Python would not decode."""
    form = next(form for form in FORMATS if form.name == "okta")
    ((_, lines),) = [each for each in by_header("okta") if not each[0]]
    for width in range(60):
        holds_for_lines([*lines[:2], '{"actor": "' + "x" * width + '"é€😀 "eventType"' + lines[0][1:]], [form])


def test_the_files_that_fuzzing_begins_with_are_read() -> None:
    for data in files():
        for size in (7, 1000, 1 << 20):
            holds_for_file(data, size)
