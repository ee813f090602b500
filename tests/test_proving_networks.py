"""Invented addresses: no two of them the same network, and none outside what we may use."""

import re
from ipaddress import ip_network

from hypothesis import given, settings
from hypothesis import strategies as st

from serjeant.proving.networks import Book


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**40), st.lists(st.tuples(st.integers(0, 1500), st.sampled_from((0.0, 0.2, 1.0))), max_size=4))
def test_scattered_addresses_are_all_different_and_invented(offset: int, wanted: list[tuple[int, float]]) -> None:
    book = Book(offset)
    rows = [row for count, ipv6 in wanted for row in book.scattered(count, ipv6=ipv6).tolist()]
    assert rows == list(range(sum(count for count, _ in wanted)))
    assert len(set(book.texts)) == len(rows)
    for text in book.texts:
        assert str(ip_network(text)).removesuffix("/32") == text, "not the canonical form"
        inside = re.fullmatch(r"10\.(\d+)\.\d+\.\d+|2001:db8:[0-9a-f]{4}:[0-9a-f]{4}::/64", text)
        assert inside
        assert int(inside[1] or 0) < 240, "that is where the hosting companies are"
