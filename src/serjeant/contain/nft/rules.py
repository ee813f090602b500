"""rules: the sets, chains and rules of our table, as nft's JSON has them."""

import ipaddress
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from serjeant.contain.nft.table import BITS, Table

SETS: Final = (
    {"name": "ports", "type": "inet_service", "flags": ["interval"]},
    {"name": "closed", "type": "nf_proto", "flags": ["timeout"]},
    *(
        {"name": f"{use}{version}", "type": f"ipv{version}_addr", "flags": flags}
        for use, flags in (("allow", ["interval"]), ("spare", ["interval", "timeout"]))
        for version in (4, 6)
    ),
)


def made(table: Table) -> list[str]:
    """The table without what is in its sets, as ``plain`` has it."""
    all_sets = [{"set": each} for each in (*SETS, *(set_of(*each) for each in table.lengths))]
    armed = [{"chain": {"name": "armed"}}] if table.armed else []
    return plain([*all_sets, *armed, *({kind: each} for kind, each in chains(table))])


def chains(table: Table) -> Iterator[tuple[str, dict[str, Any]]]:
    """Chains and their rules: never what is allowed, then sources, then what is closed."""
    yield "chain", {"name": "doors"}
    drop: tuple[Any, ...] = ({"counter": None}, {"drop": None})
    for version, length in table.lengths:
        yield _rule("doors", _from(version, length, set_name(version, length)), *drop)
    for version, bits in BITS.items():
        yield _rule("doors", _from(version, bits, f"spare{version}"), {"return": None})
    yield _rule("doors", _match({"meta": {"key": "nfproto"}}, "@closed"), *drop)
    for hook in table.hooks:
        yield "chain", {"name": hook, "type": "filter", "hook": hook, "prio": -10, "policy": "accept"}
        for version, bits in BITS.items():
            yield _rule(hook, _from(version, bits, f"allow{version}"), {"accept": None})
        ports = _match({"payload": {"protocol": "th", "field": "dport"}}, "@ports")
        transport = _match({"meta": {"key": "l4proto"}}, {"set": ["tcp", "udp"]})
        yield _rule(hook, transport, ports, {"jump": {"target": "doors"}})


def set_name(version: int, length: int) -> str:
    """Where sources of one length of prefix are."""
    return f"block{version}_{length}"


def set_of(version: int, length: int) -> dict[str, Any]:
    """The set of that name."""
    return {"name": set_name(version, length), "type": f"ipv{version}_addr", "flags": ["timeout"]}


def plain(listed: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is listed without handles, counts and elements: by name, but for rules, whose order says what they do."""
    found: list[tuple[str, str, str]] = []
    for each in listed:
        ((kind, what),) = each.items()
        kept = {name: value for name, value in what.items() if name not in ("family", "table", "handle", "elem")}
        if kind == "rule":
            kept["expr"] = [{"counter": None} if "counter" in part else part for part in kept["expr"]]
        if kind == "set":
            flags = kept.get("flags", [])
            kept["flags"] = sorted([flags] if isinstance(flags, str) else flags)
        found.append((kind, kept.get("name") or kept["chain"], json.dumps(kept, sort_keys=True)))
    return [text for _, _, text in sorted(found, key=lambda each: each[:2])]


def _from(version: int, length: int, name: str) -> dict[str, Any]:
    """Packets from an address whose first bits are in a set."""
    left: Any = {"payload": {"protocol": "ip" if version == 4 else "ip6", "field": "saddr"}}
    if length < BITS[version]:
        network = ipaddress.ip_network((0, length)) if version == 4 else ipaddress.IPv6Network((0, length))
        left = {"&": [left, str(network.netmask)]}
    return _match(left, f"@{name}")


def _match(left: Any, right: Any) -> dict[str, Any]:
    return {"match": {"op": "==", "left": left, "right": right}}


def _rule(chain: str, *expressions: Any) -> tuple[str, dict[str, Any]]:
    return "rule", {"chain": chain, "expr": list(expressions)}
