"""One target in a process of its own, as libFuzzer wants it: ``python -m fuzz.target NAME SEED SECONDS PLACE``."""

import random
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["serjeant.collect"]):
    from fuzz import seeds
    from fuzz.mutate import mutated
    from fuzz.properties import holds_for_file, holds_for_lines
    from serjeant.collect.known import line_formats, wrappings

FORMATS = line_formats()
LONGEST = 1024 * 1024
SIZES = (7, 64, 1_000, LONGEST)

Property = Callable[[bytes], None]
Mutation = Callable[[bytes, int, int], bytes]


def of_format(name: str) -> tuple[list[bytes], Property, Mutation]:
    """The seeds, what holds and how to change an input: a number that chooses the header, then lines."""
    known = [form for form in FORMATS if form.name == name]
    return _of_lines(seeds.by_header(name), lambda lines, header: holds_for_lines(lines, known, header))


def of_all() -> tuple[list[bytes], Property, Mutation]:
    """The same for logs of all formats together."""
    around = wrappings()
    return _of_lines([("", seeds.of_all())], lambda lines, _: holds_for_lines(lines, FORMATS, "", around))


def _of_lines(
    known: list[tuple[str, list[str]]], holds: Callable[[list[str], str], None]
) -> tuple[list[bytes], Property, Mutation]:
    def mutation(data: bytes, size: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if not data or chance.random() < 0.1:
            return bytes(atheris.Mutate(data, size))
        at = chance.randrange(len(known))
        return bytes([at]) + "\n".join(mutated(_lines(data), known[at][1], chance)).encode("utf-8", "replace")

    def test(data: bytes) -> None:
        if data:
            holds(_lines(data), known[data[0] % len(known)][0])

    given = [
        bytes([at]) + "\n".join(lines[begin : begin + 1_000]).encode()
        for at, (_, lines) in enumerate(known)
        for begin in range(0, len(lines), 1_000)
    ]
    return given, test, mutation


def _lines(data: bytes) -> list[str]:
    return data[1:].decode("utf-8", "replace").split("\n")


def of_files() -> tuple[list[bytes], Property, Mutation]:
    """Files of records: a number that chooses the size of pieces, then the bytes."""

    def mutation(data: bytes, size: int, seed: int) -> bytes:
        return bytes(atheris.Mutate(data, size))

    def test(data: bytes) -> None:
        if data:
            holds_for_file(data[1:], SIZES[data[0] % len(SIZES)])

    return [bytes([at % len(SIZES)]) + each for at, each in enumerate(seeds.files())], test, mutation


def _told(test: Property, data: bytes) -> None:
    """Atheris ends the process before what it printed of an exception is out."""
    try:
        test(data)
    except Exception:
        traceback.print_exc()
        raise


def main(name: str, seed: str, seconds: str, place: str) -> None:
    """Runs until the time is over or an input fails; that is kept in ``place``."""
    given, test, mutation = {"all": of_all, "files": of_files}.get(name, lambda: of_format(name))()
    corpus = Path(place) / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for at, each in enumerate(given):
        (corpus / f"seed-{at}").write_bytes(each)
    settings = {
        "seed": seed,
        "max_total_time": seconds,
        "max_len": LONGEST,
        "len_control": 0,
        "timeout": 20,  # an input that takes longer hangs
        "rss_limit_mb": 4096,
        "print_final_stats": 1,
        "artifact_prefix": f"{place}/{name}-",
    }
    options = [f"-{key}={value}" for key, value in settings.items()]
    atheris.Setup(["fuzz", str(corpus), *options], lambda data: _told(test, data), custom_mutator=mutation)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
