"""contain: what it costs to see, to do and to take back fifty thousand blocked sources and ten thousand accounts.

The sources go to the kernel (nftables in a namespace made for this) where we may make one, and to the file of
decisions; the accounts to that file. The rival is the same by hand: one ``nft -f`` with the same elements, one file.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from bench import measure
from bench.table import machine

_LOGINS = 1_000_000


@dataclass(frozen=True)
class Took:
    """Seconds of each step at one place; ``by_hand`` where there is a rival for doing and for undoing."""

    place: str
    preview: float
    act: float
    revert: float
    by_hand: float | None = None


def main(sources: int, accounts: int) -> None:
    """Measures, and prints a table."""
    with tempfile.TemporaryDirectory(prefix="serjeant-bench-") as room:
        lake = Path(room) / "lake"
        print(f"drawing {_LOGINS:,} logins ...", file=sys.stderr)
        measure.run([sys.executable, "-m", "bench.logins", str(lake), str(_LOGINS), "1", "50000"])
        rows, counted = _footprints(lake)
        took = [_place(Path(room), "decisions", ("block_source", "contain_account"), rows, sources, accounts)]
        with _namespace() as name:
            if name:
                took.append(_place(Path(room), "nftables", ("block_source",), rows, sources, accounts, name))
    print(text(took, counted, sources, accounts))


def _place(
    room: Path, kind: str, actions: tuple[str, ...], rows: object, sources: int, accounts: int, name: str = ""
) -> Took:
    from serjeant.config import Settings
    from serjeant.contain.executor import Executor
    from serjeant.contain.guardrails import Guarded
    from serjeant.contain.preview import preview
    from serjeant.contain.records import Plan, plan_out
    from serjeant.contain.standing import KINDS, standing
    from serjeant.contain.targets import Target, connectors
    from serjeant.model.measure import Measure
    from serjeant.store.ledger import place

    now = datetime.now(UTC)
    folder = room / kind
    folder.mkdir()
    connector = connectors(Settings())[kind]
    command = ("ip", "netns", "exec", name, "nft")
    own = connector.settings(str(folder / "d.json")) if kind == "decisions" else connector.settings(command=command)
    target = Target(kind, connector, own, simulate=False)
    subjects = {"block_source": _sources(sources), "contain_account": _accounts(accounts)}
    measures = tuple(
        Measure(f"P1.{i}", action, "close", kind, subjects[action], now + timedelta(hours=4), "bench", "bench")
        for i, action in enumerate(actions, 1)
    )
    ledger = place(folder, "")
    body = plan_out(Plan("P1", "bench", measures))
    ledger.append("plan", body, actor="a", reason="bench", now=now)
    uids = [each.uid for each in measures]
    ledger.append("approved", {"plan": "P1", "measures": uids}, actor="b", reason="bench", now=now)

    def previewed() -> None:
        for each in measures:
            connector.changes(own, each, connector.read(own, each))
            preview([each], rows, _case(sources))  # type: ignore[arg-type]

    executor = Executor(ledger, {kind: target}, lambda _: Guarded(), accounts + 1, lambda: datetime.now(UTC))
    seen, done = _seconds(previewed), _seconds(executor.act)
    states = {it.says for it in standing(ledger.entries(KINDS)).measures.values()}
    if states != {"standing"}:
        raise SystemExit(f"{kind}: not all was done: {states}")
    for uid in uids:
        ledger.append("revert", {"measure": uid, "subjects": None}, actor="a", reason="bench", now=now)
    undone = _seconds(executor.act)
    states = {it.says for it in standing(ledger.entries(KINDS)).measures.values()}
    if states != {"ended"}:
        raise SystemExit(f"{kind}: not all was taken back: {states}")
    return Took(kind, seen, done, undone, _by_hand(command, subjects["block_source"]) if name else None)


def _footprints(lake: Path) -> tuple[object, float]:
    from bench.logins import DAYS, FIRST
    from serjeant.contain.preview import footprints
    from serjeant.store.engine import Engine
    from serjeant.store.lake import Lake

    held = Lake(lake)
    engine = Engine(lake)
    at = FIRST + timedelta(days=DAYS)
    try:
        engine.bind("logins", [held.table("logins", day) for day in held.days()])
        began = perf_counter()
        rows = engine.rows("footprints", lambda: footprints(FIRST, at))
        return rows, perf_counter() - began
    finally:
        engine.close()


def _case(sources: int) -> object:
    from bench.logins import DAYS, FIRST
    from serjeant.contain.case import Case

    at = FIRST + timedelta(days=DAYS)
    return Case("bench", ("C1",), FIRST, at, _sources(sources), frozenset(), frozenset(), {}, ())


def _sources(number: int) -> tuple[str, ...]:
    """Addresses of the benchmark's own range (RFC 2544), from 198.18.0.0 on."""
    return tuple(sorted(f"198.{18 + (i >> 16)}.{i >> 8 & 255}.{i & 255}" for i in range(number)))


def _accounts(number: int) -> tuple[str, ...]:
    return tuple(f"account{i:06}" for i in range(number))


def _by_hand(command: tuple[str, ...], sources: tuple[str, ...]) -> float:
    """Seconds that ``nft`` needs for the same elements, on and off again."""
    elements = ", ".join(f"{each} timeout 4h" for each in sources)
    on = (
        "table inet byhand {\n set block4 {\n type ipv4_addr\n flags interval, timeout\n"
        f" elements = {{ {elements} }}\n }}\n}}\n"
    )

    def run(text: str) -> None:
        subprocess.run([*command, "-f", "-"], input=text, text=True, check=True, timeout=120, capture_output=True)

    return _seconds(lambda: run(on)) + _seconds(lambda: run("delete table inet byhand\n"))


@contextmanager
def _namespace() -> Iterator[str]:
    """A network namespace of our own; empty where we may not make one."""
    name = f"serjeant-bench-{os.getpid()}"
    able = os.geteuid() == 0 and shutil.which("ip") and shutil.which("nft")
    if not able or subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode:
        yield ""
        return
    try:
        yield name
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False)


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def text(took: list[Took], counted: float, sources: int, accounts: int) -> str:
    """The table."""
    lines = [
        f"{sources:,} blocked sources, {accounts:,} contained accounts",
        machine(),
        f"sign-ins counted for all previews ({_LOGINS:,} of them): {counted:.1f} s",
        "",
        f"{'place':<12}{'preview':>10}{'act':>10}{'revert':>10}   act and revert against by hand",
    ]
    for each in took:
        ratio = f"{(each.act + each.revert) / each.by_hand:.1f} x nft -f" if each.by_hand else "-"
        lines.append(f"{each.place:<12}{each.preview:>8.1f} s{each.act:>8.1f} s{each.revert:>8.1f} s   {ratio}")
    if len(took) == 1:
        lines.append("nftables: not measured, it needs root, ip and nft")
    return "\n".join(lines)
