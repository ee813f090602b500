"""nginx: sources are turned away, and all but known networks, by files that its ``geo`` blocks include."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from serjeant.contain.connector import Connector, RefusedError, wanted
from serjeant.contain.nginx import Nginx, alone
from serjeant.model.measure import Change, Measure, Operation, Shape, State, agrees

_LINE: Final = b"\n# Below this line Serjeant writes; what is above it is yours.\n"
_BLOCKED: Final = {"blocked": True}


@dataclass(frozen=True, slots=True)
class NginxSettings:
    """The files, and the nginx that includes them."""

    block_file: str = field(default="", metadata={"help": "the file that the geo block for sources includes"})
    remote_file: str = field(default="", metadata={"help": "the file that the geo block for outsiders includes"})
    command: tuple[str, ...] = field(default=("nginx",), metadata={"help": "nginx, with the options that it runs with"})
    pid_file: str = field(default="/run/nginx.pid", metadata={"help": "where nginx wrote its process number"})

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        files = [each for each in (self.block_file, self.remote_file) if each]
        if not files or not all(each.startswith("/") for each in files):
            raise ValueError("block_file or remote_file must name a file by its whole path")
        if len({*files}) < len(files):
            raise ValueError("block_file and remote_file must be two files")

    @property
    def actions(self) -> tuple[str, ...]:
        """What can be done with the files that there are."""
        files = {"block_source": self.block_file, "close_remote": self.remote_file}
        return tuple(action for action, path in files.items() if path)


def read(settings: NginxSettings, measure: Measure) -> State:
    """What nginx goes by."""
    path = _path(settings, measure.action)
    nginx = Nginx(settings.command, settings.pid_file)
    if not nginx.includes(path):
        raise RefusedError(f"nginx does not include {path}")
    lines = _split(nginx.in_force(path)[0], path)[1]
    return _said(lines, measure.action, measure.subjects or (measure.action,))


def changes(settings: NginxSettings, measure: Measure, state: State) -> list[Change]:
    """Lines that are to be there."""
    if measure.action == "block_source":
        shapes: dict[str, Shape] = dict.fromkeys(measure.subjects, _BLOCKED)
        return wanted(measure, state, shapes, "turns {n} sources away from the pages behind nginx")
    found = [_network(each, strict=False) for each in measure.spares]
    spares = tuple(sorted({each for each in found if each}))
    says = f"lets nobody in through nginx but from {len(spares):,} networks"
    if blind := found.count(None):
        says += f"; it sees no accounts, so {blind:,} that are spared must come from these"
    return wanted(measure, state, {"close_remote": {"spares": spares}}, says)


def run(settings: NginxSettings, operation: Operation, ends: datetime, now: datetime) -> None:
    """Writes the file, and lets nginx check and load it."""
    path = _path(settings, operation.verb)
    nginx = Nginx(settings.command, settings.pid_file)
    failed: dict[str, str] = {}
    with alone(path):
        before, settled = nginx.in_force(path)
        above, lines = _split(before, path)
        found = _said(lines, operation.verb, operation.after)
        for name, shape in operation.after.items():
            if agrees(found[name], shape):
                continue
            if not agrees(found[name], operation.before.get(name)):
                failed[name] = "somebody changed it meanwhile"
            elif operation.verb == "close_remote":
                lines = {} if shape is None else _closed(shape)
            elif (network := _network(name)) is None:
                failed[name] = "is no address and no network"
            elif shape is None:
                lines.pop(network, None)
            else:
                lines[network] = "1"
        after = _joined(above, lines)
        if after != before or not settled:
            nginx.bring(path, before, after)
    if failed:
        raise RefusedError(f"{len(failed):,} of {len(operation.after):,} are left as they are", failed)


def _path(settings: NginxSettings, action: str) -> Path:
    path = settings.block_file if action == "block_source" else settings.remote_file
    if not path:
        raise RefusedError("the settings name no file for that")
    return Path(path)


def _said(lines: Mapping[str, str], action: str, subjects: Iterable[str]) -> dict[str, Shape]:
    if action == "close_remote":
        closed: Shape = {"spares": tuple(name for name in lines if name != "default")}
        return {"close_remote": closed if "default" in lines else None}
    return {name: _BLOCKED if _network(name) in lines else None for name in subjects}


def _closed(shape: Mapping[str, Any]) -> dict[str, str]:
    return {"default": "1", **dict.fromkeys(shape["spares"], "0")}


def _split(text: bytes, path: Path) -> tuple[bytes, dict[str, str]]:
    """What is not ours, and our lines: networks and what they are."""
    above, _, ours = text.partition(_LINE)
    try:
        lines = dict(each.removesuffix(";").split(" ") for each in ours.decode("ascii").splitlines())
    except ValueError:
        lines = {}
    if _joined(above, lines) != text:
        raise RefusedError(f"{path} was changed below our line: put it right, or take those lines out")
    return above, lines


def _joined(above: bytes, lines: Mapping[str, str]) -> bytes:
    ours = "".join(f"{network} {lines[network]};\n" for network in sorted(lines)).encode()
    return above + _LINE + ours if lines else above


def _network(text: str, *, strict: bool = True) -> str | None:
    """A network in the words of the file."""
    try:
        return str(ipaddress.ip_network(text, strict=strict))
    except ValueError:
        return None


CONNECTOR = Connector(
    name="nginx",
    actions=("block_source", "close_remote"),
    settings=NginxSettings,
    read=read,
    changes=changes,
    run=run,
    proven="nginx 1.22, with requests from several addresses",
)
