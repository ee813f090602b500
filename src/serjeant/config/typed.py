"""typed: a table of the TOML file as the dataclass that describes it."""

import dataclasses
import difflib
import re
import types
import typing
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Literal, TypeVar

from serjeant.errors import UsageError

_DURATION: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(s|min|h|d)")
_SECONDS: Final = {"s": 1, "min": 60, "h": 3600, "d": 86400}

Table = TypeVar("Table")


def settings_for(kind: type[Table], table: Mapping[str, object], where: str, prefix: str = "") -> Table:
    """A table of the settings as the dataclass that describes it.

    A field may be ``str``, ``bool``, ``int``, ``float``, ``timedelta`` (written ``"90s"``, ``"10min"``, ``"2h"``,
    ``"30d"``), a ``Literal``, a tuple of one of these, a mapping, another dataclass, or any of several. A
    ``ValueError`` of ``__post_init__`` becomes the message.

    :param kind: a dataclass
    :param where: the file, for messages
    :param prefix: the name of the table with a full stop, for messages; for example ``detect.source_sprt.``
    :raises UsageError: on a key that is none, a required one that is missing, or a value of the wrong type
    """
    fields = {each.name: each for each in dataclasses.fields(kind) if each.init}  # type: ignore[arg-type]
    hints = typing.get_type_hints(kind)
    for key in table:
        if key not in fields:
            hint = meant(difflib.get_close_matches(key, fields, 1), f"there are {', '.join(fields)}")
            raise UsageError(f"there is no setting {prefix + key!r}", where=where, hint=hint)
    for name, each in fields.items():
        if name not in table and each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING:
            raise UsageError(f"{prefix + name!r} is missing", where=where, hint=each.metadata.get("help", "add it"))
    values = {key: _read(hints[key], value, where, prefix + key) for key, value in table.items()}
    try:
        return kind(**values)
    except ValueError as error:
        table_name = f"[{prefix.rstrip('.')}] " if prefix else ""
        raise UsageError(f"{table_name}{error}", where=where) from error


def duration(text: str) -> timedelta | None:
    """A duration as people write it, as ``90d``; None where it is none."""
    found = _DURATION.fullmatch(text)
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]]) if found else None


def _read(hint: Any, value: object, where: str, name: str) -> Any:
    """The value of one setting as its type asks for it."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    match value:
        case dict() if origin is Mapping:
            return {key: _read(arguments[1], each, where, f"{name}.{key}") for key, each in value.items()}
        case dict() if dataclasses.is_dataclass(hint):
            return settings_for(typing.cast(type, hint), value, where, f"{name}.")
        case list() if origin is tuple:
            return tuple(_read(arguments[0], each, where, name) for each in value)
        case str() if hint is timedelta and (span := duration(value)) is not None:
            return span
        case int() if hint is float and not isinstance(value, bool):
            return float(value)
        case _ if hint in (object, Any) or type(value) is hint or (origin is Literal and value in arguments):
            return value
    if origin in (typing.Union, types.UnionType):
        for each in arguments:
            try:
                return _read(each, value, where, name)
            except UsageError:
                continue
    raise UsageError(f"{name!r} must be {_said(hint)}, not {_shown(value)}", where=where)


_WORDS: Final = {
    str: "text in quotes",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    timedelta: "a duration such as '10min' or '30d'",
    type(None): "nothing",
}


def _said(hint: Any) -> str:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_said(each) for each in arguments)
    if origin is Literal:
        return " or ".join(repr(each) for each in arguments)
    if origin is tuple:
        return f"a list of {_said(arguments[0])}"
    return _WORDS.get(hint, "a table")


def _shown(value: object) -> str:
    shown = "a table" if isinstance(value, dict) else repr(value)
    return shown if len(shown) <= 40 else f"{shown[:37]}..."


def each_known(setting: str, words: typing.Iterable[str], known: typing.Iterable[str]) -> None:
    """Refuses a word that is none of ours, with the nearest that is.

    :raises ValueError: which names the setting
    """
    known = tuple(known)
    for word in words:
        if word not in known:
            near = difflib.get_close_matches(word, known, 1)
            raise ValueError(f"{setting}: {word!r} is none of ours; {meant(near, 'there are ' + ', '.join(known))}")


def meant(near: list[str], otherwise: str) -> str:
    """What to do next: the word that was meant, or else what is said otherwise."""
    return f"did you mean {near[0]}?" if near else otherwise
