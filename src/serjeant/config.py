"""config: one TOML file, read strictly into typed settings.

A plugin's settings are checked against the plugin's own dataclass by the same reader (``settings_for``).
"""

import dataclasses
import difflib
import ipaddress
import re
import tomllib
import types
import typing
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from serjeant.errors import UnreadableError, UsageError
from serjeant.model.login import OUTCOMES, REASONS

FILE: Final = "serjeant.toml"
"""What is read from the working folder when no file is named."""

COLUMNS: Final = (
    "time",
    "user_name",
    "src_ip",
    "forwarded",
    "src_port",
    "dst_host",
    "service",
    "auth_protocol",
    "outcome",
    "reason",
    "session_uid",
    "client",
    "is_mfa",
    "count",
)
"""The columns of ``logins`` that the mapping of a generic log can fill."""

_DURATION: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(s|min|h|d)")
_SECONDS: Final = {"s": 1, "min": 60, "h": 3600, "d": 86400}

Table = TypeVar("Table")


@dataclass(frozen=True, slots=True)
class GenericSettings:
    """How one kind of CSV, TSV or JSON log is read: a table ``[generic.NAME]``."""

    kind: Literal["csv", "tsv", "json"] = field(metadata={"help": "how a line is written; json: one object a line"})
    columns: Mapping[str, str] = field(
        metadata={"help": "our column = the log's column; in JSON the path to it, parted by dots"}
    )
    files: str = field(default="", metadata={"help": "pattern of the file's name; empty: known by its columns"})
    time_format: str = field(default="", metadata={"help": "strptime pattern of the time; empty: ISO 8601 or Unix"})
    outcomes: Mapping[str, str] = field(
        default_factory=dict, metadata={"help": "the log's word = success, failure, challenged or refused"}
    )
    reasons: Mapping[str, str] = field(default_factory=dict, metadata={"help": "the log's word = our reason"})
    constants: Mapping[str, str | int | bool] = field(
        default_factory=dict, metadata={"help": "our column = what it always is in this log"}
    )

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        _each_known("columns", self.columns, COLUMNS)
        _each_known("constants", self.constants, COLUMNS)
        _each_known("outcomes", self.outcomes.values(), OUTCOMES)
        _each_known("reasons", self.reasons.values(), REASONS)
        if "time" not in self.columns:
            raise ValueError("columns must say which column is the time")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; each has its line in ``docs/settings.md``."""

    timezone: str = field(default="UTC", metadata={"help": "the zone of stamps that name none, as Europe/London"})
    domains: tuple[str, ...] = field(default=(), metadata={"help": "our mail domains: ada@domain is ada"})
    own_networks: tuple[str, ...] = field(default=(), metadata={"help": "our networks, as 192.0.2.0/24"})
    trusted_proxies: tuple[str, ...] = field(
        default=(), metadata={"help": "proxies whose X-Forwarded-For is believed, as 192.0.2.0/28"}
    )
    monitors: tuple[str, ...] = field(
        default=(), metadata={"help": "health checks and scanners that may fail, as account@address"}
    )
    generic: Mapping[str, GenericSettings] = field(
        default_factory=dict, metadata={"help": "CSV, TSV and JSON logs by a name of your choice"}
    )
    detect: Mapping[str, Mapping[str, object]] = field(
        default_factory=dict, metadata={"help": "settings of each detector, by its name"}
    )
    plugins: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict, metadata={"help": "installed plugins to load, by kind: formats, detectors"}
    )

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        if not _is_zone(self.timezone):
            near = difflib.get_close_matches(self.timezone, zoneinfo.available_timezones(), 1)
            raise ValueError(f"timezone {self.timezone!r} is not known; {_meant(near, 'write it as Europe/London')}")
        for name in ("own_networks", "trusted_proxies"):
            for network in getattr(self, name):
                try:
                    ipaddress.ip_network(network)
                except ValueError as error:
                    raise ValueError(f"{name}: {error}; write it as 192.0.2.0/24") from None
        for domain in self.domains:
            if not domain or "@" in domain:
                raise ValueError(f"domains: {domain!r} is no domain; write it as example.org")
        for monitor in self.monitors:
            account, _, address = monitor.rpartition("@")
            try:
                ipaddress.ip_address(address)
            except ValueError:
                account = ""
            if not account:
                raise ValueError(f"monitors: {monitor!r} is no account and address; write it as check@192.0.2.1")


def load(path: Path | None) -> Settings:
    """The settings in a file.

    :param path: the file; None: ``serjeant.toml`` in the working folder, or the defaults where there is none
    :raises UnreadableError: when the file cannot be read
    :raises UsageError: when it is no TOML, or says what no setting says
    """
    if path is None:
        path = Path(FILE)
        if not path.exists():
            return Settings()
    where = str(path)
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}", where=where) from error
    except UnicodeDecodeError as error:
        raise UsageError("is not UTF-8", where=where, hint="save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"is no TOML: {error}", where=where, hint="mend that line") from error
    return settings_for(Settings, table, where)


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
            hint = _meant(difflib.get_close_matches(key, fields, 1), f"there are {', '.join(fields)}")
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
        case str() if hint is timedelta and (found := _DURATION.fullmatch(value)):
            return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])
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


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return name == "UTC"  # which a machine without the zone files knows as well
    return True


def _each_known(setting: str, words: typing.Iterable[str], known: tuple[str, ...]) -> None:
    for word in words:
        if word not in known:
            near = difflib.get_close_matches(word, known, 1)
            raise ValueError(f"{setting}: {word!r} is none of ours; {_meant(near, 'there are ' + ', '.join(known))}")


def _meant(near: list[str], otherwise: str) -> str:
    return f"did you mean {near[0]}?" if near else otherwise
