"""The floors of the house: a room imports only what stands below it, a plugin only its contract."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from importlinter import configuration
from importlinter.application import use_cases

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src"

PLUGINS = {
    "serjeant.collect.formats": (
        "serjeant.collect.envelope",
        "serjeant.collect.fields",
        "serjeant.collect.format",
        "serjeant.collect.normalised",
        "serjeant.collect.record",
        "serjeant.collect.time",
    ),
    "serjeant.contain.connectors": (
        "serjeant.contain.accounts",
        "serjeant.contain.connector",
        "serjeant.contain.elsewhere",
        "serjeant.contain.http",
        "serjeant.contain.ldap",
        "serjeant.contain.ldap_asks",
        "serjeant.contain.nft",
        "serjeant.contain.nginx",
        "serjeant.contain.programs",
        "serjeant.contain.secret",
    ),
    "serjeant.detect.detectors": (
        "serjeant.detect.detector",
        "serjeant.detect.evidence",
        "serjeant.detect.tables",
        "serjeant.detect.contacts",
        "serjeant.detect.sequential",
        "serjeant.detect.epochs",
        "serjeant.directory.networks",
    ),
}
"""Where plugins live, and their contract: what they may import beside the model and the errors.

A format may read stamps and fields, and common words; a detector sees the evidence and the methods that several of
them share, all pure. A connector knows how some of them are spoken to.
"""

DISTRIBUTIONS = {"ibis": "ibis-framework"}
"""Packages that are imported by another name than they are installed by."""


def test_the_contracts_hold(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    configuration.configure()
    kept = use_cases.lint_imports(config_filename="pyproject.toml", cache_dir=None)
    assert kept, capsys.readouterr().out


@pytest.mark.parametrize("kind", PLUGINS)
def test_a_plugin_imports_only_its_contract_and_the_model(kind: str) -> None:
    graph = grimp.build_graph("serjeant", cache_dir=None)
    plugins = graph.find_descendants(kind)
    assert plugins, f"no plugin in {kind}"
    allowed = ("serjeant.model", "serjeant.errors", *PLUGINS[kind])
    strange = {
        f"{plugin} imports {imported}"
        for plugin in plugins
        for imported in graph.find_modules_directly_imported_by(plugin)
        if not any(imported == name or imported.startswith(f"{name}.") for name in allowed)
    }
    assert not strange


def test_what_is_imported_is_declared() -> None:
    """A wheel installed by itself must find every package that the code imports."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    declared = {re.split(r"[<>=!~\[; ]", line)[0] for line in asked}
    known = declared | {name.replace("_", "-") for name in sys.stdlib_module_names} | {"serjeant"}
    missing = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted(SRC.rglob("*.py"))
        for name in _imports(path)
        if DISTRIBUTIONS.get(name, name).replace("_", "-") not in known
    }
    assert not missing


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
