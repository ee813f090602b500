"""The docs are part of the product: what can be typed, set or read stands in them, and their links lead somewhere.

What there is to document is found in the code, so that nothing can be added and left unsaid.
"""

import dataclasses
import importlib
import pkgutil
import re
import shlex
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import generated

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])

CODE = re.compile(r"^```[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#+) +(.+?) *$", re.MULTILINE)


# Commands


def commands() -> dict[str, click.Command]:
    """Every command that can be typed, by its words: ``formats try``."""
    from serjeant.cli import main

    assert isinstance(main, click.Group)
    return dict(_walk(main, ()))


def _walk(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    if words:
        yield " ".join(words), command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            if not inner.hidden:
                yield from _walk(inner, (*words, name))


def _section(page: str, name: str) -> str:
    """What stands below the first heading that holds a name, down to the next as high; empty when there is none."""
    for heading in HEADING.finditer(page):
        title = heading[2].replace("`", "")
        if title == name or re.match(rf"{re.escape(name)}\b(?![ -]*[\w-])", title):
            following = re.compile(rf"^#{{1,{len(heading[1])}}} ", re.MULTILINE).search(page, heading.end())
            return page[heading.end() : following.start() if following else len(page)]
    return ""


def test_every_command_and_option_is_documented() -> None:
    page = (DOCS / "commands.md").read_text("utf-8")
    missing = []
    for name, command in commands().items():
        section = _section(page, f"serjeant {name}")
        if not section:
            missing.append(f"serjeant {name}")
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                spellings = [*parameter.opts, *parameter.secondary_opts]
                missing += [
                    f"serjeant {name} {option}" for option in spellings if not re.search(rf"{option}\b(?!-)", section)
                ]
    assert not missing


def test_every_documented_command_exists() -> None:
    page = (DOCS / "commands.md").read_text("utf-8")
    documented = set(re.findall(r"^#+ `?serjeant ([a-z -]+[a-z])`?", page, re.MULTILINE))
    assert documented
    assert not documented - set(commands())


def test_every_documented_option_exists() -> None:
    page = (DOCS / "commands.md").read_text("utf-8")
    wrong = []
    for name, command in commands().items():
        there = {"--help", *(option for parameter in command.params for option in parameter.opts)}
        written = re.findall(r"^\| `(--[a-z-]+)", _section(page, f"serjeant {name}"), re.MULTILINE)
        wrong += [f"serjeant {name} {option}" for option in written if option not in there]
    assert not wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_the_code_blocks_say_to_type_can_be_typed(page: Path) -> None:
    """Each ``serjeant …`` line is split by the command itself, and each ``make …`` line names a target."""
    from serjeant.cli import main

    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    wrong = []
    for words in _typed(page.read_text("utf-8")):
        if words[0] == "make":
            wrong += [f"make {word}" for word in words[1:] if "=" not in word and word not in targets]
        else:
            wrong += [f"{shlex.join(words)}: {fault}" for fault in _faults(main, words[1:])]
    assert not wrong


def _typed(text: str) -> Iterator[list[str]]:
    for block in CODE.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            for command in re.split(r" \|\|? | && |; ", line.strip().removeprefix("$ ").removeprefix("# ")):
                if command.split(" ")[0] in {"make", "serjeant"}:
                    words = shlex.split(command, comments=True)
                    redirected = next((i for i, word in enumerate(words) if re.match(r"\d?[<>]", word)), len(words))
                    yield words[:redirected]


def _faults(command: click.Command, words: list[str]) -> Iterator[str]:
    """Follow the words down the groups and let click split the rest; nothing is run, no file need exist."""
    while isinstance(command, click.Group) and words:
        inner = command.get_command(click.Context(command), words[0])
        if inner is None:
            break
        command, words = inner, words[1:]
    if {"--help", "-h", "--version"} & set(words):
        return
    try:
        values, unread, _ = command.make_parser(click.Context(command)).parse_args(list(words))
    except click.UsageError as error:
        yield error.format_message()
        return
    if unread:
        yield f"{command.name} does not understand {shlex.join(unread)}"
    given = {name: value for name, value in values.items() if isinstance(value, str | list | tuple)}
    for parameter in command.params:
        value = given.get(parameter.name or "")
        if parameter.required and not value:
            yield f"{parameter.name} is missing"
        elif value is not None and isinstance(parameter.type, click.Choice):
            for word in [value] if isinstance(value, str) else value:
                if word not in parameter.type.choices:
                    yield f"{word} is none of {', '.join(parameter.type.choices)}"


# Settings


def settings() -> Iterator[str]:
    """Every setting by the name under which the TOML file knows it: ``table.key``."""
    from serjeant.config import Settings

    yield from _fields(Settings, "")


def _fields(of: type, prefix: str) -> Iterator[str]:
    hints = typing.get_type_hints(of)
    for field in dataclasses.fields(of):
        name = f"{prefix}{field.name}"
        inner = [kind for kind in _kinds(hints[field.name]) if dataclasses.is_dataclass(kind)]
        if not inner:
            yield name
        for kind in inner:
            yield from _fields(kind, f"{name}.")


def _kinds(hint: object) -> Iterator[type]:
    """The types in a hint: itself, or those of ``X | None``, ``tuple[X, ...]``, ``Mapping[str, X]``."""
    arguments = typing.get_args(hint)
    for argument in arguments:
        yield from _kinds(argument)
    if not arguments and isinstance(hint, type) and hint is not types.NoneType:
        yield hint


def test_every_setting_is_documented() -> None:
    page = (DOCS / "settings.md").read_text("utf-8")
    names = list(settings())
    assert names
    assert not [name for name in names if f"`{name}`" not in page]


def test_every_documented_setting_exists() -> None:
    """A row of the tables begins with a setting."""
    page = (DOCS / "settings.md").read_text("utf-8")
    written = re.findall(r"^\| `([a-z_.]+)` \|", page, re.MULTILINE)
    assert written
    assert not set(written) - set(settings())


@pytest.mark.parametrize("name", ["settings.md", "formats.md"])
def test_what_the_pages_show_of_settings_is_valid(name: str, tmp_path: Path) -> None:
    """Their TOML is read by the reader that will read the user's."""
    from serjeant.config import load

    page = (DOCS / name).read_text("utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        file = tmp_path / "serjeant.toml"
        file.write_text(block, "utf-8")
        load(file)


# Formats and detectors


def plugins(folder: str, constant: str) -> dict[str, Any]:
    """What the modules of a built-in folder declare, by name."""
    package = importlib.import_module(folder)
    modules = [importlib.import_module(f"{folder}.{module.name}") for module in pkgutil.iter_modules(package.__path__)]
    found = [getattr(module, constant) for module in modules if hasattr(module, constant)]
    return {plugin.name: plugin for plugin in found}


def test_every_detector_has_its_section() -> None:
    found = plugins("serjeant.detect.detectors", "DETECTOR")
    assert found
    text = _pages("detectors*.md")
    assert not [name for name in found if not _section(text, name).strip()]


def test_every_format_stands_in_the_table_with_what_it_gives() -> None:
    page = (DOCS / "formats.md").read_text("utf-8")
    found = plugins("serjeant.collect.formats", "FORMAT")
    assert found
    assert not [name for name in found if f"\n| `{name}` | " not in page]


def test_what_is_generated_is_as_the_code_would_write_it_now() -> None:
    """``make docs`` writes it anew."""
    stale = [str(path.relative_to(ROOT)) for path, text in generated.pages().items() if path.read_text("utf-8") != text]
    assert not stale, "run: make docs"


def test_every_setting_of_a_detector_is_documented() -> None:
    text = _pages("detectors*.md")
    missing = []
    for name, detector in plugins("serjeant.detect.detectors", "DETECTOR").items():
        section = _section(text, name)
        missing += [f"{name}.{key}" for key in _fields(detector.settings, "") if f"`{key}`" not in section]
    assert not missing


def _pages(pattern: str) -> str:
    return "\n".join(page.read_text("utf-8") for page in sorted(DOCS.rglob(pattern)))


# Links


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in (found[0] or found[1] for found in LINK.findall(CODE.sub("", page.read_text("utf-8")))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        there = target.exists() and target.is_relative_to(ROOT)
        if not there or (anchor and anchor not in _anchors(target.read_text("utf-8"))):
            broken.append(link)
    assert not broken


def _anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    headings = [heading for _, heading in HEADING.findall(CODE.sub("", text))]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_can_be_reached_from_the_index() -> None:
    seen: set[Path] = set()
    todo = [DOCS / "index.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        for found in LINK.findall(page.read_text("utf-8")):
            link = (found[0] or found[1]).partition("#")[0]
            if link and not re.match(r"[a-z]+:", link):
                todo.append((page.parent / link).resolve())
    lonely = {page for page in DOCS.rglob("*.md") if page.parent.name != "decisions"} - seen
    assert not sorted(str(page.relative_to(ROOT)) for page in lonely)
