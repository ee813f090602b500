"""config: one TOML file, read strictly into typed settings.

A plugin's settings are checked against the plugin's own dataclass by the same reader (``settings_for``).
"""

import difflib
import ipaddress
import tomllib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from serjeant.config.contain import ContainSettings
from serjeant.config.formats import FormatSettings, RuleSettings, named
from serjeant.config.generic import COLUMNS, GenericSettings
from serjeant.config.passwords import PasswordSettings
from serjeant.config.typed import meant, settings_for
from serjeant.errors import UnreadableError, UsageError

__all__ = [
    "COLUMNS",
    "FILE",
    "ContainSettings",
    "FormatSettings",
    "GenericSettings",
    "PasswordSettings",
    "RuleSettings",
    "Settings",
    "load",
    "settings_for",
]

FILE: Final = "serjeant.toml"
"""What is read from the working folder when no file is named."""


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
    formats: Mapping[str, FormatSettings] = field(
        default_factory=dict, metadata={"help": "formats of your own, by rules, by a name of your choice"}
    )
    passwords: PasswordSettings = field(
        default_factory=PasswordSettings, metadata={"help": "what guesses are compared with"}
    )
    detect: Mapping[str, Mapping[str, object]] = field(
        default_factory=dict, metadata={"help": "settings of each detector, by its name"}
    )
    contain: ContainSettings = field(
        default_factory=ContainSettings, metadata={"help": "what may be done, where, and what never"}
    )
    ledger: str = field(
        default="", metadata={"help": "postgresql://HOST/NAME or sqlite:///PATH; ledger.db in the folder, if left out"}
    )
    plugins: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict, metadata={"help": "installed plugins to load, by kind: formats, detectors, connectors"}
    )

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        if not _is_zone(self.timezone):
            near = difflib.get_close_matches(self.timezone, zoneinfo.available_timezones(), 1)
            raise ValueError(f"timezone {self.timezone!r} is not known; {meant(near, 'write it as Europe/London')}")
        for setting in ("own_networks", "trusted_proxies"):
            for network in getattr(self, setting):
                try:
                    ipaddress.ip_network(network)
                except ValueError as error:
                    raise ValueError(f"{setting}: {error}; write it as 192.0.2.0/24") from None
        for name in self.formats:
            named(name, f"[formats.{name!r}]")
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


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return name == "UTC"  # which a machine without the zone files knows as well
    return True
