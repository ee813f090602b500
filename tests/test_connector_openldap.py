"""The connector to an OpenLDAP with the overlay ppolicy, tried on one that this file starts."""

import resource
import socket
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from measures import NOW, a_measure, carried_out, planned, taken_back
from serjeant.contain.accounts import CHANGED, NOBODY, OURSELVES
from serjeant.contain.connector import RefusedError
from serjeant.contain.connectors.openldap import CONNECTOR, OpenldapSettings
from serjeant.contain.ldap import Ldap
from serjeant.contain.ldap_asks import ASSERTION_FAILED, REPLACE, SUCCESS, modify, none, present
from slapd import BASE, PASSWORD, PEOPLE, SERVICE, Slapd, person, slapd

GUESSED = "Spring2017!"
MANY = 10_000
HOSTILE = ["*", "alice)(uid=*", "alice\x00", "\u202eecila", "a" * 100_000, "\udcff", "", "alice,ou=people"]


def _group(name: str, kind: str, attribute: str, *members: str) -> str:
    listed = "".join(f"{attribute}: {each}\n" for each in members)
    number = "gidNumber: 5000\n" if kind == "posixGroup" else ""
    return f"dn: cn={name},{BASE}\nobjectClass: {kind}\ncn: {name}\n{number}{listed}\n"


WORLD = (
    "".join(person(each, GUESSED) for each in ("alice", "bob", "carol", "dave"))
    + "".join(person(f"u{each}", "x") for each in range(MANY))
    + _group("remote", "groupOfNames", "member", *(f"uid={each},{PEOPLE}" for each in ("alice", "bob", "carol")))
    + _group("shells", "posixGroup", "memberUid", "alice", "bob", "gone")
)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    with slapd(tmp_path_factory.mktemp("slapd"), WORLD) as it:
        yield it


@pytest.fixture
def settings(directory: Slapd) -> OpenldapSettings:
    return OpenldapSettings(
        url=directory.tls,
        bind_dn=SERVICE,
        password_file=str(directory.password_file),
        base=PEOPLE,
        ca_file=str(directory.ca_file),
        remote_group=f"cn=remote,{BASE}",
        seconds=20,
    )


def test_a_contained_account_is_kept_out_and_tells_nobody_of_its_password(
    directory: Slapd, settings: OpenldapSettings
) -> None:
    measure = a_measure("contain_account", "alice")
    before = directory.dump()
    assert directory.signs_in("alice", GUESSED) == ""
    changes = carried_out(CONNECTOR, settings, measure)
    assert "Invalid credentials" in directory.signs_in("alice", GUESSED)
    assert directory.signs_in("alice", GUESSED) == directory.signs_in("alice", "wrong")
    assert directory.signs_in("bob", GUESSED) == ""
    assert [change.reveals for change in changes] == [""]
    taken_back(CONNECTOR, settings, measure, changes)
    assert directory.signs_in("alice", GUESSED) == ""
    # Who signs in wrongly leaves a trace of his own.
    assert _without(directory.dump(), "pwdFailureTime") == _without(before, "pwdFailureTime")


def test_who_was_locked_for_a_while_is_so_again_afterwards(directory: Slapd, settings: OpenldapSettings) -> None:
    lock = f"dn: uid=dave,{PEOPLE}\nchangetype: modify\nreplace: pwdAccountLockedTime\n"
    directory.change(f"{lock}pwdAccountLockedTime: 20310506070809Z\n\n")
    before = directory.dump()
    measure = a_measure("contain_account", "dave", "bob")
    taken_back(CONNECTOR, settings, measure, carried_out(CONNECTOR, settings, measure))
    assert directory.dump() == before
    directory.change(f"{lock}\n")


def test_a_change_is_forced_and_given_up(directory: Slapd, settings: OpenldapSettings) -> None:
    measure = a_measure("force_change", "bob", "carol")
    before = directory.dump()
    changes = carried_out(CONNECTOR, settings, measure)
    assert "must be changed" in directory.signs_in("bob", GUESSED)
    assert changes[0].reveals
    taken_back(CONNECTOR, settings, measure, changes)
    assert directory.dump() == before
    assert directory.signs_in("bob", GUESSED) == ""
    (change,) = carried_out(CONNECTOR, settings, measure)
    directory.new_password("carol", GUESSED, "Autumn2031?x")
    taken_back(CONNECTOR, settings, measure, [change])
    assert directory.signs_in("carol", "Autumn2031?x") == ""


@pytest.mark.parametrize(("group", "attribute"), [("remote", "member"), ("shells", "memberUid")])
def test_remote_access_is_closed_to_all_but_those_who_are_spared(
    directory: Slapd, settings: OpenldapSettings, group: str, attribute: str
) -> None:
    settings = replace(settings, remote_group=f"cn={group},{BASE}", remote_attribute=attribute)
    measure = a_measure("close_remote", spares=("10.0.0.0/8", "BOB"))
    before = directory.dump()
    changes = carried_out(CONNECTOR, settings, measure)
    assert set(CONNECTOR.read(settings, measure)) == {"bob"}
    taken_back(CONNECTOR, settings, measure, changes)
    assert directory.dump() == before


def test_a_group_that_may_not_be_empty_says_so(directory: Slapd, settings: OpenldapSettings) -> None:
    before = directory.dump()
    (change,) = planned(CONNECTOR, settings, a_measure("close_remote"))
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(settings, change.do, NOW, NOW)
    assert len(refused.value.each) == 1, "one is left in, and it is said who"
    assert "member" in next(iter(refused.value.each.values()))
    assert change.undo is not None
    CONNECTOR.run(settings, change.undo, NOW, NOW)
    assert directory.dump() == before


def test_what_somebody_changed_meanwhile_is_left_alone(directory: Slapd, settings: OpenldapSettings) -> None:
    lock = f"dn: uid=alice,{PEOPLE}\nchangetype: modify\nreplace: pwdAccountLockedTime\n"
    measure = a_measure("contain_account", "alice", "bob")
    (change,) = planned(CONNECTOR, settings, measure)
    directory.change(f"{lock}pwdAccountLockedTime: 20310506070809Z\n\n")
    try:
        with pytest.raises(RefusedError) as refused:
            CONNECTOR.run(settings, change.do, NOW, NOW)
        assert refused.value.each == {"alice": CHANGED}
        state = CONNECTOR.read(settings, measure)
        assert state["alice"] == {"pwdAccountLockedTime": "20310506070809Z"}
        assert state["bob"] == change.do.after["bob"], "the others are done all the same"
        assert change.undo is not None
        CONNECTOR.run(settings, change.undo.only(frozenset({"bob"})), NOW, NOW)
    finally:
        directory.change(f"{lock}\n")


def test_the_directory_itself_holds_what_is_asserted(settings: OpenldapSettings) -> None:
    with Ldap(settings.url, settings.bind_dn, settings.password_file, 10, settings.ca_file) as ldap:
        change = [(REPLACE, "description", [b"seen"])]
        dn = f"uid=alice,{PEOPLE}"
        answers = ldap.ask([modify(dn, change, none(present("description")))] * 2, window=1)
        assert [each.code for each in answers] == [SUCCESS, ASSERTION_FAILED]
        assert ldap.ask([modify(dn, [(REPLACE, "description", [])])])[0].code == SUCCESS


def test_ten_thousand_accounts_are_one_move(directory: Slapd, settings: OpenldapSettings) -> None:
    measure = a_measure("contain_account", *(f"u{each}" for each in range(MANY)))
    before = directory.dump()
    used = resource.getrusage(resource.RUSAGE_SELF)
    changes = carried_out(CONNECTOR, settings, measure)  # reads thrice, and does it twice over
    taken_back(CONNECTOR, settings, measure, changes)
    now = resource.getrusage(resource.RUSAGE_SELF)
    seconds = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    assert directory.dump() == before
    assert seconds < 30, f"{seconds:.1f} s of our own time"


def test_names_that_attackers_write_touch_nobody(directory: Slapd, settings: OpenldapSettings) -> None:
    before = directory.dump()
    for action in ("contain_account", "force_change"):
        (change,) = planned(CONNECTOR, settings, a_measure(action, *HOSTILE))
        with pytest.raises(RefusedError) as refused:
            CONNECTOR.run(settings, change.do, NOW, NOW)
        assert refused.value.each == dict.fromkeys(HOSTILE, NOBODY)
    assert directory.dump() == before


def test_it_does_not_lock_itself_out(directory: Slapd, settings: OpenldapSettings) -> None:
    everywhere = replace(settings, base=BASE, attribute="cn")
    (change,) = planned(CONNECTOR, everywhere, a_measure("contain_account", "serjeant"))
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(everywhere, change.do, NOW, NOW)
    assert refused.value.each == {"serjeant": OURSELVES}


def test_a_directory_that_cannot_be_reached_is_told_of_in_time(directory: Slapd, settings: OpenldapSettings) -> None:
    measure = a_measure("contain_account", "alice")
    false = directory.folder / "false"
    false.touch(mode=0o600)
    false.write_text("not-it")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for other, says in (
            (replace(settings, url="ldap://127.0.0.1:9", seconds=1), "cannot be reached"),
            (replace(settings, url=f"ldap://127.0.0.1:{port}", seconds=1), "does not answer within 1 s"),
            (replace(settings, url=f"ldaps://127.0.0.1:{port}", seconds=1), "does not answer within 1 s"),
            (replace(settings, ca_file=""), "not trusted"),
            (replace(settings, password_file=str(false)), "does not let us in"),
            (replace(settings, base="dc=elsewhere"), "does not let us search"),
            (replace(settings, bind_dn="", password_file=""), "bind_dn"),
        ):
            began = time.monotonic()
            with pytest.raises(RefusedError, match=says) as refused:
                CONNECTOR.read(other, measure)
            assert time.monotonic() - began < 5
            assert PASSWORD not in str(refused.value)
            assert "not-it" not in str(refused.value)


def test_a_stranger_is_spoken_to_over_tls_only(directory: Slapd, settings: OpenldapSettings) -> None:
    """StartTLS is asked for wherever the directory is not this machine itself."""
    host = socket.gethostname()
    if not socket.gethostbyname(host).startswith("127."):
        pytest.skip("this machine does not know itself by its name")
    port = directory.url.rpartition(":")[2]
    with pytest.raises(RefusedError, match="not trusted"):
        CONNECTOR.read(replace(settings, url=f"ldap://{host}:{port}"), a_measure("contain_account", "alice"))


def _without(dump: str, attribute: str) -> str:
    return "\n".join(line for line in dump.splitlines() if not line.startswith(f"{attribute}:"))
