"""Files are read whole, once, in any packing, and what cannot be read is told in one line."""

import bz2
import gzip
import io
import lzma
import os
import resource
import socket
import subprocess
import sys
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from serjeant.collect.packed import packing
from serjeant.collect.source import LONGEST, Block, Damaged, Input
from serjeant.collect.sources.files import blocks, find, head_fingerprint, looks_binary, open_input
from serjeant.collect.stream import unpacked

Pack = Callable[[bytes], bytes]

PACKS: dict[str, Pack] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.compress,
    "plain": lambda data: data,
}

LOG = b"".join(b"line %06d of a log\n" % number for number in range(20_000))

raw_logs = st.lists(
    st.one_of(
        st.sampled_from([b"\n", b"\r\n", b"\r", b"\0", "é".encode(), b"\xff", b"\xe2\x82"]), st.binary(max_size=9)
    )
).map(b"".join)


def lines_of(data: bytes) -> list[bytes]:
    """What the lines of a log are, said plainly."""
    whole = data.split(b"\n")
    last = whole.pop()
    return [line.removesuffix(b"\r") for line in whole] + ([last] if last else [])


def as_input(path: Path) -> Input:
    return Input(str(path), path, None, path.stat().st_size)


def texts(found: list[Block]) -> list[str]:
    return [line for block in found for line in block.lines.to_list()]


def read(path: Path) -> list[Block]:
    with open_input(as_input(path)) as stream:
        return list(blocks(stream))


def read_until_damaged(path: Path) -> tuple[list[str], str]:
    found: list[Block] = []
    with open_input(as_input(path)) as stream, pytest.raises(Damaged) as trouble:
        found.extend(blocks(stream))
    return texts(found), trouble.value.says


# ------------------------------------------------------------------ lines


@given(raw_logs, st.integers(1, 40))
def test_every_line_is_read_whatever_the_bytes_and_the_block(data: bytes, size: int) -> None:
    found = list(blocks(io.BytesIO(data), size=size))
    expected = lines_of(data)
    assert texts(found) == [line.decode("utf-8", "replace") for line in expected]
    damaged = [block.first - 1 + int(at) for block in found for at in block.damaged]
    assert damaged == [n for n, line in enumerate(expected) if line.decode("utf-8", "replace").encode() != line]
    assert not any(len(block.oversized) for block in found)
    assert [block.first for block in found] == [
        1 + sum(len(before.lines) for before in found[:n]) for n in range(len(found))
    ]
    assert [block.ended for block in found if not block.ended] == [False] * (not data.endswith(b"\n") and bool(data))
    for block in found:
        assert block.lines.cast(pl.Binary).cast(pl.String).null_count() == 0


@given(raw_logs, st.integers(1, 40), st.integers(1, 40), st.booleans())
def test_reading_goes_on_from_the_end_of_any_block(data: bytes, size: int, other: int, packed: bool) -> None:
    whole = list(blocks(io.BytesIO(data), size=size))
    for number, block in enumerate(whole):
        stream: io.BytesIO | gzip.GzipFile = io.BytesIO(data)
        if packed:
            stream = gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(data, 0)))
        rest = list(blocks(stream, size=other, start=block.end, first=block.first + len(block.lines)))
        assert texts(rest) == texts(whole[number + 1 :])
        if rest:
            assert rest[0].first == block.first + len(block.lines)
            assert rest[-1].end == len(data)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from([0, 1, LONGEST - 1, LONGEST, LONGEST + 1, LONGEST + 2, 3 * LONGEST]), max_size=6),
    st.sampled_from([b"\n", b"\r\n"]),
    st.sampled_from([1000, LONGEST, 5 * LONGEST]),
    st.booleans(),
)
def test_a_line_that_is_too_long_is_one_empty_line(lengths: list[int], end: bytes, size: int, ended: bool) -> None:
    data = end.join([b"x" * length for length in lengths]) + (end if ended else b"")
    found = list(blocks(io.BytesIO(data), size=size))
    expected = [len(line) for line in lines_of(data)]
    assert [len(line) for line in texts(found)] == [0 if length > LONGEST else length for length in expected]
    oversized = [block.first - 1 + int(at) for block in found for at in block.oversized]
    assert oversized == [n for n, length in enumerate(expected) if length > LONGEST]


def test_a_line_of_100_mb_takes_no_memory_to_speak_of() -> None:
    program = """
import io, resource
from serjeant.collect.sources.files import blocks

class Endless(io.RawIOBase):
    left = 100_000_000
    def readinto(self, into):
        count = min(len(into), self.left)
        into[:count] = b"a" * count
        self.left -= count
        return count

list(blocks(io.BytesIO(b"warm\\xff\\n")))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
[block] = blocks(Endless())
assert block.lines.to_list() == [""] and block.oversized.tolist() == [0] and block.end == 100_000_000
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 50 * 1024


# ------------------------------------------------------------------ packings


@pytest.mark.parametrize("kind", PACKS)
def test_a_packed_log_reads_like_the_plain_one_whatever_its_name(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "auth.log.7"
    path.write_bytes(PACKS[kind](LOG))
    assert texts(read(path)) == LOG.decode().splitlines()


@pytest.mark.parametrize("kind", PACKS)
@pytest.mark.parametrize("padding", [b"", bytes(3000)])
def test_members_follow_each_other(kind: str, padding: bytes, tmp_path: Path) -> None:
    path = tmp_path / "log"
    pack = PACKS[kind]
    padding = b"" if kind == "plain" else padding
    path.write_bytes(pack(LOG[:1234]) + padding + pack(b"") + pack(LOG[1234:]) + padding)
    assert texts(read(path)) == LOG.decode().splitlines()


@pytest.mark.parametrize("kind", sorted(set(PACKS) - {"plain"}))
@pytest.mark.parametrize("share", [0.2, 0.9, 0.999])
def test_what_stands_before_a_cut_is_read(kind: str, share: float, tmp_path: Path) -> None:
    noise = "".join(f"{os.urandom(20).hex()}\n" for _ in range(100_000 if kind == "bz2" else 20_000)).encode()
    packed = PACKS[kind](noise)
    path = tmp_path / "log"
    path.write_bytes(packed[: int(len(packed) * share)])
    found, says = read_until_damaged(path)
    expected = noise.decode().splitlines()
    assert found == expected[: len(found)]
    assert len(found) > len(expected) * (share - 0.25)
    assert "in the middle" in says


def test_what_stands_before_damaged_bytes_is_read(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(LOG))
    middle = len(packed) // 2
    packed[middle : middle + 40] = bytes(40)
    path = tmp_path / "log"
    path.write_bytes(packed)
    found, says = read_until_damaged(path)
    assert found[:8000] == LOG.decode().splitlines()[:8000]
    assert "gzip data are damaged" in says


@given(st.sampled_from(sorted(PACKS)), st.binary(max_size=40), st.integers(0, 200), st.booleans())
def test_a_broken_packing_never_passes_for_a_whole_log(kind: str, noise: bytes, at: int, cut: bool) -> None:
    packed = bytearray(PACKS[kind](LOG[:5000]))
    packed[at : len(packed) if cut else at + len(noise)] = noise
    assume(not packed.startswith(b"ElfFile\0"))  # that is another kind of log, and no text
    recognised = packing(bytes(packed))
    with unpacked(io.BytesIO(packed)) as stream:
        try:
            found = texts(list(blocks(stream)))
        except Damaged:
            assert recognised is not None
            return
    if recognised is None:
        assert found == [line.decode("utf-8", "replace") for line in lines_of(bytes(packed).removeprefix(BOM_UTF8))]
    elif recognised.name in ("gzip", "bzip2", "xz"):  # they carry a checksum
        assert found == LOG[:5000].decode().splitlines()


def test_a_bomb_is_unpacked_in_small_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(zstandard.compress(bytes(400_000_000)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    [block] = read(path)
    assert block.oversized.tolist() == [0]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_and_byte_order_marks(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes("\ufeffZeit;Käfer 🪲\r\nx\r\n".encode(encoding))
    assert texts(read(path)) == ["Zeit;Käfer 🪲", "x"]
    path.write_bytes("\ufeffZeit\ny".encode())
    assert texts(read(path)) == ["Zeit", "y"]
    path.write_bytes("\ufeffa\ud800b\nc\n".encode(encoding, "surrogatepass") + b"z")
    [block, last] = read(path)
    assert block.damaged.tolist() == [0]
    assert last.damaged.tolist() == [0]
    path.write_bytes(gzip.compress("\ufeffin gzip\n".encode(encoding)))
    assert texts(read(path)) == ["in gzip"]


def test_offsets_hold_behind_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes("\ufeffone\ntwo\n".encode())
    with open_input(as_input(path)) as stream:
        first = next(blocks(stream, size=5))
    with open_input(as_input(path)) as stream:
        assert texts(list(blocks(stream, start=first.end, first=2))) == ["two"]


def test_binary_is_told() -> None:
    assert looks_binary(b"\x7fELF\x02\x01\x00")
    assert not looks_binary("text with ünïcode\r\n".encode())


def test_a_log_is_known_again_when_renamed_or_packed(tmp_path: Path) -> None:
    prints = set()
    for kind, pack in PACKS.items():
        (tmp_path / kind).write_bytes(pack(LOG))
        with open_input(as_input(tmp_path / kind)) as stream:
            prints.add(head_fingerprint(stream.head))
    assert len(prints) == 1
    short, digest = head_fingerprint(LOG[:100])
    assert short == 100
    assert head_fingerprint(LOG[:short]) == (short, digest) != head_fingerprint(b"x" + LOG[: short - 1])


# ------------------------------------------------------------------ finding


def test_folders_are_read_sorted_without_what_is_no_log(tmp_path: Path) -> None:
    for name in ["b/2.log", "a.log", "b/1.log", ".hidden", "b/.git/config", "ours/.serjeant", "ours/lake/x.parquet"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "z-again").symlink_to(tmp_path / "a.log")
    (tmp_path / "z-linked").hardlink_to(tmp_path / "a.log")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(tmp_path / "sock"))
        found, unread = find([str(tmp_path), str(tmp_path / "a.log")])
    assert [log.name for log in found] == [str(tmp_path / name) for name in ["a.log", "b/1.log", "b/2.log"]]
    assert [(row.log, row.says) for row in unread] == [
        (str(tmp_path / "ours"), "is a folder that Serjeant wrote, and was left out")
    ]
    assert find([str(tmp_path / "ours")])[1] == unread
    assert found[0].size == 1
    assert found[0].mtime is not None
    assert found[0].mtime.tzinfo is not None


def test_globs_and_standard_input(tmp_path: Path) -> None:
    for name in ["auth.log", "auth.log.1", "mail.log", "odd[1].log"]:
        (tmp_path / name).write_text("x")
    assert find([str(tmp_path)] * 2) == find([str(tmp_path)]) == find([f"{tmp_path}/*", str(tmp_path)])
    found, unread = find(["-", f"{tmp_path}/auth*", "-", f"{tmp_path}/odd[1].log", f"{tmp_path}/*.zip"])
    assert [log.name for log in found] == [
        "-",
        *(str(tmp_path / name) for name in ["auth.log", "auth.log.1", "odd[1].log"]),
    ]
    assert found[0].path is None
    assert [(row.log, row.says) for row in unread] == [(f"{tmp_path}/*.zip", "no file fits this pattern")]


def test_what_is_not_there_is_one_line_each(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "nowhere").symlink_to("gone")
    (tmp_path / "itself").symlink_to("itself")
    given_paths = [str(tmp_path / name) for name in ["missing.log", "empty", "nowhere", "itself"]] + ["", "nul\0"]
    found, unread = find(given_paths)
    assert found == []
    assert [row.log for row in unread] == given_paths
    assert [row.says for row in unread][:3] == ["does not exist", "holds no file to read", "does not exist"]
    assert all(row.says and "\n" not in row.says for row in unread)


def test_a_name_of_any_bytes_can_be_shown(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b[2J.log"))).write_text("x\n")
    [log], _ = find([str(tmp_path)])
    assert log.name == f"{tmp_path}/\ufffd\x1b[2J.log"
    log.name.encode()
    with open_input(log) as stream:
        assert texts(list(blocks(stream))) == ["x"]


def test_a_file_without_permission_is_told() -> None:
    program = """
import os, sys
from pathlib import Path
from serjeant.collect.source import Damaged, Input
from serjeant.collect.sources.files import find, open_input

if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
print([(row.log, row.says) for row in find(sys.argv[1:])[1]])
try:
    open_input(Input(sys.argv[1], Path(sys.argv[1]), None, 0))
except Damaged as trouble:
    print(trouble.says)
"""
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to the user nobody
        Path(folder).chmod(0o755)
        secret = Path(folder) / "secret.log"
        secret.write_text("x")
        secret.chmod(0)
        closed = Path(folder) / "closed"
        closed.mkdir(mode=0)
        done = subprocess.run(
            [sys.executable, "-c", program, str(secret), str(closed)], capture_output=True, text=True, check=True
        )
    says = "may not be read: permission denied"
    assert done.stdout.splitlines() == [str([(str(secret), says), (str(closed), says)]), says]


def test_standard_input_is_unpacked_too(tmp_path: Path) -> None:
    program = (
        "from serjeant.collect.sources.files import blocks, find, open_input\n"
        "[log], _ = find(['-'])\n"
        "print(sum(len(block.lines) for block in blocks(open_input(log))))"
    )
    for pack in PACKS.values():
        done = subprocess.run([sys.executable, "-c", program], input=pack(LOG), capture_output=True, check=True)
        assert done.stdout == b"20000\n"
