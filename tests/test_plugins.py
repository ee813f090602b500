"""Plugins come from their folder, and from outside only when they are named."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from serjeant.errors import UsageError
from serjeant.plugins import builtin


@dataclass
class House:
    """A folder of plugins on the disk, with a package that brings more."""

    folder: Path
    name: str

    def module(self, name: str, text: str) -> None:
        (self.folder / self.name / f"{name}.py").write_text(text)

    def entry_point(self, name: str, target: str) -> None:
        info = self.folder / "outside-1.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: outside\nVersion: 1.0\n")
        with (info / "entry_points.txt").open("a") as points:
            points.write(f"[{self.name}]\n{name} = {target}\n")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> House:
    name = f"house_{abs(hash(request.node.name))}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return House(tmp_path, name)


def test_modules_with_the_constant_are_plugins_by_name(house: House) -> None:
    house.module("zebra", "WORD = 'z'")
    house.module("ant", "WORD = 'a'")
    house.module("helper", "OTHER = 1")
    house.module("_private", "WORD = 'p'")
    assert builtin(house.name, "WORD", str) == ("a", "z")


def test_what_is_installed_runs_only_when_named(house: House) -> None:
    house.module("ant", "WORD = 'a'")
    (house.folder / "acme.py").write_text("WORD = 'acme'")
    (house.folder / "evil.py").write_text("raise SystemExit('ran')")
    house.entry_point("acme", "acme")
    house.entry_point("evil", "evil")
    assert builtin(house.name, "WORD", str) == ("a",)
    assert builtin(house.name, "WORD", str, named=["acme"]) == ("a", "acme")


@pytest.mark.parametrize(
    ("target", "text", "says"),
    [
        ("", "", "no plugin 'acme' of house_[0-9]+ is installed; install its package"),
        ("broken", "import nothing_of_the_sort", "cannot be loaded: No module named 'nothing_of_the_sort'"),
        ("empty", "", "has no WORD that is a str"),
        ("number", "WORD = 1", "has no WORD that is a str"),
    ],
)
def test_a_named_plugin_that_is_none_is_told(target: str, text: str, says: str, house: House) -> None:
    if target:
        (house.folder / f"{target}.py").write_text(text)
        house.entry_point("acme", target)
    with pytest.raises(UsageError, match=says):
        builtin(house.name, "WORD", str, named=["acme"])


def test_a_built_in_of_the_wrong_kind_is_a_bug(house: House) -> None:
    house.module("ant", "WORD = 1")
    with pytest.raises(TypeError, match=r"WORD in house_[0-9]+ must be a str, not int"):
        builtin(house.name, "WORD", str)
