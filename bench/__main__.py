"""Measure everything in one run: ``python -m bench [--lines N] [--runs N] [--long] [--json]``.

``python -m bench formats [--megabytes N] [--json] [NAME…]`` measures how fast each format is read.
``python -m bench evidence [--logins N] [--accounts N]`` measures counting and detection.
``python -m bench contain [--sources N] [--accounts N]`` measures measures.
"""

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from bench import evidence, measure, rivals, table
from bench.measure import ROOT, Run
from bench.rivals import CONTESTANTS, Contestant
from bench.table import Row

DATA = ROOT / "bench" / "data"
SEED = 1


def main() -> None:
    if sys.argv[1:2] == ["formats"]:
        _formats(sys.argv[2:])
        return
    if sys.argv[1:2] == ["evidence"]:
        _evidence(sys.argv[2:])
        return
    if sys.argv[1:2] == ["contain"]:
        _contain(sys.argv[2:])
        return
    options = _options()
    log = _log(options.lines)
    other = _log(options.lines * 10 if options.long else options.lines // 10)
    rows, skipped = [], []
    for each in CONTESTANTS:
        if each.missing:
            skipped.append(f"{each.name}: not measured, {each.missing}")
            continue
        print(f"measuring {each.name} ...", file=sys.stderr)
        rows.append(_row(each, log, options.lines, options.runs))
    print("measuring the memory of a log of another length ...", file=sys.stderr)
    lines = options.lines * 10 if options.long else options.lines // 10
    others = [_row(each, other, lines, 1) for each in CONTESTANTS if each.name in {rivals.PARSE, rivals.INVESTIGATE}]
    result = table.Result(
        table.machine(), options.lines, log.stat().st_size, options.runs, tuple(rows), tuple(others), tuple(skipped)
    )
    print(
        json.dumps(asdict(result) | {"ratios": table.ratios(result)}, indent=1) if options.json else table.text(result)
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Speed and memory, as ratios of one run.")
    parser.add_argument("--lines", type=int, default=5_000_000, help="length of the log [5000000]")
    parser.add_argument("--runs", type=int, default=3, help="runs of each program, of which the median counts [3]")
    parser.add_argument(
        "--long", action="store_true", help="compare the memory with a log ten times as long, not a tenth"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if options.lines < 1_000 or options.runs < 1:
        parser.error("at least 1000 lines and one run")
    return options


def _formats(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench formats", description="How fast each format is read.")
    parser.add_argument("--megabytes", type=int, default=16, help="length of each log [16]")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--into", type=Path, help="write the table into a page too")
    parser.add_argument("name", nargs="*", help="formats [all]")
    options = parser.parse_args(arguments)
    # It needs the engines, and whoever measures memory must stay small.
    from bench import formats

    formats.main(options.megabytes * 1_000_000, options.name, as_json=options.json, into=options.into)


def _contain(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench contain", description="Seeing, doing and taking back.")
    parser.add_argument("--sources", type=int, default=50_000, help="blocked sources [50000]")
    parser.add_argument("--accounts", type=int, default=10_000, help="contained accounts [10000]")
    options = parser.parse_args(arguments)
    from bench import contain

    contain.main(options.sources, options.accounts)


def _evidence(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench evidence", description="What counting and detection cost.")
    parser.add_argument("--logins", type=int, default=50_000_000, help="how many [50000000]")
    parser.add_argument("--accounts", type=int, default=50_000, help="of so many accounts [50000]")
    parser.add_argument("--folder", type=Path, help="where to draw them [the system's temporary folder]")
    options = parser.parse_args(arguments)
    if options.logins < 1_000 or options.accounts < 1_000:
        parser.error("at least 1000 logins of 1000 accounts")
    evidence.main(options.logins, options.accounts, folder=options.folder)


def _log(lines: int) -> Path:
    """The log of that length, made if it is not there."""
    place = DATA / f"auth-{lines}.log"
    if not place.exists():
        print(f"making {place.relative_to(ROOT)} ...", file=sys.stderr)
        DATA.mkdir(exist_ok=True)
        measure.run([sys.executable, "-m", "bench.logs", str(place), str(lines), str(SEED)])
    return place


def _slice(log: Path, lines: int) -> Path:
    """The first lines of a log."""
    place = log.with_name(f"{log.stem}-first-{lines}.log")
    with log.open("rb") as whole, place.open("wb") as part:
        part.writelines(islice(whole, lines))
    return place


def _row(each: Contestant, log: Path, lines: int, runs: int) -> Row:
    given = min(lines, each.most or lines)
    read = log if given == lines else _slice(log, given)
    taken = []
    for _ in range(runs):
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=DATA))
        try:
            taken.append(measure.run(each.command(read, folder / "out"), fine=each.fine))
        finally:
            shutil.rmtree(folder)
    took: Run = measure.middle(taken)
    own = rivals.own_seconds(took.said)
    return Row(each.name, given, own or took.seconds, took.cpu, took.peak)


if __name__ == "__main__":
    main()
