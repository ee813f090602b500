"""One name at the door means whom it means in a column of logs."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serjeant.directory.directory import Directory
from serjeant.directory.names import normalise
from serjeant.directory.single import normalised, resolver
from serjeant.model.account import Account

OWN = frozenset({"Example.org", "mail.example.org"})
GUID = "6F9619FF-8B86-D011-B42D-00C04FC964FF"

pieces = st.sampled_from(
    [
        *(
            "ada",
            "Ada",
            "@",
            "\\",
            "/",
            "+x",
            ",",
            "=",
            "{",
            "}",
            " ",
            "\x85",
            "\x1f",
            "ß",
            "＠",
            "Σ",
            "İ",
            "\u200b",
            "\n",
        ),
        *("example.org", "EXAMPLE", "mail", "example", "elsewhere.net", "uid=", "cn=", ",dc=example", ", dc=org", GUID),
    ]
)
typed = st.one_of(st.lists(pieces, max_size=9).map("".join), st.text(st.characters(codec="utf-8"), max_size=12))

HOUSE = Directory(
    (
        Account("ada", aliases=("a.lovelace", "s-1-5-21-7")),
        Account("straße", aliases=("road",)),
        Account("strasse"),
        Account("eve@example.com"),
        Account("eve"),
        Account("uid=x,ou=people", aliases=("a.lovelace",)),
    ),
    given=True,
    domains=OWN,
)


@given(typed, st.sampled_from([OWN, frozenset[str]()]))
def test_one_name_is_normalised_as_a_column_of_them(name: str, domains: frozenset[str]) -> None:
    assert normalised(name, domains) == normalise(pl.Series([name], dtype=pl.String), domains)[0]


@given(st.one_of(typed, st.sampled_from(["A.Lovelace", "EXAMPLE\\road", "EVE@example.com", "STRASSE", "Straße"])))
def test_one_name_means_whom_a_column_of_them_means(name: str) -> None:
    column = pl.Series([name], dtype=pl.String)
    account = HOUSE.resolve(column)[0]
    assert resolver(HOUSE)(name) == (normalise(column, OWN)[0] if account is None else account)


@pytest.mark.parametrize("name", ["example/" * 40 + "ada", "x," * 20_000 + "dc=" * 2_000, "uid=" + "," * 40_000])
def test_a_long_name_keeps_nobody_waiting(name: str) -> None:
    """Its length is bounded by the request; a pattern that goes back over it again and again would not be."""
    assert normalised(name, OWN) == normalise(pl.Series([name]), OWN)[0]
