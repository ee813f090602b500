"""What the mutations begin with: the samples of the formats, and files of records made of them."""

import json
import struct
from collections.abc import Iterator

from samples import samples
from serjeant.collect.known import line_formats


def by_header(name: str) -> list[tuple[str, list[str]]]:
    """The lines of a format's samples under each of its headers."""
    found: dict[str, list[str]] = {}
    for sample in samples(name):
        found.setdefault(sample.header, []).append(sample.line)
    return list(found.items())


def of_all() -> list[str]:
    """The lines of all formats that mean something by themselves."""
    return [line for form in line_formats() for header, lines in by_header(form.name) if not header for line in lines]


def files() -> Iterator[bytes]:
    """A file of each kind that is unfolded."""
    lines = of_all()
    objects = [json.loads(line) for line in lines if line.startswith("{")][::40]
    events = [line for line in lines if line.startswith("<Event")]
    yield json.dumps(objects).encode()
    yield json.dumps(objects, indent=2).encode()
    yield json.dumps({"Records": objects, "more": None}, indent=1).encode()
    yield "\n".join(json.dumps(each, indent=4) for each in objects).encode()
    yield "".join(events).replace("><", ">\n<").encode()
    yield f"<?xml version='1.0'?>\n<Events>{''.join(events)}</Events>".encode("utf-16")
    entry = b"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1780650753000000\n_HOSTNAME=gate\nSYSLOG_IDENTIFIER=sshd\n"
    said = lines[0].encode() + b"\nof two lines"
    yield (entry + b"MESSAGE=" + lines[0].encode() + b"\n\n") * 2
    yield (entry + b"MESSAGE\n" + struct.pack("<Q", len(said)) + said + b"\n\n") * 2
    yield b'time,user,message\n1,"alice","let\nin"\n2,"bob","not ""let"" in"\n' * 2
    chunk = b"ElfChnk\0".ljust(512, b"\0") + b"**\0\0" + struct.pack("<I", 64) + bytes(52) + struct.pack("<I", 64)
    yield b"ElfFile\0".ljust(4096, b"\0") + chunk.ljust(64 * 1024, b"\0")
