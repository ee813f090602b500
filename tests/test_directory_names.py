"""One account has one name, however it is typed."""

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from serjeant.directory.directory import Directory
from serjeant.directory.names import normalise, plain
from serjeant.model.account import Account

OWN = frozenset({"Example.org", "mail.example.org"})

names = st.text(
    st.one_of(st.sampled_from("aA+@\\/,={}. ß\u00a0＠＼\u0345ΣаА\u200b"), st.characters(codec="utf-8")), max_size=20
)
ornaments = st.sampled_from(
    ["{}", "{}@example.org", "{}@EXAMPLE.ORG ", "EX\\{}", "example/{}", "uid={},dc=example,dc=org", "{}+x@example.org"]
)
typed = st.builds(lambda name, ornament: ornament.replace("{}", name), names, ornaments)


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
        ("a.da@example.org", "a.da"),
        ("EXAMPLE/Ada", "ada"),
        ("example.org/ada@EXAMPLE.ORG", "ada"),
        ("ada/admin@EXAMPLE.ORG", "ada/admin"),
        ("host/mx1.example.org@EXAMPLE.ORG", "host/mx1.example.org"),
        ("ada@EXAMPLE", "ada"),
        ("elsewhere/ada", "elsewhere/ada"),
        ("ada\\@example.org@EXAMPLE.ORG", "ada"),
        ("uid=Ada,ou=People, dc=Example, dc=org", "ada"),
        ("CN=ada,OU=Staff,DC=mail,DC=example,DC=org", "ada"),
        ("mail=ada@example.org,ou=people,dc=example,dc=org", "ada"),
        ("CN=Ada Lovelace, OU=Staff, DC=example, DC=org", "cn=ada lovelace,ou=staff,dc=example,dc=org"),
        ("CN=Lovelace\\, Ada,DC=example,DC=org", "cn=lovelace\\, ada,dc=example,dc=org"),
        ("uid=ada,ou=people,dc=elsewhere,dc=net", "uid=ada,ou=people,dc=elsewhere,dc=net"),
        ("uid=ada", "uid=ada"),
        ("{6F9619FF-8B86-D011-B42D-00C04FC964FF}", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ("S-1-5-21-1-2-3-1104", "s-1-5-21-1-2-3-1104"),
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
@example(["uid=\x85,dc=example,dc=org"])
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


TWO = Directory(
    (Account("ada"), Account("ada@example.com"), Account("strasse"), Account("straße")),
    given=True,
    domains=frozenset({"example.org", "example.com"}),
)


def test_two_accounts_of_the_directory_stay_two() -> None:
    typed = ["Ada", "ada@example.com", "ADA@example.com ", "ada@example.org", "EX\\ada", "strasse", "Straße", "STRASSE"]
    accounts = ["ada", "ada@example.com", "ada@example.com", "ada", "ada", "strasse", "straße", "strasse"]
    assert TWO.resolve(pl.Series(typed)).to_list() == accounts


def test_a_name_that_could_be_two_peoples_is_neithers() -> None:
    people = (Account("ada@example.org"), Account("ada@example.com"), Account("e7", ("bob@example.org",)))
    others = (Account("e8", ("bob@example.com",)),)
    both = Directory(people + others, given=True, domains=TWO.domains)
    typed = ["ada", "EX\\ada", "ada@example.org", "bob", "bob@example.com", "bob@example.org"]
    assert both.resolve(pl.Series(typed)).to_list() == [None, None, "ada@example.org", None, "e8", "e7"]


@given(st.lists(typed, max_size=6, unique_by=lambda name: name.lower().strip()))
def test_no_two_accounts_merge(written: list[str]) -> None:
    exact = [name for name in plain(pl.Series(written, dtype=pl.String)).to_list() if name]
    directory = Directory(tuple(Account(name) for name in dict.fromkeys(exact)), given=True, domains=OWN)
    assert directory.resolve(pl.Series(exact, dtype=pl.String)).to_list() == exact


LOOKS = Directory((Account("ada"), Account("alice"), Account("paul"), Account("раul")), given=True)


@pytest.mark.parametrize(
    ("name", "whom"),
    [
        ("аdа", "ada"),  # Cyrillic
        ("ΑDΑ", "ada"),  # Greek capitals
        ("ad\u200ba", "ada"),
        ("adá", "ada"),
        ("𝐚ԁ𝐚", "ada"),
        ("EX\\аlice", "alice"),
        ("a1ice", None),  # ASCII: another name
        ("ada", None),  # her own
        ("ＡＤＡ", None),  # hers too, by NFKC
        ("раul", None),  # a real account
        ("pаul", None),  # looks like two
        ("\u200b", None),
        ("", None),
        (None, None),
    ],
)
def test_a_look_alike_means_the_account_and_is_not_let_in_as_it(name: str | None, whom: str | None) -> None:
    typed = pl.Series([name], dtype=pl.String)
    assert LOOKS.resembled(typed).to_list() == [whom]
    if whom:
        assert LOOKS.resolve(typed).to_list() == [None]
    assert Directory.empty().resembled(typed).to_list() == [None]


@given(st.lists(st.none() | typed, max_size=8))
def test_who_means_somebody_resembles_nobody(typed: list[str | None]) -> None:
    given = pl.Series(typed, dtype=pl.String)
    both = LOOKS.resolve(given).is_not_null() & LOOKS.resembled(given).is_not_null()
    assert not both.any()
