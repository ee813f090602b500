"""A directory is read from any export of it, and its oddities are told without stopping."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serjeant.directory.csv import LONGEST, read
from serjeant.directory.directory import Directory
from serjeant.errors import UnreadableError
from serjeant.model.account import KINDS, Account
from serjeant.model.incident import Unread


def from_text(folder: Path, text: str | bytes, *domains: str) -> tuple[Directory, list[Unread]]:
    path = folder / "accounts.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path, frozenset(domains))


PLAIN = """account,aliases,department,kind,enabled,reaches
Ada,ada.lovelace@example.org;al@example.org,Whips,person,yes,office|budget
svc-scan,,IT,service,no,
"""

ACCOUNTS = (
    Account("ada", ("ada.lovelace", "al"), "Whips", "person", True, ("budget", "office")),
    Account("svc-scan", (), "IT", "service", False, ()),
)


def test_a_plain_file(tmp_path: Path) -> None:
    directory, unread = from_text(tmp_path, PLAIN)
    assert directory == Directory(ACCOUNTS, given=True, domains=frozenset({"example.org"}))
    assert unread == []


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace(";", "|").replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        "\ufeff" + PLAIN,
        PLAIN.removesuffix("\n"),
        "\n\n" + PLAIN.replace("svc", "\n,,,,,\nsvc"),
        PLAIN.replace("ada.lovelace@example.org;al@example.org", '"ada.lovelace@example.org al@example.org\n"'),
        PLAIN.encode("utf-16"),
        PLAIN.replace("account,aliases", "Sam Account-Name,proxy_addresses").replace("ada.l", "SMTP:ada.l"),
        PLAIN.replace("enabled", "disabled").replace("yes", "0").replace(",no,", ",True,"),
        "LOGIN,mail,userPrincipalName,unit,active,type,delegates,phone\n"
        "Ada,ada.lovelace@example.org,al@example.org,Whips,1,Employee,office budget,1\n"
        "EX\\svc-scan,,,IT,FALSE,Service,,2\n",
    ],
)
def test_the_same_directory_from_many_exports(text: str | bytes, tmp_path: Path) -> None:
    directory, unread = from_text(tmp_path, text)
    assert directory.accounts == ACCOUNTS
    assert unread == []


def test_only_the_account_is_required(tmp_path: Path) -> None:
    directory, unread = from_text(tmp_path, "user\nada\nbob\n")
    assert directory.accounts == (Account("ada"), Account("bob"))
    assert unread == []


def test_domains_given_win_over_those_found(tmp_path: Path) -> None:
    text = "user,mail\n" + "".join(f"u{n},u{n}@example.org\n" for n in range(30)) + "u99,ada@elsewhere.net\n"
    assert from_text(tmp_path, text)[0].domains == {"example.org"}
    directory, _ = from_text(tmp_path, text, "example.com")
    assert directory.domains == {"example.com"}
    assert directory.accounts[0] == Account("u0", ("u0@example.org",))


def test_doubled_accounts_are_merged_and_told_once(tmp_path: Path) -> None:
    text = "account,aliases,enabled,kind\nada,a,no,\nADA,b,yes,decoy\nada,c,no,person\nbob,,,\n"
    directory, [told] = from_text(tmp_path, text)
    assert directory.accounts == (Account("ada", ("a", "b", "c"), kind="decoy"), Account("bob"))
    assert (told.lines, told.example) == (2, f"{tmp_path}/accounts.csv:3")
    assert "merged" in told.says


def test_identifiers_and_distinguished_names_are_aliases(tmp_path: Path) -> None:
    text = (
        "sAMAccountName,userPrincipalName,objectSid,objectGUID,distinguishedName\n"
        "ada,ada@example.org,S-1-5-21-1-2-3-1104,{6F9619FF-8B86-D011-B42D-00C04FC964FF},"
        '"CN=Ada Lovelace,OU=The Staff,DC=example,DC=org"\n'
    )
    directory, unread = from_text(tmp_path, text)
    typed = [
        "S-1-5-21-1-2-3-1104",
        "6f9619ff-8b86-d011-b42d-00c04fc964ff",
        "cn=ada lovelace, ou=the staff, dc=example, dc=org",
        "S-1-5-21-1-2-3-1105",
    ]
    assert directory.resolve(pl.Series(typed)).to_list() == ["ada", "ada", "ada", None]
    assert unread == []


def test_accounts_that_differ_by_more_than_case_are_kept_apart_and_told(tmp_path: Path) -> None:
    text = "account\nada@example.org\nADA@example.com\nada@example.com\nstraße\nstrasse\nbob\nbob@example.org\n"
    directory, told = from_text(tmp_path, text, "example.org", "example.com")
    accounts = ["ada@example.com", "ada@example.org", "bob", "strasse", "straße"]
    assert [account.account for account in directory.accounts] == accounts
    assert directory.resolve(pl.Series(accounts)).to_list() == accounts
    assert {row.says.partition(",")[0]: row.lines for row in told} == {
        "an account that looks like another one": 4,
        "an account that stands above already": 2,
    }


def test_aliases_in_two_domains_are_two_peoples(tmp_path: Path) -> None:
    text = "account,mail\ne1,ada@example.org\ne2,ada@example.com\ne3,bob@example.org\n"
    directory, told = from_text(tmp_path, text, "example.org", "example.com")
    typed = pl.Series(["ada@example.org", "ada@example.com", "ada", "bob", "bob@example.com"])
    assert directory.resolve(typed).to_list() == ["e1", "e2", None, "e3", "e3"]
    assert told == []


def test_oddities_are_told_once_each_with_their_line(tmp_path: Path) -> None:
    text = (
        b"account,login,aliases,kind,enabled\n"
        b"ada,x,bob,alien,maybe\n"
        b"bob,x,,,,,too many\n"
        b",nobody,,,\n"
        b"carol,x\n"
        b"d\xe9d\xe9,x,,,\n"
        b'"broken,x,,,\n'
        b'"erin"x,x,,,\n'
        b"frank,x,,,\n"
    )
    directory, unread = from_text(tmp_path, text)
    assert [account.account for account in directory.accounts] == ["ada", "bob", "carol", "dédé", "frank"]
    found = {row.says.partition(",")[0]: (row.lines, row.example.rpartition(":")[2]) for row in unread}
    assert found == {
        "not UTF-8": (1, "6"),
        "a second column 'login'": (1, "1"),
        "a kind other than person": (1, "2"),
        "neither yes nor no in enabled or disabled": (1, "2"),
        "another number of cells than the first line (5)": (2, "3"),
        "no account in it": (1, "4"),
        "not CSV": (2, "7"),
        "an alias that means another account": (1, "2"),
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("name,phone\nada,1\n", "has no column that names the account"),
        ("account,mail\n", "names no account"),
        ("account\n\n,\n", "names no account"),
    ],
)
def test_a_file_that_is_no_directory_is_refused_in_one_line(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=says) as refused:
        from_text(tmp_path, text)
    assert refused.value.hint
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="No such file"):
        read(tmp_path / "gone.csv")
    with pytest.raises(UnreadableError, match="directory"):
        read(tmp_path)


def test_hostile_cells_are_only_text(tmp_path: Path) -> None:
    text = "account,department,aliases\n=cmd|' /C calc'!A0,\x1b[2J<b>,'@x\n" + "a" * 1_000_000 + ",b,\n"
    directory, unread = from_text(tmp_path, text)
    assert [account.account for account in directory.accounts] == ["=cmd|' /c calc'!a0", "a" * LONGEST]
    assert directory.accounts[0].department == "\x1b[2J<b>"
    assert unread == []


def test_an_open_quote_does_not_swallow_the_file(tmp_path: Path) -> None:
    rows = "".join(f"user{number},x\n" for number in range(1000))
    directory, [told] = from_text(tmp_path, f'account,department\n"user,x\n{rows}')
    assert len(directory.accounts) == 1000
    assert (told.lines, told.example.rpartition(":")[2]) == (1, "2")


cells = st.text(st.one_of(st.sampled_from(',;\t"\n\r@\\= |'), st.characters(codec="utf-8")), max_size=8)
files = st.builds(
    lambda header, rows, delimiter: (header + "\n" + "\n".join(delimiter.join(row) for row in rows)).encode(),
    st.sampled_from(["account,mail,kind,active,reaches,ou", "uid;aliases", "user\tdisabled\tuser"]),
    st.lists(st.lists(cells, max_size=7), max_size=12),
    st.sampled_from(",;\t"),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(files, files.map(lambda data: data + b"\xff\n\xc3"), st.binary(max_size=60)))
def test_any_bytes_give_a_directory_or_one_line(tmp_path: Path, data: bytes) -> None:
    try:
        directory, unread = from_text(tmp_path, data)
    except UnreadableError as refused:
        line = str(refused)
    else:
        line = "".join(row.says for row in unread)
        names = [account.account for account in directory.accounts]
        assert names == sorted(set(names))
        for account in directory.accounts:
            assert account.account
            assert account.kind in KINDS
            assert account.account not in account.reaches
            assert account.account == directory.resolve(pl.Series([account.account])).item()
    assert "\n" not in line
