"""One account has one name, however it is typed."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serjeant.directory.directory import Directory
from serjeant.directory.names import normalise
from serjeant.model.account import Account

OWN = frozenset({"Example.org", "mail.example.org"})

names = st.text(st.one_of(st.sampled_from("aA+@\\. ß\u00a0＠＼\u0345Σ"), st.characters(codec="utf-8")), max_size=20)
typed = st.builds(lambda name, domain: name + domain, names, st.sampled_from(["", "@example.org", "@EXAMPLE.ORG "]))


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("ada", "ada"),
        ("  Ada ", "ada"),
        ("EXAMPLE\\Ada", "ada"),
        ("ada@example.org", "ada"),
        ("ada@MAIL.example.ORG", "ada"),
        ("Ada+list@example.org", "ada"),
        ("EXAMPLE\\ada+x@example.org", "ada"),
        ("ＡＤＡ＠example.org", "ada"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ada@elsewhere.net", "ada@elsewhere.net"),
        ("ada+list@elsewhere.net", "ada+list@elsewhere.net"),
        ("ada@sub.example.org", "ada@sub.example.org"),
        ("ada+list", "ada+list"),
        ("+ada@example.org", "+ada"),
        ("@example.org", "@example.org"),
        ("EXAMPLE\\", "example\\"),
        ("a@b@example.org", "a@b@example.org"),
        ("ada\nroot@example.org", "ada\nroot"),
        ("", ""),
        (None, None),
    ],
)
def test_what_was_typed_becomes_the_account(name: str | None, account: str | None) -> None:
    assert normalise(pl.Series([name], dtype=pl.String), OWN).to_list() == [account]


@given(st.lists(st.none() | typed, max_size=8))
def test_normalising_again_changes_nothing(typed: list[str | None]) -> None:
    once = normalise(pl.Series("user_name", typed, dtype=pl.String), OWN)
    assert once.name == "user_name"
    assert once.is_null().to_list() == [name is None for name in typed]
    assert normalise(once, OWN).to_list() == once.to_list()


@given(names)
def test_a_name_does_not_depend_on_its_neighbours(name: str) -> None:
    alone = normalise(pl.Series([name]), OWN).item()
    assert normalise(pl.Series(["x", name, None, "ß", name]), OWN).to_list() == ["x", alone, None, "ss", alone]


ADA = Account("ada", aliases=("ada.l", "lovelace@elsewhere.net", "bob"))
BOB = Account("bob", aliases=("robert", "ada.l"))
HOUSE = Directory((ADA, BOB), given=True, domains=OWN)


def test_names_are_found_by_account_then_alias_then_local_part() -> None:
    typed = [
        "ADA",
        "ada.l@example.org",
        "Lovelace@elsewhere.net",
        "bob",
        "EX\\Robert",
        "ada@elsewhere.net",
        "",
        None,
        "x",
    ]
    found = HOUSE.resolve(pl.Series(typed))
    assert found.to_list() == ["ada", "ada", "ada", "bob", "bob", None, None, None, None]
    assert found.name == "account"


def test_without_a_directory_a_name_means_itself() -> None:
    found = Directory.empty(OWN).resolve(pl.Series(["Ada@example.org", "x@elsewhere.net", " ", None]))
    assert found.to_list() == ["ada", "x@elsewhere.net", None, None]
    assert Directory((), given=True).resolve(pl.Series(["ada"])).to_list() == [None]


@given(st.lists(st.none() | typed, max_size=8), st.booleans())
def test_every_row_has_its_answer(typed: list[str | None], is_given: bool) -> None:
    directory = HOUSE if is_given else Directory.empty(OWN)
    found = directory.resolve(pl.Series(typed, dtype=pl.String)).to_list()
    assert found == [directory.resolve(pl.Series([name], dtype=pl.String)).item() for name in typed]


def test_the_fingerprint_tells_content_and_nothing_else() -> None:
    assert HOUSE.fingerprint() == Directory((BOB, ADA), given=True, domains=OWN).fingerprint()
    others = [
        Directory.empty(),
        Directory((), given=True),
        Directory((ADA,), given=True, domains=OWN),
        Directory((ADA, BOB), given=True),
        Directory((ADA, Account("bob", aliases=("robert", "ada.l"), enabled=False)), given=True, domains=OWN),
    ]
    assert len({each.fingerprint() for each in [HOUSE, *others]}) == 1 + len(others)
