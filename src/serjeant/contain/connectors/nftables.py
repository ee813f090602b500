"""nftables: sources are dropped, and ports closed to all but some networks, in a table of our own."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from serjeant.contain.connector import Connector, RefusedError, until, wanted
from serjeant.contain.nft.moves import apply, loaded
from serjeant.contain.nft.table import HOOKS, Source, Table, networks, source
from serjeant.model.measure import Change, Measure, Operation, Shape, State, agrees

_BY_HAND: Final = {"by": "hand"}
_LOOPBACK: Final = ("127.0.0.0/8", "::1/128")


@dataclass(frozen=True, slots=True)
class NftablesSettings:
    """Which ports are guarded, where packets are looked at, and who is always let through."""

    remote_ports: tuple[int, ...] = field(
        default=(), metadata={"help": "the TCP and UDP ports that are guarded; all where left out"}
    )
    allow: tuple[str, ...] = field(default=(), metadata={"help": "networks that are let through whatever stands there"})
    hooks: tuple[str, ...] = field(
        default=("input",), metadata={"help": "input for what comes to this machine, forward for what goes through it"}
    )
    command: tuple[str, ...] = field(default=("nft",), metadata={"help": "nft, or what starts it elsewhere"})

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        for port in self.remote_ports:
            if not 0 < port < 65536:
                raise ValueError(f"remote_ports: {port} is no port")
        for text in self.allow:
            if not networks((text,)):
                raise ValueError(f"allow: {text!r} is no network; write it as 192.0.2.0/24")
        if not self.hooks or set(self.hooks) - set(HOOKS):
            raise ValueError(f"hooks: there are {' and '.join(HOOKS)}")


def read(settings: NftablesSettings, measure: Measure) -> State:
    """What the kernel says of the subjects."""
    if measure.action == "close_remote" and not settings.remote_ports:
        raise RefusedError("remote_ports names none: this would close the machine to the answers that it waits for")
    return _said(loaded(settings.command), measure.action, measure.subjects or (measure.action,))


def changes(settings: NftablesSettings, measure: Measure, state: State) -> list[Change]:
    """Entries that are to be there."""
    if measure.action == "arm":
        return wanted(
            measure, state, {"arm": _shape(_fresh(settings))}, "makes the table inet serjeant, refusing nothing"
        )
    if measure.action == "block_source":
        shapes: dict[str, Shape] = {name: {"until": until(state.get(name), measure)} for name in measure.subjects}
        return wanted(measure, state, shapes, "drops what {n} sources send to " + _ports(settings))
    spares = networks(measure.spares)
    blind = sum(not networks((each,)) for each in measure.spares)
    ends = until(state.get("close_remote"), measure)
    says = f"closes {_ports(settings)} to all but {len(spares):,} networks"
    if blind:
        says += f"; it sees no accounts, so {blind:,} that are spared must come from these"
    return wanted(measure, state, {"close_remote": {"until": ends, "spares": spares}}, says)


def run(settings: NftablesSettings, operation: Operation, ends: datetime, now: datetime) -> None:
    """One transaction, for all that is as it was read."""
    before = loaded(settings.command)
    found = _said(before, operation.verb, operation.after)
    failed: dict[str, str] = {}
    todo: dict[str, Shape] = {}
    for name, shape in operation.after.items():
        if agrees(found[name], shape):
            continue
        if agrees(found[name], operation.before.get(name)):
            todo[name] = shape
        else:
            failed[name] = "somebody changed it meanwhile"
    table = before or _fresh(settings)
    match operation.verb:
        case "arm" if todo:
            table = _armed(table, todo["arm"])
        case "close_remote" if todo:
            table = _closed(table, todo["close_remote"])
        case "block_source":
            table = _blocked(table, todo, found, failed)
    idle = not (table.armed or table.blocked or table.closed)
    apply(settings.command, before, None if idle else table, now)
    if failed:
        raise RefusedError(f"{len(failed):,} of {len(operation.after):,} are left as they are", failed)


def _fresh(settings: NftablesSettings) -> Table:
    hooks = tuple(each for each in HOOKS if each in settings.hooks)
    return Table(hooks, tuple(sorted({*settings.remote_ports})), networks((*_LOOPBACK, *settings.allow)))


def _said(table: Table | None, action: str, subjects: Iterable[str]) -> dict[str, Shape]:
    if table is None:
        return dict.fromkeys(subjects)
    match action:
        case "arm":
            return {"arm": _shape(table) if table.armed else None}
        case "close_remote":
            closed: Shape = {"until": table.closed, "spares": table.spares}
            return {"close_remote": closed if table.closed else None}
    return {name: _end(table, name) for name in subjects}


def _end(table: Table, name: str) -> Shape:
    at = _source(name)
    if at is None or at not in table.blocked:
        return None
    ends = table.blocked[at]
    return {"until": ends} if ends is not None else _BY_HAND


def _source(name: str) -> Source | None:
    try:
        return source(name)
    except ValueError:
        return None


def _shape(table: Table) -> Shape:
    return {"hooks": table.hooks, "ports": table.ports, "allow": table.allow}


def _armed(table: Table, shape: Shape) -> Table:
    if shape is None:
        return replace(table, armed=False)
    it: Any = shape
    return replace(table, armed=True, hooks=it["hooks"], ports=it["ports"], allow=it["allow"])


def _closed(table: Table, shape: Shape) -> Table:
    it: Any = shape or {"until": None, "spares": ()}
    return replace(table, closed=it["until"], spares=it["spares"])


def _blocked(table: Table, todo: State, found: State, failed: dict[str, str]) -> Table:
    blocked = dict(table.blocked)
    for name, shape in todo.items():
        at = _source(name)
        if at is None:
            failed[name] = "is no address and no network"
        elif found[name] == _BY_HAND:
            failed[name] = "somebody put it there by hand, with an end of his own"
        elif shape is None:
            blocked.pop(at, None)
        else:
            blocked[at] = str(shape["until"])
    return replace(table, blocked=blocked)


def _ports(settings: NftablesSettings) -> str:
    named = [str(each) for each in settings.remote_ports]
    if not named:
        return "all ports"
    return f"port {named[0]}" if len(named) == 1 else f"ports {', '.join(named[:-1])} and {named[-1]}"


CONNECTOR = Connector(
    name="nftables",
    actions=("arm", "block_source", "close_remote"),
    settings=NftablesSettings,
    read=read,
    changes=changes,
    run=run,
    proven="nftables 1.0.6, in a network namespace with real connections over IPv4 and IPv6",
    seconds=240,
)
