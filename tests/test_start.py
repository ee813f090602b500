"""``serjeant --help`` answers in a blink: nothing heavy is imported before it is needed."""

import subprocess
import sys

import pytest

HEAVY = (
    "polars",
    "duckdb",
    "pyarrow",
    "ibis",
    "numpy",
    "scipy",
    "matplotlib",
    "jinja2",
    "rich",
    "jsonschema",
    "zstandard",
)

IMPORTED = """
import sys
import serjeant.cli
print(*sorted({name.partition('.')[0] for name in sys.modules}))
"""


def test_the_command_line_imports_nothing_heavy() -> None:
    result = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stderr
    imported = set(result.stdout.split())
    assert "click" in imported, "serjeant.cli was not what was imported"
    assert not imported & set(HEAVY)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["investigate", "--help"]])
def test_help_imports_nothing_heavy_either(arguments: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "serjeant", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in result.stderr.splitlines() if "|" in line}
    assert "click" in imported
    assert not imported & set(HEAVY)
