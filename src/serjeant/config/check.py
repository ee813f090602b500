"""check: what can be wrong in a format of the user's own; each a ``ValueError`` that says what to do next."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from serjeant.config.generic import COLUMNS
from serjeant.config.pattern import alternatives, groups, inside, spelt, whole
from serjeant.config.typed import each_known, meant
from serjeant.model.login import LINES

if TYPE_CHECKING:
    from serjeant.config.formats import FormatSettings, RuleSettings

_CAPTURED: Final = tuple(name for name in COLUMNS if name not in {"time", "is_mfa"})
_CONSTANT: Final = ("user_name", "dst_host", "service", "auth_protocol", "client", "is_mfa")
_NO_ADDRESS: Final = ("evil.example", "<b>", "a b", "192.0.2.7:80 x")
_SAMPLE: Final = datetime(2017, 6, 5, 9, 12, 33)  # noqa: DTZ001 - any moment that shows whether a pattern reads


def constants(given: Mapping[str, str | int | bool]) -> None:
    """Columns that always hold the same."""
    each_known("constants", given, _CONSTANT)
    for name, value in given.items():
        if isinstance(value, bool) != (name == "is_mfa"):
            raise ValueError(f"constants: {name} must be {'true or false' if name == 'is_mfa' else 'text in quotes'}")


def message(rule: RuleSettings) -> None:
    """The pattern of a line of text."""
    if rule.where:
        raise ValueError('where is for objects; write a pattern, or set kind = "json" and fields')
    pattern = spelt(rule.pattern)
    if not pattern:
        raise ValueError(
            "pattern is missing; write it as '^login ok for (?P<user_name>.*) from (?P<src_ip>[0-9A-Fa-f.:]+)$'"
        )
    if not pattern.startswith("^") or not pattern.endswith("$") or pattern.endswith("\\$"):
        raise ValueError(
            "pattern must fit the whole message; begin it with ^ and end it with $ (.*$ where the end is free)"
        )
    _compiles("pattern", pattern)
    if alternatives(pattern):
        raise ValueError("pattern has a | outside of brackets, which ^ and $ do not reach; write ^(?:one|other)$")
    found = groups(pattern)
    _columns("pattern", [group.name for group in found], _CAPTURED)
    if rule.ignore and found:
        raise ValueError("ignores its lines, so it must capture nothing; write (?:…) in the place of (?P<…>…)")
    if not rule.ignore and not any(each.certain and each.name not in {"outcome", "reason"} for each in found):
        raise ValueError(
            "pattern captures nothing that every such line has; capture (?P<user_name>.*) or (?P<src_ip>…)"
        )
    for group in found:
        _safe(group.name, inside(pattern, group))


def objects(rule: RuleSettings, known: Mapping[str, str | tuple[str, ...]]) -> None:
    """The patterns of an object's fields."""
    if rule.pattern:
        raise ValueError('pattern is for lines of text; write where = { field = "pattern" }')
    each_known("where", rule.where, known)
    for name, given in rule.where.items():
        pattern = whole(given)
        _compiles(f"where.{name}", pattern)
        if alternatives(pattern):
            raise ValueError(f"where.{name} cannot be read as one pattern; mend its brackets")
        for group in groups(pattern):
            _columns(f"where.{name}", [group.name], tuple(set(_CAPTURED) - {"outcome", "reason"}))
            _safe(group.name, inside(pattern, group))
    names = captured(rule)
    _once("where", names)


def captured(rule: RuleSettings) -> list[str]:
    """The columns that the patterns of a rule capture."""
    patterns = [spelt(rule.pattern), *(spelt(str(each)) for each in rule.where.values())]
    return [group.name for pattern in patterns for group in groups(pattern)]


def words(rule: RuleSettings, word: str) -> None:
    """A word of the log that its group could never be would wait in vain."""
    pattern = spelt(rule.pattern)
    group = next((each for each in groups(pattern) if each.name == word), None)
    if group is None:
        return
    if not group.certain:
        raise ValueError(f"(?P<{word}>…) must stand in every such line; write a rule of its own for lines without it")
    for each in getattr(rule, f"{word}s"):
        if not _fits(f"^(?:{inside(pattern, group)})$", each):
            raise ValueError(f"{word}s: (?P<{word}>…) never is {each!r}; let the group take it, or take the word out")


def fields(given: FormatSettings) -> None:
    """Names of fields are columns, or are looked at by a rule."""
    looked_at = {name for rule in given.rules for name in rule.where}
    for name in given.fields:
        ours = name in COLUMNS
        if not ours and (name not in looked_at or name in LINES.names):
            near = difflib.get_close_matches(name, COLUMNS, 1)
            raise ValueError(
                f"fields: {name!r} is none of our columns, and no rule looks at it; "
                + meant(near, "there are " + ", ".join(COLUMNS))
            )
        if name in given.constants:
            raise ValueError(f"{name!r} stands in fields and in constants; keep one")
        paths = given.fields[name]
        if not paths or not all([paths] if isinstance(paths, str) else paths):
            raise ValueError(f"fields: {name} has an empty path; write it as user.name")


def time(given: FormatSettings) -> None:
    """Where the time comes from, and whether it can be read."""
    if given.starts:
        _starts(spelt(given.starts))
    elif given.kind != "text" and "time" not in given.fields and not given.programs:
        raise ValueError("nothing tells the time; put time into fields, or say which programs write it to syslog")
    if given.time_format and not given.starts and "time" not in given.fields:
        raise ValueError("time_format has no time to read; write starts with (?P<time>…), or put time into fields")
    if given.time_format and not _is_read(given.time_format):
        raise ValueError(
            "time_format must have year, month, day and time of day, as %d.%m.%Y %H:%M:%S; "
            "leave it out for ISO 8601, Unix time and 'Jun  5 09:12:33'"
        )


def _starts(starts: str) -> None:
    if not starts.startswith("^") or starts.endswith("$"):
        raise ValueError("starts is the beginning of a line only; begin it with ^ and end it where the message begins")
    _compiles("starts", starts)
    found = groups(starts)
    each_known("starts", [group.name for group in found], ("time", "host", "pid"))
    _once("starts", [group.name for group in found])
    if not any(group.name == "time" and group.certain for group in found):
        raise ValueError("starts does not tell the time; capture it as (?P<time>[0-9T:.-]+)")


def _is_read(form: str) -> bool:
    import polars as pl

    try:
        read = pl.Series([_SAMPLE]).dt.strftime(form.replace("%z", "+0000")).str.to_datetime(form, strict=False)
        return bool(read.is_not_null()[0]) and read.dt.strftime("%Y-%m-%d")[0] == f"{_SAMPLE:%Y-%m-%d}"
    except pl.exceptions.PolarsError:
        return False


def _columns(where: str, names: Iterable[str], known: tuple[str, ...]) -> None:
    names = list(names)
    if "time" in names:
        raise ValueError(f"{where} captures time, which belongs before the message: write it into starts")
    each_known(where, names, known)
    _once(where, names)


def _once(where: str, names: list[str]) -> None:
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"{where} captures {twice[0]} twice; keep one")


def _safe(name: str, pattern: str) -> None:
    """Whoever is signed in chooses what stands there."""
    if name == "user_name" and re.search(r"[*+}]\?$", pattern):
        raise ValueError(
            "(?P<user_name>…) takes as little as it can, so that a name which imitates the rest of the line would move "
            "the address; write (?P<user_name>.*)"
        )
    if name == "src_ip" and any(_fits(f"^(?:{pattern})$", text) for text in _NO_ADDRESS):
        raise ValueError("(?P<src_ip>…) takes what is no address; write (?P<src_ip>[0-9A-Fa-f.:]+)")


def _fits(pattern: str, text: str) -> bool:
    import polars as pl

    return bool(pl.Series([text]).str.contains(pattern)[0])


def _compiles(what: str, pattern: str) -> None:
    import polars as pl

    try:
        pl.Series(["x"]).str.contains(pattern, strict=True)
    except pl.exceptions.ComputeError as error:
        told = re.search(r"^error: (.+)$", str(error), re.MULTILINE)
        says = f": {told[1][:200]}" if told else ""
        raise ValueError(
            f"{what} is no RE2 pattern{says}; write it in RE2 syntax, which has no look-ahead and no \\1"
        ) from None
