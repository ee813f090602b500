"""Whoever stands behind our proxies is the client; a chain that somebody else sends moves nothing."""

import ipaddress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakes import Held
from serjeant.collect.hops import clients, networks
from serjeant.config import Settings

OURS = networks(["192.0.2.0/28", "10.0.0.0/8", "2001:db8:1::/48"])
PROXY, OTHER = "192.0.2.1", "198.51.100.9"


def client(src_ip: str | None, forwarded: str | None, peer: str | None = None, *, trusted: bool = True) -> str | None:
    rows = pl.DataFrame(
        {"src_ip": [src_ip], "forwarded": [forwarded], "peer": [peer]},
        dict.fromkeys(("src_ip", "forwarded", "peer"), pl.String),
    )
    return clients(rows, OURS if trusted else ()).item()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("src_ip", "forwarded", "peer", "found"),
    [
        (PROXY, "203.0.113.5", None, "203.0.113.5"),
        (PROXY, "203.0.113.9, 198.51.100.7, 10.1.2.3", None, "198.51.100.7"),
        (PROXY, "203.0.113.9,198.51.100.7:4711", None, "198.51.100.7"),
        (PROXY, "192.0.2.2, 10.1.2.3", None, "192.0.2.2"),
        (PROXY, "2001:db8::7, 2001:db8:1::1", None, "2001:db8::7"),
        (PROXY, 'for=203.0.113.9;proto=http, For="[2001:db8::7]:4711";by=192.0.2.1', None, "2001:db8::7"),
        (PROXY, "X-Real-IP: 203.0.113.9,X-Forwarded-For: 198.51.100.7", None, "198.51.100.7"),
        (PROXY, "'198.51.100.7'", None, "198.51.100.7"),
        ("::ffff:192.0.2.1", "198.51.100.7", None, "198.51.100.7"),
        # What is no address tells nothing of what stands left of it.
        (PROXY, "203.0.113.9, unknown", None, PROXY),
        (PROXY, "203.0.113.9, x, 10.1.2.3", None, "10.1.2.3"),
        (PROXY, "-", None, PROXY),
        # Somebody who is no proxy of ours may say what he likes.
        (OTHER, "203.0.113.9", None, OTHER),
        (OTHER, "203.0.113.9, 192.0.2.1", None, OTHER),
        (PROXY, "203.0.113.9, 198.51.100.7", None, "198.51.100.7"),
        # A log that gives the header's first entry.
        ("203.0.113.9", "203.0.113.9, 198.51.100.7", PROXY, "198.51.100.7"),
        ("203.0.113.9", "203.0.113.9", OTHER, OTHER),
        ("203.0.113.9", None, None, "203.0.113.9"),
        (None, None, None, None),
    ],
)
def test_the_last_hop_that_is_not_ours(src_ip: str, forwarded: str, peer: str | None, found: str) -> None:
    assert client(src_ip, forwarded, peer) == found
    assert client(src_ip, forwarded, peer, trusted=False) == src_ip


hop = st.sampled_from(["192.0.2.1", "10.0.0.1", "203.0.113.9", "2001:db8::7", "unknown", "", "for=203.0.113.9"])
chain = st.one_of(st.lists(hop, max_size=5).map(", ".join), st.text(max_size=40), st.text().map("203.0.113.9,".__add__))


@given(chain)
def test_no_chain_moves_an_address_that_is_no_proxy(forwarded: str) -> None:
    assert client(OTHER, forwarded) == OTHER
    assert client("203.0.113.9", forwarded, OTHER) == OTHER


@given(st.lists(st.tuples(st.sampled_from([PROXY, OTHER]), st.none() | chain), max_size=6))
def test_rows_keep_their_place_and_have_an_address(rows: list[tuple[str, str | None]]) -> None:
    schema = dict.fromkeys(("src_ip", "forwarded", "peer"), pl.String)
    found = clients(pl.DataFrame([(*row, None) for row in rows], schema, orient="row"), OURS).to_list()
    assert found == [client(*row) for row in rows]
    assert all(ipaddress.ip_address(address) for address in found)


def test_the_setting_is_kept_when_logs_are_read(tmp_path: Path) -> None:
    """The same forged header by our proxy and past it, in three products' logs."""
    (tmp_path / "access.log").write_text(
        "".join(
            f'{peer} - - [05/Jun/2026:09:12:33 +0000] "POST /login HTTP/1.1" 401 56 "-" "curl/8" "203.0.113.9{added}"\n'
            for peer, added in ((PROXY, ", 198.51.100.7"), (OTHER, ""), (PROXY, ""))
        )
    )
    (tmp_path / "userlogins.log").write_text(
        f"[05-Jun-2026 09:12:33 +0000]: <S1> Failed login for alice from {PROXY} (X-Forwarded-For: 203.0.113.9, "
        "198.51.100.7) in session abc (error: 0)\n"
    )
    (tmp_path / "sabnzbd.log").write_text(
        f"2026-06-05 09:12:33,797::WARNING::[interface:657] Unsuccessful login attempt from {OTHER} (X-Forwarded-For: "
        "203.0.113.9) [curl/8.7]\n"
    )
    forged, ours = "203.0.113.9", "198.51.100.7"
    told = {"access.log": [ours, OTHER, forged], "sabnzbd.log": [OTHER], "userlogins.log": [ours]}
    assert addresses(Held(tmp_path / "behind"), tmp_path, Settings(trusted_proxies=("192.0.2.0/28",))) == told
    told = {"access.log": [PROXY, OTHER, PROXY], "sabnzbd.log": [forged], "userlogins.log": [PROXY]}
    assert addresses(Held(tmp_path / "before"), tmp_path, Settings()) == told


def addresses(held: Held, folder: Path, settings: Settings) -> dict[str, list[str]]:
    """The addresses by log, in the order of its lines; each is its own source."""
    held.read(*folder.glob("*.log"), settings=settings)
    found: dict[str, list[str]] = {}
    for row in sorted(held.lines(), key=lambda row: (row["log"], row["log_offset"])):
        assert row["source"] == row["src_ip"]
        found.setdefault(Path(row["log"]).name, []).append(row["src_ip"])
    return found
