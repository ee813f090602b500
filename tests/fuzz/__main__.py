"""Fuzzes targets one after the other: ``make fuzz``, or ``python -m fuzz sshd okta --seconds 60``."""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from serjeant.collect.known import line_formats

STARTS = 120
"""Seconds that a target may take to start, read its seeds and end."""


def main() -> int:
    """The status: 0 where no input failed."""
    targets = ["files", "all", *(form.name for form in line_formats())]
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("target", nargs="*", help="a format; 'all' of them together; 'files' of records")
    parser.add_argument("--seconds", type=int, default=10, help="for each target (10)")
    parser.add_argument("--seed", type=int, default=0, help="to run the same again")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"), help="where inputs that failed go")
    asked = parser.parse_args()
    if unknown := set(asked.target) - set(targets):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    seed = asked.seed or random.randint(1, 2**31 - 1)
    print(f"seed {seed}")
    failed = [name for name in asked.target or targets if not _fuzzed(name, seed, asked.seconds, asked.keep)]
    if failed:
        print(f"failed: {', '.join(failed)}; the inputs are in {asked.keep}/", file=sys.stderr)
    return bool(failed)


def _fuzzed(name: str, seed: int, seconds: int, keep: Path) -> bool:
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "fuzz.target", name, str(seed), str(seconds), place]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        ran = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment,
            timeout=seconds + STARTS,
            check=False,
        )
        inputs = re.search(r"number_of_executed_units: *([0-9]+)", ran.stderr)
        print(f"{name}: {inputs[1] if inputs else 'no'} inputs{'' if not ran.returncode else ', FAILED'}", flush=True)
        if ran.returncode:
            print(ran.stdout[-5_000:], ran.stderr[-5_000:], sep="\n", file=sys.stderr)
            keep.mkdir(exist_ok=True)
            for kept in Path(place).glob(f"{name}-*"):
                (keep / kept.name).write_bytes(kept.read_bytes())
    return not ran.returncode


if __name__ == "__main__":
    sys.exit(main())
