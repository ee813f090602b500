"""An address is one source, however the log writes it."""

import ipaddress

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serjeant.directory.networks import network_of, source_of


@pytest.mark.parametrize(
    ("written", "src_ip", "source", "network"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7", "192.0.2.0/24"),
        (" 192.0.2.7 ", "192.0.2.7", "192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7", "192.0.2.0/24"),
        ("[::FFFF:c000:207]", "192.0.2.7", "192.0.2.7", "192.0.2.0/24"),
        ("2001:DB8:1:2:0:0:0:5", "2001:db8:1:2::5", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("[2001:db8::1]", "2001:db8::1", "2001:db8::/64", "2001:db8::/48"),
        ("fe80::1%eth0", "fe80::1", "fe80::/64", "fe80::/48"),
        ("192.0.2.07", None, None, None),
        ("192.0.2.256", None, None, None),
        ("192.0.2.7:22", None, None, None),
        ("192.0.2.7%eth0", None, None, None),
        ("192.0.2.7\n", "192.0.2.7", "192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.7\nx", None, None, None),
        ("host.example.org", None, None, None),
        ("٣.٣.٣.٣", None, None, None),
        ("", None, None, None),
        (None, None, None, None),
    ],
)
def test_how_addresses_are_written(written: str, src_ip: str | None, source: str | None, network: str | None) -> None:
    found = source_of(pl.Series([written], dtype=pl.String))
    assert found.schema == {"src_ip": pl.String, "source": pl.String}
    assert found.row(0) == (src_ip, source)
    assert network_of(found["source"]).to_list() == [network]


addresses = st.ip_addresses()


@given(st.lists(st.none() | st.text(max_size=12) | addresses.map(str) | addresses.map(lambda each: each.exploded)))
def test_rows_keep_their_place(written: list[str | None]) -> None:
    found = source_of(pl.Series(written, dtype=pl.String))
    assert found.height == len(written)
    assert network_of(found["source"]).is_null().to_list() == found["source"].is_null().to_list()
    for text, (src_ip, source) in zip(written, found.iter_rows(), strict=True):
        assert (src_ip is None) == (source is None)
        if src_ip is not None:
            assert ipaddress.ip_address(src_ip) in ipaddress.ip_network(source)
            assert source_of(pl.Series([src_ip])).row(0) == (src_ip, source)
        elif text is not None:
            with pytest.raises(ValueError, match="does not appear"):
                ipaddress.ip_address(text)
