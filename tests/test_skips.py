"""The rule that CI skips nothing, tried on a folder of tests that skip."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPING = """
import pytest

def test_skips():
    pytest.skip("no reason")

@pytest.mark.xfail(strict=True)
def test_known():
    assert False

def test_fine():
    pass
"""
SKIPS_ITSELF = "import pytest\npytest.skip('the whole file', allow_module_level=True)\n"


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_a_skip_fails_in_ci_and_names_itself(tmp_path: Path, ci: str, status: int) -> None:
    (tmp_path / "conftest.py").write_text((Path(__file__).parent / "conftest.py").read_text())
    (tmp_path / "test_some.py").write_text(SKIPPING)
    result = _pytest(tmp_path, ci)
    assert result.returncode == status, result.stdout
    assert ("FAILED test_some.py::test_skips" in result.stdout) == bool(ci)
    assert "1 xfailed" in result.stdout


@pytest.mark.parametrize("ci", ["true", ""])
def test_a_file_that_skips_itself_fails_in_ci(tmp_path: Path, ci: str) -> None:
    (tmp_path / "conftest.py").write_text((Path(__file__).parent / "conftest.py").read_text())
    (tmp_path / "test_itself.py").write_text(SKIPS_ITSELF)
    (tmp_path / "test_fine.py").write_text("def test_fine(): pass\n")
    result = _pytest(tmp_path, ci)
    assert (result.returncode != 0) == bool(ci), result.stdout
    assert "the whole file" in result.stdout


def _pytest(folder: Path, ci: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider", "-o", "addopts=", "--rootdir", str(folder)],
        cwd=folder,
        env={**os.environ, "CI": ci, "COLUMNS": "200"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
