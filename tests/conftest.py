"""What all tests share."""

import os
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# A slow machine is not a wrong answer, so no test has a deadline of its own.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, print_blob=True
)
settings.load_profile("ci" if CI else "here")

Cli = Callable[..., subprocess.CompletedProcess[str]]


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test is a failure: what is said to be tested there was tested there."""
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself."""
    return _no_skip((yield))


def _no_skip(report: Report) -> Report:
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {reason}"
    return report


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real logs beside the repository, which is never copied into it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no ../shared/data beside the repository")
    return folder


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """Run ``serjeant ARGUMENTS…`` as a person would, in an empty folder, with nothing of ours in the environment.

    Text goes to ``input``; ``env`` adds variables; ``cwd``, ``timeout`` as for ``subprocess.run``.
    """
    clean = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "COLUMNS": "80",
        "LINES": "40",
        "NO_COLOR": "1",
        "PYTHONWARNINGS": "error,ignore:fetch_arrow_table:DeprecationWarning",  # as in pyproject.toml
    }

    def run(
        *arguments: str | Path,
        input: str = "",  # noqa: A002 - as subprocess calls it
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
        timeout: float = 120,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "serjeant", *map(str, arguments)],
            input=input,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            env=clean | (env or {}),
            cwd=cwd or tmp_path,
            timeout=timeout,
            check=False,
        )

    return run
