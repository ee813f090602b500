"""moves: our table is read from the kernel, and brought from one state into another."""

import ipaddress
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from serjeant.contain.connector import RefusedError
from serjeant.contain.nft.rules import SETS, chains, made, plain, set_name, set_of
from serjeant.contain.nft.table import BITS, FOR_EVER, HOOKS, NAME, Source, Table, networks
from serjeant.contain.programs import answer

_WORD: Final = "until "
_PATIENCE: Final = 60.0
_EVERY_PORT: Final = {"range": [0, 65535]}

Command = dict[str, Any]


def loaded(command: Sequence[str]) -> Table | None:
    """What the kernel says; None where there is no such table.

    :raises RefusedError: where it cannot be asked, or where the table is not as we make it
    """
    tables = [each["table"] for each in _listed(command, "tables") if "table" in each]
    if not any(each["family"] == "inet" and each["name"] == NAME for each in tables):
        return None
    listed = [each for each in _listed(command, "table", "inet", NAME) if not each.keys() & {"metainfo", "table"}]
    try:
        table = _table(listed)
        ours = made(table) == plain(listed)
    except (KeyError, TypeError, ValueError):
        ours = False
    if not ours:
        raise RefusedError(f"the table inet {NAME} is not as we make it: look at `nft list table inet {NAME}`")
    return table


def apply(command: Sequence[str], before: Table | None, after: Table | None, now: datetime) -> None:
    """Brings the table from one state into another, all of it or nothing."""
    commands = moves(before, after, now)
    if commands:
        answer(command, "-j", "-f", "-", stdin=json.dumps({"nftables": commands}), seconds=_PATIENCE)


def moves(before: Table | None, after: Table | None, now: datetime) -> list[Command]:
    """What nft must be told."""
    if after is None:
        return [] if before is None else [_does("delete", "table", name=NAME)]
    was = Table(()) if before is None else before
    had = [] if before is None else was.lengths
    done: list[Command] = []
    if (was.hooks, had) != (after.hooks, after.lengths):
        if before is None:
            done.append(_does("add", "table", name=NAME))
            done += [_does("add", "set", **each) for each in SETS]
        else:
            done += [_does("flush", "chain", name=name) for name in (*was.hooks, "doors")]
            done += [_does("delete", "chain", name=name) for name in was.hooks if name not in after.hooks]
        done += [_does("add", "set", **set_of(*each)) for each in after.lengths if each not in had]
        done += [_does("add", kind, **each) for kind, each in chains(after)]
    if was.armed != after.armed:
        done.append(_does("add" if after.armed else "delete", "chain", name="armed"))
    filled = {} if before is None else _filled(was, now)
    for name, elements in _filled(after, now).items():
        if elements != filled.get(name, []):
            done.append(_does("flush", "set", name=name))
            done += [_does("add", "element", name=name, elem=elements)] if elements else []
    gone = [set_name(*each) for each in had if each not in after.lengths]
    for name, sources in _by_set(was.blocked, after.blocked).items():
        if name not in gone:
            done.append(_does("delete", "element", name=name, elem=[address for _, _, address in sources]))
    for name, sources in _by_set(after.blocked, was.blocked).items():
        fresh = [_until(each[2], after.blocked[each], now) for each in sources]
        done.append(_does("create", "element", name=name, elem=fresh))
    return done + [_does("delete", "set", name=name) for name in gone]


def _listed(command: Sequence[str], *what: str) -> list[dict[str, Any]]:
    try:
        return list(json.loads(answer(command, "-j", "list", *what, seconds=_PATIENCE))["nftables"])
    except (ValueError, KeyError, TypeError):
        raise RefusedError("nft answers in words that we do not know") from None


def _table(listed: Sequence[Mapping[str, Any]]) -> Table:
    """What the kernel listed, where it is ours.

    :raises ValueError: or another, where something stands there that we do not make
    """
    chains = {each["chain"]["name"] for each in listed if "chain" in each}
    sets = {each["set"]["name"]: each["set"].get("elem", []) for each in listed if "set" in each}
    blocked = {}
    for name, elements in sets.items():
        if name.startswith("block"):
            version, length = (int(each) for each in name.removeprefix("block").split("_"))
            for each in elements:
                address, ends = _element(each)
                blocked[version, length, address] = ends
    (closed,) = {_element(each)[1] for each in sets["closed"]} or {None}
    spares = (*sets["spare4"], *sets["spare6"])
    return Table(
        hooks=tuple(each for each in HOOKS if each in chains),
        ports=tuple(sorted(each for each in sets["ports"] if each != _EVERY_PORT)),
        allow=networks(_text(each) for each in (*sets["allow4"], *sets["allow6"])),
        armed="armed" in chains,
        blocked=blocked,
        closed=closed,
        spares=networks(_text(_element(each)[0]) for each in spares),
    )


def _element(listed: Any) -> tuple[Any, str | None]:
    """What is in a set, and when it ends."""
    if not isinstance(listed, dict) or "elem" not in listed:
        return listed, FOR_EVER
    it = listed["elem"]
    comment = it.get("comment", "")
    if comment.startswith(_WORD) and "timeout" in it:
        return it["val"], comment.removeprefix(_WORD)
    return it["val"], None if "timeout" in it else FOR_EVER


def _text(value: Any) -> str:
    return value if isinstance(value, str) else f"{value['prefix']['addr']}/{value['prefix']['len']}"


def _does(verb: str, kind: str, **what: Any) -> Command:
    place = {} if kind == "table" else {"table": NAME}
    return {verb: {kind: {"family": "inet", **place, **what}}}


def _by_set(these: Mapping[Source, str | None], those: Mapping[Source, str | None]) -> dict[str, list[Source]]:
    """Sources that end otherwise or are not there in the second, by the set they are in."""
    found: dict[str, list[Source]] = {}
    for each, ends in these.items():
        if each not in those or those[each] != ends:
            found.setdefault(set_name(each[0], each[1]), []).append(each)
    return found


def _filled(table: Table, now: datetime) -> dict[str, list[Any]]:
    """What is in the sets that are always there."""
    closed = [] if table.closed is None else [_until(each, table.closed, now) for each in ("ipv4", "ipv6")]
    found: dict[str, list[Any]] = {"ports": [*table.ports] or [_EVERY_PORT], "closed": closed}
    for version in BITS:
        found[f"allow{version}"] = _of(version, table.allow)
        found[f"spare{version}"] = [_until(each, table.closed, now) for each in _of(version, table.spares)]
    return found


def _of(version: int, texts: Iterable[str]) -> list[Any]:
    found: list[Any] = []
    for text in texts:
        network = ipaddress.ip_network(text)
        if network.version == version:
            address = str(network.network_address)
            whole = network.prefixlen == BITS[version]
            found.append(address if whole else {"prefix": {"addr": address, "len": network.prefixlen}})
    return found


def _until(value: Any, ends: str | None, now: datetime) -> Any:
    """An element that ends by itself, with its end for us to read."""
    if ends is None or ends == FOR_EVER:
        return value
    left = math.ceil((datetime.fromisoformat(ends) - now).total_seconds())
    return {"elem": {"val": value, "timeout": max(left, 1), "comment": _WORD + ends}}
