"""targets: the places of the settings, each with its connector and what that needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from serjeant import plugins
from serjeant.config import Settings, settings_for
from serjeant.contain.connector import Connector
from serjeant.errors import UsageError


@dataclass(frozen=True)
class Target:
    """One place.

    :param settings: an instance of ``connector.settings``
    :param simulate: only say what would be done there
    :param services: whose doors it guards, as logins name them; empty: all
    """

    name: str
    connector: Connector
    settings: Any
    simulate: bool
    services: tuple[str, ...] = ()

    @property
    def actions(self) -> tuple[str, ...]:
        """What can be done there: of what its kind can do, that for which its settings name all that is needed."""
        own = getattr(self.settings, "actions", self.connector.actions)
        return tuple(each for each in self.connector.actions if each in own)

    @property
    def reads_back(self) -> bool:
        """It can be asked whether something was done."""
        return bool(getattr(self.settings, "reads_back", self.connector.reads_back))


def connectors(settings: Settings) -> dict[str, Connector]:
    """Every connector that can be named, by name."""
    named = settings.plugins.get("connectors", ())
    found = plugins.builtin("serjeant.contain.connectors", "CONNECTOR", Connector, named)
    return {each.name: each for each in found}


def targets(settings: Settings, where: str = "serjeant.toml") -> Mapping[str, Target]:
    """The places that the settings name, in their order.

    :raises UsageError: for a connector that is none, or settings that it does not have
    """
    known = connectors(settings)
    found = {}
    for name, table in settings.contain.targets.items():
        rest = dict(table)
        kind, simulate = rest.pop("connector", ""), rest.pop("simulate", settings.contain.simulate)
        services = rest.pop("services", [])
        if not isinstance(kind, str) or kind not in known:
            hint = f"there are {', '.join(known)}"
            raise UsageError(f"contain.targets.{name}: there is no connector {kind!r}", where=where, hint=hint)
        if not isinstance(simulate, bool):
            raise UsageError(f"contain.targets.{name}.simulate must be true or false", where=where)
        if not isinstance(services, list) or not all(isinstance(each, str) for each in services):
            raise UsageError(f"contain.targets.{name}.services must be a list of text", where=where)
        own = settings_for(known[kind].settings, rest, where, f"contain.targets.{name}.")
        found[name] = Target(name, known[kind], own, simulate, tuple(services))
    return found
