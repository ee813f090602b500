"""plugins: what stands in a built-in folder, and what the settings name besides; one rule for every kind.

A plugin is a module with one well-known constant. Inside plugins are the modules of their folder; outside plugins are
entry points whose group is the folder's dotted name, and they are loaded only when the settings name them: what
merely is installed never runs.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from importlib.metadata import entry_points
from types import ModuleType
from typing import TypeVar

from serjeant.errors import UsageError

Plugin = TypeVar("Plugin")


def builtin(package: str, constant: str, kind: type[Plugin], named: Sequence[str] = ()) -> tuple[Plugin, ...]:
    """Every plugin of one kind: those of the folder by module name, then those named, in their order.

    :param package: the folder, for example ``serjeant.collect.formats``; also the group of entry points
    :param constant: the constant that makes a module a plugin, for example ``FORMAT``; a module without it is none
    :param kind: what the constant must be
    :param named: entry points to load as well
    :raises UsageError: when a named one is not installed or is no such plugin
    """
    folder = importlib.import_module(package)
    modules = [importlib.import_module(f"{package}.{name}") for name in sorted(_modules(folder))]
    inside = [getattr(module, constant) for module in modules if hasattr(module, constant)]
    for plugin in inside:
        if not isinstance(plugin, kind):
            raise TypeError(f"{constant} in {package} must be a {kind.__name__}, not {type(plugin).__name__}")
    return (*inside, *(_outside(package, name, constant, kind) for name in named))


def _modules(folder: ModuleType) -> list[str]:
    return [module.name for module in pkgutil.iter_modules(folder.__path__) if not module.name.startswith("_")]


def _outside(group: str, name: str, constant: str, kind: type[Plugin]) -> Plugin:
    found = list(entry_points(group=group, name=name))
    if not found:
        raise UsageError(
            f"no plugin {name!r} of {group} is installed", hint="install its package, or take it out of the settings"
        )
    try:
        module = found[0].load()
    except (ImportError, AttributeError, SyntaxError) as error:
        raise UsageError(
            f"the plugin {name!r} of {group} cannot be loaded: {error}", hint="ask those who made it"
        ) from error
    plugin = getattr(module, constant, None)
    if not isinstance(plugin, kind):
        raise UsageError(
            f"the plugin {name!r} of {group} has no {constant} that is a {kind.__name__}",
            hint="ask those who made it",
        )
    return plugin
